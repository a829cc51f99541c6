import ExactArithmetic
import LinearAlgebra
import Networks
import Testing

@testable import Symmetry

@Suite("Signs of neurons")
struct SignTests {
  @Test("A range that only touches 0 has a sign")
  func ranges() {
    #expect(Sign(of: Interval(0, 1)) == .nonnegative)
    #expect(Sign(of: Interval(-1, 0)) == .nonpositive)
    #expect(Sign(of: Interval(-1, 1)) == .open)
    #expect(Sign(of: Interval(0, 0)) == .nonnegative)
  }

  @Test("Rows of one sign on hidden neurons have a sign, rows on inputs have none")
  func written() {
    func layer(_ rows: [[Double]], _ bias: [Double], reading source: Int) -> Network.Layer {
      let columns = rows.first?.count ?? 0
      let matrix = Matrix(rows: rows.count, columns: columns, elements: rows.flatMap(\.self))
      return Network.Layer(weights: matrix, bias: bias, reading: source)
    }
    let rows: [[Double]] = [[1, 0], [-1, -2], [1, -1], [0, 0], [0, 0], [0, 0], [1, 1], [-1, 0]]
    let bias: [Double] = [0, 0, 0, 1, -1, 0, -1, 1]
    let hidden = layer(rows, bias, reading: 1).writtenSigns(ranges: nil)
    #expect(
      hidden == [.nonnegative, .nonpositive, .open, .nonnegative, .nonpositive, .nonnegative, .open, .open])
    let input = layer(rows, bias, reading: 0).writtenSigns(ranges: nil)
    #expect(input == [.open, .open, .open, .nonnegative, .nonpositive, .nonnegative, .open, .open])
    let ranges = [Interval(1, 2), Interval(-2, -1)] + Array(repeating: Interval(-1, 1), count: 6)
    let known = layer(rows, bias, reading: 0).writtenSigns(ranges: ranges)
    #expect(known == [.nonnegative, .nonpositive] + Array(repeating: .open, count: 6))
  }
}
