extension SolidFigure {
  /// The figure, seen from one fixed side, as a self-contained SVG document.
  ///
  /// Walls are translucent and coloured by layer; each carries a title with its neurons. Walls on the boundary of the
  /// domain are not drawn, the box of the axes stands for them.
  public func svg(options: SVGOptions = SVGOptions()) -> String {
    let drawing = SolidDrawing(of: self, side: options.plotWidth, limit: options.shapeLimit)
    let layers = layers
    var style = SVGStyle(shades: ([], []), layers: layers.last?.layer ?? 1, lineScale: 1).css
    style += """
      .f{stroke-width:.7;stroke-linejoin:round;stroke-opacity:.75}.f.unseen{stroke-dasharray:3 3;fill-opacity:.02}
      .surface{fill-opacity:.5;stroke-width:.6}.edge{fill:none;stroke-width:1}
      .edge.near{stroke-dasharray:1 3}.edge{stroke:\(Palette.light.rule.hex)}
      @media (prefers-color-scheme:dark){.edge{stroke:\(Palette.dark.rule.hex)}}

      """
    let inner = faces.count { !$0.isOnBoundary }
    let description =
      "\(NumberText.grouped(regions.count)) regions between \(NumberText.grouped(inner)) walls, in the box of "
      + axes.map(\.title).joined(separator: ", ") + "."
    var sheet = SVGSheet(
      title: title, caption: caption, plotWidth: drawing.side, plotHeight: drawing.side * 0.94)
    sheet.legend = legend(layers)
    sheet.notes = drawing.notes
    let plot = drawing.edges(isFar: true) + drawing.polygons + drawing.edges(isFar: false)
    return sheet.document(plot: plot + drawing.labels, css: style, description: description)
  }

  private func legend(_ layers: [(layer: Int, neurons: Int)]) -> SVGLegend {
    var legend = SVGLegend()
    if !layers.isEmpty {
      legend.heading("Bent hyperplanes")
      for (layer, neurons) in layers.prefix(12) {
        legend.swatch(
          "f \(PlanarDrawing.layerClass(layer))",
          "layer \(layer) · \(NumberText.grouped(neurons)) neuron\(neurons == 1 ? "" : "s")")
      }
      if layers.count > 12 { legend.line("", "and \(layers.count - 12) deeper layers") }
      if faces.contains(where: { !$0.isVisible && !$0.isOnBoundary }) {
        legend.line("wall h sample", "hidden: no bend")
      }
    }
    if let levelSet {
      legend.heading("Level set")
      legend.swatch("surface", levelSet.label)
    }
    return legend
  }
}

extension SolidDrawing {
  /// The edges of the box: the three that meet at the nearest corner, or the other nine.
  func edges(isFar: Bool) -> String {
    var path = ""
    for axis in 0..<3 {
      for corner in 0..<4 {
        let ends = Self.edge(axis, corner).map(place)
        // With this view the corner (1, −1, 1) is the one before everything.
        let edge = Self.edge(axis, corner)[0].enumerated().filter { $0.offset != axis }
        let isNear = edge.allSatisfy { $0.element == [1, -1, 1][$0.offset] }
        if isNear == isFar { continue }
        path += "M\(PlanarDrawing.hundredths(ends[0].x)) \(PlanarDrawing.hundredths(ends[0].y))"
        path += "L\(PlanarDrawing.hundredths(ends[1].x)) \(PlanarDrawing.hundredths(ends[1].y))"
      }
    }
    return "<path class=\"edge\(isFar ? "" : " near")\" d=\"\(path)\"/>\n"
  }

  /// Ticks and names along one edge for each axis, on the outside.
  var labels: String {
    var text = "<g class=\"axes\">\n"
    for axis in 0..<3 {
      let candidates = (0..<4).map { Self.edge(axis, $0) }
      // The lowest edge for what lies flat, the leftmost for what stands.
      func rank(_ edge: [[Double]]) -> Double {
        let (first, second) = (place(edge[0]), place(edge[1]))
        return axis == 2 ? first.x + second.x : -first.y - second.y
      }
      guard let edge = candidates.min(by: { rank($0) < rank($1) }) else { continue }
      let (first, last) = (place(edge[0]), place(edge[1]))
      // Outwards at a right angle, so that labels of two axes do not meet at a corner.
      var out = (x: last.y - first.y, y: first.x - last.x)
      let length = (out.x * out.x + out.y * out.y).squareRoot()
      let isOutward = out.x * (first.x + last.x - side) + out.y * (first.y + last.y - side) >= 0
      out = (out.x / length * (isOutward ? 1 : -1), out.y / length * (isOutward ? 1 : -1))
      func label(_ point: (x: Double, y: Double), _ distance: Double, _ words: String) {
        let x = NumberText.code(point.x + distance * out.x)
        let y = NumberText.code(point.y + distance * 1.4 * out.y + 4)
        let anchor = out.x < -0.15 ? "end" : out.x > 0.15 ? "start" : "mid"
        text += "<text class=\"\(anchor)\" x=\"\(x)\" y=\"\(y)\">\(words.escapedForMarkup)</text>\n"
      }
      let ticks = Ticks(figure.axes[axis].range, target: 4)
      for (value, words) in zip(ticks.values, ticks.labels) {
        let share = figure.axes[axis].fraction(value)
        let point = (x: first.x + (last.x - first.x) * share, y: first.y + (last.y - first.y) * share)
        text += "<path class=\"tick\" d=\"M\(NumberText.code(point.x)) \(NumberText.code(point.y))"
        text += "l\(NumberText.code(5 * out.x)) \(NumberText.code(5 * out.y))\"/>"
        label(point, 10, words)
      }
      label(((first.x + last.x) / 2, (first.y + last.y) / 2), 34, figure.axes[axis].title)
    }
    return text + "</g>\n"
  }

  /// An edge of the cube along `axis`; `corner` 0..<4 says which.
  private static func edge(_ axis: Int, _ corner: Int) -> [[Double]] {
    [-1.0, 1.0].map { end in
      var point = [0.0, 0.0, 0.0]
      point[axis] = end
      point[(axis + 1) % 3] = corner & 1 == 0 ? -1 : 1
      point[(axis + 2) % 3] = corner & 2 == 0 ? -1 : 1
      return point
    }
  }
}
