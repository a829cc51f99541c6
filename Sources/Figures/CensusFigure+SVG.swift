extension CensusFigure {
  /// The figure as an SVG document, for light and dark pages.
  public func svg() -> String {
    let left = 62.0
    let columns = Double(rows.map(\.count).max() ?? 1)
    let panelWidth = columns <= 2 ? 330.0 : 240.0
    let plotWidth = max(560, columns * (panelWidth + CensusHistograms.gap) - CensusHistograms.gap)
    var page = SVGColumn(left: left, width: left + plotWidth + 30)
    page.heading(title, caption: caption)
    page.place(key, height: 30)
    for row in rows {
      let histograms = CensusHistograms(row, panelWidth: panelWidth, panelHeight: 118)
      page.place(histograms.markup, height: histograms.height)
    }
    page.top += 6
    page.lines("Share of networks of full dimension", "caption", size: 13, advance: 18)
    page.top += 16
    let shares = CensusShares(figure: self, width: min(420, plotWidth - 150), height: 170)
    page.place(shares.markup, height: max(228, 24 + 20 * Double(families.count)))
    for note in notes { page.lines(note, "note quiet", size: 11, advance: 15) }
    return page.document(title: title, description: caption + notes, css: Self.css)
  }

  /// What bars and outlines stand for, in one line.
  private var key: String {
    let entries = [
      ("<rect class=\"full\" width=\"20\" height=\"11\"/>", "no deficit", 110.0),
      ("<rect class=\"deficit\" width=\"20\" height=\"11\"/>", "deficit of the certified rank", 210),
      ("<path class=\"sample\" d=\"M0 11V1H20V11\"/>", "as a Gaussian sample shows it", 220),
    ]
    var x = 0.0
    var text = ""
    for (mark, label, advance) in entries {
      text += "<g transform=\"translate(\(NumberText.code(x)) 0)\">\(mark)"
      text += "<text x=\"28\" y=\"10\">\(label)</text></g>\n"
      x += advance
    }
    return text
  }

  private static var css: String {
    func rules(_ palette: Palette) -> String {
      let curves = palette.layers.enumerated().map { index, colour in
        ".c\(index + 1){stroke:\(colour.hex)}.dot.c\(index + 1){fill:\(colour.hex);stroke:\(palette.paper.hex)}"
      }
      return """
        .paper{fill:\(palette.paper.hex)}text{fill:\(palette.ink.hex)}.quiet{fill:\(palette.quietInk.hex)}
        .grid{stroke:\(palette.rule.hex)}.axis,.tick{stroke:\(palette.quietInk.hex)}
        .full{fill:\(palette.layer(3).hex)}.deficit{fill:\(palette.layer(1).hex)}.sample{stroke:\(palette.ink.hex)}
        \(curves.joined())

        """
    }
    let text = """
      text{font-family:\(SVGStyle.sans);font-size:12px}
      .title{font-family:\(SVGStyle.serif);font-size:21px}
      .caption{font-size:13px}.note{font-size:11px}.head{font-size:12.5px;font-weight:600}
      .end{text-anchor:end}.mid{text-anchor:middle}
      .grid,.axis,.tick,.sample,.curve,.whisker{fill:none;stroke-width:1}
      .grid{stroke-opacity:.28}.deficit{fill-opacity:.55}.full{fill-opacity:.85}
      .sample{stroke-width:1.1;stroke-linejoin:round}.curve{stroke-width:1.6;stroke-opacity:.55}
      .whisker{stroke-width:1.8}.dot{stroke-width:1.5}

      """
    return text + rules(.light) + "@media (prefers-color-scheme:dark){\n" + rules(.dark) + "}\n"
  }
}
