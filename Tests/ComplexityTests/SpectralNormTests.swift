import Complexity
import Crease
import Testing
import _TestSupport

@Suite("Spectral norms between proved bounds")
struct SpectralNormTests {
  @Test("Norms known in closed form lie between the bounds, and these are close")
  func closedForms() {
    // Rank one: ‖(3, 4)‖ · ‖(5, 12)‖; a scaled rotation; a diagonal; one number.
    expect([[15, 36], [20, 48]], squared: 65 * 65)
    expect([[3, -4], [4, 3]], squared: 25)
    expect([[2, 0, 0], [0, -7, 0], [0, 0, 1]], squared: 49)
    expect([[-3]], squared: 9)
    expect([[1, 1, 1, 1]], squared: 4)
    expect([[1], [2], [2]], squared: 9)
    let hadamard = (0..<8).map { i in (0..<8).map { j in (i & j).nonzeroBitCount % 2 == 0 ? 1.0 : -1 } }
    expect(hadamard, squared: 8)
    // 3² + 5² + 4² = 50 and (3 · 5)² = 225: the larger root of t² − 50 t + 225 is 45.
    expect([[3, 0], [4, 5]], squared: 45)
  }

  @Test("Zero and empty matrices have norm 0, huge and tiny ones no overflow")
  func extremes() {
    #expect(SpectralNorm(of: Matrix(repeating: 0.0, rows: 3, columns: 2)).upper == 0)
    #expect(SpectralNorm(of: Matrix(rows: 0, columns: 2, elements: [])).upper == 0)
    for scale in [1e300, 1e-300, 0x1p-1040] {
      let norm = SpectralNorm(of: Matrix(rows: 2, columns: 2, elements: [3, 0, 4, 5].map { $0 * scale }))
      #expect(norm.lower <= 45.0.squareRoot() * scale && norm.upper >= 45.0.squareRoot() * scale)
      #expect(norm.upper <= 6.71 * scale && norm.lower >= 6.70 * scale, "\(norm)")
    }
  }

  @Test("For small integers an exact elimination of t·I − WᵀW confirms both bounds")
  func integers() {
    forEachSeed(0..<60) { seed, rng in
      let (m, n) = (Int.random(in: 1...5, using: &rng), Int.random(in: 1...5, using: &rng))
      let rows = (0..<m).map { _ in (0..<n).map { _ in Double(Int.random(in: -3...3, using: &rng)) } }
      let norm = SpectralNorm(of: matrix(rows))
      #expect(holds(norm, rows), "seed \(seed): \(rows)")
      #expect(norm.relativeGap < 1e-12, "seed \(seed): \(norm)")
    }
  }

  @Test("The Hilbert matrix, whose singular values crowd at 0")
  func hilbert() {
    let rows = (0..<6).map { i in (0..<6).map { j in 1 / Double(i + j + 1) } }
    let norm = SpectralNorm(of: matrix(rows))
    #expect(holds(norm, rows))
    #expect(norm.relativeGap < 1e-12)
    #expect((1.6188...1.6190).contains(norm.upper))
  }

  @Test("A cluster of equal singular values, and a start that is far from the largest")
  func clusters() {
    let n = 120
    var elements = Array(repeating: 0.0, count: n * n)
    for i in 0..<n { elements[i * n + i] = i == 77 ? 1 + 0x1p-20 : 1 }
    let norm = SpectralNorm(of: Matrix(rows: n, columns: n, elements: elements))
    #expect(norm.upper >= 1 + 0x1p-20 && norm.lower <= 1 + 0x1p-20)
    #expect(norm.upper < 1 + 0x1p-19)
  }

  @Test("Larger matrices: LAPACK's singular value lies between bounds a relative 1e-9 apart")
  func larger() {
    forEachSeed(0..<4) { seed, rng in
      let (m, n) = (40 + 60 * Int(seed), 230 - 50 * Int(seed))
      let elements = (0..<m * n).map { _ in Double.random(in: -1...1, using: &rng) }
      let matrix = Matrix(rows: m, columns: n, elements: elements)
      let norm = SpectralNorm(of: matrix)
      let known = matrix.numericalSingularValues()[0]
      #expect(norm.lower <= known * (1 + 1e-13) && known <= norm.upper, "seed \(seed)")
      #expect(norm.relativeGap < 1e-9 && norm.method == .factorization, "seed \(seed): \(norm)")
    }
  }

