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

  /// Whether nothing is known.
  var isEmpty: Bool { known.isEmpty }

  /// Notes that a row is at least 0, or at most 0.
  mutating func append(_ forms: AffineForms, row: Int, isActive: Bool) {
    if !forms.slack[row].isFinite { return }
    let sign = isActive ? 1.0 : -1.0
    known.append(
      Known(segments: forms.segments.map { $0.row(row).map { sign * $0 } }, slack: forms.slack[row]))
  }

  /// What is known, in the symbols of some forms and its own.
  func applied(to forms: AffineForms, sweeps: Int) -> AppliedSigns {
    var counts = forms.symbolCounts
    for form in known { counts = zip(counts, form.segments).map { max($0, $1.count) } }
    return AppliedSigns(
      forms: forms, counts: counts, rows: known.map { AppliedSigns.flat($0.segments, counts) },
      slacks: known.map(\.slack), sweeps: sweeps)
  }
}

/// Bounds of the rows of some forms where the signs of neurons are known.
struct AppliedSigns {
  let forms: AffineForms
  /// The number of columns of each origin.
  let counts: [Int]
  /// The forms that are at least 0, centre first.
  let rows: [[Double]]
  let slacks: [Double]
  /// How often each multiplier is improved.
  let sweeps: Int

  fileprivate static func flat(_ segments: [[Double]], _ counts: [Int]) -> [Double] {
    zip(segments, counts).flatMap { $0 + repeatElement(0, count: $1 - $0.count) }
  }

  /// The interval of a row, narrowed to where what is known holds; nil where it holds nowhere.
  func narrowed(_ range: Interval, row: Int) -> Interval? {
    if rows.isEmpty { return range }
    let upper = min(range.upper, upperBound(row: row, sign: 1))
    let lower = max(range.lower, -upperBound(row: row, sign: -1))
    return lower <= upper ? Interval(lower, upper) : nil
  }

  /// An upper bound of `sign` times a row; infinite where none was found.
  func upperBound(row: Int, sign: Double) -> Double {
    if rows.isEmpty || !forms.slack[row].isFinite { return .infinity }
    let target = AppliedSigns.flat(forms.segments.map { $0.row(row).map { sign * $0 } }, counts)
    var sum = target
    var multipliers = Array(repeating: 0.0, count: rows.count)
    var isChanged = false
    for _ in 0..<sweeps {
      for (k, form) in rows.enumerated() {
        let step = AppliedSigns.bestStep(from: sum, along: form, slack: slacks[k], least: -multipliers[k])
        if step == 0 { continue }
        isChanged = true
        multipliers[k] += step
        for j in sum.indices { sum[j] += step * form[j] }
      }
    }
    return isChanged ? bound(target, forms.slack[row], multipliers) : .infinity
  }

  /// The step t ≥ `least` with the least bound of sum + t · form: a convex function, linear between the points at which
  /// a coefficient vanishes.
  private static func bestStep(
    from sum: [Double], along form: [Double], slack: Double, least: Double
  ) -> Double {
    var slope = form[0] + slack
    sum.withUnsafeBufferPointer { sum in
      form.withUnsafeBufferPointer { form in
        for j in 1..<sum.count {
          // Growing t moves a coefficient towards 0 where it and the form's have opposite signs.
          let start = least == 0 ? sum[j] : sum[j] + least * form[j]
          slope += start * form[j] < 0 ? -form[j].magnitude : form[j].magnitude
        }
      }
    }
    if !(slope < 0) { return least }
    var bends: [(step: Double, rise: Double)] = []
    for j in 1..<sum.count where form[j] != 0 {
      let bend = -sum[j] / form[j]
      if bend > least { bends.append((bend, 2 * form[j].magnitude)) }
    }
    bends.sort { $0.step < $1.step }
    for bend in bends where bend.step.isFinite {
      slope += bend.rise
      if slope >= 0 { return bend.step }
    }
    // Decreasing for ever: no point has these signs. That is for the ranges to tell; here nothing is gained.
    return 0
  }

  /// The upper bound of the target plus the multiples, rounded up.
  private func bound(_ target: [Double], _ slack: Double, _ multipliers: [Double]) -> Double {
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
