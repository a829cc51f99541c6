import Foundation
import Testing
import _TestSupport

@testable import Figures

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of an XML text by name, or the place of the first error.
private final class XMLCount: NSObject, XMLParserDelegate {
  private(set) var classes: [String: [String]] = [:]
  private(set) var titles: [String] = []
  private var text = ""

  init?(_ document: String) {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    if !parser.parse() { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    classes[name, default: []].append(attributes["class"] ?? "")
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    if name == "title" { titles.append(text) }
  }

  func count(_ element: String, _ first: String) -> Int {
    (classes[element] ?? []).count { $0 == first || $0.hasPrefix(first + " ") }
  }
}

@Suite("Planar figures as SVG")
struct PlanarSVGTests {
  @Test("Every region and every wall is drawn, and named")
  func shapes() throws {
    try forEachSeed(0..<3) { seed, rng in
      let figure = SampleNetwork(widths: [9, 5], using: &rng).figure(title: "seed \(seed)")
      let xml = try #require(XMLCount(figure.svg()), "seed \(seed)")
      #expect(xml.count("polygon", "r") == figure.regions.count, "seed \(seed)")
      #expect(xml.count("polyline", "hit") == figure.walls.count, "seed \(seed)")
      #expect(xml.titles.count { $0.contains("neuron") } == figure.walls.count, "seed \(seed)")
      #expect(xml.titles.count { $0.contains("sides") } == figure.regions.count, "seed \(seed)")
      #expect(xml.titles.first == "seed \(seed)")
    }
  }

  @Test("The words on a wall and on a region")
  func words() {
    let neurons = [FigureNeuron(layer: 2, index: 13)]
    #expect(
      FigureText.ofWall(neurons: neurons, weight: 0.42, isVisible: true) == "layer 2, neuron 13, weight 0.42")
    let several = [3, 7, 1].map { FigureNeuron(layer: 1, index: $0) } + neurons
    #expect(several.inWords == "layer 1, neurons 1, 3 and 7; layer 2, neuron 13")
    let function = PlanarFigure.AffineFunction(a: -1.5, b: 0, c: 0.25)
    #expect(FigureText.of(function, horizontal: "x0", vertical: "x1") == "−1.5·x0 + 0.25")
    #expect(FigureText.of(.init(a: 0, b: 0, c: 0), horizontal: "x0", vertical: "x1") == "0")
    #expect(FigureText.wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(FigureText.wrapped("unbreakable", width: 4) == ["unbr", "eaka", "ble"])
  }

  @Test(
    "Text that looks like markup stays text",
    arguments: ["<script>alert(1)</script>", "a & b \" ' ]]>", "\u{0}\u{1B}"])
  func escaping(text: String) throws {
    var figure = SampleFigures.grid(side: 3, title: text)
    figure.caption = [text]
    figure.horizontal.label = text
    figure.regions[0].label = text
    figure.shading = .category([text, text])
    figure.levelSet = .init(label: text, segments: [0, 0, 50, 1])
    let svg = figure.svg()
    _ = try #require(XMLCount(svg))
    #expect(!svg.contains("<script"))
    var solid = SampleFigures.boxes(side: 2, title: text)
    solid.axes[1].label = text
    solid.levelSet?.label = text
    _ = try #require(XMLCount(solid.svg()))
    #expect(!solid.svg().contains("<script"))
    for page in [figure.htmlPage(), solid.htmlPage()] {
      // Exactly the two script elements that are ours.
      #expect(page.components(separatedBy: "<script").count == 3)
      #expect(page.components(separatedBy: "</script").count == 3)
    }
  }

  @Test("Hidden walls are dashed, classes are listed")
  func legend() throws {
    var figure = SampleFigures.grid(side: 8)
    let hidden = figure.walls.count { !$0.isVisible }
    let xml = try #require(XMLCount(figure.svg()))
    #expect((xml.classes["polyline"] ?? []).count { $0.hasSuffix(" h") } == hidden)
    figure.shading = .category(["clear", "left"])
    for index in figure.regions.indices { figure.regions[index].category = index % 2 }
    #expect(figure.svg().contains(">left</text>"))
  }

  @Test("An empty figure is a picture too")
  func empty() throws {
    let axis = FigureAxis("x", 0...0)
    let figure = PlanarFigure(
      title: "", horizontal: axis, vertical: axis, vertices: [], regions: [], walls: [])
    _ = try #require(XMLCount(figure.svg()))
    #expect(figure.htmlPage().contains("figure-data"))
  }

  @Test("A solid figure draws its inner faces, and of too many the largest")
  func solid() throws {
    let figure = SampleFigures.boxes(side: 3)
    let inner = figure.faces.count { !$0.isOnBoundary }
    let xml = try #require(XMLCount(figure.svg()))
    #expect((xml.classes["polygon"] ?? []).count { $0.hasPrefix("f ") } == inner)
    let few = figure.svg(options: SVGOptions(shapeLimit: 10))
    let less = try #require(XMLCount(few))
    #expect((less.classes["polygon"] ?? []).count { $0.hasPrefix("f ") } == 10)
    #expect(few.contains("\(inner) walls: the 10 largest are drawn; the other \(inner - 10) are left out."))
  }
}
