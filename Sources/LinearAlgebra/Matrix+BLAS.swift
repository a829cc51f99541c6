import COpenBLAS

extension Matrix where Scalar == Double {
  /// Adds `self · other` to `target`.
  ///
  /// - Shapes: `self` m × k, `other` k × n (k × n read transposed from n × k with `otherTransposed`), `target` m × n.
  /// - Exactness: rounded; BLAS `dgemm`.
  /// - Complexity: O(m k n) floating-point operations, on one thread.
  public func addProduct(with other: Matrix, otherTransposed: Bool = false, to target: inout Matrix) {
    let inner = otherTransposed ? other.columns : other.rows
    let width = otherTransposed ? other.rows : other.columns
    precondition(columns == inner, "inner dimensions differ: \(columns) and \(inner)")
    precondition(
      target.rows == rows && target.columns == width,
      "the target is \(target.rows) x \(target.columns), the product \(rows) x \(width)")
    if rows == 0 || width == 0 || inner == 0 { return }
    _ = BLAS.singleThreaded
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, otherTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(width), Int32(inner), 1, elements, Int32(columns),
      other.elements, Int32(other.columns), 1, &target.elements, Int32(width))
  }
}

/// The linear-algebra engine Crease links.
public enum BLAS {
  /// Makes BLAS use one thread, once: Crease runs tasks in parallel itself, and two pools would fight for cores.
  static let singleThreaded: Void = openblas_set_num_threads(1)

  /// The name and version of the engine, as it reports itself.
  public static var version: String {
    String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
