/// A dense matrix, stored row by row.
///
/// - Shapes: `elements.count == rows · columns`; entry (i, j) is `elements[i · columns + j]`.
public struct Matrix<Scalar: Sendable>: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries, row by row.
  public var elements: [Scalar]

  /// The matrix with the given entries, row by row.
  ///
  /// - Requires: `elements.count == rows · columns`.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(
      elements.count == rows * columns,
      "a \(rows) x \(columns) matrix needs \(rows * columns) entries, got \(elements.count)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// The matrix with all entries equal.
  public init(repeating value: Scalar, rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// The entry in row `i` and column `j`, both from 0.
  @inlinable
  public subscript(i: Int, j: Int) -> Scalar {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  /// Row `i`.
  @inlinable
  public func row(_ i: Int) -> ArraySlice<Scalar> { elements[i * columns..<(i + 1) * columns] }

  /// The matrix with rows and columns exchanged.
  ///
  /// Tile by tile, so that both are read and written along lines of the cache.
  @inlinable
  public var transposed: Matrix {
    let tile = 32
    var result = elements
    for top in stride(from: 0, to: rows, by: tile) {
      for left in stride(from: 0, to: columns, by: tile) {
        for i in top..<Swift.min(rows, top + tile) {
          for j in left..<Swift.min(columns, left + tile) {
            result[j * rows + i] = elements[i * columns + j]
          }
        }
      }
    }
    return Matrix(rows: columns, columns: rows, elements: result)
  }
}

extension Matrix: Equatable where Scalar: Equatable {}
extension Matrix: Hashable where Scalar: Hashable {}
