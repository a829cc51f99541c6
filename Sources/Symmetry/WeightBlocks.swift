import Networks

/// Where the weights and biases of the layers lie in one flat buffer, so that an algorithm on norms serves every owner of one.
package struct WeightBlocks: Hashable, Sendable {
  /// A matrix of weights, row by row.
  package struct Block: Hashable, Sendable {
    /// The layer that is read, 0 for the input, and the one that reads, from 1.
    let source: Int, target: Int
    let start: Int, rows: Int, columns: Int
  }

  /// The widths n₀, …, n_L.
  let widths: [Int]
  /// The blocks, by target, then by source.
  let blocks: [Block]
  /// Where the biases of each layer start; the first entry, for the inputs, means nothing.
  let biasStarts: [Int]

  /// The layers of a multilayer perceptron, each with its weights and then its biases.
  package init(widths: [Int]) {
    var blocks: [Block] = []
    var biasStarts = [0]
    var start = 0
    for l in 1..<widths.count {
      blocks.append(Block(source: l - 1, target: l, start: start, rows: widths[l], columns: widths[l - 1]))
      biasStarts.append(start + widths[l] * widths[l - 1])
      start += widths[l] * (widths[l - 1] + 1)
    }
    (self.widths, self.blocks, self.biasStarts) = (widths, blocks, biasStarts)
  }

  /// The layers of any network, with the buffer of its entries rounded to doubles.
  static func buffer(of network: Network) -> (blocks: WeightBlocks, values: [Double]) {
    var blocks: [Block] = []
    var biasStarts = [0]
    var values: [Double] = []
    for (position, layer) in network.layers.enumerated() {
      for block in layer.blocks {
        blocks.append(
          Block(
            source: block.source, target: position + 1, start: values.count, rows: layer.width,
            columns: block.weights.columns))
        values += block.weights.nearest.elements
      }
      biasStarts.append(values.count)
      values += layer.bias.nearest.elements
    }
    return (WeightBlocks(network.widths, blocks, biasStarts), values)
  }

  private init(_ widths: [Int], _ blocks: [Block], _ biasStarts: [Int]) {
    (self.widths, self.blocks, self.biasStarts) = (widths, blocks, biasStarts)
  }

  /// Calls `body` with the index of every weight that neuron `row` of layer `layer` reads through.
  @inline(__always)
  func forEachIncoming(_ layer: Int, _ row: Int, _ body: (Int) -> Void) {
    for block in blocks where block.target == layer {
      let start = block.start + row * block.columns
      for k in start..<start + block.columns { body(k) }
    }
  }

  /// Calls `body` with the index of every weight that reads neuron `column` of layer `layer`.
  @inline(__always)
  func forEachOutgoing(_ layer: Int, _ column: Int, _ body: (Int) -> Void) {
    for block in blocks where block.source == layer {
      var k = block.start + column
      for _ in 0..<block.rows {
        body(k)
        k += block.columns
      }
    }
  }
}
