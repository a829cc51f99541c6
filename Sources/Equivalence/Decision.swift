import ExactArithmetic
import Networks
import Symmetry

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

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
  func certificate(_ claim: Certificate.Claim, on domain: InputDomain?) -> Certificate {
    Certificate(digestA: digests.a, digestB: digests.b, domain: domain, claim: claim)
  }

  /// Whether the evidence of a certificate holds: nothing is answered that was not re-checked.
  func holds(_ certificate: Certificate) -> Bool {
    do {
      try certificate.checkEvidence(a, b, progress: options.progress)
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
    // 1. Symmetries, unless a glance tells the networks apart. All of ℝⁿ is the stronger answer, and the cheaper one.
    var search = WitnessSearch(a, b, options)
    let glance = a.lowering == .exact && b.lowering == .exact ? try search.glance() : nil
    for domain in glance != nil ? [] : options.domain == nil ? [nil] : [nil, options.domain] {
      do {
        if let comparison = try exactly(on: domain) { return comparison }
      } catch Obstacle.tooLarge(let words) {
        obstacle = "turned and linear neurons fill the networks in, beyond \(words) machine words"
      }
    }
    if case .largestOutput(let confidence) = options.question { return try sameLargest(confidence) }
    // 2. Up to rounding, unless the glance has answered that too.
    let isAnswered = glance.map { $0.relativeGap(on: options.domain) > options.epsilon ?? .infinity } ?? false
    let near = isAnswered ? nil : try nearly()
    if let near, options.epsilon.map({ near.bound <= $0 }) ?? near.isRounding {
      return comparison(near)
    }
    // 3. A witness.
    try options.progress.step("searching for a witness")
    var witness = try search.run()
    if let witness, let comparison = try different(witness, near) { return comparison }
    var bounds = Verdict.Bounds(
      lower: witness?.relativeGap(on: options.domain) ?? 0,
      upper: min(near?.bound ?? .infinity, outputRangeBound()),
      reason: obstacle)
    // 4. All regions: at once where they are few, or where no difference is allowed; else after the parts.
    let regions = options.budget.regions
    let few = options.epsilon == nil ? regions : min(regions, 1000)
    if let comparison = try onRegions(few, near, &witness) { return comparison }
    // 5. Parts of the domain.
    var parts: BoxOutcome?
    if let comparison = try onParts(near, &witness, &bounds, &parts) { return comparison }
    if few < regions, let comparison = try onRegions(regions, near, &witness) { return comparison }
    // 6. What is known.
    return told(comparison(.undecided(bounds), nil, backwardError: near?.ulps), parts)
  }

  /// The decision on parts of the domain; nil where it is left open, with what was proved by then.
  private func onParts(
    _ near: Near?, _ witness: inout Verdict.Witness?, _ bounds: inout Verdict.Bounds,
    _ parts: inout BoxOutcome?
  ) throws -> Comparison? {
    guard let domain = options.domain else {
      if options.epsilon != nil, bounds.lower > 0 {
        bounds = Verdict.Bounds(
          lower: bounds.lower, upper: bounds.upper,
          reason: "the largest difference found is below epsilon, and the proved bound above it")
      }
      return nil
    }
    let target = max(0, ((options.epsilon ?? 0) - readingBound(on: domain)) * (1 - 0x1p-20))
    let outcome = try searchBoxes(.difference, target: target, on: domain, from: witness?.x)
    if let point = outcome.point, let found = WitnessSearch.proved(a, b, at: point) {
      if found.gap > bounds.lower { witness = found }
      if let comparison = try different(found, near, boxes: outcome) { return comparison }
    }
    if let epsilon = options.epsilon, outcome.end == .proved,
      let comparison = withinEpsilon(outcome, epsilon, lower: witness?.gap ?? 0, near)
    {
      return comparison
    }
    bounds = self.bounds(outcome, witness, bounds.upper)
    parts = outcome
    return nil
  }

  /// The bounds after a search over boxes, and why it ended.
  private func bounds(_ outcome: BoxOutcome, _ witness: Verdict.Witness?, _ known: Double) -> Verdict.Bounds {
    let reason =
      switch outcome.end {
      case .tight: "the bounds of the largest difference are as close as asked for"
      case .proved, .refuted: "a difference that doubles show, and exact arithmetic does not"
      case .budget: "\(outcome.boxes) parts of the domain were bounded, as many as the budget allows"
      case .exhausted: "the parts of the domain are as small as doubles allow"
      }
    return Verdict.Bounds(
      lower: witness?.gap ?? 0,
      upper: min(known, UpwardSum.sum(outcome.upper, readingBound(on: options.domain))), reason: reason)
  }

  /// The verdict *different*, where a witness answers the question.
  private func different(
    _ witness: Verdict.Witness, _ near: Near?, boxes: BoxOutcome? = nil
  ) throws -> Comparison? {
    guard witness.relativeGap(on: options.domain) > options.epsilon ?? 0 else { return nil }
    let certificate = certificate(.different(x: witness.x, gap: witness.gap), on: options.domain)
    guard holds(certificate) else { return nil }
    var supremum: Verdict.Bounds?
    var outcome = boxes
    let known = min(near?.bound ?? .infinity, outputRangeBound())
    if let boxes {
      supremum = bounds(boxes, witness, known)
    } else if options.boundsDifference, let domain = options.domain {
      let found = try searchBoxes(.difference, target: 0, on: domain, from: witness.x)
      let best = found.point.flatMap { WitnessSearch.proved(a, b, at: $0) } ?? witness
      supremum = bounds(found, best.gap > witness.gap ? best : witness, known)
      outcome = found
    }
    return told(
      comparison(.different(witness), certificate, backwardError: near?.ulps, supremum: supremum), outcome)
  }

  /// The verdict *within ε* by parts of the domain, re-checked.
  private func withinEpsilon(
    _ outcome: BoxOutcome, _ epsilon: Double, lower: Double, _ near: Near?
  ) -> Comparison? {
    let evidence = Certificate.Nearness.boxes(outcome.tree)
    // The bound comes from the code that checks certificates, so there is nothing to re-check.
    let probe = certificate(.withinEpsilon(bound: 0, evidence: evidence), on: options.domain)
    guard let bounds = try? probe.outputBounds(by: evidence, a, b, progress: options.progress),
      let bound = bounds.max(), bound <= epsilon
    else { return nil }
    var result = comparison(
      .equivalent(.withinEpsilon(bound: bound, lower: lower)),
      certificate(.withinEpsilon(bound: bound, evidence: evidence), on: options.domain),
      backwardError: near?.ulps)
    (result.outputBounds, result.parts) = (bounds, outcome.boxes)
    return result
  }

  /// A comparison with what a search over parts says of the outputs.
  private func told(_ comparison: Comparison, _ outcome: BoxOutcome?) -> Comparison {
    guard let outcome else { return comparison }
    var result = comparison
    let reading = readingBound(on: options.domain)
    result.outputBounds = outcome.perOutput.map { UpwardSum.sum($0, reading) }
    result.parts = outcome.boxes
    return result
  }

  /// The decision on all activation regions, where they are no more than a limit; nil where it is left open.
  private func onRegions(
    _ limit: Int, _ near: Near?, _ witness: inout Verdict.Witness?
  ) throws -> Comparison? {
    guard witness == nil, a.lowering == .exact, b.lowering == .exact else { return nil }
    try options.progress.step("comparing on every region")
    let limits = RegionwiseDifference.Limits(regions: limit, threads: options.threads)
    guard
      let found = try RegionwiseDifference(
        a, b, on: options.domain, limits: limits, progress: options.progress)
    else { return nil }
    if found.zeros.areZero {
      let certificate = certificate(
        .identicalOnRegions(count: found.zeros.regions), on: options.domain)
      return holds(certificate) ? comparison(.equivalent(.identical), certificate) : nil
    }
    guard case .found(let x) = found.zeros.example else { return nil }
    witness = WitnessSearch.proved(a, b, at: x)
    return try witness.flatMap { try different($0, near) }
  }

  /// The answer to whether the largest outputs agree.
  ///
  /// A confidence above p needs a lead of more than log(p / (1 − p)) over every other output; where that is enough to
  /// settle who is largest, the claim is even a little stronger.
  private func sameLargest(_ confidence: Double) throws -> Comparison {
    let lead = confidence > 0.5 ? log(confidence / (1 - confidence)) : 0
    let margin = max(0, lead - 1e-12 * (1 + lead))
    guard let domain = options.domain else {
      return comparison(
        .undecided(
          Verdict.Bounds(
            lower: 0, upper: .infinity, reason: "largest outputs are compared on a box: give a domain")), nil)
    }
    guard a.lowering == .exact, b.lowering == .exact else {
      return comparison(
        .undecided(
          Verdict.Bounds(
            lower: 0, upper: .infinity,
            reason: "a network was read with rounding, so the lead of an output is not known exactly")), nil)
    }
    let outcome = try searchBoxes(
      .sameLargest(margin: margin, confidence: confidence), target: -.leastNonzeroMagnitude, on: domain,
      from: nil)
    if outcome.end == .proved {
      let certificate = certificate(.sameLargest(margin: margin, tree: outcome.tree), on: domain)
      if holds(certificate) {
        var result = comparison(.equivalent(.sameLargest(margin: margin)), certificate)
        result.parts = outcome.boxes
        return result
      }
    }
    if let x = outcome.point {
      let certificate = certificate(.differentLargest(x: x, confidence: confidence), on: domain)
      if holds(certificate), let witness = WitnessSearch.proved(a, b, at: x) {
        return comparison(.different(witness), certificate)
      }
    }
    return comparison(
      .undecided(
        Verdict.Bounds(
          lower: 0, upper: outputRangeBound(),
          reason:
            "after \(outcome.boxes) parts of the domain the largest outputs may still disagree somewhere")),
      nil)
  }

  typealias Obstacle = NeuronNumbering<Dyadic>.Obstacle

  func comparison(
    _ verdict: Verdict, _ certificate: Certificate?, backwardError: Double? = nil,
    supremum: Verdict.Bounds? = nil
  ) -> Comparison {
    Comparison(
      verdict: verdict, certificate: certificate, domain: certificate.map(\.domain) ?? options.domain,
      backwardError: backwardError, precision: precision, supremum: supremum)
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
