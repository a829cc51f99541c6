import Foundation

/// Singular values in descending order, with the tolerance that parts a numerical rank from zeros.
public struct SpectrumFigure: Hashable, Sendable {
  /// The title.
  public let title: String
  /// What is shown, in a few lines.
  public let caption: [String]
  /// The values, descending, none negative.
  public let values: [Double]
  /// How many of them count.
  public let rank: Int
  /// The largest value that does not.
  public let tolerance: Double
  /// Remarks below the picture.
  public let notes: [String]

  /// A figure of the given values.
  ///
  /// - Requires: `rank` is at most the number of values; all are finite.
  public init(
    title: String, caption: [String], values: [Double], rank: Int, tolerance: Double, notes: [String] = []
  ) {
    precondition((0...values.count).contains(rank), "rank \(rank) of \(values.count) values")
    self.title = title
    self.caption = caption
    self.values = values
    self.rank = rank
    self.tolerance = tolerance
    self.notes = notes
  }

  private static let plotWidth = 560.0
  private static let plotHeight = 330.0

  /// The decades shown: all values but exact zeros, which stand on the floor.
  private var decades: ClosedRange<Double> {
    let shown = (values + [tolerance]).filter { $0 > 0 }.map(log10)
    let low = (shown.min() ?? 0).rounded(.down) - 0.5
    return low...max(low + 2, (shown.max() ?? 0).rounded(.up) + 0.25)
  }

  /// The figure as an SVG document, for light and dark pages.
  public func svg() -> String {
    let across = FigureAxis("number of the value", 0...Double(max(1, values.count)))
    let up = FigureAxis("log₁₀ of the value", decades)
    func x(_ index: Double) -> Double { across.fraction(index) * Self.plotWidth }
    func y(_ value: Double) -> Double {
      value > 0 ? (1 - up.fraction(log10(value))) * Self.plotHeight : Self.plotHeight
    }
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    var plot = ""
    var legend = SVGLegend()
    legend.heading("Values")
    legend.swatch("kept", "\(rank) above the tolerance")
    if rank < values.count { legend.swatch("dropped", "\(values.count - rank) below it") }
    legend.heading("Lines")
    legend.line("tolerance", "tolerance \(NumberText.readable(tolerance, digits: 2))")
    if let gap {
      let (top, bottom) = (y(gap.kept), y(gap.dropped))
      plot += "<rect class=\"gap\" y=\"\(number(top))\" width=\"\(number(Self.plotWidth))\" "
      plot += "height=\"\(number(bottom - top))\"/>\n"
      legend.swatch("gap", gap.label)
    }
    plot += SVGSheet.axes(across, up, width: Self.plotWidth, height: Self.plotHeight)
    if tolerance > 0 {
      plot += "<path class=\"tolerance\" d=\"M0 \(number(y(tolerance)))H\(number(Self.plotWidth))\"/>\n"
    }
    let radius = number(values.count > 400 ? 1.4 : values.count > 120 ? 2 : 3)
    for (index, value) in values.enumerated() {
      plot +=
        "<circle class=\"\(index < rank ? "kept" : "dropped")\" cx=\"\(number(x(Double(index) + 0.5)))\" "
      plot += "cy=\"\(number(y(value)))\" r=\"\(radius)\"/>"
      if index % 8 == 7 { plot += "\n" }
    }
    return SVGSheet(
      title: title, caption: caption, plotWidth: Self.plotWidth, plotHeight: Self.plotHeight, legend: legend,
      notes: notes
    ).document(
      plot: plot + "\n", css: Self.css,
      description: "\(rank) of \(values.count) values are above \(NumberText.readable(tolerance)).")
  }

  /// The figure as a page that needs nothing else, with a table of numbers below it.
  ///
  /// - Parameters:
  ///   - columns: The heads of the table.
  ///   - rows: Its rows, of as many cells; the first cell of each is its name.
  public func page(columns: [String], rows: [[String]]) -> String {
    TablePage.document(title: title, svg: svg(), columns: columns, rows: rows)
  }

  /// The values on both sides of the tolerance.
  private var gap: (kept: Double, dropped: Double, label: String)? {
    guard rank > 0, rank < values.count else { return nil }
    let (kept, dropped) = (values[rank - 1], values[rank])
    if dropped == 0 { return (kept, 0, "gap down to 0") }
    return (kept, dropped, "gap: \(NumberText.readable(kept / dropped, digits: 2)) times")
  }

  private static var css: String {
    func rules(_ palette: Palette) -> String {
      """
      .paper{fill:\(palette.paper.hex)}text{fill:\(palette.ink.hex)}.quiet{fill:\(palette.quietInk.hex)}
      .frame,.tick{stroke:\(palette.rule.hex)}.tolerance{stroke:\(palette.ink.hex)}
      .kept{fill:\(palette.layer(3).hex)}.dropped{fill:\(palette.layer(2).hex)}.gap{fill:\(palette.quietInk.hex)}

      """
    }
    let text = """
      text{font-family:\(SVGStyle.sans);font-size:12px}
      .title{font-family:\(SVGStyle.serif);font-size:21px}
      .caption{font-size:13px}.note{font-size:11px}.head{font-size:12px;font-weight:600}
      .end{text-anchor:end}.mid{text-anchor:middle}.frame,.tick,.tolerance{fill:none;stroke-width:1}
      .tolerance{stroke-dasharray:4 3}.gap{fill-opacity:.14}

      """
    return text + rules(.light) + "@media (prefers-color-scheme:dark){\n" + rules(.dark) + "}\n"
  }
}
