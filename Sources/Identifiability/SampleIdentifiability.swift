import LinearAlgebra
import Networks

/// Whether the outputs of a network at finitely many inputs tell its parameters, among those nearby.
///
/// With D* = D − N, parameters less hidden neurons, R_Γ the rank of the Jacobian by the parameters at the inputs, and
/// R_A = n_L · rank α(X, θ) the rank that the activations allow:
///
/// - *sufficient*, C_S: if R_Γ = D*, then all parameters near θ with the same outputs are rescalings of θ;
/// - *necessary*, C_N: if R_Γ < D* and R_Γ = R_A, then arbitrarily near θ others have the same outputs;
/// - in between a step inside one layer may still bring another parameter.
///
/// Inputs on kinks, at which some hidden neuron is exactly zero, are left out; degenerate neurons, without a row or not read,
/// are free, so that with one of these no sample identifies θ.
///
///     let found = try SampleIdentifiability(of: network, at: inputs)
///     found.rank.functionalDimension, found.target, found.activationRank
///     found.report.verdict
///
/// - Exactness: exact: ranks are proved, where ``BatchFunctionalDimension`` and ``PathActivations`` prove them.
/// - Reference: [SG22]; [BMB22] theorems on C_N and C_S.
public struct SampleIdentifiability: Sendable {
  /// The network.
  public let network: Network
  /// The rank R_Γ of the Jacobian at the inputs off kinks.
  public let rank: BatchFunctionalDimension
  /// R_A = n_L · rank α(X, θ), with its proved bounds; nil where it was too much work.
  public let activationRank: ClosedRange<Int>?
  /// The inputs on kinks, and the neurons that are zero there.
  public let kinks: Kinks
  /// The hidden neurons that are not read, or have neither weights nor bias.
  public let degenerate: [Neuron]
  /// A small subset of the same rank; nil where that was too much work, or no input is off kinks.
  public let subset: SpanningSubset?
  /// How far parameters may move; nil without an input off kinks.
  public let radii: SampleRadii?
  /// The report.
  public let report: IdentifiabilityReport

  /// D*: the parameters less the hidden neurons.
  public var target: Int { network.parameterCount - network.hiddenNeuronCount }

  /// The most inputs for which the rank of α is measured.
  static let activationLimit = 3_000

  /// Decides from inputs.
  ///
  /// - Parameters:
  ///   - network: The network; its normal form's parameters are θ.
  ///   - inputs: The inputs, each of n₀ finite doubles taken as exact.
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, at inputs: [[Double]], options: DimensionOptions = DimensionOptions(),
    progress: Progress = Progress()
  ) throws {
    self.network = network
    try progress.step("looking for kinks")
    kinks = Kinks(of: network, at: inputs, threads: options.threads)
    let shapes = NeuronShapes(network)
    degenerate = network.hiddenNeurons.filter {
      shapes.isUnread($0) || shapes.incoming($0).allSatisfy(\.isZero)
    }
    let sample = SmoothSample(network, inputs, threads: options.threads)
    rank = try BatchFunctionalDimension(of: network, at: inputs, options: options, progress: progress)
    let target = network.parameterCount - network.hiddenNeuronCount
    if sample.inputs.count <= SampleIdentifiability.activationLimit {
      let found = try PathActivations(of: network, at: sample.inputs).rank(
        seed: options.seed, progress: progress)
      activationRank = found.lower * network.outputCount...found.upper * network.outputCount
    } else {
      activationRank = nil
    }
    var rng = SplitMix64(seed: options.seed)
    subset =
      sample.inputs.isEmpty
      ? nil
      : try SpanningSubset(
        of: sample, rank: rank.lower, field: PrimeField.random(using: &rng), progress: progress)
    radii =
      sample.inputs.isEmpty
      ? nil : try SampleRadii(of: sample, isIdentified: rank.lower == target, progress: progress)
    let second =
      rank.lower == target
      ? nil
      : try SampleMove(sample: sample, inputs: inputs, options: options, progress: progress).second()
    let facts = SampleFacts(
      network: network, rank: rank, target: target, activationRank: activationRank, kinks: kinks,
      degenerate: degenerate, second: second)
    report = facts.report
  }
}

/// The report on a sample, from its numbers.
private struct SampleFacts {
  let network: Network
  let rank: BatchFunctionalDimension
  let target: Int
  let activationRank: ClosedRange<Int>?
  let kinks: Kinks
  let degenerate: [Neuron]
  let second: SecondParameter?

