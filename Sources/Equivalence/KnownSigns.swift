import ExactArithmetic

/// What the signs of some neurons say about affine forms in the same symbols.
///
/// Where forms a_k are known to be at least 0, r ≤ r + Σ λ_k a_k for any λ ≥ 0, and the right side has an upper bound
/// as any affine form has: weak duality of the linear program max r subject to a_k ≥ 0 and |e| ≤ 1. The multipliers
/// are improved one after the other, each to its best value.
///
/// - Exactness: proved bounds, whatever the multipliers are.
/// - Complexity: for a bound O(signs · symbols · log symbols).
struct KnownSigns: Sendable {
  /// A form that is at least 0: its segments, and a bound of what they leave out.
  private struct Known: Sendable {
    let segments: [[Double]]
    let slack: Double
  }

  private var known: [Known] = []
  private static let sweeps = 2

  /// Whether nothing is known.
  var isEmpty: Bool { known.isEmpty }

  /// Notes that a row is at least 0, or at most 0.
  mutating func append(_ forms: AffineForms, row: Int, isActive: Bool) {
    if !forms.slack[row].isFinite { return }
    let sign = isActive ? 1.0 : -1.0
    known.append(
      Known(segments: forms.segments.map { $0.row(row).map { sign * $0 } }, slack: forms.slack[row]))
  }

  /// The interval of a row, narrowed to where what is known holds; nil where it holds nowhere.
  func narrowed(_ range: Interval, of forms: AffineForms, row: Int) -> Interval? {
    if isEmpty { return range }
    let upper = min(range.upper, upperBound(of: forms, row: row, sign: 1))
    let lower = max(range.lower, -upperBound(of: forms, row: row, sign: -1))
    return lower <= upper ? Interval(lower, upper) : nil
  }

  /// An upper bound of `sign` times a row; infinite where none was found.
  func upperBound(of forms: AffineForms, row: Int, sign: Double) -> Double {
    if isEmpty || !forms.slack[row].isFinite { return .infinity }
    var counts = forms.symbolCounts
    for form in known { counts = zip(counts, form.segments).map { max($0, $1.count) } }
    let target = KnownSigns.flat(forms.segments.map { $0.row(row).map { sign * $0 } }, counts)
    let rows = known.map { KnownSigns.flat($0.segments, counts) }
    var sum = target
    var multipliers = Array(repeating: 0.0, count: rows.count)
    for _ in 0..<KnownSigns.sweeps {
      for (k, form) in rows.enumerated() {
        let step = KnownSigns.bestStep(from: sum, along: form, slack: known[k].slack, least: -multipliers[k])
        if step == 0 { continue }
        multipliers[k] += step
        for j in sum.indices { sum[j] += step * form[j] }
      }
    }
    return KnownSigns.bound(target, forms.slack[row], rows, known.map(\.slack), multipliers)
  }

  private static func flat(_ segments: [[Double]], _ counts: [Int]) -> [Double] {
    zip(segments, counts).flatMap { $0 + repeatElement(0, count: $1 - $0.count) }
  }

  /// The step t ≥ `least` with the least bound of sum + t · form: a convex function, linear between the points at which
  /// a coefficient vanishes.
  private static func bestStep(
    from sum: [Double], along form: [Double], slack: Double, least: Double
  ) -> Double {
    var slope = form[0] + slack
    var bends: [(step: Double, rise: Double)] = []
    for j in 1..<sum.count where form[j] != 0 {
      let bend = -sum[j] / form[j]
      if bend > least {
        slope -= form[j].magnitude
        bends.append((bend, 2 * form[j].magnitude))
      } else {
        slope += form[j].magnitude
      }
    }
    if !(slope < 0) { return least }
    bends.sort { $0.step < $1.step }
    for bend in bends where bend.step.isFinite {
      slope += bend.rise
      if slope >= 0 { return bend.step }
    }
    // Decreasing for ever: no point has these signs. That is for the ranges to tell; here nothing is gained.
    return 0
  }

  /// The upper bound of the target plus the multiples, rounded up.
  private static func bound(
    _ target: [Double], _ slack: Double, _ rows: [[Double]], _ slacks: [Double], _ multipliers: [Double]
  ) -> Double {
    var (sum, size, rest) = (target, 0.0, slack)
    for value in target { size += value.magnitude }
    for (k, multiplier) in multipliers.enumerated() where multiplier > 0 {
      rest += multiplier * slacks[k]
      for j in sum.indices {
        let part = multiplier * rows[k][j]
        sum[j] += part
        size += part.magnitude
      }
    }
    var radius = 0.0
    for j in 1..<sum.count { radius += sum[j].magnitude }
    // Each of the sums has at most so many terms, all of them within `size` and `rest`.
    let terms = Double(2 * (sum.count + rows.count) + 16)
    let rounding = (size + rest) * terms * 0x1p-52 + 0x1p-1040 * terms
    let bound = (sum[0] + radius + rest + rounding).nextUp
    return bound.isNaN ? .infinity : bound
  }
}