  @Test("Beyond the limit of Gram matrices the bound by magnitudes holds")
  func magnitudes() {
    forEachSeed(0..<30) { seed, rng in
      let rows = (0..<4).map { _ in (0..<5).map { _ in Double(Int.random(in: -3...3, using: &rng)) } }
      let norm = SpectralNorm(of: matrix(rows), gramLimit: 0)
      #expect(holds(norm, rows), "seed \(seed)")
      let positive = rows.map { $0.map(\.magnitude) }
      let loose = SpectralNorm(of: matrix(positive), gramLimit: 0)
      #expect(loose.relativeGap < 1e-3 || loose.upper == 0, "seed \(seed): \(loose)")
    }
  }

  @Test("Blocks of a network with a skip block have norms, layers have none")
  func blocks() throws {
    let network = Network(
      inputCount: 2,
      layers: [
        .init(weights: Matrix(rows: 1, columns: 2, elements: [3, 4]), bias: [1], reading: 0),
        .init(
          blocks: [
            .init(source: 0, weights: ExactMatrix(Matrix(rows: 1, columns: 2, elements: [0, 2]))),
            .init(source: 1, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [-7]))),
          ], bias: ExactMatrix(column: [0])),
      ])
    #expect(throws: NetworkNorms.Obstacle.skipBlocks(layer: 2)) { try NetworkNorms(of: network) }
    let norms = try network.blockNorms()
    #expect(norms.map(\.source) == [0, 0, 1] && norms.map(\.layer) == [1, 2, 2])
    for (norm, value) in zip(norms, [5.0, 2, 7]) {
      #expect(
        norm.spectral.lower <= value && value <= norm.spectral.upper && norm.spectral.relativeGap < 1e-12)
    }
  }

  @Test("Entries that no double holds widen the bounds by their rounding")
  func corrections() {
    let third = Dyadic(1) + Dyadic(1).scaled(byPowerOfTwo: -80)
    let exact = ExactMatrix(rows: 1, columns: 1, elements: [third])
    let norm = SpectralNorm(of: exact)
    #expect(Dyadic(norm.upper) > third && Dyadic(norm.lower) < third)
  }

  private func matrix(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap(\.self))
  }

  private func expect(_ rows: [[Double]], squared: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
    let norm = SpectralNorm(of: matrix(rows))
    let exact = Dyadic(squared)
    #expect(
      Dyadic(norm.lower) * Dyadic(norm.lower) <= exact && exact <= Dyadic(norm.upper) * Dyadic(norm.upper),
      sourceLocation: sourceLocation)
    #expect(norm.relativeGap < 1e-12, sourceLocation: sourceLocation)
  }

  /// lower² ≤ λ_max(WᵀW) ≤ upper², decided exactly.
  private func holds(_ norm: SpectralNorm, _ rows: [[Double]]) -> Bool {
    let above = Dyadic(norm.upper) * Dyadic(norm.upper) + Dyadic(1).scaled(byPowerOfTwo: -400)
    let below = Dyadic(norm.lower) * Dyadic(norm.lower) - Dyadic(1).scaled(byPowerOfTwo: -400)
    return isAboveGram(above, rows) && !isAboveGram(below, rows)
  }

  /// Whether t·I − WᵀW is positive definite, by elimination without division.
  private func isAboveGram(_ t: Dyadic, _ rows: [[Double]]) -> Bool {
    let n = rows[0].count
    var a = (0..<n).map { i in
      (0..<n).map { j in
        rows.reduce(i == j ? t : .zero) { $0 - Dyadic($1[i]) * Dyadic($1[j]) }
      }
    }
    for k in 0..<n {
      if a[k][k].sign <= 0 { return false }
      let column = a.map { $0[k] }
      for i in (k + 1)..<max(n, k + 1) {
        for j in (k + 1)..<n { a[i][j] = column[k] * a[i][j] - column[i] * a[k][j] }
      }
    }
    return true
  }
}
