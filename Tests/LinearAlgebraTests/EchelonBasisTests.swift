import ExactArithmetic
import LinearAlgebra
import Testing
import _TestSupport

@Suite("Echelon bases modulo a prime")
struct EchelonBasisTests {
  /// The row space of rows inserted in blocks of random sizes.
  private func space(
    _ rows: [[Double]], columns: Int, _ field: PrimeField, threads: Int = 1,
    using rng: inout some RandomNumberGenerator
  ) -> EchelonBasis {
    var basis = EchelonBasis(columns: columns, field: field)
    var rest = rows[...]
    while !rest.isEmpty {
      let block = rest.prefix(Int.random(in: 1...max(1, rows.count), using: &rng))
      rest = rest.dropFirst(block.count)
      let before = basis.rank
      let grown = basis.insert(rows: block.flatMap { $0 }, count: block.count, threads: threads)
      #expect(basis.rank == before + grown)
    }
    return basis
  }

  @Test("The rank of random dyadic rows is that of exact elimination, at most")
  func exactRank() {
    forEachSeed(0..<200) { seed, rng in
      let (count, columns) = (Int.random(in: 1...14, using: &rng), Int.random(in: 1...10, using: &rng))
      let rows = plantedRows(count, columns, rank: Int.random(in: 0...8, using: &rng), using: &rng)
      let exact = ExactElimination.rank(of: rows)
      let field = PrimeField.ofAnySize(using: &rng)
      let basis = space(rows.map { field.residues(of: $0) }, columns: columns, field, using: &rng)
      #expect(basis.rank <= exact, "seed \(seed), modulo \(field.prime)")
      if field.prime > 1000 { #expect(basis.rank == exact, "seed \(seed), modulo \(field.prime)") }
    }
  }

  @Test("A random vector of the kernel is orthogonal to all rows, and to no other row but by chance")
  func randomKernelVector() throws {
    let field = try #require(PrimeField(prime: 8_388_593))
    forEachSeed(0..<100) { seed, rng in
      let (count, columns) = (Int.random(in: 0...14, using: &rng), Int.random(in: 1...12, using: &rng))
      let rows = plantedRows(count, columns, rank: Int.random(in: 0...8, using: &rng), using: &rng)
        .map { field.residues(of: $0) }
      let basis = space(rows, columns: columns, field, using: &rng)
      let vector = basis.randomKernelVector(using: &rng)
      func product(_ row: [Double]) -> Double {
        zip(row, vector).reduce(0) { field.sum($0, field.product($1.0, $1.1)) }
      }
      #expect(rows.allSatisfy { product($0) == 0 }, "seed \(seed)")
      let other = (0..<columns).map { _ in field.randomResidue(using: &rng) }
      #expect((product(other) == 0) == basis.contains(other), "seed \(seed)")
    }
  }

  @Test("Random vectors of the kernel are orthogonal to all rows and independent, as many as fit")
  func randomKernelVectors() throws {
    let field = try #require(PrimeField(prime: 8_388_593))
    forEachSeed(0..<60) { seed, rng in
      let columns = Int.random(in: 1...12, using: &rng)
      let rows = plantedRows(14, columns, rank: Int.random(in: 0...8, using: &rng), using: &rng)
        .map { field.residues(of: $0) }
      let basis = space(rows, columns: columns, field, using: &rng)
      let vectors = basis.randomKernelVectors(3, using: &rng)
      for row in rows {
        for k in 0..<3 {
          let sum = (0..<columns).reduce(0.0) {
            field.sum($0, field.product(row[$1], vectors[k * columns + $1]))
          }
          #expect(sum == 0, "seed \(seed), vector \(k)")
        }
      }
      var span = EchelonBasis(columns: columns, field: field)
      #expect(span.insert(rows: vectors, count: 3) == min(3, columns - basis.rank), "seed \(seed)")
    }
  }

  @Test("The reduced rows are those of schoolbook elimination, whatever the field")
  func schoolbook() {
    forEachSeed(0..<150) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let columns = Int.random(in: 1...12, using: &rng)
      let rows = (0..<Int.random(in: 1...15, using: &rng)).map { _ in
        (0..<columns).map { _ in Bool.random(using: &rng) ? 0 : field.randomResidue(using: &rng) }
      }
      let basis = space(rows, columns: columns, field, using: &rng)
      let expected = field.schoolbookEchelon(rows)
      #expect(basis.pivotColumns == expected.map(\.pivot), "seed \(seed), modulo \(field.prime)")
      #expect(basis.freeColumns == (0..<columns).filter { !basis.pivotColumns.contains($0) })
      for (pivot, row) in expected {
        #expect(
          basis.reducedRow(ofPivot: pivot) == row.map { field.residue(of: $0) },
          "seed \(seed), modulo \(field.prime)")
      }
      let sparse = expected.map { pivot, row in
        row.indices.filter { field.residue(of: row[$0]) != 0 }.map {
          [Double($0), field.residue(of: row[$0])]
        }
      }
      #expect(
        basis.reducedRows().map { $0.map { [Double($0.column), $0.residue] } } == sparse, "seed \(seed)")
      #expect(rows.allSatisfy(basis.contains), "seed \(seed)")
      for free in basis.freeColumns {
        #expect(basis.reducedRow(ofPivot: free) == nil)
        // A unit vector of a free column lies in the space only if it is a reduced row, which it is not.
        #expect(!basis.contains((0..<columns).map { $0 == free ? 1 : 0 }), "seed \(seed)")
      }
    }
  }

  @Test("Neither the order of rows, nor blocks, nor threads change the result")
  func invariance() {
    forEachSeed(0..<12) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let rows = plantedRows(90, 60, rank: 20, using: &rng).map { field.residues(of: $0) }
      let reference = space(rows, columns: 60, field, using: &rng)
      let shuffled = space(rows.shuffled(using: &rng), columns: 60, field, threads: 3, using: &rng)
      #expect(reference == shuffled, "seed \(seed)")
      var single = EchelonBasis(columns: 60, field: field)
      for row in rows { single.insert(rows: row, count: 1) }
      #expect(reference == single, "seed \(seed)")
      var all = EchelonBasis(columns: 60, field: field)
      all.insert(rows: rows.flatMap { $0 }, count: rows.count, threads: 2)
      #expect(reference == all, "seed \(seed)")
    }
  }

  @Test(
    "Large matrices of extreme residues have FLINT's rank", .enabled(if: FLINTRank() != nil),
    arguments: [3, 8_388_593, 67_108_859])
  func flint(prime: Int) throws {
    let rank = try #require(FLINTRank())
    let field = try #require(PrimeField(prime: prime))
    forEachSeed(0..<1) { _, rng in
      for (count, columns) in [(700, 620), (600, 900)] {
        // Entries ±(p − 1)/2 make every sum of products as large as it can get.
        let half = Double(prime / 2)
        let rows = (0..<count).map { _ in
          (0..<columns).map { _ in Int.random(in: 0..<9, using: &rng) == 0 ? -half : half }
        }
        let elements = rows.flatMap { $0 }
        let basis = space(rows, columns: columns, field, threads: 2, using: &rng)
        #expect(
          basis.rank == rank(elements, rows: count, columns: columns, prime: prime), "\(count)x\(columns)")
        var again = EchelonBasis(columns: columns, field: field)
        again.insert(rows: elements, count: count, threads: 3)
        #expect(again == basis, "\(count)x\(columns)")
        var hundreds = EchelonBasis(columns: columns, field: field)
        for first in stride(from: 0, to: count, by: 100) {
          hundreds.insert(rows: rows[first..<first + 100].flatMap { $0 }, count: 100)
        }
        #expect(hundreds == basis, "\(count)x\(columns)")
        #expect(basis.contains(rows[count / 2]))
        // Every kernel vector is orthogonal to every row, in integers.
        for vector in basis.kernelBasis().prefix(5) {
          for row in rows {
            #expect(vector.reduce(0) { ($0 + Int($1.residue) * Int(row[$1.column])) % prime } == 0)
          }
        }
      }
    }
  }

  @Test("Kernel vectors are orthogonal to all rows and independent")
  func kernel() {
    forEachSeed(0..<100) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let columns = Int.random(in: 1...20, using: &rng)
      let rows = plantedRows(25, columns, rank: Int.random(in: 0...12, using: &rng), using: &rng)
        .map { field.residues(of: $0) }
      let basis = space(rows, columns: columns, field, using: &rng)
      let vectors = basis.kernelBasis()
      #expect(vectors.count == columns - basis.rank)
      for (vector, free) in zip(vectors, basis.freeColumns) {
        #expect(vector.last.map { $0 == (free, 1) } ?? false, "seed \(seed)")
        #expect(zip(vector, vector.dropFirst()).allSatisfy { $0.column < $1.column }, "seed \(seed)")
        #expect(vector.dropLast().allSatisfy { basis.pivotColumns.contains($0.column) && $0.residue != 0 })
        for row in rows {
          let sum = vector.reduce(0.0) { field.sum($0, field.product($1.residue, row[$1.column])) }
          #expect(sum == 0, "seed \(seed), modulo \(field.prime)")
        }
      }
    }
  }

  @Test("Zero rows, zero columns, one column, duplicates, more rows than columns")
  func edges() throws {
    let field = try #require(PrimeField(prime: 8_388_593))
    var none = EchelonBasis(columns: 0, field: field)
    #expect(none.insert(rows: [], count: 7) == 0)
    #expect(none.rank == 0 && none.isComplete && none.kernelBasis().isEmpty && none.contains([]))
    var one = EchelonBasis(columns: 1, field: field)
    #expect(one.insert(rows: [], count: 0) == 0)
    #expect(one.insert(rows: [0, 0, 0], count: 3) == 0)
    #expect(one.kernelBasis().map { $0.map(\.residue) } == [[1]])
    #expect(one.insert(rows: [0, 5, 5, -2], count: 4) == 1)
    #expect(one.isComplete && one.reducedRow(ofPivot: 0) == [1] && one.kernelBasis().isEmpty)
    #expect(one.contains([3]))
    var three = EchelonBasis(columns: 3, field: field)
    #expect(three.insert(rows: [1, 2, 3, 2, 4, 6, 1, 2, 3], count: 3) == 1)
    #expect(three.insert(rows: [0, 0, 0, 8_388_593, 0, 0], count: 2) == 0)  // p is zero, too
    #expect(three.insert(rows: [0, 0, 5], count: 1) == 1)
    #expect(three.pivotColumns == [0, 2] && three.freeColumns == [1])
    #expect(three.reducedRow(ofPivot: 0) == [1, 2, 0])
    #expect(three.kernelBasis().map { $0.map(\.residue) } == [[-2, 1]])
    // A later row may take a pivot before the earlier ones.
    var late = EchelonBasis(columns: 3, field: field)
    late.insert(rows: [0, 1, 1], count: 1)
    late.insert(rows: [1, 1, 0], count: 1)
    #expect(late.pivotColumns == [0, 1] && late.reducedRow(ofPivot: 0) == [1, 0, -1])
  }

  @Test("A rank bound ends the work")
  func bound() throws {
    let field = try #require(PrimeField(prime: 101))
    var basis = EchelonBasis(columns: 4, field: field, rankBound: 2)
    #expect(basis.insert(rows: [1, 0, 0, 0], count: 1) == 1)
    #expect(!basis.isComplete)
    #expect(basis.insert(rows: [1, 0, 0, 0, 0, 1, 0, 0], count: 2) == 1)
    #expect(basis.isComplete)
    #expect(basis.insert(rows: [0, 0, 1, 0], count: 1) == 0)
    #expect(basis.rank == 2)
  }

  @Test("A copy is a value of its own")
  func values() throws {
    let field = try #require(PrimeField(prime: 101))
    var basis = EchelonBasis(columns: 2, field: field)
    basis.insert(rows: [1, 1], count: 1)
    let copy = basis
    basis.insert(rows: [1, 2], count: 1)
    #expect(copy.rank == 1 && copy.reducedRow(ofPivot: 0) == [1, 1])
    #expect(copy != basis)
  }

  @Test("The rank of a matrix of doubles modulo a prime is a lower bound of its rank")
  func matrix() throws {
    // 1/3 as a double is not a third, so the rows are independent: exactly, and modulo nearly every prime.
    let matrix = Matrix(rows: 2, columns: 2, elements: [1, 1.0 / 3, 3, 1])
    let field = try #require(PrimeField(prime: 8_388_593))
    #expect(matrix.rank(modulo: field) == 2)
    #expect(Matrix(rows: 2, columns: 2, elements: [1, 0.25, 4, 1]).rank(modulo: field) == 1)
    // The determinant is −101.
    let unlucky = try #require(PrimeField(prime: 101))
    #expect(Matrix(rows: 2, columns: 2, elements: [1, 10, 10, -1]).rank(modulo: unlucky) == 1)
    #expect(Matrix(rows: 0, columns: 2, elements: []).rank(modulo: field) == 0)
  }
}
