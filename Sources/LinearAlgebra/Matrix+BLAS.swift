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
    BLAS.product(
      elements, other.elements, rightTransposed: otherTransposed, rows: rows, inner: inner, columns: width,
      keeping: 1, to: &target.elements)
  }
}

extension BLAS {
  /// Writes A · B + k · C to C, for contiguous buffers that are stored row by row: the kernel of loops that own their buffers.
  ///
  /// - Shapes: A `rows` × `inner` (read from `inner` × `rows` with `leftTransposed`), B `inner` × `columns` (read from
  ///   `columns` × `inner` with `rightTransposed`), C `rows` × `columns`; k is `keeping`.
  /// - Exactness: rounded; the same bits for the same sizes and entries.
  /// - Complexity: 2 · rows · inner · columns floating-point operations, on one thread, without allocation of ours.
  package static func product(
    _ left: UnsafePointer<Double>, leftTransposed: Bool = false, _ right: UnsafePointer<Double>,
    rightTransposed: Bool = false, rows: Int, inner: Int, columns: Int, keeping: Double,
    to target: UnsafeMutablePointer<Double>
  ) {
    if rows == 0 || columns == 0 || inner == 0 { return }
    _ = BLAS.singleThreaded
    cblas_dgemm(
      CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans,
      rightTransposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, left,
      Int32(leftTransposed ? rows : inner), right, Int32(rightTransposed ? inner : columns), keeping, target,
      Int32(columns))
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
