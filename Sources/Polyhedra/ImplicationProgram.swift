import ExactArithmetic

/// Whether linear inequalities imply another one: a stack of rows, asked many times.
///
/// Definition: the rows g₁, …, g_m are linear forms of y = (x, t) in dimension n + 1; their cone is
/// C = {y : gᵢ · y ≥ 0, t ≥ 0}. A form z is *implied* when z · y ≥ 0 on C, and *refuted* by a y in C with z · y < 0.
/// Where the polyhedron P = {x : gᵢ · (x, 1) ≥ 0} has interior points, C is the closed cone over it, so z is implied
/// exactly when z · (x, 1) ≥ 0 on P, bounded or not.
///
///     var program = ImplicationProgram(dimension: 1)
///     program.push(RoundedForm([1, 0]))                      // x ≥ 0
///     program.push(RoundedForm([-1, 3]))                     // 3 − x ≥ 0
///     // 2x + 1 ≥ 0 is implied; x − 1 ≥ 0 is refuted, by x = 0.
///
/// An answer is first looked for in doubles and then proved: a refutation by a point at which all rows are positive
/// beyond their error bounds; an implication by approximate multipliers, if the caller knows a box around P and z is
/// positive on P, else by exact multipliers. When all of this fails, an exact method decides from the last basis.
///
/// - Exactness: filtered; every answer is a theorem about the exact rows. Nothing is perturbed.
/// - Complexity: O(m n) for a pivot, of which a question takes few when it resembles the last one.
/// - Reference: [NS04] bounds from approximate multipliers.
public final class ImplicationProgram {
  /// The dimension n of x.
  public let dimension: Int
  /// How many answers needed exact arithmetic.
  public private(set) var exactCount = 0
  /// How many questions were asked.
  public private(set) var questionCount = 0

  /// How many pivots all questions took.
  public var pivotCount: Int { simplex.pivotCount }

  private let simplex: BoxedSimplex
  /// Powers of two by which coordinates are divided inside, about the size of the box.
  private let scales: [Double]
  /// max|xᵢ| over the box; nil without one.
  private let reach: Double?
  private let largestScale: Double
  /// The relative error of a product of rows and points, with room to spare.
  private let rounding: Double
  private var margins: [Margin] = []
  private var target: [Double]
  private var scratch: [Double]
  private var descent: [Double]

  /// The program without rows.
  ///
  /// - Parameters:
  ///   - dimension: the dimension n of x.
  ///   - box: ranges of the coordinates that hold on the polyhedron *whatever rows are pushed*, if any are known.
  ///
  /// - Requires: where a box is given, |xᵢ| ≤ bᵢ · t on the cone at every question, with bᵢ the largest absolute
  ///   value of range i. A polyhedron that is not empty and lies in the box is enough for that.
  public init(dimension: Int, box: [Interval]? = nil) {
    precondition(dimension >= 0, "dimension \(dimension)")
    precondition(box.map { $0.count == dimension } ?? true, "a box of another dimension than \(dimension)")
    self.dimension = dimension
    var scales = [Double](repeating: 1, count: dimension)
    if let box, box.allSatisfy({ $0.magnitude <= 0x1p100 }) {
      for (j, range) in box.enumerated() where range.magnitude > 0 {
        scales[j] = Double(sign: .plus, exponent: max(range.magnitude.exponent + 1, -100), significand: 1)
      }
      reach = scales.max() ?? 0
    } else {
      reach = nil
    }
    self.scales = scales
    largestScale = scales.max() ?? 0
    simplex = BoxedSimplex(
      lower: Array(repeating: -1, count: dimension) + [0], upper: Array(repeating: 1, count: dimension + 1))
    rounding = Double(simplex.stride + 8) * 0x1p-52
    target = Array(repeating: 0, count: dimension + 1)
    scratch = Array(repeating: 0, count: simplex.stride)
    descent = scratch
  }

  /// The number of rows.
  public var depth: Int { simplex.rowCount }

  /// Adds the row `form` ≥ 0.
  ///
  /// - Shapes: n + 1 coefficients.
  public func push(_ form: RoundedForm) {
    let margin = scale(form)
    margins.append(margin)
    simplex.push(target, lower: 0, upper: margin.norm * 1.0001)
  }

  /// Removes the last rows until `depth` are left.
  public func pop(to depth: Int) {
    precondition(depth >= 0 && depth <= self.depth, "cannot go from \(self.depth) rows to \(depth)")
    while self.depth > depth { simplex.pop() }
    margins.removeLast(margins.count - depth)
  }

