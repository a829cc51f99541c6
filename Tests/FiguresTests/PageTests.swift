import Foundation
import Testing

@testable import Figures

@Suite("Pages")
struct PageTests {
  /// The data that a page holds.
  private func data(of page: String) throws -> [String: Any] {
    let opening = "<script type=\"application/json\" id=\"figure-data\">"
    let start = try #require(page.range(of: opening)).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    let json = try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8))
    return try #require(json as? [String: Any])
  }

  private func bytes(_ value: Any?) throws -> Int {
    try #require(Data(base64Encoded: value as? String ?? "!")).count
  }

  @Test("A page needs nothing from outside")
  func selfContained() {
    for page in [SampleFigures.grid(side: 4).htmlPage(), SampleFigures.boxes(side: 2).htmlPage()] {
      let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
      for word in [
        "http://", "https://", "src=", "@import", "fetch(", "XMLHttpRequest", "eval(", "innerHTML",
      ] {
        #expect(!rest.contains(word), "\(word)")
      }
    }
  }

  @Test("The data of a planar page has every region and wall")
  func planarData() throws {
    let figure = SampleNetwork.figure(widths: [8, 4], seed: 5, title: "data")
    let json = try data(of: figure.htmlPage())
    #expect(json["mode"] as? String == "elements")
    #expect(try bytes(json["values"]) == 4 * figure.regions.count)
    #expect(try bytes(json["functions"]) == 12 * figure.regions.count)
    #expect(try bytes(json["starts"]) == 4 * (figure.regions.count + 1))
    #expect(try bytes(json["corners"]) == 4 * figure.regions.reduce(0) { $0 + $1.corners.count })
    #expect(try bytes(json["curveSets"]) == 4 * figure.walls.count)
    #expect((json["labels"] as? [String])?.first == figure.regions[0].label)
    let many = try data(of: SampleFigures.grid(side: 60).htmlPage())
    #expect(many["mode"] as? String == "canvas" && many["rasterValue"] == nil)
    let few = try data(of: SampleFigures.grid(side: 60).htmlPage(options: PageOptions(shapeLimit: 50)))
    #expect(try bytes(few["ids"]) == 200 && few["rasterValue"] != nil)
  }

  @Test("The data of a solid page has every face, and the regions whose faces are all kept")
  func solidData() throws {
    let figure = SampleFigures.boxes(side: 3)
    let json = try data(of: figure.htmlPage())
    #expect(try bytes(json["starts"]) == 4 * (figure.faces.count + 1))
    #expect(try bytes(json["regionFaces"]) == 4 * 6 * 27)
    let few = try data(of: figure.htmlPage(options: PageOptions(shapeLimit: 12)))
    #expect(few["innerCount"] as? Int == 12)
    #expect(try bytes(few["values"]) < 4 * 27)
  }

  @Test("Values that are not finite are no obstacle")
  func notFinite() throws {
    var figure = SampleFigures.grid(side: 3)
    figure.regions[0].value = .nan
    figure.regions[1].value = .infinity
    _ = try data(of: figure.htmlPage())
    #expect(figure.svg().contains("class=\"r none\""))
  }

  @Test("Labels are cut evenly to their budget")
  func labels() {
    let labels = PageData.labels((0..<100).map { _ in String(repeating: "1", count: 500) }, budget: 2_000)
    #expect(labels.allSatisfy { $0.count == 20 && $0.hasSuffix("…") })
    #expect(PageData.labels(["ab"], budget: 2) == ["ab"])
  }
}
