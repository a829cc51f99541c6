/// The share of networks of full dimension against depth: a curve with intervals for each family.
struct CensusShares {
  let figure: CensusFigure
  let width: Double
  let height: Double

  /// The depths there are, from least to greatest.
  private var depths: [Int] { Set(figure.panels.map(\.depth)).sorted() }

  private var greatest: Double {
    let top = figure.panels.map(\.interval.upperBound).max() ?? 1
    return Ticks(0...1, target: 10).values.first { $0 >= top } ?? 1
  }

  private func x(_ depth: Int, family: Int) -> Double {
    let depths = depths
    let place = Double(depths.firstIndex(of: depth) ?? 0)
    // Families stand a little beside each other, so that intervals do not hide one another.
    let aside = (Double(family) - Double(figure.families.count - 1) / 2) * 7
    return width * (place + 0.5) / Double(max(1, depths.count)) + aside
  }

  private func y(_ share: Double) -> Double { height * (1 - share / greatest) }

  /// The elements, from (0, 0) to the right and down; names of families stand beside the plot.
  var markup: String {
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    var text = ""
    let up = Ticks(0...greatest, target: 5)
    for value in up.values {
      text += "<path class=\"grid\" d=\"M0 \(number(y(value)))H\(number(width))\"/>"
      text += "<text class=\"note quiet end\" x=\"-8\" y=\"\(number(y(value) + 4))\">"
      text += "\(NumberText.readable(100 * value, digits: 3))\u{202F}%</text>\n"
    }
    text += "<path class=\"axis\" d=\"M0 \(number(height))H\(number(width))\"/>\n"
    for depth in depths {
      let place = width * (Double(depths.firstIndex(of: depth) ?? 0) + 0.5) / Double(max(1, depths.count))
      text += "<path class=\"tick\" d=\"M\(number(place)) \(number(height))v4\"/>"
      text +=
        "<text class=\"note quiet mid\" x=\"\(number(place))\" y=\"\(number(height + 17))\">\(depth)</text>\n"
    }
    text += "<text class=\"note quiet mid\" x=\"\(number(width / 2))\" y=\"\(number(height + 35))\">"
    text += "depth: layers of weights</text>\n"
    for (index, family) in figure.families.enumerated() {
      text += curve(index, figure.panels.filter { $0.family == family }.sorted { $0.depth < $1.depth })
    }
    return text + names
  }

  private func curve(_ index: Int, _ panels: [CensusFigure.Panel]) -> String {
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    let colour = "c\(index % Palette.light.layers.count + 1)"
    let points = panels.map { (x($0.depth, family: index), y($0.share)) }
    var text = "<path class=\"curve \(colour)\" d=\""
    for (place, point) in points.enumerated() {
      text += "\(place == 0 ? "M" : "L")\(number(point.0)) \(number(point.1))"
    }
    text += "\"/>\n"
    for (panel, point) in zip(panels, points) {
      let (low, high) = (y(panel.interval.lowerBound), y(panel.interval.upperBound))
      text += "<path class=\"whisker \(colour)\" d=\"M\(number(point.0)) \(number(low))V\(number(high))\"/>"
      text += "<circle class=\"dot \(colour)\" cx=\"\(number(point.0))\" cy=\"\(number(point.1))\" r=\"4\">"
      let interval = [panel.share, panel.interval.lowerBound, panel.interval.upperBound].map {
        NumberText.readable(100 * $0, digits: 3)
      }
      text +=
        "<title>\(panel.label.escapedForMarkup): \(interval[0]) % full (\(interval[1]) to \(interval[2]))"
      text += "</title></circle>\n"
    }
    return text
  }

  private var names: String {
    figure.families.enumerated().map { index, family in
      let y = NumberText.code(12 + 20 * Double(index))
      let colour = "c\(index % Palette.light.layers.count + 1)"
      return "<circle class=\"dot \(colour)\" cx=\"\(NumberText.code(width + 26))\" cy=\"\(y)\" r=\"4\"/>"
        + "<text x=\"\(NumberText.code(width + 38))\" y=\"\(y)\" dy=\"4\">\(family.escapedForMarkup)</text>\n"
    }.joined()
  }
}