  /// Whether `form` ≥ 0 holds on the cone of the rows.
  ///
  /// - Parameters:
  ///   - form: the form z, of n + 1 coefficients.
  ///   - interior: a point x strictly inside all rows, if one is known. It is a hint: a wrong one does no harm.
  ///   - exactForm: the exact coefficients of z.
  ///   - exactRow: the exact coefficients of a row, by its place on the stack.
  public func answer(
    for form: RoundedForm, interior: [Double]? = nil, exactForm: () -> [Dyadic], exactRow: (Int) -> [Dyadic]
  ) -> Answer {
    questionCount += 1
    let margin = scale(form)
    if margin.isVoid { return .implied }
    if let interior, refutes(interior, margin) { return .refuted(witness) }
    let outcome = numericAnswer(margin, interior)
    if let outcome { return outcome }
    exactCount += 1
    return exactAnswer(exactForm(), exactRow)
  }

  /// Writes the form in the coordinates used inside to `target`.
  private func scale(_ form: RoundedForm) -> Margin {
    precondition(
      form.coefficients.count == dimension + 1,
      "\(form.coefficients.count) coefficients in dimension \(dimension)")
    // Moved out and back in, so that the loops work on a local array.
    var target: [Double] = []
    swap(&target, &self.target)
    defer { swap(&target, &self.target) }
    var largest = form.coefficients[dimension].magnitude
    for j in 0..<dimension { largest = max(largest, form.coefficients[j].magnitude * scales[j]) }
    guard largest > 0 else {
      for j in 0...dimension { target[j] = 0 }
      // Coefficients lost to underflow leave a row of which doubles know nothing.
      let isZero = form.coefficients.allSatisfy { $0 == 0 }
      return Margin(errorX: isZero ? form.errorX : .infinity, errorT: form.errorT, norm: 0)
    }
    let power = largest.isFinite ? min(max(-Int(largest.exponent), -1000), 1000) : -1000
    let factor = Double(sign: .plus, exponent: power, significand: 1)
    var norm = 0.0
    for j in 0...dimension {
      target[j] = form.coefficients[j] * factor * (j < dimension ? scales[j] : 1)
      norm += target[j].magnitude
    }
    return Margin(errorX: form.errorX * factor, errorT: form.errorT * factor, norm: norm)
  }

  // MARK: Refutation

  /// Whether all rows are positive and the target negative at the point in `scratch`, beyond all errors.
  private func isProvedWitness(_ target: Margin) -> Bool {
    var scratch: [Double] = []
    swap(&scratch, &self.scratch)
    defer { swap(&scratch, &self.scratch) }
    var size = 0.0
    var spread = 0.0
    var value = 0.0
    for j in 0...dimension {
      // Tiny entries could not be given back without rounding.
      if scratch[j].magnitude < 0x1p-400 { scratch[j] = 0 }
      size = max(size, scratch[j].magnitude)
      if j < dimension { spread = max(spread, scratch[j].magnitude * scales[j]) }
      value += scratch[j] * self.target[j]
    }
    let t = scratch[dimension]
    let rounding = self.rounding
    guard t >= 0, size <= 4 else { return false }
    guard value < -target.bound(spread: spread, t: t, size: size, rounding: rounding) else { return false }
    return simplex.rowsExceed(at: scratch) {
      margins[$0].bound(spread: spread, t: t, size: size, rounding: rounding)
    }
  }

  private var witness: Witness {
    Witness(
      point: (0...dimension).map { $0 < dimension ? scratch[$0] * scales[$0] : scratch[$0] }, exact: nil)
  }

  /// Whether the target is refuted by the point x, or by one near the end of the way down from there.
  private func refutes(_ x: [Double], _ margin: Margin) -> Bool {
    writeInterior(x)
    let value = targetValue()
    if value < 0, isProvedWitness(margin) { return true }
    var slope = 0.0
    for j in 0..<dimension {
      descent[j] = -target[j]
      slope += target[j] * target[j]
    }
    // One step that stays in the unit box.
    let limit = 1 / max(margin.norm, 1e-300)
    guard value < slope * limit else { return false }
    let step = simplex.step(from: scratch, along: descent, limit: limit)
    guard value < slope * step * 0.99 else { return false }
    for j in 0..<dimension { scratch[j] += 0.995 * step * descent[j] }
    return isProvedWitness(margin)
  }

  /// Writes (x, 1), scaled into the unit box, to `scratch`.
  private func writeInterior(_ x: [Double]) {
    precondition(
      x.count == dimension, "an interior point of \(x.count) coordinates in dimension \(dimension)")
    var size = 1.0
    for j in 0..<dimension { size = max(size, x[j].magnitude / scales[j]) }
    for j in 0..<dimension { scratch[j] = x[j] / scales[j] / size }
    scratch[dimension] = 1 / size
  }

