/// How large linear forms get on the cube [−1, 1]ⁿ where other forms are at least 0: multipliers for proofs.
///
/// Definition: forms are c + a · y. For multipliers λ ≥ 0 of the conditions, any form is at most the form plus
/// Σ λ_k conditions, whose maximum on the cube is plain; the best λ solve the dual of a linear program.
///
///     let program = BoxedMaximum(conditions: [[0, -1, 1]])            // y₁ ≤ y₂
///     program.multipliers(for: [0, 1, -1])                            // [1]: y₁ − y₂ + (y₂ − y₁) = 0
///
/// - Exactness: numeric, and nothing is proved: callers evaluate what the multipliers give, with their own rounding.
/// - Complexity: O(conditions · n) for one pivot; a form starts from where the last one ended.
public final class BoxedMaximum {
  private let simplex: BoxedSimplex
  private let scales: [Double]
  private let isUsed: [Bool]

  /// The program with the given conditions.
  ///
  /// - Parameter conditions: the constant first, then a coefficient for each variable; all of one length.
  public init(conditions: [[Double]]) {
    let count = max((conditions.first?.count ?? 1) - 1, 0)
    simplex = BoxedSimplex(
      lower: Array(repeating: -1, count: count), upper: Array(repeating: 1, count: count))
    // Rows of entries about 1; what cannot be scaled to that is left out.
    let sizes = conditions.map { $0.dropFirst().reduce(0) { max($0, $1.magnitude) } }
    isUsed = zip(conditions, sizes).map { $0[0].magnitude < 1e30 && $1 > 1e-30 && $1 < 1e30 }
    scales = sizes.map { $0 > 0 ? 1 / $0 : 0 }
    for (k, condition) in conditions.enumerated() where isUsed[k] {
      let row = condition.dropFirst().map { $0 * scales[k] }
      let reach = row.reduce(1) { $0 + $1.magnitude }
      simplex.push(row, lower: min(-condition[0] * scales[k], reach), upper: reach)
    }
  }

  /// Multipliers, none negative, that make the bound of a form small; where no point meets the conditions, multipliers
  /// that show it for the form 0 up to rounding.
  ///
  /// - Requires: as many coefficients as the conditions have.
  public func multipliers(for form: [Double]) -> [Double] {
    let none = Array(repeating: 0.0, count: scales.count)
    let size = form.dropFirst().reduce(0) { max($0, $1.magnitude) }
    guard size.isFinite, simplex.rowCount > 0 else { return none }
    let unit = size > 0 ? size : 1
    let outcome = simplex.minimize(form.dropFirst().map { -$0 / unit })
    var multipliers = none
    var row = 0
    switch outcome {
    case .optimal, .above, .below:
      for k in multipliers.indices where isUsed[k] {
        multipliers[k] = max(0, simplex.multiplier(ofRow: row)) * scales[k] * unit
        row += 1
      }
    case .infeasible(let reason):
      let ray = simplex.ray(row: reason)
      for k in multipliers.indices where isUsed[k] {
        multipliers[k] = ray[row] * scales[k]
        row += 1
      }
    case .stalled: break
    }
    return multipliers.allSatisfy(\.isFinite) ? multipliers : none
  }
}

extension BoxedSimplex {
  /// Multipliers of the rows' lower limits that keep the variable of a dictionary row out of its range.
  fileprivate func ray(row r: Int) -> [Double] {
    let isLow = table[r * stride + width] < basicLower[r]
    var ray = Array(repeating: 0.0, count: rowCount)
    if isLow, basic[r] >= width { ray[basic[r] - width] = 1 }
    for j in 0..<width where nonbasic[j] >= width && !atUpper[j] {
      let rate = table[r * stride + j]
      ray[nonbasic[j] - width] = max(0, isLow ? -rate : rate)
    }
    return ray
  }
}
