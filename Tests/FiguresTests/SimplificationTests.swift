import Foundation
import Testing

@testable import Figures

@Suite("Pictures with very many regions")
struct SimplificationTests {
  @Test("Below the limit everything is a shape")
  func complete() {
    let figure = SampleFigures.grid(side: 10)
    let all = PlanarSimplification(of: figure, limit: 100, width: 500, height: 500)
    #expect(all.isComplete && all.notes.isEmpty && all.shapes == Array(0..<100))
    #expect(all.curves.count == figure.walls.count)
  }

  @Test("Above it the largest are shapes, and the rest is counted")
  func largest() {
    let figure = SampleFigures.grid(side: 40)
    let some = PlanarSimplification(of: figure, limit: 300, width: 500, height: 500)
    #expect(some.shapes.count == 300 && some.shapes == some.shapes.sorted())
    let chosen = Set(some.shapes)
    let least = some.shapes.map { figure.area(of: figure.regions[$0]) }.min() ?? 0
    for index in figure.regions.indices where !chosen.contains(index) {
      #expect(figure.area(of: figure.regions[index]) <= least)
    }
    #expect(
      some.notes.first?.hasPrefix(
        "1\u{202F}600 regions: the 300 largest are drawn as shapes; the other 1\u{202F}300, ")
        == true)
  }

  @Test("Walls of a neuron are joined into one curve that passes where they do")
  func joined() {
    let figure = SampleFigures.grid(side: 30)
    let curves = WallCurve.joined(wallsOf: figure, tolerance: 0)
    #expect(curves.count == 2 * 29)
    #expect(curves.allSatisfy { (2 * 29...2 * 31).contains($0.points.count) })
    #expect(curves.filter { $0.neurons[0].layer == 2 }.allSatisfy { ($0.weight - 0.4).magnitude < 1e-12 })
    let coarse = WallCurve.joined(wallsOf: figure, tolerance: 0.001)
    #expect(coarse.count == 58 && coarse.allSatisfy { $0.points.count < 2 * 25 && $0.points.count >= 4 })
  }

  @Test("Closed curves and crossings are followed")
  func chains() {
    // A triangle and a star of three, all of one neuron.
    let neuron = [FigureNeuron(layer: 1, index: 0)]
    let axis = FigureAxis("x", 0...1)
    let ends = [(0, 1), (1, 2), (2, 0), (4, 3), (5, 3), (6, 3)]
    let figure = PlanarFigure(
      title: "", horizontal: axis, vertical: axis,
      vertices: [0, 0, 1, 0, 0, 1, 0.5, 0.5, 1, 0.5, 1, 1, 0.5, 1], regions: [],
      walls: ends.map { .init($0.0, $0.1, neurons: neuron, weight: 1) })
    let curves = WallCurve.joined(wallsOf: figure, tolerance: 0)
    #expect(curves.count == 4)
    #expect(curves.map { $0.points.count / 2 }.sorted() == [2, 2, 2, 4])
  }

  @Test("Straightening keeps what bends and stays within the tolerance")
  func straightened() {
    #expect(WallCurve.straightened([0, 0, 0.5, 0.0001, 1, 0], tolerance: 0.001) == [0, 0, 1, 0])
    #expect(WallCurve.straightened([0, 0, 0.5, 0.1, 1, 0], tolerance: 0.001) == [0, 0, 0.5, 0.1, 1, 0])
  }

  @Test("A raster is covered by its regions without gaps")
  func raster() {
    let figure = SampleFigures.grid(side: 100)
    let raster = figure.raster(width: 64, height: 64) { UInt8($0 % 200) }
    #expect(!raster.pixels.contains(RegionRaster.empty))
    var small = RegionRaster(width: 10, height: 10)
    small.fill([2.1, 3.1, 2.2, 3.1, 2.2, 3.2], with: 7)
    #expect(small.pixels[32] == 7 && small.pixels.count { $0 == 7 } == 1)
    small.fill([-50, -50, 50, -50, 50, 50, -50, 50], with: 1)
    #expect(small.pixels.allSatisfy { $0 == 1 })
    small.fill([], with: 2)
  }

  @Test("An image reads back as it was written")
  func image() throws {
    let colours = (0..<200).map { Colour(UInt32($0) * 70_000) }
    let pixels = (0..<300 * 400).map { UInt8($0 / 7 % 200) }
    let image = try #require(
      PNGReader(IndexedPNG(width: 400, height: 300, pixels: pixels, colours: colours).bytes))
    #expect(image.width == 400 && image.height == 300)
    #expect(image.colours == pixels.map { UInt32($0) * 70_000 })
  }

  @Test("Base64 is that of everyone else")
  func base64() {
    for length in 0..<20 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 91 + 200) }
      #expect(Base64.text(of: bytes) == Data(bytes).base64EncodedString())
    }
    #expect(Base64.integers([1, 258]) == Data([1, 0, 0, 0, 2, 1, 0, 0]).base64EncodedString())
  }

  @Test("A hundred thousand regions make a page of moderate size")
  func hundredThousand() {
    let figure = SampleFigures.grid(side: 316)
    let page = figure.htmlPage()
    #expect(page.utf8.count < 20_000_000)
    #expect(
      page.contains(
        "99\u{202F}856 regions: the 60\u{202F}000 largest are drawn as shapes; the other 39\u{202F}856, "))
  }

  @Test(
    "A million regions make a page and a picture of moderate size",
    .enabled(if: ProcessInfo.processInfo.environment["CREASE_LONG_TESTS"] == "1", "a long test"))
  func million() {
    let figure = SampleFigures.grid(side: 1000)
    #expect(figure.htmlPage().utf8.count < 20_000_000)
    let svg = figure.svg()
    #expect(svg.utf8.count < 20_000_000)
    #expect(svg.components(separatedBy: "<polygon").count == 20_001)
  }
}
