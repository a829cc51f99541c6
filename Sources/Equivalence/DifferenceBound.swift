import ExactArithmetic
import Networks

/// Proved bounds of |f − g| for two networks whose signals are paired.
///
/// Signal b of the second network is compared with scale · signal a of the first. On a domain the bounds are
/// absolute; on all of ℝⁿ every size is counted in units of M = max(1, ‖x‖∞), which is legitimate because each layer
/// map is positively homogeneous up to its bias and M ≥ 1.
///
/// - Exactness: proved. Differences of entries are exact; sums are rounded upward.
struct DifferenceBound<Scalar: ExactScalar> {
  typealias Form = SignalReplay<Scalar>.Form

  let a: SignalReplay<Scalar>
  let b: SignalReplay<Scalar>
  let outputsA: [Form]
  let outputsB: [Form]
  // For each signal of b: its partner in a and the factor; inputs are their own partners.
  private var partner: [Int?]
  private var scale: [Double]
  private var isPartner: [Bool]
  private let order: [Certificate.Pair]

  /// The two replayed networks under a pairing of their forms.
  ///
  /// - Throws: ``ProofFailure`` where the pairing is not one.
  init(
    _ a: SignalReplay<Scalar>, _ outputsA: [Form], _ b: SignalReplay<Scalar>, _ outputsB: [Form],
    pairs: [Certificate.Pair]
  ) throws(ProofFailure) {
    self.a = a
    self.b = b
    self.outputsA = outputsA
    self.outputsB = outputsB
    partner = (0..<b.inputCount).map { $0 } + Array(repeating: nil, count: b.forms.count)
    scale = Array(repeating: 1, count: b.inputCount + b.forms.count)
    isPartner = Array(repeating: true, count: a.inputCount) + Array(repeating: false, count: a.forms.count)
    order = pairs.sorted { $0.b < $1.b }
    for pair in pairs {
      guard a.forms.indices.contains(pair.a), b.forms.indices.contains(pair.b),
        a.kinds[pair.a] == .signal, b.kinds[pair.b] == .signal, partner[b.inputCount + pair.b] == nil,
        !isPartner[a.inputCount + pair.a], pair.scale > 0, pair.scale.isFinite
      else {
        throw ProofFailure(step: "pair \(pair.a), \(pair.b)", reason: "not a pairing of signals")
      }
      partner[b.inputCount + pair.b] = a.inputCount + pair.a
      scale[b.inputCount + pair.b] = pair.scale
      isPartner[a.inputCount + pair.a] = true
    }
  }

  /// For each output the smaller of the two bounds.
  ///
  /// - Throws: ``ProofFailure`` where an output depends on a signal without partner in the other network.
  func bounds() throws(ProofFailure) -> [Double] {
    let propagated = try propagation()
    let metric = try pathMetric()
    return zip(propagated, metric).map { min($0, $1) }
  }

  /// First road: the difference is propagated signal by signal,
  /// δ_b ≤ Σ |w_b| δ + Σ |w_b s − s_b w_a| H + |c_b − s_b c_a|, H bounding the signals of the first network.
  func propagation() throws(ProofFailure) -> [Double] {
    let sizes = signalSizes(a)
    var deltas = Array(repeating: 0.0, count: b.inputCount + b.forms.count)
    for pair in order {
      deltas[b.inputCount + pair.b] = try delta(
        b.forms[pair.b], a.forms[pair.a], factor: pair.scale, deltas, sizes)
    }
    var result: [Double] = []
    for (x, y) in zip(outputsA, outputsB) { result.append(try delta(y, x, factor: 1, deltas, sizes)) }
    return result
  }

  private func delta(
    _ y: Form, _ x: Form, factor: Double, _ deltas: [Double], _ sizes: [Double]
  ) throws(ProofFailure) -> Double {
    let exactFactor = Scalar(Dyadic(factor))
    var sum = UpwardSum((y.constant - exactFactor * x.constant).interval.magnitude)
    try matched(x, y) { signal, weightA, weightB, own in
      if let own { sum.add(weightB.interval.magnitude, times: deltas[own]) }
      let scaled = own.map { weightB * Scalar(Dyadic(scale[$0])) } ?? .zero
      sum.add((scaled - exactFactor * weightA).interval.magnitude, times: sizes[signal])
    }
    return sum.value
  }

