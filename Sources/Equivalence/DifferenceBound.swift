import ExactArithmetic
import Networks

/// Proved bounds of |f − g| for two networks whose signals are paired.
///
/// Signal b of the second network is compared with scale · signal a of the first. On a domain the bounds are
/// absolute; on all of ℝⁿ every size is counted in units of M = max(1, ‖x‖∞), which is legitimate because every
/// bound is a sum of products of weights with |x| ≤ M or with a bias ≤ bias · M.
///
/// - Exactness: proved. Every operation on sizes is rounded to the safe side.
/// - Complexity: O(entries).
struct DifferenceBound<Scalar: ExactScalar> {
  typealias Form = SignalReplay<Scalar>.Form

  private let a: SignalReplay<Scalar>
  private let b: SignalReplay<Scalar>
  private let outputsA: [Form]
  private let outputsB: [Form]
  private let order: [Certificate.Pair]
  // For each signal of b: its partner in a (−1 for none) and the factor; inputs are their own partners.
  private var partner: [Int]
  private var scale: [Double]
  private var isPartner: [Bool]
  // For each signal of a: the position in the row at hand of b's entry for it, or −1.
  private var positionInRow: [Int]
  /// Bounds of the signals of a.
  private let sizes: [Double]

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
    partner = (0..<b.inputCount).map { $0 } + Array(repeating: -1, count: b.forms.count)
    scale = Array(repeating: 1, count: b.inputCount + b.forms.count)
    isPartner = Array(repeating: true, count: a.inputCount) + Array(repeating: false, count: a.forms.count)
    positionInRow = Array(repeating: -1, count: a.inputCount + a.forms.count)
    sizes = a.signalSizes()
    for pair in pairs {
      guard a.forms.indices.contains(pair.a), b.forms.indices.contains(pair.b),
        a.kinds[pair.a] == .signal, b.kinds[pair.b] == .signal, partner[b.inputCount + pair.b] < 0,
        !isPartner[a.inputCount + pair.a], pair.scale > 0, pair.scale.isFinite
      else {
        throw ProofFailure(step: "pair \(pair.a), \(pair.b)", reason: "not a pairing of signals")
      }
      partner[b.inputCount + pair.b] = a.inputCount + pair.a
      scale[b.inputCount + pair.b] = pair.scale
      isPartner[a.inputCount + pair.a] = true
    }
    // Rows are taken when all that they read is known; on the way that is checked, not assumed.
    let depths = a.depths()
    order = pairs.sorted { (depths[$0.a], $0.b) < (depths[$1.a], $1.b) }
  }

  /// For each output the smaller of the two bounds.
  ///
  /// - Throws: ``ProofFailure`` where an output depends on a signal without partner in the other network.
  mutating func bounds() throws(ProofFailure) -> [Double] {
    var rows = Rows(
      signalCountA: sizes.count, signalCountB: partner.count, inputs: sizes.prefix(a.inputCount))
    for pair in order {
      try add(b.forms[pair.b], a.forms[pair.a], factor: pair.scale, to: &rows)
      rows.close(signalA: a.inputCount + pair.a, signalB: b.inputCount + pair.b)
    }
    var bounds: [Double] = []
    for (x, y) in zip(outputsA, outputsB) {
      try add(y, x, factor: 1, to: &rows)
      let roads = [rows.row.delta, rows.row.paths.bound]
      bounds.append(roads.filter { !$0.isNaN }.min() ?? .infinity)
      rows.row = Rows.Row()
    }
    return bounds
  }

  /// What the pass over the paired rows knows of the signals.
  ///
  /// First road: the difference is propagated signal by signal,
  /// δ_b ≤ Σ |w_b| δ + Σ |w_b s − s_b w_a| H + |c_b − s_b c_a|, H bounding the signals of the first network.
  ///
  /// Second road: the ℓ1 path metric, as ``PathMetricSums`` have it.
  private struct Rows {
    /// The sums of one row.
    struct Row {
      var delta = 0.0
      var paths = PathMetricSums()
    }

    var row = Row()
    // Whether the sums of a signal of a, and of b, are known.
    var isKnownA: [Bool]
    var isKnownB: [Bool]
    // By signal of b.
    var deltas: [Double]
    // By signal of a.
    var norms: [PathMetricSums]

    init(signalCountA: Int, signalCountB: Int, inputs: ArraySlice<Double>) {
      deltas = Array(repeating: 0, count: signalCountB)
      norms = Array(repeating: PathMetricSums(), count: signalCountA)
      isKnownA = Array(repeating: false, count: signalCountA)
      isKnownB = Array(repeating: false, count: signalCountB)
      for (i, size) in inputs.enumerated() {
        (isKnownA[i], isKnownB[i]) = (true, true)
        norms[i] = PathMetricSums(one: size)
      }
    }

    /// Keeps the sums of the row at hand for a pair of signals and starts the next row.
    mutating func close(signalA: Int, signalB: Int) {
      deltas[signalB] = row.delta
      norms[signalA] = row.paths
      (isKnownA[signalA], isKnownB[signalB]) = (true, true)
      row = Row()
    }

    /// Adds two entries that should agree: w_a, w_b and their factors.
    @inline(__always)
    mutating func add(_ entry: PairedEntry, delta: Double, size: Double, norm: PathMetricSums) {
      row.delta = PathMetricSums.above(
        PathMetricSums.above(row.delta, entry.difference, size), entry.magnitudeB, delta)
      row.paths.add(entry.sizeA, entry.sizeB, oppositeSigns: entry.hasOppositeSigns, times: norm)
    }
  }

  /// Adds the row y of b against factor · x of a.
  private mutating func add(_ y: Form, _ x: Form, factor: Double, to rows: inout Rows) throws(ProofFailure) {
    let constant = PairedEntry(x.constant, y.constant, scale: 1, factor: factor)
    rows.add(constant, delta: 0, size: 1, norm: PathMetricSums(one: 1))
    for (position, own) in y.signals.lazy.map({ Int($0) }).enumerated() {
      guard partner[own] >= 0, rows.isKnownB[own] else {
        throw ProofFailure(
          step: "form \(own - b.inputCount) of the second network", reason: "has no partner yet")
      }
      positionInRow[partner[own]] = position
    }
    for (k, signal) in x.signals.lazy.map({ Int($0) }).enumerated() {
      guard isPartner[signal], rows.isKnownA[signal] else {
        throw ProofFailure(
          step: "form \(signal - a.inputCount) of the first network", reason: "has no partner yet")
      }
      let position = positionInRow[signal]
      positionInRow[signal] = -1
      let own = position < 0 ? -1 : Int(y.signals[position])
      let entry = PairedEntry(
        x.coefficient(at: k), position < 0 ? .zero : y.coefficient(at: position),
        scale: own < 0 ? 1 : scale[own],
        factor: factor)
      rows.add(entry, delta: own < 0 ? 0 : rows.deltas[own], size: sizes[signal], norm: rows.norms[signal])
    }
    for (position, own) in y.signals.lazy.map({ Int($0) }).enumerated() where positionInRow[partner[own]] >= 0
    {
      let signal = partner[own]
      positionInRow[signal] = -1
      let entry = PairedEntry(.zero, y.coefficient(at: position), scale: scale[own], factor: factor)
      rows.add(entry, delta: rows.deltas[own], size: sizes[signal], norm: rows.norms[signal])
    }
  }
}

