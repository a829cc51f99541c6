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
    let hidden = layer(rows, bias, reading: 1).writtenSigns()
    #expect(
      hidden == [.nonnegative, .nonpositive, .open, .nonnegative, .nonpositive, .nonnegative, .open, .open])
    let input = layer(rows, bias, reading: 0).writtenSigns()
    #expect(input == [.open, .open, .open, .nonnegative, .nonpositive, .nonnegative, .open, .open])
  }

  @Test("Pairs that cancel do not hide the sign of a row")
  func cancellingPairs() throws {
    // h1 = relu(x), h2 = relu(2x), h3 = relu(-x); the row 2 h1 - h2 + h3 is relu(-x).
    let network = Network(
      weights: [[[1], [2], [-1]], [[2, -1, 1]], [[1]]], biases: [[0, 0, 0], [0], [0]])
    let (graph, facts) = try SignalGraph.withFacts(network)
    #expect(facts[1] == [.active])
    #expect(graph.forms.count == 1)
  }

  @Test("What is found does not depend on the order of neurons on both sides of a line")
  func bothSides() throws {
    let rows: [([Double], Double)] = [([1], 0), ([-1], 0), ([1], 1), ([-1], -1)]
    let second: [[Double]] = [[1, 1, 2, 0], [0, 1, 1, 1], [1, -1, 0, 0]]
    var forms: Set<String> = []
    for order in [[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 0, 3, 1]] {
      let network = Network(
        weights: [order.map { rows[$0].0 }, second.map { row in order.map { row[$0] } }, [[1, 2, 3]]],
        biases: [order.map { rows[$0].1 }, [0, 0.5, -0.25], [0]])
      var text = ""
      try CanonicalForm(SignalGraph(network)).forEachLine { text += $0 }
      forms.insert(text)
    }
    #expect(forms.count == 1)
  }
}
