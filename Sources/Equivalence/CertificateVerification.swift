import Complexes
import ExactArithmetic
import Networks
import Symmetry

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

extension Certificate {
  /// What a check found.
  public enum Verification: Hashable, Sendable {
    /// Every step holds.
    case accepted
    /// A step does not hold.
    case rejected(ProofFailure)
  }

  /// Checks the certificate against two networks.
  ///
  /// Digests first, then the evidence: facts are replayed on the exact weights, bounds recomputed with outward
  /// rounding, witnesses evaluated exactly. Nothing is searched for and nothing of the search is reused.
  ///
  /// - Exactness: acceptance is a proof of the claim.
  /// - Complexity: O(parameters) for claims without flipped or folded neurons, which copy rows into their readers.
  public func verify(_ a: Network, _ b: Network, progress: Progress = Progress()) -> Verification {
    do throws(ProofFailure) {
      for (name, network, digest) in [("first", a, digestA), ("second", b, digestB)]
      where network.digest != digest {
        throw ProofFailure(step: "digest", reason: "the certificate is about another \(name) network")
      }
      try checkEvidence(a, b, progress: progress)
      return .accepted
    } catch {
      return .rejected(error)
    }
  }

  /// Checks everything but the digests.
  func checkEvidence(
    _ a: Network, _ b: Network, progress: Progress = Progress()
  ) throws(ProofFailure) {
    guard a.inputCount == b.inputCount, a.outputCount == b.outputCount else {
      throw ProofFailure(
        step: "shapes",
        reason: "\(a.inputCount) to \(a.outputCount) numbers against \(b.inputCount) to \(b.outputCount)")
    }
    if let domain, domain.dimension != a.inputCount {
      throw ProofFailure(
        step: "domain", reason: "\(domain.dimension) intervals for \(a.inputCount) inputs")
    }
    switch claim {
    case .identical(let evidence):
      guard a.lowering == .exact, b.lowering == .exact else {
        throw ProofFailure(step: "lowering", reason: "a network read with rounding is never identical")
      }
      try checkSame(evidence, a, b)
    case .withinEpsilon(let bound, let evidence):
      let proved = try self.bound(by: evidence, a, b, progress: progress)
      guard proved <= bound else {
        throw ProofFailure(step: "bound", reason: "the evidence proves \(proved), not \(bound)")
      }
    case .different(let x, let gap):
      try checkWitness(x, gap, a, b)
    case .identicalOnRegions(let count):
      try checkRegions(count, a, b, progress)
    case .sameLargest(let margin, let tree):
      try requireExact(a, b)
      try tree.checkLargest(
        a, b, margin: margin, over: try box(), threads: Concurrency.coreCount, progress: progress)
    case .differentLargest(let x, let confidence):
      try checkLargest(x, confidence, a, b)
    }
  }

  private func requireExact(_ a: Network, _ b: Network) throws(ProofFailure) {
    guard a.lowering == .exact, b.lowering == .exact else {
      throw ProofFailure(step: "lowering", reason: "a network read with rounding is not known exactly")
    }
  }

  private func box() throws(ProofFailure) -> [Interval] {
    guard let domain else { throw ProofFailure(step: "domain", reason: "parts of a domain need a box") }
    return domain.enclosure
  }

  /// Enumerates the regions by the algorithm that the search does not use.
  private func checkRegions(
    _ count: Int, _ a: Network, _ b: Network, _ progress: Progress
  ) throws(ProofFailure) {
    try requireExact(a, b)
    let found: OutputZeros
    do {
      let subdivision = try RegionwiseDifference.subdivision(a, b, on: domain, progress: progress)
      found = try subdivision.outputZeros(algorithm: .programs, limit: max(0, count), progress: progress)
    } catch is CancellationError {
      throw ProofFailure(step: "regions", reason: "interrupted")
    } catch {
      throw ProofFailure(step: "regions", reason: "there are more than \(count)")
    }
    guard found.areZero else {
      throw ProofFailure(step: "regions", reason: "f - g is not zero on \(found.nonzeroRegions) of them")
    }
    guard found.regions == count else {
      throw ProofFailure(step: "regions", reason: "there are \(found.regions), not \(count)")
    }
  }

  private func checkLargest(
    _ x: [Double], _ confidence: Double, _ a: Network, _ b: Network
  ) throws(ProofFailure) {
    try requireExact(a, b)
    guard x.count == a.inputCount, x.allSatisfy(\.isFinite), domain?.contains(x) ?? true else {
      throw ProofFailure(step: "witness", reason: "not an input of the domain")
    }
    let (y, z) = (a.plainExactOutputs(at: x), b.plainExactOutputs(at: x))
    // confidence = 1 / (1 + Σ exp(y_k − y_i)); the exponential is within a relative 2^-40.
    let leads = y.indices.contains { i in
      let others = y.indices.filter { $0 != i }
      let sum = others.reduce(0) { $0 + exp((y[$1] - y[i]).nearestDouble) * (1 + 0x1p-40) }
      return others.allSatisfy { y[i] > y[$0] } && others.contains { z[$0] > z[i] }
        && (1 + sum) * (1 + 0x1p-40 + 0x1p-52 * Double(y.count)) * confidence < 1
    }
    if !leads {
      throw ProofFailure(
        step: "witness", reason: "the largest outputs agree there, or the confidence is smaller")
    }
  }

