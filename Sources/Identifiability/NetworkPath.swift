import ExactArithmetic
import Networks

/// A path of a network, from an input or from a neuron's bias through hidden neurons to an output.
///
/// A bias path starts at the neuron whose bias it carries; the path β, whose product is the bias of the output, has
/// neither an input nor neurons.
public struct NetworkPath: Hashable, Sendable {
  /// The input it starts from, from 0; nil for bias paths and β.
  public let input: Int?
  /// The hidden neurons on the way, in the order of their layers.
  public let neurons: [Neuron]
  /// The output it leads to, from 0.
  public let output: Int

  /// The path through the given places.
  public init(input: Int?, neurons: [Neuron], output: Int) {
    precondition(
      zip(neurons, neurons.dropFirst()).allSatisfy { $0.layer < $1.layer }, "layers increase along a path")
    self.input = input
    self.neurons = neurons
    self.output = output
  }
}

extension NetworkPath: CustomStringConvertible {
  /// The path without its output, `x1 → h1.3 → h2.1`, `h1.3 → h2.1` for a bias path, `β`: indices count from 0.
  public var stem: String {
    let places = (input.map { ["x\($0)"] } ?? []) + neurons.map { "h\($0.layer).\($0.index)" }
    return places.isEmpty ? "β" : places.joined(separator: " → ")
  }

  /// `x1 → h1.3 → h2.1 → y0`, `h1.3 → h2.1 → y0` for a bias path, `β → y0`.
  public var description: String { "\(stem) → y\(output)" }
}

extension NetworkPath: Comparable {
  /// Full paths by input first, then bias paths, then β; each place by layer and index, an output after all neurons.
  public static func < (a: NetworkPath, b: NetworkPath) -> Bool { a.key.lexicographicallyPrecedes(b.key) }

  private var key: [Int] {
    // Places as pairs of layer and index; β starts where an output does.
    (input.map { [0, $0] } ?? []) + neurons.flatMap { [$0.layer, $0.index] } + [.max, output]
  }
}

extension PathEmbedding {
  /// One entry of Φ.
  public struct Entry: Hashable, Sendable {
    /// The path and its output.
    public let path: NetworkPath
    /// The product of its parameters.
    public let value: Dyadic
  }

  /// More entries than asked for.
  public struct TooManyPaths: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of entries of Φ that are not zero.
    public let count: BigInteger
    /// The most that were asked for.
    public let limit: Int

    /// `1331 paths without a zero, more than 1000`.
    public var description: String { "\(count) paths without a zero, more than \(limit)" }
  }

  /// Calls `body` with every entry of Φ that is not zero, in the order of paths.
  ///
  /// - Exactness: exact.
  /// - Throws: what `body` throws.
  /// - Complexity: a product for each place of each path; ways that lead to no output are not walked.
  public func forEachEntry(_ body: (Entry) throws -> Void) throws {
    try PathWalk(network, graph).walk(body)
  }

  /// The entries of Φ that are not zero, in the order of paths.
  ///
  /// - Throws: ``TooManyPaths`` before anything is listed; `CancellationError`.
  public func entries(limit: Int, progress: Progress = Progress()) throws -> [Entry] {
    let count = try checkedEntryCount(limit: limit, progress: progress)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    try forEachEntry { entry in
      if entries.count & 0xFFFF == 0 { try progress.step("listing paths", done: entries.count, of: count) }
      entries.append(entry)
    }
    return entries
  }

  /// The number of entries of Φ that are not zero.
  ///
  /// - Throws: ``TooManyPaths`` where there are more than `limit`.
  public func checkedEntryCount(limit: Int, progress: Progress = Progress()) throws -> Int {
    let count = try entryCounts(progress: progress).reduce(BigInteger(0), +)
    guard let small = count.int64, small <= limit else { throw TooManyPaths(count: count, limit: limit) }
    return Int(small)
  }
}

/// A walk along all paths without a zero.
private struct PathWalk {
  private let graph: PathGraph
  private let forward: PathGraph
  private let values: [Dyadic]
  private let biases: [Dyadic]
  private let reachesOutput: [Bool]

  init(_ network: Network, _ graph: PathGraph) {
    self.graph = graph
    let (forward, origins) = graph.reversed()
    let weights = graph.weights(of: network)
    let values = origins.map { weights.edges[Int($0)] }
    self.forward = forward
    self.values = values
    biases = weights.biases
    var reaches = Array(repeating: false, count: graph.outputs.lowerBound)
    reaches += Array(repeating: true, count: graph.outputs.count)
    for signal in (0..<graph.outputs.lowerBound).reversed() {
      reaches[signal] = forward.edges(into: signal).contains { edge in
        !values[edge].isZero && reaches[Int(forward.sources[edge])]
      }
    }
    reachesOutput = reaches
  }

  func walk(_ body: (PathEmbedding.Entry) throws -> Void) throws {
    var neurons: [Neuron] = []
    for signal in 0..<graph.signalCount {
      let isInput = signal < graph.inputCount
      let start = isInput ? Dyadic.one : biases[signal]
      if start.isZero { continue }
      let place = graph.place(of: signal)
      if signal >= graph.outputs.lowerBound {
        let path = NetworkPath(input: nil, neurons: [], output: place.index)
        try body(PathEmbedding.Entry(path: path, value: start))
        continue
      }
      if !isInput { neurons.append(Neuron(layer: place.layer, index: place.index)) }
      try goOn(from: signal, input: isInput ? signal : nil, &neurons, start, body)
      neurons.removeAll(keepingCapacity: true)
    }
  }

  /// Extends a path at its last signal in every way; the depth is that of the network.
  private func goOn(
    from signal: Int, input: Int?, _ neurons: inout [Neuron], _ product: Dyadic,
    _ body: (PathEmbedding.Entry) throws -> Void
  ) throws {
    for edge in forward.edges(into: signal) {
      let next = Int(forward.sources[edge])
      if !reachesOutput[next] || values[edge].isZero { continue }
      let value = product * values[edge]
      let place = graph.place(of: next)
      if next >= graph.outputs.lowerBound {
        try body(
          PathEmbedding.Entry(
            path: NetworkPath(input: input, neurons: neurons, output: place.index), value: value))
      } else {
        neurons.append(Neuron(layer: place.layer, index: place.index))
        try goOn(from: next, input: input, &neurons, value, body)
        neurons.removeLast()
      }
    }
  }
}
