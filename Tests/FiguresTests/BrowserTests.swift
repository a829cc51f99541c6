import Foundation
import Testing

@testable import Figures

@Suite(
  "Pages in a browser", .serialized, .enabled(if: Browser.isExpected, "needs chromium in the search path"),
  .timeLimit(.minutes(3)))
struct BrowserTests {
  private func browser() throws -> Browser {
    try #require(Browser.installed, "no chromium in the search path")
  }

  /// Checks that a picture shows something: its size, and more than a handful of colours.
  private func expectPicture(_ result: Browser.Result) throws {
    let picture = try #require(result.picture)
    #expect(picture.width == 560 && picture.height == 480)
    #expect(result.pictureBytes > 10_000)
    #expect(Set(picture.colours).count > 60)
  }

  @Test("A small page shows its regions, names the wall and the region under the pointer")
  func elements() throws {
    let title = "<script>document.body.dataset.bad=1</script>"
    let figure = SampleNetwork.figure(widths: [12, 6], seed: 7, title: title)
    let result = try browser().open(figure.htmlPage(), script: "hover(0.5, 0.5);", takesPicture: true)
    #expect(result.notes["ready"] == "true" && result.notes["error"] == nil && result.notes["bad"] == nil)
    #expect(result.notes["drawn-regions"] == String(figure.regions.count))
    let region = try #require(Int(result.notes["region"] ?? ""))
    #expect(figure.regions.indices.contains(region))
    try expectPicture(result)
  }

  @Test("The pointer finds the region and the neuron that are there")
  func pointer() throws {
    let figure = SampleFigures.grid(side: 10)
    // On the middle of a wall of neuron (2, 6) between two regions of row 4.
    let wall = try #require(figure.walls.first { $0.start == 4 * 11 + 6 && $0.end == 5 * 11 + 6 })
    let (x, y) = (
      (figure.vertices[2 * wall.start] + figure.vertices[2 * wall.end]) / 200,
      (figure.vertices[2 * wall.start + 1] + figure.vertices[2 * wall.end + 1]) / 2
    )
    let script = """
      const box = document.querySelector('#axes .frame').getBoundingClientRect();
      stage.dispatchEvent(new PointerEvent('pointermove', { bubbles: true,
        clientX: box.left + \(x) * box.width, clientY: box.top + \(1 - y) * box.height }));
      """
    let result = try browser().open(figure.htmlPage(), script: script)
    #expect(result.notes["neurons"] == "2:6")
    #expect(["45", "46"].contains(result.notes["region"] ?? ""))
    #expect(result.notes["error"] == nil)
  }

  @Test("Keys walk, enlarge and let go; a layer can be switched off")
  func keys() throws {
    let walk = """
      for (const name of ['n', 'n', 'p', '+', '+', 'ArrowLeft', '-', 'N', 'N']) key(name);
      document.querySelector('input[data-layer="1"]').click();
      document.getElementById('shading').value = 'none';
      document.getElementById('shading').dispatchEvent(new Event('change'));
      """
    let result = try browser().open(SampleFigures.grid(side: 6).htmlPage(), script: walk)
    #expect(result.notes["neurons"] == "1:2" && result.notes["error"] == nil)
  }

  @Test("A large page draws on a canvas, and says what it left out")
  func canvas() throws {
    let page = SampleFigures.grid(side: 90).htmlPage(options: PageOptions(shapeLimit: 5_000))
    let result = try browser().open(page, script: "hover(0.52, 0.4);", takesPicture: true)
    #expect(result.notes["drawn-regions"] == "5000" && result.notes["error"] == nil)
    #expect(page.contains("the 5\u{202F}000 largest are drawn as shapes; the other 3\u{202F}100"))
    try expectPicture(result)
  }

  @Test("A solid page draws its walls, and opens where it is cut")
  func solid() throws {
    let figure = SampleFigures.boxes(side: 4)
    let inner = figure.faces.count { !$0.isOnBoundary }
    let whole = try browser().open(figure.htmlPage(), script: "key('n'); key('n');", takesPicture: true)
    #expect(whole.notes["drawn-faces"] == String(inner) && whole.notes["error"] == nil)
    #expect(whole.notes["neurons"] == "1:2")
    try expectPicture(whole)
    let cut = try browser().open(figure.htmlPage(), script: "key('['); key('ArrowLeft');")
    let drawn = try #require(Int(cut.notes["drawn-faces"] ?? ""))
    #expect(drawn > 0 && drawn < inner && cut.notes["error"] == nil)
    let regions = try #require(Int(cut.notes["section-regions"] ?? ""))
    #expect((16...40).contains(regions))
  }
}
