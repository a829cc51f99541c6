import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

/// A step of parameters that no output at a sample notices, though it is no rescaling.
///
/// While all activation patterns stay, the outputs are affine in the parameters of one layer. So along a vector of the kernel
/// of the Jacobian that has entries in one layer only, the outputs at the sample stay exactly the same as long as
/// the patterns do; and every step, however small, gives another such network.
///
/// - Exactness: exact: patterns, outputs at the sample, and that no permutation and rescaling gives the other network.
struct SampleMove {
  let sample: SmoothSample
  /// All inputs, also those on kinks.
  let inputs: [[Double]]
  let options: DimensionOptions
  let progress: Progress

  private var network: Network { sample.network }

  /// The most numbers of a Jacobian that is held whole.
  private static let heldNumbers = 30_000_000
  /// The widest stretch of parameters whose kernel is taken in fractions.
  private static let widestBlock = 400
  /// The most exact multiplications for one look at the sample.
  private static let exactWork = 200_000_000
  /// Stretches tried further where the first network found has entries that no double holds.
  private static let triesForDoubles = 6

  /// Another network; nil where none was found.
  ///
  /// - Throws: `CancellationError`.
  func second() throws -> SecondParameter? {
    guard inputs.count * sample.parameters.count <= SampleMove.exactWork else { return nil }
    let old = inputs.map { network.exactOutputs(at: $0) }
    if let found = try freeNeuron(old) { return found }
    guard !sample.inputs.isEmpty else { return nil }
    return try kernelStep(old)
  }

  // MARK: Neurons that nothing notices

  /// A step for a neuron that is not read, has no row, or is active at no input or at all of them.
  private func freeNeuron(_ old: [[Dyadic]]) throws -> SecondParameter? {
    let layout = sample.parameters.layout
    let shapes = NeuronShapes(network)
    for (number, neuron) in network.hiddenNeurons.enumerated() {
      let bias = layout.range(ofRow: neuron.index, layer: neuron.layer).upperBound - 1
      var entries: [(index: Int, value: Dyadic)] = []
      var reason = ""
      if shapes.isUnread(neuron) {
        (entries, reason) = ([(bias, .one)], "the bias of \(neuron), which nothing reads, moved")
      } else if shapes.incoming(neuron).allSatisfy(\.isZero) {
        (entries, reason) = ([(bias, -.one)], "the bias of \(neuron), which has no weights, lowered")
      } else if !sample.patterns.contains(where: { $0[number] }) {
        (entries, reason) = ([(bias, -.one)], "the bias of \(neuron), active at none of the inputs, lowered")
      } else if !sample.patterns.isEmpty, sample.patterns.allSatisfy({ $0[number] }) {
        entries = [(bias, .one)] + readerBiases(of: neuron)
        reason = "the bias of \(neuron), active at all inputs, raised and those of its readers lowered"
      }
      if entries.isEmpty { continue }
      if let found = step(entries, old, evidence: reason) { return found.second }
    }
    return nil
  }

  /// For each bias behind a neuron minus the weight that reads the neuron: what undoes a change of its bias.
  private func readerBiases(of neuron: Neuron) -> [(index: Int, value: Dyadic)] {
    let layout = sample.parameters.layout
    return layout.layers.enumerated().flatMap { position, layer -> [(index: Int, value: Dyadic)] in
      guard let source = layer.source(neuron.layer) else { return [] }
      return (0..<layer.width).compactMap { row in
        let range = layout.range(ofRow: row, layer: position + 1)
        let weight = sample.parameters.values[range.lowerBound + source.offset + neuron.index]
        return weight.isZero ? nil : (range.upperBound - 1, -weight)
      }
    }
  }

  // MARK: Steps in the kernel of one layer

  private func kernelStep(_ old: [[Dyadic]]) throws -> SecondParameter? {
    let field: PrimeField
    var rng = SplitMix64(seed: options.seed)
    field = PrimeField.random(using: &rng)
    let columns = sample.parameters.count
    let outputs = network.outputCount
    guard sample.inputs.count * outputs * columns <= SampleMove.heldNumbers else { return nil }
    let rows = sample.rows(modulo: field)
    let jacobian = sample.inputs.indices.map { rows($0) }
    var first: SecondParameter?
    var tries = 0
    for block in blocks where block.columns.count <= SampleMove.widestBlock {
      try progress.step("looking for a step that the sample does not notice")
      var space = EchelonBasis(columns: block.columns.count, field: field)
      for rows in jacobian where !space.isComplete {
        space.insert(rows: part(of: rows, block.columns), count: outputs)
      }
      if space.isComplete { continue }
      for vector in try kernel(on: block.columns).prefix(2) {
        guard let found = step(vector, old, evidence: "a step \(block.name)") else { continue }
        if found.holdsDoubles { return found.second }
        first = first ?? found.second
      }
      tries += 1
      if first != nil, tries > SampleMove.triesForDoubles { break }
    }
    return first
  }

