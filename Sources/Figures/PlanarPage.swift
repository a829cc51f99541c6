extension PlanarFigure {
  /// The figure as one self-contained interactive HTML page.
  ///
  /// The page needs no network and no other file. It can be moved and enlarged, tells about the region and the wall
  /// under the pointer, walks through both with the keyboard, and lets layers and hidden walls be switched off. Of
  /// very many regions the smallest are painted as points; the page says how many.
  public func htmlPage(options: PageOptions = PageOptions()) -> String {
    PlanarPage(
      drawing: PlanarDrawing(of: self, width: 800, limit: options.shapeLimit), options: options
    ).text
  }
}

/// The interactive page of a planar figure.
struct PlanarPage {
  let drawing: PlanarDrawing
  let options: PageOptions

  /// Whether the shapes are elements of the page, as against drawn on a canvas.
  var usesElements: Bool {
    drawing.simplification.isComplete && drawing.figure.regions.count <= options.elementLimit
  }

  /// The whole document.
  var text: String {
    let isVivid = options.colours.isVivid(regions: drawing.figure.regions.count)
    let style = SVGStyle(
      shades: (
        drawing.shades.colours(.light, isVivid: isVivid), drawing.shades.colours(.dark, isVivid: isVivid)
      ),
      layers: drawing.layers.last?.layer ?? 1, lineScale: 1)
    return PageStyle.document(
      title: drawing.figure.title, style: style.css + Self.css, body: body, data: data,
      script: "(function () {\n'use strict';\n" + PageScript.shared + Self.reading + Self.finding
        + Self.painting
        + Self.telling + Self.acting + "})();")
  }

  private var body: String {
    let figure = drawing.figure
    let layers = drawing.layers
    let label =
      "\(figure.title): \(NumberText.grouped(figure.regions.count)) regions, "
      + "\(NumberText.grouped(figure.walls.count)) walls."
    let hidden = figure.walls.count { !$0.isVisible }
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
    let notes = drawing.simplification.notes.map { "<p>\($0.escapedForMarkup)</p>" }.joined()
    return """
      <div class="page">
      \(PageStyle.header(title: figure.title, caption: figure.caption))
      <main>
      <div>
      <div class="stage" id="plot" tabindex="0" role="group" aria-roledescription="interactive figure" \
      aria-label="\(label.escapedForMarkup)" aria-describedby="keys">
      \(usesElements ? "" : "<canvas id=\"canvas\" aria-hidden=\"true\"></canvas>")
      \(picture)
      </div>
      <div class="buttons"><button type="button" id="closer" aria-label="Enlarge">+</button>
      <button type="button" id="farther" aria-label="Shrink">−</button>
      <button type="button" id="whole">Whole picture</button><span class="hint" id="place"></span></div>
      <p class="keys" id="keys">Drag or <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> to move, wheel or \
      <kbd>+</kbd> <kbd>−</kbd> to enlarge, <kbd>0</kbd> for the whole picture; <kbd>n</kbd> <kbd>p</kbd> next and \
      previous region, with <kbd>Shift</kbd> neuron; <kbd>Esc</kbd> to let go.</p>
      <div class="notes" id="notes">\(notes)</div>
      </div>
      <aside>
      <section class="details" id="details" aria-live="polite"><p class="hint">Point at a region or at a wall.</p>
      </section>
      <section><h2>Shade<span class="paper-only" id="shade-name"></span></h2><select id="shading" aria-label="What the shade stands for"></select>
      <select id="strength" aria-label="Strength of the shades"><option value="quiet">quiet shades</option>\
      <option value="vivid">vivid shades</option></select><div id="legend"></div></section>
      <section><h2>Bent hyperplanes</h2>
      \(walls)
      </section>
      <section><h2>Jump of the gradient</h2><div id="widths"></div></section>
      </aside>
      </main>
      </div>
      <noscript><p class="page">The picture is still without scripts.</p></noscript>
      """
  }

  /// The drawing before any script has run: all of it where shapes are elements, the frame otherwise.
  private var picture: String {
    let (width, height) = (drawing.width, drawing.height)
    let shapes =
      usesElements
      ? "<g id=\"regions\">\(drawing.regions(describes: false))</g>\n"
        + "<g id=\"walls\" class=\"walls\">\(drawing.walls(describes: false))</g>\n\(drawing.levelSet)" : ""
    let box = "-66 -10 \(NumberText.code(width + 94)) \(NumberText.code(height + 62))"
    return """
      <svg id="drawing" viewBox="\(box)" aria-hidden="true">
      <defs><clipPath id="inside"><rect width="\(NumberText.code(width))" height="\(NumberText.code(height))"/>\
      </clipPath></defs>
      <g id="origin"><g clip-path="url(#inside)"><g id="world">
      \(shapes)</g><g id="marks"></g></g>
      <g id="axes">\(SVGSheet.axes(drawing.figure.horizontal, drawing.figure.vertical, width: width, height: height))
      </g></g></svg>
      """
  }

  private static let css = """
    .r,.wall,.level,.halo{vector-effect:non-scaling-stroke}
    .r:hover{stroke-width:.5;stroke:inherit}
    #drawing{cursor:crosshair}.moving #drawing{cursor:grabbing}
    .mark{fill:none;stroke-linejoin:round;stroke-linecap:round;pointer-events:none}
    .mark.halo{stroke:var(--paper);stroke-opacity:.85}
    @media (prefers-color-scheme:dark){#origin text{fill:var(--ink)}}

    """
}
