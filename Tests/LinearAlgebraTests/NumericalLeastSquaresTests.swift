import LinearAlgebra
import Testing
import _TestSupport

@Suite("Least squares")
struct NumericalLeastSquaresTests {
  @Test("The best fit of three points by a line")
  func line() {
    // y = 1/3 + x through (0, 0), (1, 2), (2, 2): residues −1/3, 2/3, −1/3.
    let a = Matrix(rows: 3, columns: 2, elements: [1.0, 0, 1, 1, 1, 2])
    let x = a.numericalLeastSquares([0, 2, 2], tolerance: 1e-12)
    #expect(x.count == 2 && abs(x[0] - 1.0 / 3) < 1e-14 && abs(x[1] - 1) < 1e-14)
  }

  @Test("The shortest of many solutions is orthogonal to the kernel; small singular values count as zero")
  func shortest() {
    let a = Matrix(rows: 1, columns: 3, elements: [1.0, 2, 2])
    let x = a.numericalLeastSquares([9], tolerance: 1e-12)
    #expect(zip(x, [1.0, 2, 2]).allSatisfy { abs($0 - $1) < 1e-14 })
    let nearlySingular = Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 1e-10])
    #expect(nearlySingular.numericalLeastSquares([1, 1], tolerance: 1e-9) == [1, 0])
    #expect(abs(nearlySingular.numericalLeastSquares([1, 1], tolerance: 1e-12)[1] - 1e10) < 1)
    #expect(
      Matrix(rows: 0, columns: 2, elements: [Double]()).numericalLeastSquares([], tolerance: 0) == [0, 0])
  }

  @Test("What is left over is orthogonal to the columns")
  func normalEquations() {
    forEachSeed(0..<20) { seed, rng in
      let (rows, columns) = (Int.random(in: 1...9, using: &rng), Int.random(in: 1...9, using: &rng))
      let a = Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &rng) })
      let b = (0..<rows).map { _ in Double.random(in: -1...1, using: &rng) }
      let x = a.numericalLeastSquares(b, tolerance: 1e-12)
      let rest = (0..<rows).map { i in b[i] - zip(a.row(i), x).reduce(0) { $0 + $1.0 * $1.1 } }
      for j in 0..<columns {
        #expect(abs((0..<rows).reduce(0) { $0 + a[$1, j] * rest[$1] }) < 1e-12, "seed \(seed)")
      }
    }
  }
}