  /// The bound of |f − g|∞ that the evidence proves.
  func bound(
    by evidence: Nearness, _ a: Network, _ b: Network, progress: Progress = Progress()
  ) throws(ProofFailure) -> Double {
    try outputBounds(by: evidence, a, b, progress: progress).max() ?? 0
  }

  /// For each output the bound of |f − g| that the evidence proves.
  func outputBounds(
    by evidence: Nearness, _ a: Network, _ b: Network, progress: Progress = Progress()
  ) throws(ProofFailure) -> [Double] {
    let between: [Double]
    switch evidence {
    case .sameSignals(let signals):
      try checkSame(signals, a, b)
      between = Array(repeating: 0, count: a.outputCount)
    case .pairedSignals(let signals, let pairs):
      between =
        signals.needRationals
        ? try pairedBounds(signals, pairs, a, b, Rational.self)
        : try pairedBounds(signals, pairs, a, b, Dyadic.self)
    case .boxes(let tree):
      between = try tree.bounds(
        a, b, over: try box(), threads: Concurrency.coreCount, progress: progress)
    }
    return zip(between, zip(a.loweringBound(domain: domain), b.loweringBound(domain: domain)))
      .map { UpwardSum.sum($0, UpwardSum.sum($1.0, $1.1)) }
  }

  private func checkSame(_ signals: CommonSignals, _ a: Network, _ b: Network) throws(ProofFailure) {
    if signals.needRationals {
      try checkSame(signals, a, b, Rational.self)
    } else {
      try checkSame(signals, a, b, Dyadic.self)
    }
  }

  private func checkSame<Scalar: ExactScalar>(
    _ signals: CommonSignals, _ a: Network, _ b: Network, _: Scalar.Type
  ) throws(ProofFailure) {
    var replay = SignalReplay<Scalar>(inputCount: a.inputCount, domain: domain)
    let outputsA = try replay.replay(a, signals.factsA, signs: signals.signsA, named: "the first network")
    let outputsB = try replay.replay(b, signals.factsB, signs: signals.signsB, named: "the second network")
    if let k = outputsA.indices.first(where: { outputsA[$0] != outputsB[$0] }) {
      throw ProofFailure(step: "output \(k)", reason: "the two networks differ in the numbered signals")
    }
  }

  private func pairedBounds<Scalar: ExactScalar>(
    _ signals: CommonSignals, _ pairs: [Pair], _ a: Network, _ b: Network, _: Scalar.Type
  ) throws(ProofFailure) -> [Double] {
    var replayA = SignalReplay<Scalar>(inputCount: a.inputCount, domain: domain)
    let outputsA = try replayA.replay(a, signals.factsA, signs: signals.signsA, named: "the first network")
    var replayB = SignalReplay<Scalar>(inputCount: b.inputCount, domain: domain)
    let outputsB = try replayB.replay(b, signals.factsB, signs: signals.signsB, named: "the second network")
    var difference = try DifferenceBound(replayA, outputsA, replayB, outputsB, pairs: pairs)
    return try difference.bounds()
  }

  private func checkWitness(
    _ x: [Double], _ gap: Double, _ a: Network, _ b: Network
  ) throws(ProofFailure) {
    guard x.count == a.inputCount, x.allSatisfy(\.isFinite) else {
      throw ProofFailure(
        step: "witness", reason: "\(x.count) finite numbers expected, \(a.inputCount) inputs")
    }
    if let domain, !domain.contains(x) {
      throw ProofFailure(step: "witness", reason: "the input lies outside the domain")
    }
    guard gap > 0, gap.isFinite else {
      throw ProofFailure(step: "witness", reason: "no positive gap is claimed")
    }
    let proved = zip(a.plainExactOutputs(at: x), b.plainExactOutputs(at: x)).map { ($0 - $1).magnitude }.max()
    guard let roundingA = a.loweringBound(at: x), let roundingB = b.loweringBound(at: x) else {
      throw ProofFailure(step: "witness", reason: "nothing bounds the rounding of reading there")
    }
    guard let proved, proved - roundingA - roundingB >= Dyadic(gap) else {
      throw ProofFailure(
        step: "witness", reason: "the exact gap is \(proved?.nearestDouble ?? 0), not \(gap)")
    }
  }
}

extension Certificate.CommonSignals {
  /// Whether a scale is no dyadic number.
  var needRationals: Bool {
    (factsA + factsB).joined().contains { fact in
      switch fact {
      case .multiple(_, let scale), .opposite(_, let scale): scale.dyadic == nil
      case .new, .active, .inactive: false
      }
    }
  }
}

extension Network {
  /// The exact outputs at an input, by the definition and nothing else.
  fileprivate func plainExactOutputs(at x: [Double]) -> [Dyadic] {
    var signals = [x.map { Dyadic($0) }]
    for (position, layer) in layers.enumerated() {
      signals.append(
        (0..<layer.width).map { i in
          var sum = layer.bias[i, 0]
          for block in layer.blocks {
            for (j, signal) in signals[block.source].enumerated() where !signal.isZero {
              sum = sum + block.weights[i, j] * signal
            }
          }
          return position == layers.count - 1 || sum.sign > 0 ? sum : .zero
        })
    }
    return signals[signals.count - 1]
  }

  /// A bound of the rounding of reading at one input; nil where there is no finite one.
  func loweringBound(at x: [Double]) -> Dyadic? {
    if lowering == .exact { return .zero }
    let point = InputDomain.box(InputDomain.Box(x.map { Interval($0) }))
    let bound = loweringBound(domain: point).max() ?? 0
    return bound.isFinite ? Dyadic(bound) : nil
  }
}
