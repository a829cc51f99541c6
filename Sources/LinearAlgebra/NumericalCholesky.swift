import COpenBLAS

extension Matrix where Scalar == Double {
  /// Whether a Cholesky factorization of a symmetric matrix runs to its end in floating point.
  ///
  /// Only the lower triangle is read. Where it does, the matrix has no eigenvalue below −γ/(1−γ) · trace with
  /// γ = γ_{k+1}, k the size, whatever the order of the sums; so a success is the numerical half of a proof.
  ///
  /// - Shapes: k × k.
  /// - Exactness: rounded; LAPACK `dpotrf`.
  /// - Complexity: k³/3 multiplications, on one thread.
  /// - Reference: [Rum06]; [Hig02] Theorem 10.3.
  public func hasNumericalCholeskyFactor() -> Bool {
    precondition(rows == columns, "a Cholesky factorization needs a square matrix, not \(rows) x \(columns)")
    if rows == 0 { return true }
    _ = BLAS.singleThreaded
    var a = elements
    // Row by row the lower triangle is, column by column, the upper one.
    let status = LAPACKE_dpotrf_work(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(rows), &a, Int32(rows))
    return status == 0
  }
}
