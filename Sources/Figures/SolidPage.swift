extension SolidFigure {
  /// The figure as one self-contained interactive HTML page.
  ///
  /// The page needs no network and no other file. It can be turned, enlarged and cut open by a plane, on which the
  /// regions are shaded by their values; it tells about the wall or the region under the pointer, and layers can be
  /// switched off.
  public func htmlPage(options: PageOptions = PageOptions()) -> String {
    SolidPage(figure: self, options: options).text
  }
}

/// The interactive page of a solid figure.
struct SolidPage {
  let figure: SolidFigure
  let options: PageOptions

  /// The whole document.
  var text: String {
    let kept = SolidDrawing.largest(of: figure, limit: options.shapeLimit)
    return PageStyle.document(
      title: figure.title, style: Self.css, body: body(notes: kept.notes), data: data(inner: kept.faces),
      script: "(function () {\n'use strict';\n" + PageScript.shared + Self.shaping + Self.painting
        + Self.telling
        + Self.acting + "})();")
  }

  private func body(notes: [String]) -> String {
    let layers = figure.layers
    let inner = figure.faces.count { !$0.isOnBoundary }
    let hidden = figure.faces.count { !$0.isVisible && !$0.isOnBoundary }
    let label =
      "\(figure.title): \(NumberText.grouped(figure.regions.count)) regions, \(NumberText.grouped(inner)) walls "
      + "in space."
    var walls = PageStyle.layerRows(layers)
    if hidden > 0 {
      walls += """
        <label class="row"><input type="checkbox" id="hidden-walls" checked><span class="line dash"></span>\
        hidden walls<span class="count">\(NumberText.grouped(hidden)) wall\(hidden == 1 ? "" : "s")</span></label>
        """
    }
    if let level = figure.levelSet {
      walls += """
        <label class="row"><input type="checkbox" id="level-set" checked><span class="line level"></span>\
        \(level.label.escapedForMarkup)</label>
        """
    }
    let axes = figure.axes.enumerated().map { index, axis in
      "<option value=\"\(index)\">across \(axis.label.escapedForMarkup)</option>"
    }.joined()
    return """
      <div class="page">
      \(PageStyle.header(title: figure.title, caption: figure.caption))
      <main>
      <div>
      <div class="stage" id="plot" tabindex="0" role="group" aria-roledescription="interactive figure" \
      aria-label="\(label.escapedForMarkup)" aria-describedby="keys">
      <canvas id="canvas" aria-hidden="true"></canvas><canvas id="marks" aria-hidden="true"></canvas>
      </div>
      <div class="buttons"><button type="button" id="closer" aria-label="Enlarge">+</button>
      <button type="button" id="farther" aria-label="Shrink">−</button>
      <button type="button" id="whole">First view</button></div>
      <p class="keys" id="keys">Drag or <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> to turn, wheel or \
      <kbd>+</kbd> <kbd>−</kbd> to enlarge, <kbd>0</kbd> for the first view; <kbd>[</kbd> <kbd>]</kbd> to move the \
      cut; <kbd>n</kbd> <kbd>p</kbd> next and previous neuron; <kbd>Esc</kbd> to let go.</p>
      <div class="notes" id="notes">\(notes.map { "<p>\($0.escapedForMarkup)</p>" }.joined())</div>
      </div>
      <aside>
      <section class="details" id="details" aria-live="polite"><p class="hint">Point at a wall or at the cut.</p>
      </section>
      <section id="cutting"><h2>Cut</h2><select id="cut-axis" aria-label="Direction of the cut">\
      <option value="-1">no cut</option>\(axes)</select>
      <input type="range" id="cut" min="0" max="1000" value="500" aria-label="Place of the cut">
      <div class="hint" id="cut-place"></div><div id="legend"></div></section>
      <section><h2>Bent hyperplanes</h2>
      \(walls)
      <label class="row screen"><span>opacity</span><input type="range" id="opacity" min="0" max="100" value="50" \
      aria-label="Opacity of the walls"></label>
      </section>
      </aside>
      </main>
      </div>
      <noscript><p class="page">This figure needs scripts.</p></noscript>
      """
  }

  /// The numbers of the figure as JSON: the inner faces that are kept, then the boundary, which closes cut regions.
  private func data(inner: [Int]) -> String {
    let boundary = figure.faces.indices.filter { figure.faces[$0].isOnBoundary }
    let chosen = inner + boundary
    var number = [Int32](repeating: -1, count: figure.faces.count)
    for (place, face) in chosen.enumerated() { number[face] = Int32(place) }
    let faces = chosen.map { figure.faces[$0] }
    // A region that has lost faces would be cut into a wrong shape, so it is not cut at all.
    let regions = figure.regions.filter { $0.faces.allSatisfy { number[$0] >= 0 } }
    var json = JSONText()
    json.addRaw("axes", JSONText.list(figure.axes.map(PageData.axis)))
    json.add("regionCount", figure.regions.count)
    json.add("innerCount", inner.count)
    json.add("points", Base64.floats((0..<figure.vertices.count / 3).flatMap { figure.cube(at: $0) }))
    json.addRaw("starts", PageData.starts(faces.map(\.corners.count)))
    json.add("corners", Base64.integers(faces.flatMap(\.corners)))
    let table = PageData.table(of: faces.map(\.neurons))
    json.addRaw("neuronSets", table.json)
    json.add("sets", Base64.integers(table.indices))
    json.add("weights", Base64.floats(faces.map { $0.isVisible ? $0.weight : -1 }))
    json.addRaw("regionStarts", PageData.starts(regions.map(\.faces.count)))
    json.add("regionFaces", Base64.integers(regions.flatMap { $0.faces.map { Int(number[$0]) } }))
    json.add("values", Base64.floats(regions.map(\.value)))
    json.add("labels", PageData.labels(regions.map(\.label), budget: options.labelBudget))
    switch figure.shading {
    case .category(let names):
      json.add("shading", "category")
      json.add("classes", names)
      json.add("valueTitle", "Value")
      json.add("categories", Base64.integers(regions.map { $0.category ?? Int(UInt32.max) }))
    default:
      json.add("shading", "value")
      json.add("valueTitle", figure.shading.title)
    }
    json.addRaw("valueScale", PageData.scale(ShadeScale(for: figure.regions.map(\.value))))
    json.add("vivid", options.colours == .vivid)
    json.add("opacity", SolidDrawing(of: figure, side: 100, limit: options.shapeLimit).opacity)
    if let levelSet = figure.levelSet {
      json.add("levelLabel", levelSet.label)
      let points = stride(from: 0, to: levelSet.triangles.count, by: 3).flatMap {
        figure.cube(Array(levelSet.triangles[$0..<$0 + 3]))
      }
      json.add("level", Base64.floats(points))
    }
    json.addRaw("colours", PageData.colours)
    return json.text
  }

  private static let css = """
    #plot{cursor:grab}#plot.moving{cursor:grabbing}
    #marks{pointer-events:none}.stage:focus-visible canvas#canvas{outline:1.5px solid var(--rule);outline-offset:2px}

    """
}
