import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Census as a figure")
struct CensusFigureTests {
  private func panel(_ family: String, depth: Int, _ deficits: [Int]) -> CensusFigure.Panel {
    let full = Double(deficits.count { $0 == 0 }) / Double(deficits.count)
    return CensusFigure.Panel(
      label: "\(family), depth \(depth)", family: family, depth: depth, fullDimension: 40, deficits: deficits,
      sampleDeficits: deficits.map { $0 + 1 }, mean: 2, share: full,
      interval: max(0, full - 0.1)...min(1, full + 0.1))
  }

  private var figure: CensusFigure {
    CensusFigure(
      title: "A < B & C", caption: ["\"quoted\""],
      panels: [
        panel("a", depth: 3, [0, 0, 1, 250]), panel("a", depth: 2, [0, 0, 0, 0]),
        panel("b", depth: 3, [7, 9]),
        panel("b", depth: 2, [0, 3]),
      ])
  }

  @Test("The picture is XML, follows dark pages, and has a bar for each bin that is not empty")
  func svg() {
    let svg = figure.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("prefers-color-scheme:dark") && svg.contains("A &lt; B &amp; C"))
    #expect(svg.contains("<title>no deficit: 100\u{202F}% of 4 networks</title>"))
    #expect(svg.components(separatedBy: "<circle class=\"dot").count - 1 == 4 + 2)
    // One of the key, one each for three panels.
    #expect(svg.components(separatedBy: "<rect class=\"full\"").count - 1 == 1 + 3)
    #expect(svg.components(separatedBy: "<rect class=\"deficit\"").count - 1 == 1 + 2 + 2 + 1)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test("One panel, no deficits and no networks can be drawn")
  func extremes() {
    for deficits in [[0], [5]] {
      let svg = CensusFigure(title: "t", caption: [], panels: [panel("a", depth: 1, deficits)]).svg()
      #expect(XMLParser(data: Data(svg.utf8)).parse() && !svg.contains("nan"))
    }
    #expect(XMLParser(data: Data(CensusFigure(title: "t", caption: [], panels: []).svg().utf8)).parse())
  }

  @Test("The page is self-contained and holds the table")
  func page() {
    let page = figure.page(columns: ["name", "<n>"], rows: [["x", "1"], ["y", "2"]])
    #expect(page.contains("<th scope=\"col\">&lt;n&gt;</th>") && page.contains("<td>2</td>"))
    #expect(!page.contains("<script") && !page.contains("href=") && !page.contains("src="))
  }
}
