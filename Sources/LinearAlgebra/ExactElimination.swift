import ExactArithmetic

/// The row space of a dyadic matrix whose rows arrive one by one, kept fully reduced without fractions.
///
/// Definition: after k independent rows, there are k pivot columns, one minor p ≠ 0 of order k, and k reduced rows
/// that span the same space, with p in their own pivot column and 0 in the others'. Every entry is a minor of the
/// rows inserted, so entries stay as short as Cramer's rule has them (Bareiss).
///
///     var space = ExactElimination(columns: 3)
///     space.insert([1, 2, 3].map { Dyadic($0) })     // true
///     space.insert([2, 4, 6].map { Dyadic($0) })     // false: a multiple of the first
///     space.rank                                     // 1
///
/// Multiplying a row by a power of two costs a dyadic nothing, so rows need no scaling first.
///
/// - Exactness: exact. Divisions leave no remainder, because their results are minors.
/// - Complexity: O(rank · columns) operations for each row; entries of k rows of b bits have about k·b bits.
/// - Reference: [Bar68] integer-preserving elimination.
public struct ExactElimination: Sendable {
  /// The number of columns.
  public let columns: Int
  /// The minor p that all pivots share, its columns in the order of ``pivotColumns``; 1 before the first row.
  public private(set) var pivot = Dyadic.one
  /// The pivot columns, in the order in which their rows came.
  public private(set) var pivotColumns: [Int] = []
  private var reduced: [[Dyadic]] = []

  /// The zero space in the given number of columns.
  public init(columns: Int) {
    self.columns = columns
  }

  /// The number of independent rows inserted so far.
  public var rank: Int { reduced.count }

  /// Takes a row in; false, changing nothing, when it depends on the earlier ones.
  ///
  /// - Shapes: `row` has as many entries as there are columns.
  @discardableResult
  public mutating func insert(_ row: [Dyadic]) -> Bool {
    let remainder = self.remainder(of: row)
    // The shortest entry makes the shortest products to come.
    var best: Int?
    for column in 0..<columns where !remainder[column].isZero {
      if best.map({ remainder[column].bits < remainder[$0].bits }) ?? true { best = column }
    }
    guard let best else { return false }
    let next = remainder[best]
    for i in reduced.indices {
      let factor = reduced[i][best]
      for j in 0..<columns {
        let entry = next * reduced[i][j] - factor * remainder[j]
        reduced[i][j] = entry.isZero ? entry : quotient(entry, pivot)
      }
    }
    reduced.append(remainder)
    pivotColumns.append(best)
    pivot = next
    return true
  }

  /// Whether a row lies in the space.
  public func contains(_ row: [Dyadic]) -> Bool { remainder(of: row).allSatisfy(\.isZero) }

  /// A nonzero vector orthogonal to all rows when such a vector is unique up to its length, else nil.
  ///
  /// - Complexity: O(columns); it is read off the reduced rows.
  public var nullVector: [Dyadic]? {
    guard rank == columns - 1 else { return nil }
    var vector = [Dyadic](repeating: pivot, count: columns)  // the one free column keeps p
    let free = columns * (columns - 1) / 2 - pivotColumns.reduce(0, +)
    for (row, column) in zip(reduced, pivotColumns) { vector[column] = -row[free] }
    return vector
  }

  /// p · row minus the combination of reduced rows that clears the pivot columns: the minors of order rank + 1.
  private func remainder(of row: [Dyadic]) -> [Dyadic] {
    precondition(row.count == columns, "a row of \(row.count) entries in a space of \(columns) columns")
    var result = row
    if !reduced.isEmpty { for j in 0..<columns { result[j] = pivot * row[j] } }
    for (other, column) in zip(reduced, pivotColumns) where !row[column].isZero {
      let factor = row[column]
      for j in 0..<columns where !other[j].isZero { result[j] = result[j] - factor * other[j] }
    }
    return result
  }

  private func quotient(_ numerator: Dyadic, _ denominator: Dyadic) -> Dyadic {
    guard let quotient = numerator.dividedExactly(by: denominator) else {
      preconditionFailure("a minor came out with a fraction")
    }
    return quotient
  }
}

extension ExactElimination {
  /// The rank of a matrix given by its rows.
  ///
  /// - Shapes: all rows have the same number of entries.
  public static func rank(of rows: [[Dyadic]]) -> Int {
    guard let columns = rows.first?.count else { return 0 }
    var space = ExactElimination(columns: columns)
    for row in rows where space.rank < columns { space.insert(row) }
    return space.rank
  }

  /// A nonzero vector orthogonal to all rows when their rank is one less than the number of columns, else nil.
  ///
  ///     ExactElimination.nullVector(of: [[1, 0, -2], [0, 1, -3]].map { $0.map { Dyadic($0) } })  // (2, 3, 1)
  ///
  /// Rows may depend on one another: the point where five planes meet is found as well as that of three.
  ///
  /// - Shapes: any number of rows of d + 1 entries; the result has d + 1 entries.
  public static func nullVector(of rows: [[Dyadic]]) -> [Dyadic]? {
    guard let columns = rows.first?.count, columns > 0 else { return nil }
    var space = ExactElimination(columns: columns)
    for (index, row) in rows.enumerated() {
      guard space.insert(row), let vector = space.nullVector else { continue }
      // Further rows only have to be orthogonal, which is cheaper to see than to eliminate.
      let rest = rows[(index + 1)...]
      return rest.allSatisfy { dot($0, vector).isZero } ? vector : nil
    }
    return columns == 1 ? space.nullVector : nil
  }

  /// The only solution x of the equations row · x = right side, as numerators over one denominator, or nil.
  ///
  ///     solution(of: [[3, 0], [1, 1]], rightSides: [1, 1])      // (1, 2) / 3
  ///
  /// - Shapes: any number of rows of d entries, as many right sides; d numerators.
  /// - Returns: nil when there is no solution, or more than one.
  public static func solution(
    of rows: [[Dyadic]], rightSides: [Dyadic]
  ) -> (numerators: [Dyadic], denominator: Dyadic)? {
    precondition(rows.count == rightSides.count, "\(rows.count) rows, \(rightSides.count) right sides")
    guard let vector = nullVector(of: zip(rows, rightSides).map { $0 + [-$1] }), let last = vector.last,
      !last.isZero
    else { return nil }
    return (Array(vector.dropLast()), last)
  }

  /// The determinant of a square matrix given by its rows; 1 for the empty matrix.
  public static func determinant(of rows: [[Dyadic]]) -> Dyadic {
    var space = ExactElimination(columns: rows.count)
    for row in rows { guard space.insert(row) else { return .zero } }
    var inversions = 0
    for (i, column) in space.pivotColumns.enumerated() {
      inversions += space.pivotColumns[..<i].count { $0 > column }
    }
    return inversions.isMultiple(of: 2) ? space.pivot : -space.pivot
  }

  /// The sum of products of entries.
  static func dot(_ a: [Dyadic], _ b: [Dyadic]) -> Dyadic {
    zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 }
  }
}
