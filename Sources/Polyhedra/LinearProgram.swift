import ExactArithmetic

/// Minimise c · x over the points of a box with aᵢ · x ≤ bᵢ; the doubles given count as exact.
///
///     // max x + y with x + 2y ≤ 4, 3x + y ≤ 6 in the square from 0 to 10: at (1.6, 1.2).
///     let program = LinearProgram(
///       objective: [-1, -1], rows: [[1, 2], [3, 1]], limits: [4, 6],
///       box: [Interval(0, 10), Interval(0, 10)])
///     if case .optimal(let optimum) = program.solve() { optimum.value }   // -2.8
///
/// - Exactness: points and values are numeric; ``Optimum/lowerBound`` and infeasibility are proved, with outward
///   rounding, from whatever multipliers the run ends with.
/// - Reference: [NS04] safe bounds.
public struct LinearProgram: Sendable {
  /// What is minimised.
  public var objective: [Double]
  /// The rows aᵢ.
  public var rows: [[Double]]
  /// The limits bᵢ.
  public var limits: [Double]
  /// The ranges of the coordinates, finite.
  public var box: [Interval]

  /// A solution, as far as doubles see.
  public struct Optimum: Hashable, Sendable {
    /// c · x at the point.
    public let value: Double
    /// The point x, in the box; rows hold up to rounding.
    public let point: [Double]
    /// A number ≥ 0 for each row, positive only where it holds the point in place.
    public let multipliers: [Double]
    /// A proved lower bound of c · x over all feasible points.
    public let lowerBound: Double
  }

  /// What became of a program.
  public enum Outcome: Hashable, Sendable {
    /// Solved, up to rounding.
    case optimal(Optimum)
    /// Proved: no point of the box meets all rows, as Σ λᵢ (aᵢ · x − bᵢ) > 0 all over the box.
    case infeasible(multipliers: [Double])
    /// Doubles settle neither; the lower bound is proved.
    case undecided(lowerBound: Double)
  }

  /// The program with the given data.
  ///
  /// - Shapes: n costs and ranges, m rows of n entries, m limits.
  /// - Requires: finite data.
  public init(objective: [Double], rows: [[Double]], limits: [Double], box: [Interval]) {
    precondition(objective.count == box.count, "\(objective.count) costs for \(box.count) ranges")
    precondition(rows.count == limits.count, "\(rows.count) rows, \(limits.count) limits")
    precondition(rows.allSatisfy { $0.count == box.count }, "rows of another width than \(box.count)")
    precondition(
      objective.allSatisfy(\.isFinite) && limits.allSatisfy(\.isFinite)
        && rows.allSatisfy { $0.allSatisfy(\.isFinite) } && box.allSatisfy { $0.magnitude.isFinite },
      "a linear program needs finite data")
    self.objective = objective
    self.rows = rows
    self.limits = limits
    self.box = box
  }

  /// Solves the program.
  ///
  /// - Complexity: O(m n) for each pivot; the proof of the bound O(m n).
  public func solve() -> Outcome {
    // Powers of two bring coordinates, rows and costs to about 1, without rounding.
    let columns = box.map { Self.powerOfTwo(near: $0.magnitude) }
    func scaled(_ row: [Double]) -> (entries: [Double], factor: Double) {
      let entries = zip(row, columns).map { $0 * $1 }
      let factor = 1 / Self.powerOfTwo(near: entries.reduce(0) { max($0, $1.magnitude) })
      return (entries.map { $0 * factor }, factor)
    }
    let simplex = BoxedSimplex(
      lower: zip(box, columns).map { $0.lower / $1 }, upper: zip(box, columns).map { $0.upper / $1 })
    var factors: [Double] = []
    for (row, limit) in zip(rows, limits) {
      let (entries, factor) = scaled(row)
      factors.append(factor)
      // The range of the row over the box, and some more: that end is never what stops a point.
      let norm = entries.reduce(0) { $0 + $1.magnitude }
      let bound = min(max(limit * factor, -1e9 * (1 + norm)), 1e9 * (1 + norm))
      simplex.push(entries, lower: min(-2.02 * norm, bound) - 0.01, upper: bound)
    }
    let cost = scaled(objective)

    var multipliers = [Double](repeating: 0, count: rows.count)
    switch simplex.minimize(cost.entries) {
    case .infeasible(let row):
      for (i, factor) in simplex.reasons(row: row) {
        let multiplier = factor * factors[i]
        multipliers[i] = multiplier > 0 && multiplier.isFinite ? multiplier : 0
      }
      if lowerBound(multipliers, of: [Double](repeating: 0, count: box.count)) > 0 {
        return .infeasible(multipliers: multipliers)
      }
      return .undecided(lowerBound: lowerBound(multipliers.map { _ in 0 }, of: objective))
    case let outcome:
      for i in rows.indices {
        let multiplier = -simplex.multiplier(ofRow: i) * factors[i] / cost.factor
        multipliers[i] = multiplier > 0 && multiplier.isFinite ? multiplier : 0
      }
      let bound = lowerBound(multipliers, of: objective)
      guard case .optimal = outcome, simplex.point.allSatisfy(\.isFinite) else {
        return .undecided(lowerBound: bound)
      }
      let point = zip(zip(simplex.point, columns), box).map {
        min(max($0.0 * $0.1, $1.lower), $1.upper)
      }
      let value = zip(objective, point).reduce(0) { $0 + $1.0 * $1.1 }
      return .optimal(Optimum(value: value, point: point, multipliers: multipliers, lowerBound: bound))
    }
  }

  /// A lower bound of cost · x over the feasible points that holds for any multipliers.
  ///
  /// Definition: where all rows hold, cost · x ≥ (cost + Σ λᵢ aᵢ) · x − Σ λᵢ bᵢ, and the box bounds the right side.
  ///
  /// - Exactness: proved; every operation is rounded outward.
  /// - Requires: `multipliers` are finite and not negative, one for each row.
  public func lowerBound(_ multipliers: [Double], of cost: [Double]) -> Double {
    precondition(multipliers.count == rows.count, "\(multipliers.count) multipliers for \(rows.count) rows")
    precondition(multipliers.allSatisfy { $0 >= 0 && $0.isFinite }, "a multiplier is negative or infinite")
    precondition(cost.count == box.count, "\(cost.count) costs for \(box.count) ranges")
    var rest = cost.map { Interval($0) }
    var bound = Interval(0)
    for (i, multiplier) in multipliers.enumerated() where multiplier > 0 {
      let factor = Interval(multiplier)
      for j in rest.indices where rows[i][j] != 0 { rest[j] = rest[j] + factor * Interval(rows[i][j]) }
      bound = bound - factor * Interval(limits[i])
    }
    for (coefficient, range) in zip(rest, box) { bound = bound + coefficient * range }
    return bound.lower
  }

  /// The power of two at most `size` and above half of it; 1 for zero, and kept where squares are in range.
  private static func powerOfTwo(near size: Double) -> Double {
    guard size > 0, size.isFinite else { return 1 }
    return Double(sign: .plus, exponent: min(max(Int(size.exponent), -400), 400), significand: 1)
  }
}
