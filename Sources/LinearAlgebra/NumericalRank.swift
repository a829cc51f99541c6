import COpenBLAS

/// The rank of a matrix of doubles as its singular values, or the pivots that stand for them, suggest it.
///
/// Numerical, never a proof: a singular value below the tolerance may be a rounded zero or a small number. The gap
/// says how clear the case is: a ratio of 10^8 is persuasive, one of 10 is not. ``EchelonBasis`` proves lower bounds.
///
/// - Exactness: rounded; LAPACK `dgesdd` or `dgeqp3`.
public struct NumericalRank: Hashable, Sendable {
  /// What the values are.
  public enum Method: String, Hashable, Sendable {
    /// The singular values.
    case singularValues
    /// The diagonal of R in a QR factorization with column pivoting, which follows the singular values in practice.
    case pivotedQR
  }

  /// The number of values above the tolerance.
  public let value: Int
  /// The tolerance used.
  public let tolerance: Double
  /// What the values are.
  public let method: Method
  /// All values, descending.
  public let values: [Double]

  /// The smallest value above the tolerance; nil for rank 0.
  public var smallestKept: Double? { value > 0 ? values[value - 1] : nil }

  /// The largest value not above the tolerance; nil for full rank.
  public var largestDropped: Double? { value < values.count ? values[value] : nil }

  /// The quotient of the smallest value kept and the largest dropped, infinite where that is 0; nil without both.
  public var gapRatio: Double? {
    guard let kept = smallestKept, let dropped = largestDropped else { return nil }
    return kept / dropped
  }

  /// Up to `count` values on each side of the gap, descending.
  public func valuesAroundGap(_ count: Int = 3) -> ArraySlice<Double> {
    values[max(0, value - count)..<min(values.count, value + count)]
  }
}

extension Matrix where Scalar == Double {
  /// The numerical rank: the number of singular values above a tolerance.
  ///
  /// - Parameters:
  ///   - tolerance: nil for max(rows, columns) · 2^−52 · largest value.
  ///   - method: nil for singular values up to 1500 of them, pivoted QR beyond, which is several times faster.
  /// - Requires: all entries are finite.
  /// - Exactness: rounded; a number to look at, not a bound.
  /// - Complexity: O(rows · columns · min(rows, columns)), on one thread.
  public func numericalRank(tolerance: Double? = nil, method: NumericalRank.Method? = nil) -> NumericalRank {
    precondition(elements.allSatisfy(\.isFinite), "a numerical rank needs finite entries")
    let method = method ?? (min(rows, columns) <= 1500 ? .singularValues : .pivotedQR)
    let values: [Double]
    switch method {
    case .singularValues: values = numericalSingularValues()
    case .pivotedQR: values = numericalPivots()
    }
    let used = tolerance ?? Double(max(rows, columns)) * 0x1p-52 * (values.first ?? 0)
    return NumericalRank(value: values.count { $0 > used }, tolerance: used, method: method, values: values)
  }

  /// The singular values, descending.
  ///
  /// - Exactness: rounded; LAPACK `dgesdd`.
  public func numericalSingularValues() -> [Double] {
    if rows == 0 || columns == 0 { return [] }
    _ = BLAS.singleThreaded
    // Row by row read column by column is the transpose, with the same singular values.
    var a = elements
    var values = [Double](repeating: 0, count: min(rows, columns))
    var unused = [0.0]
    var alsoUnused = [0.0]
    let (m, n) = (Int32(columns), Int32(rows))
    let jobNone = CChar(UInt8(ascii: "N"))
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, jobNone, m, n, &a, m, &values, &unused, m, &alsoUnused, n)
    precondition(status == 0, "dgesdd did not converge, status \(status)")
    return values
  }

  /// The magnitudes of the diagonal of R in a QR factorization of the transpose with pivoting, descending.
  private func numericalPivots() -> [Double] {
    if rows == 0 || columns == 0 { return [] }
    _ = BLAS.singleThreaded
    var a = elements
    var order = [Int32](repeating: 0, count: rows)
    var tau = [Double](repeating: 0, count: min(rows, columns))
    let (m, n) = (Int32(columns), Int32(rows))
    let status = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, m, n, &a, m, &order, &tau)
    precondition(status == 0, "dgeqp3 refused its arguments, status \(status)")
    return (0..<min(rows, columns)).map { a[$0 * columns + $0].magnitude }.sorted(by: >)
  }
}
