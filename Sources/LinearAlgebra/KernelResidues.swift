import ExactArithmetic

/// The entries of one kernel basis modulo several primes.
struct KernelResidues {
  let columns: Int
  let pivotColumns: [Int]
  let freeColumns: [Int]
  private(set) var fields: [PrimeField]
  /// For each vector and each column where it is not zero modulo some prime, the residues modulo all.
  private var entries: [[(column: Int, residues: [Int32])]]
  /// The vector whose entries were too large for the last reconstruction: the first to try again.
  private var largest = 0

  init(_ basis: EchelonBasis) {
    columns = basis.columns
    pivotColumns = basis.pivotColumns
    freeColumns = basis.freeColumns
    fields = [basis.field]
    entries = basis.kernelBasis().map { $0.map { ($0.column, [Int32($0.residue)]) } }
  }

  /// Adds the residues modulo one more prime with the same pivots.
  mutating func append(_ basis: EchelonBasis) {
    precondition(basis.pivotColumns == pivotColumns, "pivots differ")
    for (f, vector) in basis.kernelBasis().enumerated() {
      // Both lists are ascending and end with the free column, so nothing is left over.
      var merged: [(column: Int, residues: [Int32])] = []
      var old = entries[f][...]
      for (column, residue) in vector {
        while let first = old.first, first.column < column {
          merged.append((first.column, first.residues + [0]))
          old.removeFirst()
        }
        if let first = old.first, first.column == column {
          merged.append((column, first.residues + [Int32(residue)]))
          old.removeFirst()
        } else {
          merged.append((column, Array(repeating: 0, count: fields.count) + [Int32(residue)]))
        }
      }
      entries[f] = merged
    }
    fields.append(basis.field)
  }

  /// The fractions of all entries; nil when one has none small enough for the primes so far.
  mutating func reconstructed() -> [RationalKernel.SparseVector]? {
    let combination = ResidueCombination(fields: fields)
    var vectors = [RationalKernel.SparseVector](repeating: [], count: entries.count)
    for turn in entries.indices {
      let f = (largest + turn) % entries.count
      for (column, residues) in entries[f] {
        guard let value = combination.rational(residues) else {
          largest = f
          return nil
        }
        if !value.isZero { vectors[f].append((column, value)) }
      }
    }
    return vectors
  }
}
