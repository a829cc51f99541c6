import ExactArithmetic
import Networks
import Symmetry

/// What symmetries say of a pair: one numbering of the signals of both, and signals that agree up to rounding.
extension Decision {
  // MARK: Identical

  /// The verdict from one common numbering; nil when the outputs are not the same forms.
  func exactly(on domain: InputDomain?) throws -> Comparison? {
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
    let signs = domain == nil ? (a: [], b: []) : options.signs
    let first = try numbering.number(a, signs: a.signs(by: signs.a), progress: options.progress)
    let second = try numbering.number(b, signs: b.signs(by: signs.b), progress: options.progress)
    guard first.outputs == second.outputs else { return nil }
    return commonSignals(first.facts, second.facts, on: domain)
  }

  private func commonSignals(
    _ factsA: [[NeuronFact]], _ factsB: [[NeuronFact]], on domain: InputDomain?
  ) -> Certificate.CommonSignals {
    let signs = domain == nil ? (a: [], b: []) : options.signs
    return Certificate.CommonSignals(factsA: factsA, factsB: factsB, signsA: signs.a, signsB: signs.b)
  }

  // MARK: Up to rounding

  struct Near {
    let certificate: Certificate
    let bound: Double
    let outputBounds: [Double]
    let ulps: Double
    /// Whether every entry agrees within a few units in the last place of the storage.
    let isRounding: Bool
  }

  func nearly() throws -> Near? {
    let graphA: (graph: SignalGraph, facts: [[NeuronFact]])
    let graphB: (graph: SignalGraph, facts: [[NeuronFact]])
    do {
      graphA = try SignalGraph.withFacts(
        a, on: options.domain, signs: a.signs(by: options.signs.a), progress: options.progress)
      graphB = try SignalGraph.withFacts(
        b, on: options.domain, signs: b.signs(by: options.signs.b), progress: options.progress)
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
      commonSignals(graphA.facts, graphB.facts, on: options.domain), pairs: pairs)
    // The bound comes from the code that checks certificates, so there is nothing to re-check.
    let probe = certificate(.withinEpsilon(bound: 0, evidence: evidence), on: options.domain)
    guard let bounds = try? probe.outputBounds(by: evidence, a, b), let bound = bounds.max(), bound.isFinite
    else { return nil }
    let certificate = certificate(.withinEpsilon(bound: bound, evidence: evidence), on: options.domain)
    let ulps = matching.componentwiseDifference / unit
    return Near(
      certificate: certificate, bound: bound, outputBounds: bounds, ulps: ulps,
      isRounding: ulps <= Comparison.roundingUnits)
  }

  /// The verdict *within ε*, with a gap from a short look for one, so that the bound can be judged.
  func comparison(_ near: Near) -> Comparison {
    var search = WitnessSearch(a, b, options)
    let lower = search.sampledGap(count: 256)
    var result = comparison(
      .equivalent(.withinEpsilon(bound: near.bound, lower: lower)), near.certificate, backwardError: near.ulps
    )
    result.outputBounds = near.outputBounds
    return result
  }
}
