import ExactArithmetic
import Networks
import Symmetry

/// The comparison of two networks: the verdict, its certificate, and how it was reached.
public struct Comparison: Sendable {
  /// The answer.
  public let verdict: Verdict
  /// What ``Certificate/verify(_:_:)`` re-checks; nil when undecided.
  public let certificate: Certificate?
  /// The inputs the answer is about; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The largest relative difference of corresponding entries in units in the last place of the coarser storage
  /// format, where the signals of both networks were paired; nil elsewhere.
  public let backwardError: Double?
  /// The storage format that ``backwardError`` refers to.
  public let precision: StoragePrecision

  /// The most units in the last place by which entries may differ that are equal but for rounding: one or two for a
  /// rescaled entry, the rest for the scales, which are themselves estimated in doubles.
  public static let roundingUnits = 16.0
}

/// What a comparison may be told.
public struct ComparisonOptions: Sendable {
  /// The inputs to compare on; nil for all of ℝⁿ.
  public var domain: InputDomain?
  /// The difference to accept: the question becomes |f − g|∞ ≤ epsilon on a domain, and ≤ epsilon · max(1, ‖x‖∞) on
  /// all of ℝⁿ.
  public var epsilon: Double?
  /// The seed of the search for witnesses.
  public var seed: UInt64
  /// How many inputs the search for witnesses may evaluate.
  public var witnessSamples: Int
  /// Told of each step, and asked whether to stop.
  public var progress: Progress

  /// The options; by default all of ℝⁿ, exact up to the rounding of the files.
  public init(
    domain: InputDomain? = nil, epsilon: Double? = nil, seed: UInt64 = 0, witnessSamples: Int = 4096,
    progress: Progress = Progress()
  ) {
    self.domain = domain
    self.epsilon = epsilon
    self.seed = seed
    self.witnessSamples = witnessSamples
    self.progress = progress
  }
}

/// Two networks that cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// They take or give different numbers of values.
  case shapesDiffer(inputs: Int, outputs: Int, otherInputs: Int, otherOutputs: Int)
  /// The domain has another dimension than the input.
  case domainDiffers(dimension: Int, inputs: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .shapesDiffer(let inputs, let outputs, let otherInputs, let otherOutputs):
      "the first network maps \(inputs) inputs to \(outputs) outputs, the second \(otherInputs) to \(otherOutputs)"
    case .domainDiffers(let dimension, let inputs):
      "the domain has \(dimension) dimensions, the networks \(inputs) inputs"
    }
  }
}

extension Network {
  /// Decides whether this network and another compute the same function.
  ///
  /// 1. Both are told in one numbering of signals; equal outputs mean *identical*.
  /// 2. Else each is reduced alone, and their signals paired under the tolerance of the storage format; entries that
  ///    agree up to rounding mean *within ε*, with a proved ε.
  /// 3. Else an input is sought at which exact evaluation shows a gap: *different*.
  /// 4. Else *undecided*, with the bounds that were proved.
  ///
  /// Every answer but the last has been re-checked by `Certificate/verify(_:_:)` before it is given.
  ///
  ///     let f = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])          // relu(x) + relu(-x)
  ///     let g = Network(weights: [[[2], [1], [-1]], [[1, -1, 1]]], biases: [[0, 0, 0], [0]])
  ///     try f.compared(with: g).verdict                                                   // .equivalent(.identical)
  ///
  /// - Exactness: every verdict is a theorem about the stored weights.
  /// - Throws: `ComparisonError`; `CancellationError` when told to stop.
  /// - Complexity: O(parameters) unless neurons are flipped or folded, plus the search for a witness.
  public func compared(
    with other: Network, options: ComparisonOptions = ComparisonOptions()
  ) throws -> Comparison {
    guard inputCount == other.inputCount, outputCount == other.outputCount else {
      throw ComparisonError.shapesDiffer(
        inputs: inputCount, outputs: outputCount, otherInputs: other.inputCount,
        otherOutputs: other.outputCount)
    }
    if let domain = options.domain, domain.dimension != inputCount {
      throw ComparisonError.domainDiffers(dimension: domain.dimension, inputs: inputCount)
    }
    return try Decision(self, other, options).decide()
  }
}

/// One run of the decision.
struct Decision {
  let a: Network
  let b: Network
  let options: ComparisonOptions
  private let digests: (a: String, b: String)

  init(_ a: Network, _ b: Network, _ options: ComparisonOptions) {
    self.a = a
    self.b = b
    self.options = options
    digests = (a.digest, b.digest)
  }