  /// Whether the last point of the simplex, moved off the rows that hold it, refutes the target.
  private func lastPointRefutes(_ margin: Margin, _ interior: [Double]?) -> Bool {
    simplex.readPoint(into: &scratch)
    let value = targetValue()
    guard value < 0 else { return false }
    let point = scratch
    if let interior {
      writeInterior(interior)
      let inside = targetValue()
      let weight = inside > 0 ? min(1, -value / (2 * inside)) : 1
      for j in 0...dimension { scratch[j] = (point[j] + weight * scratch[j]) }
      if isProvedWitness(margin) { return true }
    }
    let offset = min(0x1p-20, -0.25 * value / max(simplex.reducedNorm, 1e-300))
    simplex.readPoint(tightenedBy: offset, into: &scratch)
    if isProvedWitness(margin) { return true }
    scratch = point
    return isProvedWitness(margin)
  }

  private func targetValue() -> Double {
    var value = 0.0
    for j in 0...dimension { value += scratch[j] * target[j] }
    return value
  }

  // MARK: Answers

  private func numericAnswer(_ margin: Margin, _ interior: [Double]?) -> Answer? {
    // With a box, multipliers for z − δ t, δ small, prove z > 0 however many of them are 0.
    let plain = target[dimension]
    let eased = reach == nil ? plain : plain - 0x1p-34 * margin.norm
    let enough = reach == nil ? .infinity : -1e-13 * margin.norm
    var limit = -1e-5 * margin.norm
    while true {
      target[dimension] = eased
      let outcome = simplex.minimize(target, stopBelow: limit, stopAbove: enough)
      target[dimension] = plain
      switch outcome {
      case .optimal, .below:
        if lastPointRefutes(margin, interior) { return .refuted(witness) }
      case .above, .infeasible, .stalled: break
      }
      if case .below = outcome {
        limit = -.infinity
        continue
      }
      if isProvedPositive(margin) { return .implied }
      // z is at least the eased form, so multipliers of that one do.
      target[dimension] = eased
      return multipliersProve(margin) ? .implied : nil
    }
  }

  /// Whether the multipliers of the last basis are positive beyond doubt.
  private func multipliersProve(_ margin: Margin) -> Bool {
    let largest = largestScale
    return simplex.provesMultipliersPositive(
      target, costError: margin.total(largest, rounding), unitError: rounding,
      rowError: { margins[$0].total(largest, rounding) })
  }

  /// Whether the multipliers of the last basis prove that the target is positive on the box.
  private func isProvedPositive(_ margin: Margin) -> Bool {
    guard let reach else { return false }
    for j in 0...dimension { scratch[j] = target[j] }
    var error = margin.total(reach, rounding)
    var rowsUsed = 0.0
    for i in simplex.activeRows {
      let factor = simplex.multiplier(ofRow: i)
      guard factor > 0 else { continue }
      guard factor < 0x1p60 else { return false }
      simplex.subtractRow(i, times: factor, from: &scratch)
      error += factor * margins[i].total(reach, rounding)
      rowsUsed += 1
    }
    // What is left of z, at its least over the box, where scaled coordinates are at most 1.
    var least = scratch[dimension]
    for j in 0..<dimension { least -= scratch[j].magnitude }
    return least > error * 1.000001 * (1 + rowsUsed * rounding) + rounding * least.magnitude + 0x1p-800
  }

  private func exactAnswer(_ form: [Dyadic], _ row: (Int) -> [Dyadic]) -> Answer {
    precondition(form.count == dimension + 1, "\(form.count) exact coefficients in dimension \(dimension)")
    // Generator `depth` is t itself.
    let t = (0...dimension).map { $0 == dimension ? Dyadic.one : .zero }
    let start = simplex.activeRows + (simplex.isNonbasic(dimension) ? [depth] : [])
    let membership = ExactCone.membership(
      of: form, count: depth + 1, start: start, certainSign: certainSign,
      generator: { $0 == depth ? t : row($0) })
    switch membership {
    case .combination: return .implied
    case .separated(let y):
      let top = y.lazy.compactMap(\.magnitudeExponent).max() ?? 0
      return .refuted(
        Witness(point: ExactCone.normalized(y), exact: y.map { $0.scaled(byPowerOfTwo: -top) }))
    }
  }

  /// The sign of a row at a point known to one unit in the last place, where that decides it.
  private func certainSign(_ i: Int, _ y: [Double]) -> Int? {
    guard i < depth else { return nil }
    var size = 0.0
    var spread = 0.0
    for j in 0...dimension {
      scratch[j] = j < dimension ? y[j] / scales[j] : y[j]
      size = max(size, scratch[j].magnitude)
      if j < dimension { spread = max(spread, y[j].magnitude) }
    }
    let bound = margins[i].bound(spread: spread, t: y[dimension], size: size, rounding: 2 * rounding)
    guard bound > 0 else { return nil }
    let value = simplex.rowValue(i, at: scratch)
    return value > bound ? 1 : value < -bound ? -1 : nil
  }
}
