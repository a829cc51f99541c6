import ExactArithmetic
import LinearAlgebra
import Testing
import _TestSupport

@Suite("Exact elimination")
struct ExactEliminationTests {
  static func dyadics(_ rows: [[Int]]) -> [[Dyadic]] { rows.map { $0.map { Dyadic(Int64($0)) } } }

  /// The determinant by expansion along the first row, which shares nothing with elimination.
  static func expansion(_ rows: [[Dyadic]]) -> Dyadic {
    guard let first = rows.first else { return .one }
    var sum = Dyadic.zero
    for (j, entry) in first.enumerated() {
      let minor = expansion(rows.dropFirst().map { row in row[..<j] + row[(j + 1)...] }.map(Array.init))
      sum = sum + (j.isMultiple(of: 2) ? entry * minor : -(entry * minor))
    }
    return sum
  }

  static func dot(_ a: [Dyadic], _ b: [Dyadic]) -> Dyadic { zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 } }

  @Test("Worked examples: rank, null vector, solution, determinant")
  func examples() throws {
    let singular = Self.dyadics([[1, 2, 3], [2, 4, 6], [0, 1, 1]])
    #expect(ExactElimination.rank(of: singular) == 2)
    #expect(ExactElimination.determinant(of: singular) == .zero)
    let vector = try #require(ExactElimination.nullVector(of: singular))
    #expect(vector.contains { !$0.isZero })
    #expect(singular.allSatisfy { Self.dot($0, vector).isZero })
    // 2·(1·9 − 5·7) − 0 + 1·(4·7 − 1·6) = −52 + 22.
    #expect(
      ExactElimination.determinant(of: Self.dyadics([[2, 0, 1], [4, 1, 5], [6, 7, 9]])) == Dyadic(-30))
    #expect(ExactElimination.determinant(of: Self.dyadics([[0, 1], [1, 0]])) == Dyadic(-1))
    let solution = try #require(
      ExactElimination.solution(of: Self.dyadics([[3, 0], [1, 1]]), rightSides: [.one, .one]))
    #expect(solution.numerators[0] * Dyadic(3) == solution.denominator)
    #expect(solution.numerators[1] * Dyadic(3) == solution.denominator * Dyadic(2))
  }

  @Test("There is no null vector when the rank is too small or full")
  func noNullVector() {
    #expect(ExactElimination.nullVector(of: []) == nil)
    #expect(ExactElimination.nullVector(of: Self.dyadics([[1, 2, 3]])) == nil)
    #expect(ExactElimination.nullVector(of: Self.dyadics([[1, 2, 3], [2, 4, 6]])) == nil)
    #expect(ExactElimination.nullVector(of: Self.dyadics([[1, 0], [0, 1]])) == nil)
    #expect(
      ExactElimination.nullVector(of: Self.dyadics([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])) == nil)
    #expect(ExactElimination.nullVector(of: Self.dyadics([[0, 0], [0, 0]])) == nil)
    #expect(ExactElimination.nullVector(of: Self.dyadics([[0]])) == [.one])
    #expect(ExactElimination.nullVector(of: Self.dyadics([[5]])) == nil)
  }

  @Test("A system without solution, and one with many, have none to give")
  func noSolution() {
    let rows = Self.dyadics([[1, 1], [2, 2]])
    #expect(ExactElimination.solution(of: rows, rightSides: [.one, Dyadic(3)]) == nil)
    #expect(ExactElimination.solution(of: rows, rightSides: [.one, Dyadic(2)]) == nil)
  }

  @Test("Determinants agree with expansion, for numbers of every kind")
  func determinants() {
    forEachSeed(0..<60) { seed, rng in
      let size = Int.random(in: 0...5, using: &rng)
      let rows = (0..<size).map { _ in (0..<size).map { _ in Dyadic.random(using: &rng) } }
      #expect(ExactElimination.determinant(of: rows) == Self.expansion(rows), "seed \(seed)")
    }
  }

  @Test("A planted rank is found, and the null vector is orthogonal to every row, dependent ones included")
  func plantedRank() {
    forEachSeed(0..<120) { seed, rng in
      let columns = Int.random(in: 1...7, using: &rng)
      let rank = Int.random(in: 0...columns, using: &rng)
      let basis = (0..<rank).map { i in
        // A unit triangle makes the rank certain.
        (0..<columns).map { j in
          j < i ? .zero : j == i ? Dyadic.one : Dyadic(Double.random(in: -3...3, using: &rng))
        }
      }
      var rows = basis
      for _ in 0..<Int.random(in: 0...4, using: &rng) {
        let factors = basis.map { _ in Dyadic(Int64.random(in: -2...2, using: &rng), exponent: -1) }
        rows.append(
          (0..<columns).map { j in zip(factors, basis).reduce(.zero) { $0 + $1.0 * $1.1[j] } })
      }
      rows.shuffle(using: &rng)
      if rows.isEmpty { return }
      #expect(ExactElimination.rank(of: rows) == rank, "seed \(seed)")
      let vector = ExactElimination.nullVector(of: rows)
      #expect((vector != nil) == (rank == columns - 1), "seed \(seed)")
      if let vector {
        #expect(vector.contains { !$0.isZero }, "seed \(seed)")
        for row in rows { #expect(Self.dot(row, vector).isZero, "seed \(seed)") }
      }
    }
  }

  @Test("Rows that differ in the last bit only are independent")
  func nearlyParallel() {
    let first = [Dyadic(1), Dyadic(0.1), Dyadic(1e9)]
    let second = [Dyadic(1), Dyadic(0.1.nextUp), Dyadic(1e9)]
    #expect(ExactElimination.rank(of: [first, second]) == 2)
    #expect(ExactElimination.rank(of: [first, first.map { $0.scaled(byPowerOfTwo: -900) }]) == 1)
  }
}