  /// The certificate of a claim about the pair.
  private func certificate(_ claim: Certificate.Claim, on domain: InputDomain?) -> Certificate {
    Certificate(digestA: digests.a, digestB: digests.b, domain: domain, claim: claim)
  }

  /// Whether the evidence of a certificate holds: nothing is answered that was not re-checked.
  private func holds(_ certificate: Certificate) -> Bool {
    do {
      try certificate.checkEvidence(a, b)
      return true
    } catch {
      return false
    }
  }

  /// The number format whose rounding is taken as no difference.
  ///
  /// The coarser of the two files', but float32 at the coarsest unless both files are coarser, since a conversion to
  /// 16 bits changes a network visibly. A file that stores float32 numbers as float64 counts as float32 where the
  /// other file does not: then it holds the other's rounding.
  var precision: StoragePrecision {
    let (fine, coarse) =
      a.storage.significantBits >= b.storage.significantBits ? (a.storage, b.storage) : (b.storage, a.storage)
    let single = StoragePrecision.float32
    if coarse.significantBits > single.significantBits {
      let shares = [a.singlePrecisionShare, b.singlePrecisionShare]
      return shares.max() == 1 && (shares.min() ?? 1) < 0.5 ? single : coarse
    }
    if coarse.significantBits == single.significantBits { return coarse }
    return fine.significantBits > single.significantBits ? single : fine
  }

  func decide() throws -> Comparison {
    var obstacle = "no symmetry explains the pair, and no input that tells them apart was found"
    // 1. On all of ℝⁿ first: the stronger answer, and the cheaper one.
    for domain in options.domain == nil ? [nil] : [nil, options.domain] {
      do {
        if let comparison = try exactly(on: domain) { return comparison }
      } catch Obstacle.tooLarge(let words) {
        obstacle = "turned and linear neurons fill the networks in, beyond \(words) machine words"
      }
    }
    // 2. Up to rounding.
    let near = try nearly()
    if let near, options.epsilon.map({ near.bound <= $0 }) ?? near.isRounding {
      return comparison(near)
    }
    // 3. A witness.
    try options.progress.step("searching for a witness")
    var search = WitnessSearch(a, b, options)
    let witness = try search.run()
    if let witness, witness.relativeGap(on: options.domain) > options.epsilon ?? 0 {
      let certificate = certificate(.different(x: witness.x, gap: witness.gap), on: options.domain)
      if holds(certificate) {
        return comparison(.different(witness), certificate, backwardError: near?.ulps)
      }
    }
    // 4. What is known.
    let upper = min(near?.bound ?? .infinity, outputRangeBound())
    let lower = witness?.relativeGap(on: options.domain) ?? 0
    if let epsilon = options.epsilon, lower > 0 {
      obstacle = "the largest difference found is below \(epsilon), and the proved bound above it"
    }
    return comparison(
      .undecided(Verdict.Bounds(lower: lower, upper: upper, reason: obstacle)), nil, backwardError: near?.ulps
    )
  }

  private typealias Obstacle = NeuronNumbering<Dyadic>.Obstacle

  private func comparison(
    _ verdict: Verdict, _ certificate: Certificate?, backwardError: Double? = nil
  ) -> Comparison {
    Comparison(
      verdict: verdict, certificate: certificate, domain: certificate.map(\.domain) ?? options.domain,
      backwardError: backwardError, precision: precision)
  }

  // MARK: Identical

  /// The verdict from one common numbering; nil when the outputs are not the same forms.
  private func exactly(on domain: InputDomain?) throws -> Comparison? {
    guard let signals = try commonSignals(on: domain) else { return nil }
    let isExact = a.lowering == .exact && b.lowering == .exact
    var claim = Certificate.Claim.identical(signals)
    var equivalence = Verdict.Equivalence.identical
    if !isExact {
      // The stored entries agree; reading them had to round.
      let probe = certificate(claim, on: options.domain)
      guard let bound = try? probe.bound(by: .sameSignals(signals), a, b), bound.isFinite else { return nil }
      claim = .withinEpsilon(bound: bound, evidence: .sameSignals(signals))
      equivalence = .withinEpsilon(bound: bound, lower: 0)
      if let epsilon = options.epsilon, bound > epsilon { return nil }
    }
    let certificate = certificate(claim, on: isExact ? domain : options.domain)
    guard holds(certificate) else { return nil }
    return comparison(.equivalent(equivalence), certificate)
  }

