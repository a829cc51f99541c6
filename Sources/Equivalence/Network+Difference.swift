import ExactArithmetic
import Networks

extension Network {
  /// The network with the hidden neurons of two networks, layer by layer, and f − g as outputs.
  ///
  /// - Shapes: as many hidden layers as the deeper one has; what a shallower one's outputs read stays where it is.
  /// - Exactness: exact for the stored weights.
  /// - Requires: as many inputs, and as many outputs.
  /// - Complexity: O(n_l n_k) for layers that read each other, of both networks together.
  public static func difference(_ f: Network, _ g: Network) -> Network {
    precondition(
      f.inputCount == g.inputCount && f.outputCount == g.outputCount,
      "\(f.inputCount) to \(f.outputCount) against \(g.inputCount) to \(g.outputCount)")
    let depth = max(f.layers.count, g.layers.count) - 1
    func width(_ network: Network, _ layer: Int) -> Int {
      layer == 0 ? network.inputCount : layer < network.layers.count ? network.layers[layer - 1].width : 0
    }
    /// Blocks with the rows of f above those of g, or minus those of g added to them.
    func layer(_ a: Network.Layer?, _ b: Network.Layer?, areOutputs: Bool) -> Network.Layer {
      let (rowsA, rowsB) = (a?.width ?? 0, b?.width ?? 0)
      let rows = areOutputs ? rowsA : rowsA + rowsB
      let sign = areOutputs ? -Dyadic.one : Dyadic.one
      let first = areOutputs ? 0 : rowsA
      var blocks: [Int: [Dyadic]] = [:]
      func columns(_ source: Int) -> Int {
        source == 0 ? f.inputCount : width(f, source) + width(g, source)
      }
      func add(_ layer: Network.Layer?, from row: Int, sign: Dyadic, shift: (Int) -> Int) {
        for block in layer?.blocks ?? [] {
          let count = columns(block.source)
          var elements = blocks[block.source] ?? Array(repeating: .zero, count: rows * count)
          for i in 0..<block.weights.rows {
            for j in 0..<block.weights.columns {
              let place = (row + i) * count + shift(block.source) + j
              elements[place] = elements[place] + sign * block.weights[i, j]
            }
          }
          blocks[block.source] = elements
        }
      }
      add(a, from: 0, sign: .one) { _ in 0 }
      add(b, from: first, sign: sign) { $0 == 0 ? 0 : width(f, $0) }
      var bias = (0..<rowsA).map { a?.bias[$0, 0] ?? .zero }
      for i in 0..<rowsB {
        let value = sign * (b?.bias[i, 0] ?? .zero)
        if areOutputs { bias[i] = bias[i] + value } else { bias.append(value) }
      }
      return Network.Layer(
        blocks: blocks.map { source, elements in
          Network.Block(
            source: source,
            weights: ExactMatrix(rows: rows, columns: columns(source), elements: elements))
        }, bias: ExactMatrix(rows: rows, columns: 1, elements: bias))
    }
    let hidden = (0..<depth).map { l in
      layer(
        l < f.layers.count - 1 ? f.layers[l] : nil, l < g.layers.count - 1 ? g.layers[l] : nil,
        areOutputs: false)
    }
    return Network(
      inputCount: f.inputCount, layers: hidden + [layer(f.outputLayer, g.outputLayer, areOutputs: true)])
  }
}
