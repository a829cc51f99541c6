import ExactArithmetic
import Networks

extension PathEmbedding {
  /// For each output the entry of largest magnitude among the paths into it; nil where all are zero.
  ///
  /// A forward pass with the maximum in place of the sum. Products are compared in floating point; those within the
  /// error bound of the largest are compared exactly. Of several largest paths, the one whose last place comes first
  /// is taken, and so on back to its start.
  ///
  /// - Exactness: exact.
  /// - Throws: `CancellationError`.
  /// - Complexity: a few floating-point operations for each nonzero weight, and a few exact products for each neuron.
  public func largestEntries(progress: Progress = Progress()) throws -> [Entry?] {
    let weights = graph.weights(of: network)
    let rounded = graph.scaledMagnitudes(of: network)
    // For each signal the magnitude of its largest path, and the signal before the last; nil where the path starts.
    var sizes = Array(repeating: Dyadic.one, count: graph.inputCount)
    var scaled = Array(repeating: ScaledDouble.one, count: graph.inputCount)
    var previous = Array(repeating: Int?.none, count: graph.inputCount)
    for layer in 1..<graph.widths.count {
      try progress.step("finding the largest paths, layer", done: layer, of: graph.widths.count - 1)
      for signal in graph.firstSignal[layer]..<graph.firstSignal[layer + 1] {
        var top = rounded.biases[signal]
        for edge in graph.edges(into: signal) {
          top = max(top, rounded.edges[edge] * scaled[Int(graph.sources[edge])])
        }
        // A product is within three relative errors of 2^-53 of the exact one: the largest lies among the near ones.
        let near = top * ScaledDouble(1 - 0x1p-49)
        var best = rounded.biases[signal] < near ? Dyadic.zero : weights.biases[signal].magnitude
        var source: Int?
        for edge in graph.edges(into: signal) {
          let candidate = Int(graph.sources[edge])
          if rounded.edges[edge] * scaled[candidate] < near { continue }
          let size = weights.edges[edge].magnitude * sizes[candidate]
          if size > best { (best, source) = (size, candidate) }
        }
        sizes.append(best)
        scaled.append(ScaledDouble(rounding: best))
        previous.append(source)
      }
    }
    return graph.outputs.map { output in
      sizes[output].isZero ? nil : entry(endingAt: output, previous, weights)
    }
  }

  /// The entry of the path that leads back from an output.
  private func entry(endingAt output: Int, _ previous: [Int?], _ weights: PathValues<Dyadic>) -> Entry {
    var value = Dyadic.one
    var places: [Int] = []
    var signal = output
    while let source = previous[signal] {
      let edge = graph.edges(into: signal).first { Int(graph.sources[$0]) == source }
      value = value * (edge.map { weights.edges[$0] } ?? .zero)
      places.append(source)
      signal = source
    }
    let startsAtInput = signal < graph.inputCount
    if !startsAtInput { value = value * weights.biases[signal] }
    let neurons = places.reversed().dropFirst(startsAtInput ? 1 : 0).map { signal in
      let place = graph.place(of: signal)
      return Neuron(layer: place.layer, index: place.index)
    }
    return Entry(
      path: NetworkPath(
        input: startsAtInput ? signal : nil, neurons: neurons, output: output - graph.outputs.lowerBound),
      value: value)
  }
}

extension ScaledDouble: Comparable {
  /// Order of values.
  static func < (a: ScaledDouble, b: ScaledDouble) -> Bool {
    if a.significand == 0 || b.significand == 0 { return a.significand < b.significand }
    return (a.exponent, a.significand) < (b.exponent, b.significand)
  }
}
