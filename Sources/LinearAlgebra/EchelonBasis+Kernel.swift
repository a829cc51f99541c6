extension EchelonBasis {
  /// The reduced basis of the vectors orthogonal to all rows modulo p, one vector for each free column.
  ///
  /// Definition: the vector of a free column f has 1 at f, 0 at the other free columns, and at each pivot column the
  /// negative of the entry of its reduced row in column f; so only pivot columns left of f occur.
  ///
  /// - Returns: the nonzero entries of each vector by ascending column; the vectors in the order of ``freeColumns``.
  /// - Exactness: exact modulo p.
  /// - Complexity: O(rank · (D − rank)).
  public func kernelBasis() -> [[(column: Int, residue: Double)]] {
    var vectors = [[(column: Int, residue: Double)]](repeating: [], count: freeColumns.count)
    for (row, pivot) in locations {
      let entries = chunks[row.chunk].elements
      let start = row.index * freeColumns.count
      for f in freeColumns.indices where entries[start + f] != 0 {
        vectors[f].append((pivot, 0 - field.kernel.canonical(entries[start + f])))
      }
    }
    for (f, column) in freeColumns.enumerated() { vectors[f].append((column, 1)) }
    return vectors
  }

  /// A vector orthogonal to all rows modulo p, uniform among them.
  ///
  /// A row outside the row space is orthogonal to it with a chance of 1/p only: so one product tells whether a row is
  /// new, long before it is eliminated.
  ///
  /// - Returns: one residue for each column.
  /// - Complexity: O(rank · (D − rank)).
  public func randomKernelVector(using rng: inout some RandomNumberGenerator) -> [Double] {
    randomKernelVectors(1, using: &rng)
  }

  /// Some vectors orthogonal to all rows modulo p, uniform and independent of one another, in one pass over the rows.
  ///
  /// - Shapes: `count` · D residues, vector after vector.
  /// - Complexity: 2 · count · rank · (D − rank) floating-point operations, in matrix products.
  public func randomKernelVectors(_ count: Int, using rng: inout some RandomNumberGenerator) -> [Double] {
    precondition(count >= 0, "\(count) vectors")
    var vectors = [Double](repeating: 0, count: count * columns)
    var values = [Double](repeating: 0, count: count * freeColumns.count)
    for k in 0..<count {
      for (f, column) in freeColumns.enumerated() {
        let value = field.residue(of: Int.random(in: 0..<field.prime, using: &rng))
        values[f * count + k] = value
        vectors[k * columns + column] = value
      }
    }
    var done = 0
    for chunk in chunks {
      var products = [Double](repeating: 0, count: chunk.rows * count)
      field.subtractProduct(
        of: chunk.elements, and: values, rows: chunk.rows, inner: freeColumns.count, columns: count,
        from: &products)
      for row in 0..<chunk.rows {
        for k in 0..<count { vectors[k * columns + pivots[done + row]] = products[row * count + k] }
      }
      done += chunk.rows
    }
    return vectors
  }

  /// The reduced row of a pivot column, on all columns; nil for a free column.
  public func reducedRow(ofPivot column: Int) -> [Double]? {
    guard let (row, _) = locations.first(where: { $0.pivot == column }) else { return nil }
    var result = [Double](repeating: 0, count: columns)
    result[column] = 1
    let entries = chunks[row.chunk].elements
    for (f, free) in freeColumns.enumerated() {
      result[free] = field.kernel.canonical(entries[row.index * freeColumns.count + f])
    }
    return result
  }

  /// All reduced rows by ascending pivot column: the nonzero entries of each, the pivot first.
  ///
  /// - Exactness: exact modulo p.
  public func reducedRows() -> [[(column: Int, residue: Double)]] {
    locations.map { row, pivot in
      let entries = chunks[row.chunk].elements
      let start = row.index * freeColumns.count
      let others = freeColumns.indices.lazy.filter { entries[start + $0] != 0 }.map {
        (column: freeColumns[$0], residue: field.kernel.canonical(entries[start + $0]))
      }
      return [(column: pivot, residue: 1)] + others
    }
  }

  /// Whether a row lies in the row space modulo p.
  ///
  /// - Shapes: D entries.
  /// - Requires: the entries are integers of magnitude at most 2^51; residues are.
  public func contains(_ row: [Double]) -> Bool {
    precondition(row.count == columns, "a row of \(row.count) entries in a space of \(columns) columns")
    return remainder(of: row, first: 0, count: 1, threads: 1).elements.allSatisfy { $0 == 0 }
  }

  /// By how much the rank would grow if rows were taken in.
  ///
  /// - Shapes: `rows` has `count` · D entries, row by row.
  /// - Requires: the entries are integers of magnitude at most 2^51; residues are.
  /// - Complexity: 2 r (D − r) floating-point operations for each row, and nothing is copied.
  public func growth(of rows: [Double], count: Int) -> Int {
    precondition(rows.count == count * columns, "\(rows.count) entries in \(count) rows of \(columns)")
    if freeColumns.isEmpty || isComplete { return 0 }
    let rest = remainder(of: rows, first: 0, count: count, threads: 1)
    var space = EchelonBasis(columns: freeColumns.count, field: field, rankBound: rankBound - rank)
    return space.insert(rows: rest.elements, count: count)
  }

  /// Where the reduced row of each pivot column is, by ascending column.
  private var locations: [(row: (chunk: Int, index: Int), pivot: Int)] {
    let rows = chunks.indices.flatMap { chunk in (0..<chunks[chunk].rows).map { (chunk: chunk, index: $0) } }
    return zip(rows, pivots).map { (row: $0, pivot: $1) }.sorted { $0.pivot < $1.pivot }
  }
}

extension EchelonBasis: Equatable {
  /// Whether two row spaces over the same field are equal, whatever rows they came from.
  public static func == (a: EchelonBasis, b: EchelonBasis) -> Bool {
    a.columns == b.columns && a.field == b.field && a.freeColumns == b.freeColumns
      && zip(a.kernelBasis(), b.kernelBasis()).allSatisfy { $0.elementsEqual($1, by: ==) }
  }
}

extension Matrix where Scalar == Double {
  /// The rank of the exact values of the entries modulo a prime: at most the rank over ℚ.
  ///
  /// - Requires: all entries are finite.
  /// - Exactness: exact modulo p; a proved lower bound of the rank, equal to it but for few primes.
  public func rank(modulo field: PrimeField, threads: Int = 1) -> Int {
    var space = EchelonBasis(columns: columns, field: field, rankBound: min(rows, columns))
    return space.insert(self, threads: threads)
  }
}
