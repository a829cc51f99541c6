import ExactArithmetic
import LinearAlgebra

extension PrimeField {
  /// Whether rows are proved linearly independent: they are, if they are modulo the prime.
  ///
  /// - Shapes: all rows have the same number of entries.
  func areIndependent(_ rows: [[Dyadic]]) -> Bool {
    guard let columns = rows.first?.count, columns >= rows.count else { return rows.isEmpty }
    var basis = EchelonBasis(columns: columns, field: self)
    return basis.insert(rows: rows.flatMap { residues(of: $0) }, count: rows.count) == rows.count
  }

  /// The rank of rows: modulo the prime where that proves it, else exactly.
  ///
  /// - Shapes: all rows have the same number of entries.
  func rank(of rows: [[Dyadic]]) -> Int {
    areIndependent(rows) ? rows.count : ExactElimination.rank(of: rows)
  }
}
