/// Some rows of residues, stored row by row, with the row operations of elimination.
///
/// All entries are reduced: integers of magnitude at most p/2 + 3, zero where the class is zero.
struct EchelonChunk: Sendable {
  private(set) var rows = 0
  private(set) var columns: Int
  private(set) var elements: [Double] = []
  private let capacity: Int

  /// No rows yet, with room for `capacity` of them.
  init(columns: Int, capacity: Int) {
    self.columns = columns
    self.capacity = capacity
    elements.reserveCapacity(capacity * columns)
  }

  /// Splits rows of residues into their entries in the pivot columns and in the free columns.
  ///
  /// - Returns: the first row by row with as many entries as there are pivots; and the second.
  static func split(
    _ source: [Double], first: Int, count: Int, columns: Int, pivots: [Int], free: [Int], field: PrimeField
  ) -> (factors: [Double], rest: EchelonChunk) {
    var rest = EchelonChunk(columns: free.count, capacity: 0)
    rest.rows = count
    rest.elements = [Double](repeating: 0, count: count * free.count)
    var factors = [Double](repeating: 0, count: count * pivots.count)
    var row = [Double](repeating: 0, count: columns)
    var integral = true
    source.withUnsafeBufferPointer { source in
      row.withUnsafeMutableBufferPointer { row in
        factors.withUnsafeMutableBufferPointer { factors in
          rest.elements.withUnsafeMutableBufferPointer { rest in
            guard let from = source.baseAddress, let line = row.baseAddress else { return }
            for i in 0..<count {
              integral =
                field.kernel.copyReduced(from + (first + i) * columns, to: line, count: columns) && integral
              for (k, column) in pivots.enumerated() { factors[i * pivots.count + k] = line[column] }
              for (k, column) in free.enumerated() { rest[i * free.count + k] = line[column] }
            }
          }
        }
      }
    }
    precondition(integral, "residues are integers of magnitude at most 2^51")
    return (factors, rest)
  }

  /// Subtracts a product: `factors`, from its column `first` on, times the first `terms` rows of `other`.
  ///
  /// - Shapes: `factors` has as many rows as `self`, `stride` entries in each; `other` has the columns of `self`.
  mutating func subtract(
    _ factors: [Double], stride: Int, from first: Int, times other: EchelonChunk, terms: Int,
    _ field: PrimeField, threads: Int
  ) {
    precondition(columns == other.columns && terms <= other.rows, "rows that do not fit")
    let (rows, columns) = (self.rows, self.columns)
    factors.withUnsafeBufferPointer { factors in
      other.elements.withUnsafeBufferPointer { other in
        elements.withUnsafeMutableBufferPointer { elements in
          guard let a = factors.baseAddress, let b = other.baseAddress, let c = elements.baseAddress else {
            return
          }
          field.kernel.subtractProduct(
            ResidueProduct(
              rows: rows, inner: terms, columns: columns, a: a + first, aStride: stride, b: b,
              bStride: columns,
              c: c, cStride: columns), threads: threads)
        }
      }
    }
  }

  /// The entries in some columns, row by row.
  func gathered(_ selected: [Int]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows * selected.count)
    elements.withUnsafeBufferPointer { elements in
      for i in 0..<rows { for column in selected { result.append(elements[i * columns + column]) } }
    }
    return result
  }

  /// Brings the rows into reduced echelon form: the independent ones first, the others become garbage.
  ///
  /// - Returns: the pivot column of each independent row, in the order of the rows.
  mutating func eliminate(_ field: PrimeField, threads: Int) -> [Int] {
    let (rows, columns) = (self.rows, self.columns)
    return elements.withUnsafeMutableBufferPointer { elements in
      guard let start = elements.baseAddress else { return [] }
      return PanelElimination(field: field, columns: columns, elements: start, threads: threads).eliminate(
        0..<rows)
    }
  }

  /// Keeps only the first rows.
  mutating func keepRows(_ count: Int) {
    elements.removeLast((rows - count) * columns)
    rows = count
  }

  /// Takes columns out.
  mutating func dropColumns(_ dropped: [Int]) {
    let (rows, columns) = (self.rows, self.columns)
    let gaps = dropped.sorted()
    elements.withUnsafeMutableBufferPointer { elements in
      guard let start = elements.baseAddress else { return }
      var target = start
      for i in 0..<rows {
        // Entries between two gaps move together; the target never overtakes the source.
        var from = 0
        for gap in gaps + [columns] {
          target.update(from: start + i * columns + from, count: gap - from)
          target += gap - from
          from = gap + 1
        }
      }
    }
    self.columns -= gaps.count
    elements.removeLast(rows * gaps.count)
    // Columns that went away leave room behind; a full chunk that could do with half of it moves.
    if rows == capacity, elements.capacity > 2 * elements.count + 1024 { elements = Array(elements[...]) }
  }

  /// Adds rows of another chunk with the same columns.
  mutating func append(_ other: EchelonChunk, rows range: Range<Int>) {
    precondition(columns == other.columns, "\(other.columns) columns do not fit \(columns)")
    elements += other.elements[range.lowerBound * columns..<range.upperBound * columns]
    rows += range.count
  }
}
