import LinearAlgebra
import Testing
import _TestSupport

@Suite("Numerical rank")
struct NumericalRankTests {
  @Test("A diagonal has its entries as singular values", arguments: [nil, NumericalRank.Method.pivotedQR])
  func diagonal(method: NumericalRank.Method?) {
    var matrix = Matrix(repeating: 0.0, rows: 5, columns: 3)
    for (i, value) in [-2, 3e-20, 0.5].enumerated() { matrix[i, i] = value }
    for matrix in [matrix, matrix.transposed] {
      let rank = matrix.numericalRank(method: method)
      #expect(rank.value == 2)
      #expect(rank.tolerance == 5 * 0x1p-52 * 2)
      #expect(rank.values.count == 3 && rank.values[0] == 2)
      #expect(rank.smallestKept == 0.5)
      #expect(rank.largestDropped.map { abs($0 - 3e-20) < 1e-30 } ?? false)
      #expect(rank.gapRatio.map { $0 > 1.6e19 } ?? false)
      #expect(rank.valuesAroundGap(1).count == 2)
      #expect(rank.method == (method ?? .singularValues))
      #expect(matrix.numericalRank(tolerance: 1e-30, method: method).value == 3)
      #expect(matrix.numericalRank(tolerance: 1e-30, method: method).gapRatio == nil)
      #expect(matrix.numericalRank(tolerance: 1, method: method).value == 1)
    }
  }

  @Test("Both methods find a planted rank, with a wide gap")
  func planted() {
    forEachSeed(0..<20) { seed, rng in
      let (rows, columns, rank) = (30, 18, Int.random(in: 1...17, using: &rng))
      func random(_ m: Int, _ n: Int) -> Matrix<Double> {
        Matrix(
          rows: m, columns: n, elements: (0..<m * n).map { _ in Double.random(in: -1...1, using: &rng) })
      }
      var product = Matrix(repeating: 0.0, rows: rows, columns: columns)
      random(rows, rank).addProduct(with: random(rank, columns), to: &product)
      for method in [NumericalRank.Method.singularValues, .pivotedQR] {
        let found = product.numericalRank(method: method)
        #expect(found.value == rank, "seed \(seed), \(method)")
        #expect((found.gapRatio ?? 0) > 1e8, "seed \(seed), \(method)")
      }
    }
  }

  @Test("Nothing and zero have rank 0")
  func edges() {
    for (m, n) in [(0, 0), (0, 3), (3, 0), (2, 3)] {
      for method in [NumericalRank.Method.singularValues, .pivotedQR] {
        let rank = Matrix(repeating: 0.0, rows: m, columns: n).numericalRank(method: method)
        #expect(rank.value == 0 && rank.gapRatio == nil && rank.smallestKept == nil)
        #expect(rank.values.count == min(m, n))
      }
    }
  }
}
