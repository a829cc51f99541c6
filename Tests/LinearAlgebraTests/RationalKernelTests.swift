import ExactArithmetic
import LinearAlgebra
import Testing
import _TestSupport

@Suite("Kernels over the rationals, from residues")
struct RationalKernelTests {
  private func kernel(
    _ rows: [[Dyadic]], columns: Int, maximumPrimes: Int = 200, using rng: inout some RandomNumberGenerator
  ) -> RationalKernel? {
    RationalKernel(columns: columns, maximumPrimes: maximumPrimes, using: &rng) { field in
      var basis = EchelonBasis(columns: columns, field: field)
      basis.insert(rows: rows.flatMap { field.residues(of: $0) }, count: rows.count)
      return basis
    }
  }

  @Test("Vectors are orthogonal to all rows exactly, one for each free column")
  func orthogonal() throws {
    try forEachSeed(0..<60) { seed, rng in
      let columns = Int.random(in: 0...12, using: &rng)
      let rows = plantedRows(15, columns, rank: Int.random(in: 0...10, using: &rng), using: &rng)
      let kernel = try #require(kernel(rows, columns: columns, using: &rng), "seed \(seed)")
      #expect(kernel.rank == ExactElimination.rank(of: rows), "seed \(seed)")
      #expect(kernel.vectors.count == columns - kernel.rank, "seed \(seed)")
      for (vector, free) in zip(kernel.vectors, kernel.freeColumns) {
        #expect(vector.last.map { $0 == (free, .one) } ?? false, "seed \(seed)")
        #expect(vector.dropLast().allSatisfy { kernel.pivotColumns.contains($0.column) && !$0.value.isZero })
        for row in rows {
          let sum = vector.reduce(Rational.zero) { $0 + $1.value * Rational(row[$1.column]) }
          #expect(sum.isZero, "seed \(seed)")
        }
      }
      #expect(rows.allSatisfy(kernel.isOrthogonal), "seed \(seed)")
    }
  }

  @Test("A vector with numbers of hundreds of bits is found, and a wrong row refused")
  func large() throws {
    try forEachSeed(0..<10) { seed, rng in
      let values = (0..<4).map { _ in
        Dyadic(BigInteger.random(bits: 300, using: &rng), exponent: Int.random(in: -99...99, using: &rng))
      }
      // Orthogonal to (v, −1, 0, …), …: row i says x_i = v_i · x_4.
      let rows = (0..<4).map { i in (0..<5).map { $0 == i ? Dyadic.one : $0 == 4 ? -values[i] : .zero } }
      let kernel = try #require(kernel(rows, columns: 5, using: &rng), "seed \(seed)")
      #expect(kernel.vectors.count == 1 && kernel.freeColumns == [4])
      #expect(kernel.vectors[0].map(\.value) == values.filter { !$0.isZero }.map { Rational($0) } + [.one])
      #expect(kernel.primes.count > 10, "seed \(seed)")
      #expect(rows.allSatisfy(kernel.isOrthogonal))
      #expect(!kernel.isOrthogonal(to: (0..<5).map { _ in Dyadic.one }), "seed \(seed)")
    }
  }

  @Test("Too few primes are no answer")
  func budget() {
    forEachSeed(0..<5) { seed, rng in
      let large = Dyadic(BigInteger.random(bits: 500, using: &rng) + BigInteger(7))
      let rows = [[Dyadic.one, large]]
      #expect(kernel(rows, columns: 2, maximumPrimes: 10, using: &rng) == nil, "seed \(seed)")
      #expect(kernel(rows, columns: 2, using: &rng)?.rank == 1, "seed \(seed)")
    }
  }

  @Test("Unlucky primes are discarded, whichever comes first", arguments: 0..<3, 0..<2)
  func unlucky(kind: Int, parity: Int) throws {
    // The kernel of x + 3y + 5z; every other prime is told another rank, or another pivot, or nothing.
    try forEachSeed(0..<3) { seed, rng in
      var call = parity
      let kernel = RationalKernel(columns: 3, using: &rng) { field in
        call += 1
        if kind == 2 && call % 2 == 0 { return nil }
        var basis = EchelonBasis(columns: 3, field: field)
        let unlucky: [Double] = kind == 0 ? [0, 0, 0] : [0, 1, 1]
        basis.insert(rows: call % 2 == 0 ? unlucky : [1, 3, 5], count: 1)
        return basis
      }
      let found = try #require(kernel, "seed \(seed)")
      #expect(found.pivotColumns == [0], "seed \(seed)")
      let expected = [-3, -5].map { [Rational(Dyadic($0)), .one] }
      #expect(found.vectors.map { vector in vector.map { $0.value } } == expected, "seed \(seed)")
      #expect(found.primes.count == 2, "seed \(seed)")
    }
  }

  @Test("Entries that vanish modulo the first prime only are found")
  func vanishing() throws {
    try forEachSeed(0..<5) { seed, rng in
      var copy = rng
      let first = Int64(PrimeField.random(using: &copy).prime)
      let rows = [[Dyadic(1), Dyadic(first)], [Dyadic(2), Dyadic(2 * first)]]
      let kernel = try #require(kernel(rows, columns: 2, using: &rng), "seed \(seed)")
      #expect(kernel.vectors[0].map { $0.value } == [Rational(Dyadic(-first)), .one], "seed \(seed)")
    }
  }

  @Test("Clearing denominators takes their least common multiple")
  func denominators() {
    let vector: RationalKernel.SparseVector = [
      (0, Rational(Dyadic(1), over: Dyadic(6))), (3, Rational(Dyadic(2), over: Dyadic(9))), (4, .one),
    ]
    let cleared = RationalKernel.clearingDenominators(vector)
    #expect(cleared.map(\.column) == [0, 3, 4])
    #expect(cleared.map(\.value) == [Dyadic(3, exponent: -1), Dyadic(2), Dyadic(9)])
  }
}
