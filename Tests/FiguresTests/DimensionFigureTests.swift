import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Dimensions as figures")
struct DimensionFigureTests {
  private let figure = DimensionFigure(
    title: "a < b", caption: ["\"quoted\""],
    parts: [
      .init("moving", count: 900, kind: .moving), .init("rescaling", count: 99, kind: .rescaling),
      .init("never & never", count: 1, kind: .reason(0)), .init("open", count: 0, kind: .open),
    ],
    layers: [
      .init(
        "layer 1",
        parts: [.init("plain", count: 3, kind: .moving), .init("dead", count: 1, kind: .reason(0))])
    ])

  /// The widths of the rectangles of a class within the bar of all parameters.
  private func widths(_ svg: String, _ name: String) -> [Double] {
    svg.matches(of: /<rect class="([a-z0-9]+)" x="[0-9.]+" width="([0-9.]+)" height="34"/)
      .filter { $0.1 == name }.compactMap { Double($0.2) }
  }

  @Test("The bar has a part for each that is not empty, as wide as its count, but never too thin to be seen")
  func ledger() {
    let svg = figure.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("prefers-color-scheme:dark") && svg.contains("a &lt; b"))
    #expect(svg.contains("<title>never &amp; never: 1 of 1000 parameters</title>"))
    #expect(svg.contains("<title>dead: 1 of 4 neurons</title>"))
    let (moving, rescaling, dead) = (widths(svg, "moving"), widths(svg, "rescaling"), widths(svg, "reason1"))
    #expect(moving.count == 1 && rescaling.count == 1 && dead.count == 1 && widths(svg, "open").isEmpty)
    #expect(abs(moving[0] / rescaling[0] - 9) < 0.4 && dead[0] >= 1)
    #expect(svg.contains("moving: 900.") && svg.contains("role=\"img\""))
  }

  @Test("The pages are self-contained and hold the table")
  func pages() {
    let spectrum = SpectrumFigure(title: "t", caption: [], values: [1, 0.5, 0], rank: 2, tolerance: 1e-12)
    for page in [
      figure.page(columns: ["name", "<n>"], rows: [["x", "1"]]),
      spectrum.page(columns: ["name", "<n>"], rows: [["x", "1"]]),
    ] {
      #expect(page.contains("<th scope=\"col\">&lt;n&gt;</th>") && page.contains("<td>1</td>"))
      #expect(!page.contains("<script") && !page.contains("href=") && !page.contains("src="))
    }
  }

  @Test(
    "Spectra: a mark for each value, the gap where there is one, zeros on the floor",
    arguments: [([1, 0.5, 1e-16, 0], 2, true), ([3, 2, 1], 3, false), ([0, 0], 0, false), ([], 0, false)])
  func spectrum(_ values: [Double], _ rank: Int, _ hasGap: Bool) {
    let svg = SpectrumFigure(
      title: "t", caption: [], values: values, rank: rank, tolerance: values.isEmpty ? 0 : 1e-13
    )
    .svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse() && !svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.components(separatedBy: "<circle class=\"kept\"").count - 1 == rank)
    #expect(svg.components(separatedBy: "<circle class=\"dropped\"").count - 1 == values.count - rank)
    #expect(svg.contains("<rect class=\"gap\" y=") == hasGap)
    // The floor of the plot is at 330.
    #expect(svg.contains("cy=\"330\"") == values.contains(0))
  }
}