/// Two entries that should agree up to a factor: w_b · scale against factor · w_a.
private struct PairedEntry {
  /// An upper bound of |w_b · scale − factor · w_a|.
  let difference: Double
  /// An upper bound of |w_b|.
  let magnitudeB: Double
  /// |w_a| and |w_b| · scale / factor, within two roundings.
  let sizeA: Double
  let sizeB: Double
  /// Whether the entries have opposite signs.
  let hasOppositeSigns: Bool

  @inline(__always)
  init<Scalar: ExactScalar>(_ x: Scalar, _ y: Scalar, scale: Double, factor: Double) {
    if let wa = x.double, let wb = y.double {
      let p = wb * scale
      let q = wa * factor
      // Exact products, as value and error; then the difference is exact up to two roundings.
      let pError = (-p).addingProduct(wb, scale)
      let qError = (-q).addingProduct(wa, factor)
      let head = p - q
      let tail = pError - qError
      let slack = (p.magnitude + q.magnitude) * 0x1p-100
      let bound =
        ((head + tail).magnitude * (1 + 0x1p-50) + (head.magnitude * 0x1p-52 + slack + 0x1p-1060)).nextUp
      difference = wa == 0 && wb == 0 ? 0 : bound.isNaN ? .infinity : bound
      magnitudeB = wb.magnitude
      sizeA = wa.magnitude
      sizeB = wb.magnitude * (scale / factor)
      hasOppositeSigns = (wa < 0 && wb > 0) || (wa > 0 && wb < 0)
    } else {
      let exact = y * Scalar(Dyadic(scale)) - x * Scalar(Dyadic(factor))
      difference = exact.interval.magnitude
      magnitudeB = y.interval.magnitude
      sizeA = x.nearestDouble.magnitude
      sizeB = y.nearestDouble.magnitude * (scale / factor)
      hasOppositeSigns = x.sign * y.sign < 0
    }
  }
}

extension SignalReplay {
  /// The longest chain of forms that ends in each form.
  fileprivate func depths() -> [Int] {
    var depths: [Int] = []
    for form in forms {
      depths.append(
        1
          + form.signals.reduce(0) { Int($1) < inputCount ? $0 : max($0, depths[Int($1) - inputCount]) })
    }
    return depths
  }

  /// Upper bounds of the signals, inputs first: by path sums and, on a domain, by ranges.
  ///
  /// - Units: absolute on a domain; on all of ℝⁿ in units of max(1, ‖x‖∞).
  fileprivate func signalSizes() -> [Double] {
    var sizes = domain?.enclosure.map(\.magnitude) ?? Array(repeating: 1, count: inputCount)
    var ranges = domain?.enclosure
    for form in forms {
      var size = UpwardSum(form.constant.interval.magnitude)
      for (k, signal) in form.signals.enumerated() {
        size.add(form.coefficient(at: k).interval.magnitude, times: sizes[Int(signal)])
      }
      guard let known = ranges else {
        sizes.append(size.value)
        continue
      }
      let range = form.signals.indices.reduce(form.constant.interval) {
        $0 + form.coefficient(at: $1).interval * known[Int(form.signals[$1])]
      }
      ranges?.append(range.rectified)
      sizes.append(min(size.value, range.rectified.upper))
    }
    return sizes
  }
}