  /// The stretches of parameters within one layer: each row, then each layer.
  private var blocks: [(name: String, columns: [Int])] {
    let layout = sample.parameters.layout
    var result: [(name: String, columns: [Int])] = []
    for (position, layer) in layout.layers.enumerated().reversed() {
      for row in 0..<layer.width {
        let place =
          position == layout.layers.count - 1 ? "output \(row)" : "\(Neuron(layer: position + 1, index: row))"
        result.append(
          ("of the weights and the bias of \(place)", Array(layout.range(ofRow: row, layer: position + 1))))
      }
    }
    for (position, layer) in layout.layers.enumerated().reversed() {
      result.append(
        ("of the parameters of layer \(position + 1)", Array(layer.start..<layer.start + layer.count)))
    }
    return result
  }

  private func part(of rows: [Double], _ columns: [Int]) -> [Double] {
    let width = sample.parameters.count
    return (0..<network.outputCount).flatMap { k in columns.map { rows[k * width + $0] } }
  }

  /// Vectors orthogonal to all rows, on some columns; rationals that several primes agree on.
  private func kernel(on columns: [Int]) throws -> [[(index: Int, value: Dyadic)]] {
    var rng = SplitMix64(seed: options.seed)
    let kernel = try RationalKernel(columns: columns.count, using: &rng) { field in
      try progress.step("reconstructing the kernel")
      let rows = sample.rows(modulo: field)
      var space = EchelonBasis(columns: columns.count, field: field)
      for index in sample.inputs.indices where !space.isComplete {
        space.insert(rows: part(of: rows(index), columns), count: network.outputCount)
      }
      return space
    }
    let vectors = (kernel?.vectors ?? []).map { vector in
      RationalKernel.clearingDenominators(vector).map { (index: columns[$0.column], value: $0.value) }
    }
    return vectors.sorted { $0.map(\.value.bits).max() ?? 0 < $1.map(\.value.bits).max() ?? 0 }
  }

  // MARK: The step

  /// The network a dyadic step along a vector away, the largest of some that keeps patterns and outputs.
  private func step(
    _ vector: [(index: Int, value: Dyadic)], _ old: [[Dyadic]], evidence: String
  ) -> (second: SecondParameter, holdsDoubles: Bool)? {
    let top = vector.compactMap(\.value.magnitudeExponent).max() ?? 0
    let unit = Dyadic.one.magnitudeExponent ?? 0
    for power in [0, -1, -2, -4, -7, -11, -16, -24, -34, -48] {
      for sign in [Dyadic.one, -Dyadic.one] {
        var moved = sample.parameters
        for (index, value) in vector {
          moved.values[index] = moved.values[index] + sign * value.scaled(byPowerOfTwo: unit - top + power)
        }
        let other = network.with(parameters: moved)
        guard isUnnoticed(other, old), network.isProvedOther(than: other) else { continue }
        let holdsDoubles = vector.allSatisfy { moved.values[$0.index].double != nil }
        return (
          SecondParameter(
            network: other,
            evidence:
              "\(evidence): the same outputs at all \(inputs.count) inputs, exactly; no permutation and rescaling"
          ), holdsDoubles
        )
      }
    }
    return nil
  }

  /// Whether patterns and outputs are as they were, exactly.
  private func isUnnoticed(_ other: Network, _ old: [[Dyadic]]) -> Bool {
    let flags = Concurrency.map(count: inputs.count, threads: options.threads, minimumRange: 16) { part in
      part.map { other.exactOutputs(at: inputs[$0]) == old[$0] }
    }
    guard flags.allSatisfy(\.self) else { return false }
    return zip(sample.inputs, sample.patterns).allSatisfy { other.activationPattern(at: $0) == $1 }
  }
}

extension Network {
  /// Whether another network is proved to be no permutation and positive rescaling of this one; false tells nothing.
  func isProvedOther(than other: Network) -> Bool { standardRelation(to: other) == .unrelated }
}
