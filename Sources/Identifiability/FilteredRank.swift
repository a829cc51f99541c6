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

  /// The rank of rows: modulo the prime where that is as large as can be, else exactly.
  ///
  /// - Shapes: all rows have the same number of entries.
  func rank(of rows: [[Dyadic]]) -> Int {
    let rows = rows.filter { !$0.allSatisfy(\.isZero) }
    guard let columns = rows.first?.count else { return 0 }
    var basis = EchelonBasis(columns: columns, field: self)
    let least = basis.insert(rows: rows.flatMap { residues(of: $0) }, count: rows.count)
    return least == min(rows.count, columns) ? least : ExactElimination.rank(of: rows)
  }
}
