import ExactArithmetic
import LinearAlgebra

/// A matrix of dyadic numbers, stored as doubles wherever doubles hold them.
///
/// Weights of a file are doubles, and stay so through most lowering. Where folding two linear maps gives an entry
/// no double holds, ``corrections`` keeps the exact value and ``nearest`` its rounding: algorithms that decide use
/// the exact entries, algorithms that estimate use the doubles.
///
/// - Exactness: exact through the subscript; ``nearest`` is within half a unit in the last place, entry by entry.
public struct ExactMatrix: Hashable, Sendable {
  /// The entries rounded to the nearest double.
  public let nearest: Matrix<Double>
  /// The exact values of the entries that no double holds, by position `i · columns + j`.
  public let corrections: [Int: Dyadic]

  /// The matrix of finite doubles.
  public init(_ matrix: Matrix<Double>) {
    nearest = matrix
    corrections = [:]
  }

  /// The matrix with the given exact entries, row by row.
  ///
  /// - Requires: `elements.count == rows · columns`; every entry rounds to a finite double.
  public init(rows: Int, columns: Int, elements: [Dyadic]) {
    var corrections: [Int: Dyadic] = [:]
    var doubles: [Double] = []
    doubles.reserveCapacity(elements.count)
    for (position, value) in elements.enumerated() {
      if let exact = value.double {
        doubles.append(exact)
      } else {
        doubles.append(value.nearestDouble)
        corrections[position] = value
      }
    }
    self.nearest = Matrix(rows: rows, columns: columns, elements: doubles)
    self.corrections = corrections
  }

  /// A column of finite doubles, as biases are kept.
  public init(column: [Double]) {
    self.init(Matrix(rows: column.count, columns: 1, elements: column))
  }

  /// The number of rows.
  public var rows: Int { nearest.rows }
  /// The number of columns.
  public var columns: Int { nearest.columns }

  /// The exact entry in row `i` and column `j`, both from 0.
  @inlinable
  public subscript(i: Int, j: Int) -> Dyadic { self[at: i * columns + j] }

  /// The exact entry at position `i · columns + j`.
  @inlinable
  public subscript(at position: Int) -> Dyadic {
    if !corrections.isEmpty, let exact = corrections[position] { return exact }
    return Dyadic(nearest.elements[position])
  }

  /// The sign, -1, 0 or 1, of the exact entry in row `i` and column `j`.
  @inlinable
  public func sign(_ i: Int, _ j: Int) -> Int {
    let value = nearest[i, j]
    // Only a nonzero entry below the range of doubles is rounded to zero.
    if value == 0 { return corrections.isEmpty ? 0 : self[i, j].sign }
    return value > 0 ? 1 : -1
  }

  /// Whether every entry is a double.
  public var holdsDoublesOnly: Bool { corrections.isEmpty }
}
