import ExactArithmetic
import Networks

/// The nonzero weights of a network as edges between signals: inputs, hidden neurons, outputs, numbered in this order.
///
/// Paths are those of this graph. A network and others of its architecture may share one graph, which then has an edge
/// wherever one of them has a weight.
///
/// - Complexity: four bytes for each nonzero weight.
struct PathGraph: Sendable {
  /// The widths n₀, …, n_L.
  let widths: [Int]
  /// The first signal of each layer, inputs first, and at the end the number of signals.
  let firstSignal: [Int]
  /// Where the edges into each signal begin, and at the end their number.
  let starts: [Int]
  /// The signal that each edge reads, ascending for each reader.
  let sources: [Int32]

  /// The number of inputs.
  var inputCount: Int { widths[0] }
  /// The number of signals.
  var signalCount: Int { starts.count - 1 }
  /// The number of edges.
  var edgeCount: Int { sources.count }
  /// The signals that are outputs.
  var outputs: Range<Int> { firstSignal[widths.count - 1]..<signalCount }
  /// The edges into a signal.
  func edges(into signal: Int) -> Range<Int> { starts[signal]..<starts[signal + 1] }

  /// The graph of a network, or of several of one architecture.
  ///
  /// - Requires: the same architecture.
  init(_ network: Network, _ others: Network...) {
    for other in others {
      precondition(
        network.hasArchitecture(of: other), "\(network.widths) and \(other.widths) differ in shape")
    }
    widths = network.widths
    var first = [0]
    for width in widths { first.append(first[first.count - 1] + width) }
    firstSignal = first
    var starts = Array(repeating: 0, count: network.inputCount + 1)
    var sources: [Int32] = []
    for (position, layer) in network.layers.enumerated() {
      for i in 0..<layer.width {
        for (number, block) in layer.blocks.enumerated() {
          let all = [block.weights] + others.map { $0.layers[position].blocks[number].weights }
          for j in 0..<block.weights.columns where all.contains(where: { $0.sign(i, j) != 0 }) {
            sources.append(Int32(first[block.source] + j))
          }
        }
        starts.append(sources.count)
      }
    }
    self.starts = starts
    self.sources = sources
  }

  private init(widths: [Int], firstSignal: [Int], starts: [Int], sources: [Int32]) {
    self.widths = widths
    self.firstSignal = firstSignal
    self.starts = starts
    self.sources = sources
  }

  /// A value for each edge and, for biases, for each signal; inputs have none.
  ///
  /// - Requires: `network` has the architecture of the graph, and no weight off it.
  func values<Value>(of network: Network, none: Value, _ value: (ExactMatrix, Int) -> Value) -> PathValues<
    Value
  > {
    var edges: [Value] = []
    edges.reserveCapacity(edgeCount)
    var biases = Array(repeating: none, count: inputCount)
    for (position, layer) in network.layers.enumerated() {
      for i in 0..<layer.width {
        var number = 0
        for edge in self.edges(into: firstSignal[position + 1] + i) {
          let source = Int(sources[edge])
          while source >= firstSignal[layer.blocks[number].source + 1] { number += 1 }
          let block = layer.blocks[number]
          edges.append(
            value(block.weights, i * block.weights.columns + source - firstSignal[block.source]))
        }
        biases.append(value(layer.bias, i))
      }
    }
    return PathValues(edges: edges, biases: biases)
  }

  /// The exact weights and biases.
  func weights(of network: Network) -> PathValues<Dyadic> {
    values(of: network, none: .zero) { $0[at: $1] }
  }

  /// The name of a signal's place: the layer, 0 for inputs, and the index in it.
  func place(of signal: Int) -> (layer: Int, index: Int) {
    var layer = widths.count - 1
    while firstSignal[layer] > signal { layer -= 1 }
    return (layer, signal - firstSignal[layer])
  }

  /// The graph with every edge turned around, signals keeping their numbers, and the edge that each of its edges was.
  func reversed() -> (graph: PathGraph, edges: [Int32]) {
    var starts = Array(repeating: 0, count: signalCount + 1)
    for source in sources { starts[Int(source) + 1] += 1 }
    for signal in 0..<signalCount { starts[signal + 1] += starts[signal] }
    var next = starts
    var readers = Array(repeating: Int32(0), count: edgeCount)
    var origins = readers
    for signal in 0..<signalCount {
      for edge in edges(into: signal) {
        let source = Int(sources[edge])
        readers[next[source]] = Int32(signal)
        origins[next[source]] = Int32(edge)
        next[source] += 1
      }
    }
    return (PathGraph(widths: widths, firstSignal: firstSignal, starts: starts, sources: readers), origins)
  }
}

/// Values on the edges of a path graph and biases on its signals.
struct PathValues<Value> {
  /// A value for each edge.
  var edges: [Value]
  /// A value for each signal; those of inputs play no part.
  var biases: [Value]

  /// The values under a map.
  func map<Other>(_ transform: (Value) -> Other) -> PathValues<Other> {
    PathValues<Other>(edges: edges.map(transform), biases: biases.map(transform))
  }

  /// The values of two networks combined.
  func combined<Other, Result>(with other: PathValues<Other>, _ combine: (Value, Other) -> Result)
    -> PathValues<Result>
  {
    PathValues<Result>(
      edges: zip(edges, other.edges).map(combine), biases: zip(biases, other.biases).map(combine))
  }
}

extension PathGraph {
  /// For each signal the sum, over all paths that end there, of the product of values along the path.
  ///
  /// Definition: 1 for an input; bias + Σ value · source for the others.
  ///
  /// - Exactness: exact.
  /// - Complexity: a product for each edge, of numbers that grow by a significand with each layer.
  /// - Reference: [GBRG24] one forward pass in place of the sum over paths.
  func sums<Scalar: ExactScalar>(
    _ values: PathValues<Scalar>, progress: Progress = Progress()
  ) throws -> [Scalar] {
    var sums = Array(repeating: Scalar.one, count: inputCount)
    sums.reserveCapacity(signalCount)
    for layer in 1..<widths.count {
      try progress.step("summing over paths, layer", done: layer, of: widths.count - 1)
      for signal in firstSignal[layer]..<firstSignal[layer + 1] {
        var sum = values.biases[signal]
        for edge in edges(into: signal) {
          let source = sums[Int(sources[edge])]
          if !source.isZero, !values.edges[edge].isZero { sum = sum + values.edges[edge] * source }
        }
        sums.append(sum)
      }
    }
    return sums
  }

  /// For each signal the sum, over all ways on from there to an output, of the product of values along the way.
  ///
  /// - Exactness: exact.
  /// - Complexity: a product for each edge.
  func continuations<Scalar: ExactScalar>(
    _ values: PathValues<Scalar>, progress: Progress = Progress()
  ) throws -> [Scalar] {
    var sums = Array(repeating: Scalar.zero, count: outputs.lowerBound)
    sums += Array(repeating: Scalar.one, count: outputs.count)
    for layer in (1..<widths.count).reversed() {
      try progress.step("summing over continuations, layer", done: layer, of: widths.count - 1)
      for signal in firstSignal[layer]..<firstSignal[layer + 1] where !sums[signal].isZero {
        for edge in edges(into: signal) where !values.edges[edge].isZero {
          let source = Int(sources[edge])
          sums[source] = sums[source] + values.edges[edge] * sums[signal]
        }
      }
    }
    return sums
  }
}
