import Figures
import Foundation
import Testing

@Suite("Layered graphs")
struct LayeredGraphTests {
  @Test("Vertices stand in the columns of their layers, edges between them, text is escaped")
  func drawing() throws {
    let figure = LayeredGraphFigure(
      title: "a < b", caption: ["two & one"],
      vertices: [.init("first", layer: 1), .init("<second>", layer: 2), .init("third", layer: 2)],
      edges: [.init(0, 1), .init(0, 2)])
    let text = figure.svg()
    #expect(text.components(separatedBy: "<circle").count == 4)
    #expect(text.components(separatedBy: "<path class=\"wall w1 sample\"").count == 3)
    #expect(text.contains("&lt;second&gt;") && text.contains("a &lt; b") && text.contains("layer 2 · 2"))
    let first = try #require(text.firstMatch(of: /class="f l1" cx="(\d+)"/))
    let second = try #require(text.firstMatch(of: /class="f l2" cx="(\d+)"/))
    #expect(try #require(Int(first.1)) < #require(Int(second.1)))
  }
}
