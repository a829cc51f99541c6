extension BoxedSimplex {
  /// Whether the exact multipliers of the last basis are proved to be positive.
  ///
  /// Definition: let all nonbasic variables be rows or entries of y at lower ends 0, so that their forms b₁, …, b_N
  /// are N forms in N variables, B the matrix of them, and cost = Σ λₖ bₖ. The dictionary holds R ≈ B⁻¹ and λ̃ ≈ λ.
  /// With E = 1 − R B and the residual ρ = cost − Bᵀλ̃, if e = ‖E‖₁ < 1 then B is regular and
  /// |λₖ − λ̃ₖ| ≤ Σⱼ |Rⱼₖ| · ‖ρ‖∞ / (1 − e). When every λ̃ₖ is larger than that, cost · y ≥ 0 wherever all bₖ · y ≥ 0.
  ///
  /// - Parameters:
  ///   - cost: what was minimised last.
  ///   - costError: a bound of ‖exact cost − cost‖₁, and of the rounding of a product with it relative to entries 1.
  ///   - unitError: the same for an entry of y itself.
  ///   - rowError: the same for a row.
  ///
  /// - Exactness: proved, for all exact rows and costs within the errors.
  /// - Complexity: O(N³).
  func provesMultipliersPositive(
    _ cost: [Double], costError: Double, unitError: Double, rowError: (Int) -> Double
  ) -> Bool {
    for k in 0..<width where atUpper[k] || !(reduced[k] > 0 && reduced[k] < 0x1p60) || lower[nonbasic[k]] != 0
    {
      return false
    }
    // Column sums of |R|, the deviation e, and the residual.
    var deviation = 0.0
    var residual = costError
    for k in 0..<width {
      var sum = 0.0
      for j in 0..<width { sum += abs(inverse(j, k)) }
      columnSums[k] = sum
      let error = nonbasic[k] >= width ? rowError(nonbasic[k] - width) : unitError
      deviation += sum * error
      residual += reduced[k] * error
    }
    var largestColumn = 0.0
    var largestResidual = 0.0
    for j in 0..<width {
      var rest = cost[j]
      for k in 0..<width { rest -= reduced[k] * form(k, j) }
      // Not max(): a NaN must not get lost.
      if !(abs(rest) <= largestResidual) { largestResidual = abs(rest) }
      var column = 0.0
      for i in 0..<width {
        var entry = i == j ? 1.0 : 0.0
        for k in 0..<width { entry -= inverse(i, k) * form(k, j) }
        column += abs(entry)
      }
      if !(column <= largestColumn) { largestColumn = column }
    }
    deviation = (deviation + largestColumn) * 1.0001 + Double(width * width) * 0x1p-50
    residual = (residual + largestResidual) * 1.0001 + 0x1p-800
    guard deviation < 0.5, residual.isFinite else { return false }
    let bound = residual / (1 - deviation) * 1.0001
    for k in 0..<width where !(reduced[k] > columnSums[k] * bound) { return false }
    return true
  }

  /// Entry (j, k) of the approximate inverse: what entry j of y is per unit of nonbasic variable k.
  @inline(__always)
  private func inverse(_ j: Int, _ k: Int) -> Double {
    let at = place[j]
    return at < 0 ? (~at == k ? 1 : 0) : table[at * stride + k]
  }

  /// Coefficient j of the form of nonbasic variable k.
  @inline(__always)
  private func form(_ k: Int, _ j: Int) -> Double {
    let variable = nonbasic[k]
    return variable >= width ? rows[(variable - width) * stride + j] : (variable == j ? 1 : 0)
  }
}
