import COpenBLAS

extension Matrix where Scalar == Double {
  /// The shortest x among those that make ‖A x − b‖₂ least, where small singular values count as zero.
  ///
  /// - Parameter tolerance: the largest quotient to the largest singular value that counts as zero.
  /// - Requires: `right` has an entry for each row; all entries are finite.
  /// - Exactness: rounded; LAPACK `dgelsd`.
  /// - Complexity: O(rows · columns · min(rows, columns)), on one thread.
  public func numericalLeastSquares(_ right: [Double], tolerance: Double) -> [Double] {
    precondition(right.count == rows, "\(right.count) right-hand sides for \(rows) rows")
    precondition(
      elements.allSatisfy(\.isFinite) && right.allSatisfy(\.isFinite), "least squares need finite entries")
    if rows == 0 || columns == 0 { return [Double](repeating: 0, count: columns) }
    _ = BLAS.singleThreaded
    var a = transposed.elements
    var b = right + [Double](repeating: 0, count: Swift.max(0, columns - rows))
    var singularValues = [Double](repeating: 0, count: Swift.min(rows, columns))
    var rank: Int32 = 0
    let (m, n) = (Int32(rows), Int32(columns))
    let status = LAPACKE_dgelsd(
      LAPACK_COL_MAJOR, m, n, 1, &a, m, &b, Int32(b.count), &singularValues, tolerance, &rank)
    precondition(status == 0, "dgelsd did not converge, status \(status)")
    return Array(b.prefix(columns))
  }
}
