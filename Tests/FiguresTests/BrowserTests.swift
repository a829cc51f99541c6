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

  @Test("The pointer finds what is there; keys walk and enlarge; a layer and the shades can be switched off")
  func pointerAndKeys() throws {
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
      const notes = document.body.dataset;
      [notes.foundNeurons, notes.foundRegion] = [notes.neurons, notes.region];
      key('n');
      key('n');
      notes.walkedRegion = notes.region;
      for (const name of ['p', '+', '+', 'ArrowLeft', '-', 'N', 'N']) key(name);
      document.querySelector('input[data-layer="1"]').click();
      notes.hiddenLines = [...document.querySelectorAll('#walls polyline')]
        .filter((line) => line.style.display === 'none').length;
      document.getElementById('shading').value = 'none';
      document.getElementById('shading').dispatchEvent(new Event('change'));
      """
    let result = try browser().open(figure.htmlPage(), script: script)
    #expect(result.notes["found-neurons"] == "2:6")
    let found = try #require(Int(result.notes["found-region"] ?? ""))
    #expect(found == 45 || found == 46)
    #expect(result.notes["walked-region"] == String(found + 2))
    #expect(result.notes["neurons"] == "1:2")
    #expect(result.notes["hidden-lines"] == "90")
    #expect(result.notes["error"] == nil)
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
    let script = """
      key('n');
      key('n');
      const notes = document.body.dataset;
      [notes.whole, notes.walked] = [notes.drawnFaces, notes.neurons];
      for (let i = 0; i < 10; i++) key('[');
      key('ArrowLeft');
      """
    let result = try browser().open(figure.htmlPage(), script: script, takesPicture: true)
    #expect(result.notes["error"] == nil)
    #expect(result.notes["whole"] == String(inner) && result.notes["walked"] == "1:2")
    let drawn = try #require(Int(result.notes["drawn-faces"] ?? ""))
    // The cut is near the front, so most of the walls lie behind it and are kept.
    #expect(drawn > inner / 2 && drawn < inner)
    let regions = try #require(Int(result.notes["section-regions"] ?? ""))
    #expect((16...40).contains(regions))
    try expectPicture(result)
  }
}