  private func commonSignals(on domain: InputDomain?) throws -> Certificate.CommonSignals? {
    do {
      return try commonSignals(on: domain, Dyadic.self)
    } catch Obstacle.needsRationals {
      do {
        return try commonSignals(on: domain, Rational.self)
      } catch NeuronNumbering<Rational>.Obstacle.tooLarge(let words) {
        throw Obstacle.tooLarge(words: words)
      }
    }
  }

  private func commonSignals<Scalar: ExactScalar>(
    on domain: InputDomain?, _: Scalar.Type
  ) throws -> Certificate.CommonSignals? {
    var numbering = NeuronNumbering<Scalar>(inputCount: a.inputCount, domain: domain)
    let first = try numbering.number(a, progress: options.progress)
    let second = try numbering.number(b, progress: options.progress)
    guard first.outputs == second.outputs else { return nil }
    return Certificate.CommonSignals(factsA: first.facts, factsB: second.facts)
  }

  // MARK: Up to rounding

  private struct Near {
    let certificate: Certificate
    let bound: Double
    let ulps: Double
    /// Whether every entry agrees within a few units in the last place of the storage.
    let isRounding: Bool
  }

  private func nearly() throws -> Near? {
    let graphA: (graph: SignalGraph, facts: [[NeuronFact]])
    let graphB: (graph: SignalGraph, facts: [[NeuronFact]])
    do {
      graphA = try SignalGraph.withFacts(a, on: options.domain, progress: options.progress)
      graphB = try SignalGraph.withFacts(b, on: options.domain, progress: options.progress)
    } catch is NeuronNumbering<Dyadic>.Obstacle {
      return nil
    } catch is NeuronNumbering<Rational>.Obstacle {
      return nil
    }
    try options.progress.step("pairing neurons")
    let unit = precision.unitInTheLastPlace
    guard let matching = NearMatching(graphA.graph, graphB.graph, tolerance: 64 * unit) else { return nil }
    let pairs = matching.pairs.map { pair in
      Certificate.Pair(
        a: graphA.graph.numbers[pair.a], b: graphB.graph.numbers[pair.b],
        scale: pair.scale * graphB.graph.units[pair.b].nearestDouble
          / graphA.graph.units[pair.a].nearestDouble)
    }
    let evidence = Certificate.Nearness.pairedSignals(
      Certificate.CommonSignals(factsA: graphA.facts, factsB: graphB.facts), pairs: pairs)
    // The bound comes from the code that checks certificates, so there is nothing to re-check.
    let probe = certificate(.withinEpsilon(bound: 0, evidence: evidence), on: options.domain)
    guard let bound = try? probe.bound(by: evidence, a, b), bound.isFinite else { return nil }
    let certificate = certificate(.withinEpsilon(bound: bound, evidence: evidence), on: options.domain)
    let ulps = matching.componentwiseDifference / unit
    return Near(
      certificate: certificate, bound: bound, ulps: ulps, isRounding: ulps <= Comparison.roundingUnits)
  }

  /// The verdict *within ε*, with a gap from a short look for one, so that the bound can be judged.
  private func comparison(_ near: Near) -> Comparison {
    var search = WitnessSearch(a, b, options)
    let lower = search.sampledGap(count: 256)
    return comparison(
      .equivalent(.withinEpsilon(bound: near.bound, lower: lower)), near.certificate, backwardError: near.ulps
    )
  }

  /// A bound of sup |f − g| from the ranges of the outputs; infinite without a domain.
  private func outputRangeBound() -> Double {
    guard let domain = options.domain else { return .infinity }
    let rangesA = a.preactivationRanges(over: domain.enclosure)[a.layers.count - 1]
    let rangesB = b.preactivationRanges(over: domain.enclosure)[b.layers.count - 1]
    let rounding = UpwardSum.sum(
      a.loweringBound(domain: domain).max() ?? 0, b.loweringBound(domain: domain).max() ?? 0)
    return UpwardSum.sum(zip(rangesA, rangesB).map { ($0 - $1).magnitude }.max() ?? 0, rounding)
  }
}

extension Network {
  /// The share of the nonzero entries that are float32 numbers.
  fileprivate var singlePrecisionShare: Double {
    var nonzero = 0
    var single = 0
    for layer in layers {
      for matrix in layer.blocks.map(\.weights) + [layer.bias] {
        for value in matrix.nearest.elements where value != 0 {
          nonzero += 1
          if Double(Float(value)) == value { single += 1 }
        }
        single -= matrix.corrections.count
      }
    }
    return nonzero == 0 ? 1 : Double(max(0, single)) / Double(nonzero)
  }
}
