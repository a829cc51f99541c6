import ExactArithmetic
import Polyhedra

/// What the signs of some neurons say about affine forms in the same symbols.
///
/// Where forms a_k are known to be at least 0, r ≤ r + Σ λ_k a_k for any λ ≥ 0, and the right side has an upper bound
/// as any affine form has: weak duality of the linear program max r subject to a_k ≥ 0 and |e| ≤ 1.
///
/// - Exactness: proved bounds, whatever the multipliers are.
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
  ///
  /// - Parameter isThorough: whether multipliers solve the linear program; else each is chosen once, by itself.
  func applied(to forms: AffineForms, isThorough: Bool) -> AppliedSigns {
    var counts = forms.symbolCounts
    for form in known { counts = zip(counts, form.segments).map { max($0, $1.count) } }
    return AppliedSigns(
      forms: forms, counts: counts, rows: known.map { AppliedSigns.flat($0.segments, counts) },
      slacks: known.map(\.slack), isThorough: isThorough)
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
  private let program: BoxedMaximum?

  fileprivate init(
    forms: AffineForms, counts: [Int], rows: [[Double]], slacks: [Double], isThorough: Bool
  ) {
    self.forms = forms
    self.counts = counts
    self.rows = rows
    self.slacks = slacks
    program =
      isThorough && !rows.isEmpty
      ? BoxedMaximum(conditions: zip(rows, slacks).map { [$0[0] + $1] + $0.dropFirst() }) : nil
  }

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
    let multipliers = program?.multipliers(for: target) ?? stepwise(target)
    return multipliers.contains { $0 > 0 } ? bound(target, forms.slack[row], multipliers) : .infinity
  }

  /// Whether the conditions exclude one another.
  ///
  /// - Complexity: solves the program.
  var isImpossible: Bool {
    guard let program else { return false }
    let zero = Array(repeating: 0.0, count: counts.reduce(0, +))
    return bound(zero, 0, program.multipliers(for: zero)) < 0
  }

  /// Each multiplier by itself, one after the other.
  private func stepwise(_ target: [Double]) -> [Double] {
    var sum = target
    return rows.enumerated().map { k, form in
      let step = AppliedSigns.bestStep(from: sum, along: form, slack: slacks[k])
      if step != 0 { for j in sum.indices { sum[j] += step * form[j] } }
      return step
    }
  }

  /// The step t ≥ 0 with the least bound of sum + t · form: a convex function, linear between the points at which
  /// a coefficient vanishes.
  private static func bestStep(
    from sum: [Double], along form: [Double], slack: Double
  ) -> Double {
    var slope = form[0] + slack
    sum.withUnsafeBufferPointer { sum in
      form.withUnsafeBufferPointer { form in
        for j in 1..<sum.count {
          // Growing t moves a coefficient towards 0 where it and the form's have opposite signs.
          slope += sum[j] * form[j] < 0 ? -form[j].magnitude : form[j].magnitude
        }
      }
    }
    if !(slope < 0) { return 0 }
    var bends: [(step: Double, rise: Double)] = []
    for j in 1..<sum.count where form[j] != 0 {
      let bend = -sum[j] / form[j]
      if bend > 0 { bends.append((bend, 2 * form[j].magnitude)) }
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
