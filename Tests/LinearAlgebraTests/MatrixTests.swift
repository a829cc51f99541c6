import LinearAlgebra
import Testing

@Suite("Matrices")
struct MatrixTests {
  @Test(
    "Transposing exchanges rows and columns, whatever the size",
    arguments: [(0, 0), (0, 3), (1, 1), (1, 70), (32, 32), (33, 31), (45, 100), (97, 64)])
  func transposed(_ rows: Int, _ columns: Int) {
    let matrix = Matrix(rows: rows, columns: columns, elements: Array(0..<rows * columns))
    let other = matrix.transposed
    #expect(other.rows == columns && other.columns == rows)
    for i in 0..<rows { for j in 0..<columns { #expect(other[j, i] == matrix[i, j]) } }
    #expect(other.transposed == matrix)
  }
}