  private static let reference = "[BMB22]"

  var report: IdentifiabilityReport {
    let inputs = "\(rank.inputCount) \(rank.inputCount == 1 ? "input" : "inputs")"
    let conditions = [smooth, nondegenerate, sufficient, necessary]
    func report(_ verdict: IdentifiabilityVerdict, _ statement: String) -> IdentifiabilityReport {
      IdentifiabilityReport(
        verdict: verdict, scope: .local, statement: statement, conditions: conditions, second: second)
    }
    if sufficient.verdict == .proved {
      return report(
        .proved, "all parameters near these with the same outputs at the \(inputs) are rescalings of these")
    }
    if second != nil {
      return report(
        .refuted,
        "arbitrarily near are other parameters with the same outputs at the \(inputs), and no rescalings")
    }
    if !degenerate.isEmpty {
      return report(
        .refuted, "\(names(degenerate)) can be moved freely: no sample identifies these parameters")
    }
    if necessary.verdict == .refuted {
      let place = kinks.inputs.isEmpty ? "" : " off kinks"
      return report(
        .refuted,
        "arbitrarily near are other parameters with the same outputs at the \(inputs)\(place), by the ranks")
    }
    if rank.inputCount == 0 {
      return report(.undecided, "not decided: no input is off the kinks")
    }
    return report(
      .undecided,
      "not decided: the rank is below both what identifies and what refutes, and no step inside one layer was found"
    )
  }

  private func names(_ neurons: [Neuron]) -> String {
    neurons.prefix(3).map(\.description).joined(separator: ", ")
      + (neurons.count > 3 ? " and \(neurons.count - 3) more" : "")
  }

  private var smooth: IdentifiabilityCondition {
    let worst = kinks.neurons.sorted { ($1.inputs, $0.neuron) < ($0.inputs, $1.neuron) }.map(\.neuron)
    return IdentifiabilityCondition(
      name: "smooth", verdict: kinks.inputs.isEmpty ? .proved : .refuted,
      evidence: kinks.inputs.isEmpty
        ? "no hidden neuron is exactly zero at any of \(kinks.inputCount) inputs"
        : "\(kinks.inputs.count) of \(kinks.inputCount) inputs are on kinks and left out: \(names(worst)) zero there",
      reference: SampleFacts.reference)
  }

  private var nondegenerate: IdentifiabilityCondition {
    IdentifiabilityCondition(
      name: "nondegenerate", verdict: degenerate.isEmpty ? .proved : .refuted,
      evidence: degenerate.isEmpty
        ? "every hidden neuron has a row and is read"
        : "without a row, or not read: \(names(degenerate))", reference: SampleFacts.reference)
  }

  private var sufficient: IdentifiabilityCondition {
    let isFull = rank.lower == target && degenerate.isEmpty
    let value = rank.functionalDimension.map(String.init) ?? "from \(rank.lower) to \(rank.upper)"
    return IdentifiabilityCondition(
      name: "sufficient", verdict: isFull ? .proved : rank.upper < target ? .refuted : .undecided,
      evidence: "rank \(value), \(target) needed" + (isFull ? "" : ", \(target - rank.lower) missing"),
      reference: SampleFacts.reference + " C_S")
  }

  private var necessary: IdentifiabilityCondition {
    func condition(_ verdict: IdentifiabilityVerdict, _ evidence: String) -> IdentifiabilityCondition {
      IdentifiabilityCondition(
        name: "necessary", verdict: verdict, evidence: evidence, reference: SampleFacts.reference + " C_N")
    }
    if rank.lower == target { return condition(.proved, "the rank is all that is needed") }
    guard let allowed = activationRank else {
      return condition(
        .undecided,
        "the rank of activations is measured up to \(SampleIdentifiability.activationLimit) inputs")
    }
    let text =
      allowed.lowerBound == allowed.upperBound
      ? "\(allowed.lowerBound)" : "from \(allowed.lowerBound) to \(allowed.upperBound)"
    if rank.inputCount > 0, rank.upper < target, rank.lower == allowed.upperBound {
      return condition(.refuted, "rank \(rank.lower), all that activations of rank \(text) allow")
    }
    if rank.upper < allowed.lowerBound {
      return condition(
        .proved, "rank \(rank.lower), and activations allow \(text): \(allowed.lowerBound - rank.lower) more")
    }
    return condition(.undecided, "rank from \(rank.lower) to \(rank.upper), activations allow \(text)")
  }
}
