/// The names of a network's parameters and their order: every weight of every block, and every bias.
///
/// The parameters of one neuron lie together: its weights block after block, by increasing source, then its bias.
/// Neurons follow one another by layer and index.
///
///     let layout = ParameterLayout(of: network)              // widths 2, 3, 1
///     layout.count                                           // 13
///     layout.index(of: .bias(layer: 1, row: 0))              // 2
///     layout.name(at: 4)                                     // weight of row 1 of layer 1 on input 1
///
/// - Complexity: O(layers) memory; O(layers) for each question.
public struct ParameterLayout: Hashable, Sendable {
  /// The parameters of one layer.
  public struct Layer: Hashable, Sendable {
    /// The number of neurons, or of outputs.
    public let width: Int
    /// The layers that are read, increasing, each with its width and the place of its first weight in a row.
    public let sources: [Source]
    /// The number of weights of a neuron.
    public let weightCount: Int
    /// The index of the layer's first parameter.
    public let start: Int

    /// The number of parameters of a neuron: its weights and its bias.
    public var rowLength: Int { weightCount + 1 }
    /// The number of parameters.
    public var count: Int { width * rowLength }

    /// The source of the given number, if the layer reads it.
    public func source(_ layer: Int) -> Source? { sources.first { $0.layer == layer } }
  }

  /// One block of weights within the row of a neuron.
  public struct Source: Hashable, Sendable {
    /// The layer that is read, 0 for the input.
    public let layer: Int
    /// Its width.
    public let width: Int
    /// The number of weights of a row before the block.
    public let offset: Int
  }

  /// The name of a parameter; layers count from 1, rows and columns from 0.
  public enum Name: Hashable, Sendable {
    /// The weight with which neuron `row` of `layer` reads signal `column` of layer `source`.
    case weight(layer: Int, row: Int, source: Int, column: Int)
    /// The bias of neuron `row` of `layer`.
    case bias(layer: Int, row: Int)
  }

  /// The layers, hidden ones first, the output layer last.
  public let layers: [Layer]

  /// The layout of a network.
  public init(of network: Network) {
    var start = 0
    layers = network.layers.map { layer in
      var offset = 0
      let sources = layer.blocks.map { block in
        defer { offset += block.weights.columns }
        return Source(layer: block.source, width: block.weights.columns, offset: offset)
      }
      let result = Layer(width: layer.width, sources: sources, weightCount: offset, start: start)
      start += result.count
      return result
    }
  }

  /// The number of parameters D.
  public var count: Int { layers.last.map { $0.start + $0.count } ?? 0 }

  /// The indices of the parameters of neuron `row` of `layer` (from 1): weights, then the bias.
  public func range(ofRow row: Int, layer: Int) -> Range<Int> {
    let layer = layers[layer - 1]
    precondition(row >= 0 && row < layer.width, "row \(row) of \(layer.width)")
    let first = layer.start + row * layer.rowLength
    return first..<first + layer.rowLength
  }

  /// The index of a parameter; nil where the network has none of that name.
  public func index(of name: Name) -> Int? {
    switch name {
    case .bias(let layer, let row):
      guard layers.indices.contains(layer - 1), layers[layer - 1].width > row, row >= 0 else { return nil }
      return range(ofRow: row, layer: layer).upperBound - 1
    case .weight(let layer, let row, let source, let column):
      guard layers.indices.contains(layer - 1), layers[layer - 1].width > row, row >= 0,
        let block = layers[layer - 1].source(source), (0..<block.width).contains(column)
      else { return nil }
      return range(ofRow: row, layer: layer).lowerBound + block.offset + column
    }
  }

  /// The name of the parameter at an index.
  public func name(at index: Int) -> Name {
    precondition((0..<count).contains(index), "parameter \(index) of \(count)")
    let position = (layers.firstIndex { $0.start > index } ?? layers.count) - 1
    let layer = layers[position]
    let (row, place) = (index - layer.start).quotientAndRemainder(dividingBy: layer.rowLength)
    guard let source = layer.sources.last(where: { $0.offset <= place }), place < layer.weightCount else {
      return .bias(layer: position + 1, row: row)
    }
    return .weight(layer: position + 1, row: row, source: source.layer, column: place - source.offset)
  }
}

extension ParameterLayout.Name: CustomStringConvertible {
  /// `weight of row 1 of layer 2 on 0 of layer 1`, or `bias of row 1 of layer 2`.
  public var description: String {
    switch self {
    case .bias(let layer, let row): "bias of row \(row) of layer \(layer)"
    case .weight(let layer, let row, let source, let column):
      "weight of row \(row) of layer \(layer) on \(column) of layer \(source)"
    }
  }
}
