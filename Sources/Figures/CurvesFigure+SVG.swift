import Foundation

extension CurvesFigure {
  private static let plotWidth = 600.0
  private static let plotHeight = 380.0
  /// The most points that are marked one by one.
  private static let markedPoints = 40

  /// The figure as an SVG document, for light and dark pages.
  public func svg() -> String {
    let points = series.flatMap(\.points)
    let across = Ruler(horizontal, values: points.map(\.x))
    let up = Ruler(
      vertical, values: points.flatMap { [$0.y] + ($0.spread.map { [$0.lowerBound, $0.upperBound] } ?? []) })
    var legend = SVGLegend()
    var bands = ""
    var curves = ""
    for (index, line) in series.enumerated() {
      let place = { (x: Double, y: Double) -> String in
        let h = NumberText.code(across.fraction(x) * Self.plotWidth, digits: 5)
        let v = NumberText.code((1 - up.fraction(y)) * Self.plotHeight, digits: 5)
        return "\(h) \(v)"
      }
      let colour = "c\(index % Palette.light.layers.count + 1)"
      // More curves than colours: the second round is dotted.
      let dash = line.isDashed ? " dashed" : index >= Palette.light.layers.count ? " dotted" : ""
      legend.curve("curve \(colour)\(dash)", line.label)
      let spread = line.points.filter { $0.spread != nil }
      if spread.count > 1 {
        let outline =
          spread.map { place($0.x, $0.spread?.upperBound ?? $0.y) }
          + spread.reversed().map { place($0.x, $0.spread?.lowerBound ?? $0.y) }
        bands += "<path class=\"band \(colour)\" d=\"M\(outline.joined(separator: "L"))Z\"/>\n"
      }
      if line.points.count > 1 {
        let path = line.points.map { place($0.x, $0.y) }.joined(separator: "L")
        curves += "<path class=\"curve \(colour)\(dash)\" d=\"M\(path)\"/>\n"
      }
      for point in line.points where line.points.count <= Self.markedPoints {
        let centre = place(point.x, point.y).split(separator: " ")
        curves += "<circle class=\"dot \(colour)\" cx=\"\(centre[0])\" cy=\"\(centre[1])\" r=\"3.2\"><title>"
        curves += "\(line.label.escapedForMarkup): \(NumberText.readable(point.y, digits: 4)) at "
        curves += "\(NumberText.readable(point.x, digits: 4))</title></circle>\n"
      }
    }
    let axes = SVGSheet.axes(
      across.axis, up.axis, width: Self.plotWidth, height: Self.plotHeight, across: across.ticks,
      up: up.ticks, reversed: (horizontal.isReversed, vertical.isReversed))
    return SVGSheet(
      title: title, caption: caption, plotWidth: Self.plotWidth, plotHeight: Self.plotHeight, legend: legend,
      notes: notes
    ).document(
      plot: bands + axes + curves, css: Self.css,
      description: "Curves: \(series.map(\.label).joined(separator: "; ")).")
  }

  /// An axis with its range, in logarithms where the scale is logarithmic.
  private struct Ruler {
    let axis: FigureAxis
    let ticks: Ticks
    let source: Axis

    init(_ source: Axis, values: [Double]) {
      let placed = source.scale == .logarithmic ? values.map(log10) : values
      let low = placed.min() ?? 0
      let high = placed.max() ?? 1
      let room = high > low ? 0.04 * (high - low) : max(0.5, 0.04 * high.magnitude)
      // A range that begins near 0 begins at 0.
      let start = source.scale == .linear && low >= 0 && low < 0.3 * high ? 0 : low - room
      self.source = source
      // Labels of six digits and more would run into the title: a power of ten goes there.
      let largest = max(start.magnitude, (high + room).magnitude)
      let exponent = source.scale == .linear && largest >= 1e5 ? Int(log10(largest)) : 0
      let unit = exponent > 0 ? ", in units of 10\(NumberText.superscript(exponent))" : ""
      axis = FigureAxis(source.label + unit, start...high + room)
      ticks =
        source.scale == .logarithmic
        ? Ticks(decades: axis.range)
        : exponent > 0 ? Ticks(axis.range, inUnitsOf: pow(10, Double(exponent))) : Ticks(axis.range)
    }

    func fraction(_ value: Double) -> Double {
      let share = axis.fraction(source.scale == .logarithmic ? log10(value) : value)
      return source.isReversed ? 1 - share : share
    }
  }

  private static var css: String {
    func rules(_ palette: Palette) -> String {
      let colours = palette.layers.enumerated().map { index, colour in
        ".curve.c\(index + 1){stroke:\(colour.hex)}.band.c\(index + 1){fill:\(colour.hex)}"
          + ".dot.c\(index + 1){fill:\(colour.hex);stroke:\(palette.paper.hex)}"
      }
      return """
        .paper{fill:\(palette.paper.hex)}text{fill:\(palette.ink.hex)}.quiet{fill:\(palette.quietInk.hex)}
        .frame,.tick{stroke:\(palette.rule.hex)}
        \(colours.joined())

        """
    }
    let text = """
      text{font-family:\(SVGStyle.sans);font-size:12px}
      .title{font-family:\(SVGStyle.serif);font-size:21px}
      .caption{font-size:13px}.note{font-size:11px}.head{font-size:12px;font-weight:600}
      .end{text-anchor:end}.mid{text-anchor:middle}.frame,.tick{fill:none;stroke-width:1}
      .curve{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:7 4}
      .dotted{stroke-dasharray:2 3}.band{fill-opacity:.14}.dot{stroke-width:1.2}

      """
    return text + rules(.light) + "@media (prefers-color-scheme:dark){\n" + rules(.dark) + "}\n"
  }
}