  /// Second road: the ℓ1 path metric. Changing parameters one at a time, towards zero, moves the output by no more
  /// than the paths lose, so for parameters of equal signs |f − g| ≤ 2‖Φ(m)‖ − ‖Φ(θ)‖ − ‖Φ(θ')‖ with
  /// m = max(|θ|, |θ'|), path norms taken output by output; entries of opposite signs pass through zero first.
  ///
  /// - Reference: [GBRG25]; the proof is in the guide "The same function?".
  func pathMetric() throws(ProofFailure) -> [Double] {
    let count = a.inputCount + a.forms.count
    let inputs = a.domain?.enclosure.map(\.magnitude) ?? Array(repeating: 1, count: a.inputCount)
    var norms = Array(repeating: PathNorms(uniform: 0), count: count)
    for (i, size) in inputs.enumerated() { norms[i] = PathNorms(uniform: size) }
    for pair in order {
      norms[a.inputCount + pair.a] = try pathNorms(
        a.forms[pair.a], b.forms[pair.b], factor: pair.scale, norms)
    }
    var result: [Double] = []
    for (x, y) in zip(outputsA, outputsB) {
      let norm = try pathNorms(x, y, factor: 1, norms)
      let toZero = norm.first - norm.common
      let across = norm.larger + norm.larger - norm.common - norm.second
      result.append(max(0, norm.hasOppositeSigns ? (toZero + across).upper : across.upper))
    }
    return result
  }

  private func pathNorms(
    _ x: Form, _ y: Form, factor: Double, _ norms: [PathNorms]
  ) throws(ProofFailure) -> PathNorms {
    var result = PathNorms(uniform: 0)
    result.add(x.constant.interval, y.constant.interval / Interval(factor), times: PathNorms(uniform: 1))
    try matched(x, y) { signal, weightA, weightB, own in
      let scaled = own.map { weightB.interval * Interval(scale[$0]) / Interval(factor) } ?? Interval(0)
      result.add(weightA.interval, scaled, times: norms[signal])
    }
    return result
  }

  /// Upper bounds of the signals of the first network, by path sums and, on a domain, by ranges.
  private func signalSizes(_ replay: SignalReplay<Scalar>) -> [Double] {
    var sizes = replay.domain?.enclosure.map(\.magnitude) ?? Array(repeating: 1, count: replay.inputCount)
    var ranges = replay.domain?.enclosure
    for form in replay.forms {
      var size = UpwardSum(form.constant.interval.magnitude)
      for (signal, coefficient) in zip(form.signals, form.coefficients) {
        size.add(coefficient.interval.magnitude, times: sizes[signal])
      }
      guard let known = ranges else {
        sizes.append(size.value)
        continue
      }
      let range = zip(form.signals, form.coefficients).reduce(form.constant.interval) {
        $0 + $1.1.interval * known[$1.0]
      }
      ranges?.append(range.rectified)
      sizes.append(min(size.value, range.rectified.upper))
    }
    return sizes
  }

  /// Walks the entries of two forms by signal of the first network: weight of a, weight of b, signal of b.
  private func matched(
    _ x: Form, _ y: Form, _ visit: (Int, Scalar, Scalar, Int?) -> Void
  ) throws(ProofFailure) {
    var translated: [(signal: Int, own: Int, weight: Scalar)] = []
    translated.reserveCapacity(y.signals.count)
    for (own, weight) in zip(y.signals, y.coefficients) {
      guard let signal = partner[own] else {
        throw ProofFailure(step: "form \(own - b.inputCount) of the second network", reason: "has no partner")
      }
      translated.append((signal, own, weight))
    }
    if let lone = x.signals.first(where: { !isPartner[$0] }) {
      throw ProofFailure(step: "form \(lone - a.inputCount) of the first network", reason: "has no partner")
    }
    translated.sort { $0.signal < $1.signal }
    var i = 0
    var j = 0
    while i < x.signals.count || j < translated.count {
      if j == translated.count || (i < x.signals.count && x.signals[i] < translated[j].signal) {
        visit(x.signals[i], x.coefficients[i], .zero, nil)
        i += 1
      } else if i == x.signals.count || translated[j].signal < x.signals[i] {
        visit(translated[j].signal, .zero, translated[j].weight, translated[j].own)
        j += 1
      } else {
        visit(x.signals[i], x.coefficients[i], translated[j].weight, translated[j].own)
        i += 1
        j += 1
      }
    }
  }
}

/// Enclosures of path norms at a signal: of both networks, of their common-sign part, of the larger entries.
private struct PathNorms {
  var first: Interval
  var second: Interval
  var common: Interval
  var larger: Interval
  var hasOppositeSigns = false

  init(uniform size: Double) {
    first = Interval(size)
    second = first
    common = first
    larger = first
  }

  /// Adds |entries| times the norms of a source.
  mutating func add(_ x: Interval, _ y: Interval, times source: PathNorms) {
    let (absX, absY) = (x.absolute, y.absolute)
    let isOpposite = (x.lower < 0 && y.upper > 0) || (x.upper > 0 && y.lower < 0)
    let kept = isOpposite ? Interval(0) : absX
    first = first + absX * source.first
    second = second + absY * source.second
    common = common + kept * source.common
    larger =
      larger
      + Interval(max(kept.lower, absY.lower), max(kept.upper, absY.upper)) * source.larger
    hasOppositeSigns = hasOppositeSigns || isOpposite || source.hasOppositeSigns
  }
}

extension Interval {
  /// The range of |x|.
  fileprivate var absolute: Interval {
    if lower >= 0 { return self }
    if upper <= 0 { return -self }
    return Interval(0, magnitude)
  }
}
