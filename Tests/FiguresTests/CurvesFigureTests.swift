import Foundation
import Testing

@testable import Figures

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Curves as a figure")
struct CurvesFigureTests {
  private func figure(_ series: [CurvesFigure.Series], reversed: Bool = false) -> CurvesFigure {
    CurvesFigure(
      title: "A < B & C", caption: ["\"quoted\""],
      horizontal: CurvesFigure.Axis("ε", scale: .logarithmic, isReversed: reversed),
      vertical: CurvesFigure.Axis("log₁₀ N"), series: series)
  }

  private let line = CurvesFigure.Series(
    "a & b", points: [.init(0.001, 30, spread: 25...40), .init(0.01, 20, spread: 15...25), .init(0.1, 10)])

  @Test("The picture is XML, follows dark pages, and has a curve, a band and a dot for each point")
  func svg() {
    let svg = figure([line, CurvesFigure.Series("c", points: [.init(1, 5)], isDashed: true)]).svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("prefers-color-scheme:dark") && svg.contains("A &lt; B &amp; C"))
    #expect(svg.components(separatedBy: "<circle class=\"dot").count - 1 == 4)
    #expect(svg.components(separatedBy: "<path class=\"band").count - 1 == 1)
    // Two of the legend; a single point makes no line.
    #expect(svg.components(separatedBy: "<path class=\"curve").count - 1 == 3)
    #expect(svg.contains("<title>a &amp; b: 20 at 0.01</title>"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test("Equal ratios have equal lengths on a logarithmic axis, to the left where it is reversed")
  func places() throws {
    for isReversed in [false, true] {
      let svg = figure([line], reversed: isReversed).svg()
      let places = svg.matches(of: /<circle class="dot c1" cx="([0-9.]+)"/).compactMap { Double($0.1) }
      try #require(places.count == 3)
      #expect(abs(places[0] + places[2] - 2 * places[1]) < 0.05)
      #expect((places[0] < places[2]) != isReversed)
    }
  }

  @Test("Ticks of a logarithmic axis are powers of ten, finer over few decades")
  func ticks() {
    #expect(Ticks(decades: -2...0).labels == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"])
    #expect(Ticks(decades: -3.2...0.1).labels == ["0.001", "0.01", "0.1", "1"])
    #expect(Ticks(decades: 0...40).values.count <= 9)
    #expect(Ticks(decades: 0...40).values.allSatisfy { $0 == $0.rounded() })
  }

  @Test("Large ordinates are counted in a power of ten, so that labels stay clear of the title")
  func largeOrdinates() {
    let svg = figure([CurvesFigure.Series("a", points: [.init(0.1, 6.4e6), .init(0.01, 8.9e6)])]).svg()
    #expect(svg.contains("log₁₀ N, in units of 10⁶") && !svg.contains("000000</text>"))
    #expect(svg.contains(">7</text>") || svg.contains(">7.0</text>"))
  }

  @Test("No curves, one point, equal ordinates, and more curves than colours can be drawn")
  func extremes() {
    let flat = CurvesFigure.Series("flat", points: [.init(1, 7), .init(2, 7)])
    for series in [
      [], [CurvesFigure.Series("p", points: [.init(3, 0)])], [flat], Array(repeating: flat, count: 9),
    ] {
      let svg = figure(series).svg()
      #expect(XMLParser(data: Data(svg.utf8)).parse() && !svg.contains("nan"))
    }
  }

  @Test("The page is self-contained and holds the table")
  func page() {
    let page = figure([line]).page(columns: ["name", "<n>"], rows: [["x", "1"]])
    #expect(page.contains("<th scope=\"col\">&lt;n&gt;</th>") && page.contains("<td>1</td>"))
    #expect(!page.contains("<script") && !page.contains("href=") && !page.contains("src="))
  }
}
