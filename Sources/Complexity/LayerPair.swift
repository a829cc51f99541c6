import Equivalence
import ExactArithmetic
import Networks

/// A layer of two networks, entry by entry: magnitudes and differences, rounded up.
struct LayerPair: Sendable {
  /// One block of the layer.
  struct Block: Sendable {
    /// The layer that is read.
    let source: Int
    /// The number of signals read.
    let columns: Int
    /// |w'| of the second network, row by row.
    let sizes: [Double]
    /// |w − w'|.
    let differences: [Double]
    /// The largest row 1-norm of the second network's block.
    let rowNorm: Double
  }

  let blocks: [Block]
  /// |b − b'|.
  let biasDifferences: [Double]
  /// max |θ − θ'|.
  let largestDifference: Double
  /// The largest magnitude of an entry, of either network.
  let largestEntry: Double
  /// The largest row 1-norm, bias included, of either network.
  let largestRow: Double

  var width: Int { biasDifferences.count }

  /// - Requires: blocks of the same shapes.
  init(_ first: Network.Layer, _ second: Network.Layer) {
    var rows = [first, second].map { $0.bias.magnitudesAbove.elements.map { UpwardSum($0) } }
    var largest = rows.joined().reduce(0) { max($0, $1.value) }
    blocks = zip(first.blocks, second.blocks).map { x, y in
      let (a, b) = (x.weights.magnitudesAbove, y.weights.magnitudesAbove)
      for i in 0..<a.rows {
        for (number, matrix) in [a, b].enumerated() {
          for entry in matrix.row(i) {
            rows[number][i].add(entry)
            largest = max(largest, entry)
          }
        }
      }
      return Block(
        source: x.source, columns: a.columns, sizes: b.elements,
        differences: LayerPair.differences(x.weights, y.weights), rowNorm: b.oneInfinityAbove)
    }
    biasDifferences = LayerPair.differences(first.bias, second.bias)
    largestDifference = (blocks.map(\.differences) + [biasDifferences]).joined().reduce(0, max)
    largestEntry = largest
    largestRow = rows.joined().reduce(0) { max($0, $1.value) }
  }

  private static func differences(_ a: ExactMatrix, _ b: ExactMatrix) -> [Double] {
    a.nearest.elements.indices.map { place in
      if a.holdsDoublesOnly, b.holdsDoublesOnly {
        let (x, y) = (a.nearest.elements[place], b.nearest.elements[place])
        return x == y ? 0 : (Interval(x) - Interval(y)).magnitude
      }
      return (a[at: place] - b[at: place]).interval.magnitude
    }
  }
}

/// Upper bounds of the signals of a network, inputs first, layer by layer; outputs are left out.
///
/// - Units: absolute on a domain; on all of ℝⁿ in units of max(1, ‖x‖∞).
struct SignalSizes: Sendable {
  let signals: [[Double]]

  /// The largest bound of a hidden signal.
  var largest: Double { signals.dropFirst().joined().reduce(0, max) }

  init(_ network: Network, _ domain: InputDomain?) {
    var sizes = [domain?.enclosure.map(\.magnitude) ?? Array(repeating: 1, count: network.inputCount)]
    let ranges = domain.map { network.preactivationRanges(over: $0.enclosure) }
    for (position, layer) in network.hiddenLayers.enumerated() {
      let magnitudes = layer.blocks.map { $0.weights.magnitudesAbove }
      let bias = layer.bias.magnitudesAbove.elements
      sizes.append(
        (0..<layer.width).map { i in
          var sum = UpwardSum(bias[i])
          for (block, matrix) in zip(layer.blocks, magnitudes) {
            for j in 0..<matrix.columns { sum.add(matrix[i, j], times: sizes[block.source][j]) }
          }
          return min(sum.value, ranges.map { $0[position][i].rectified.upper } ?? .infinity)
        })
    }
    signals = sizes
  }
}
