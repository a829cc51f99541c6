import LinearAlgebra

/// A kernel modulo a prime, and the part of it on few columns.
///
/// The reduced basis has one vector for each pivot column f, with 1 there and 0 at the other pivot columns. So a kernel
/// vector supported on S is a combination of those with f in S, and its coefficients are its own entries: only these
/// few vectors matter.
///
/// - Exactness: exact modulo p.
struct ResidueKernel {
  private let columns: Int
  private let field: PrimeField
  private let vectors: [Int: [(column: Int, residue: Double)]]

  /// The kernel that a space of vectors is: its reduced rows have the wanted shape, with pivots for free columns.
  init(spannedBy kernel: EchelonBasis) {
    columns = kernel.columns
    field = kernel.field
    vectors = Dictionary(
      uniqueKeysWithValues: kernel.reducedRows().map { row in
        (row[0].column, row)
      })
  }

  /// The columns that are zero.
  var zeroColumns: [Int] { vectors.filter { $0.value.count == 1 }.keys.sorted() }

  /// A basis of the kernel vectors supported on some columns, each with all its entries.
  ///
  /// - Complexity: that of eliminating as many columns as there are pivots among the given.
  func basis(on support: [Int]) -> [[Double]] {
    let free = support.filter { vectors[$0] != nil }
    if free.isEmpty { return [] }
    let inside = Set(support)
    var outside: [Int: [Double]] = [:]
    for (k, column) in free.enumerated() {
      for entry in vectors[column, default: []] where !inside.contains(entry.column) {
        outside[entry.column, default: Array(repeating: 0, count: free.count)][k] = entry.residue
      }
    }
    var conditions = EchelonBasis(columns: free.count, field: field)
    for (_, row) in outside {
      conditions.insert(rows: row, count: 1)
      if conditions.isComplete { return [] }
    }
    return conditions.kernelBasis().map { combination in
      var sum = Array(repeating: 0.0, count: columns)
      for (k, factor) in combination {
        for (column, residue) in vectors[free[k], default: []] {
          sum[column] = field.sum(sum[column], field.product(factor, residue))
        }
      }
      return sum
    }
  }
}
