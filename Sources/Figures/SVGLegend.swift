/// The column beside a picture that says what its colours and lines stand for.
struct SVGLegend {
  /// The elements, from (0, 0) to the right and down.
  private(set) var markup = ""
  /// The height used so far.
  private(set) var height = 0.0

  /// A heading, in as many lines as it needs.
  mutating func heading(_ text: String) {
    if height > 0 { height += 14 }
    for line in FigureText.wrapped(text, width: 27) {
      self.text("head", x: 0, y: height + 11, line)
      height += 16
    }
    height += 5
  }

  /// What the shades stand for.
  mutating func shades(_ key: RegionShades.Key) {
    switch key {
    case .scale(let scale): bar(scale)
    case .categories(let names):
      for (index, name) in names.prefix(12).enumerated() {
        let shade = index % Palette.light.categories.count
        markup += "<rect class=\"v\(shade)\" x=\"0\" y=\"\(height)\" width=\"24\" height=\"13\"/>"
        text("", x: 34, y: height + 11, name)
        height += 20
      }
      if names.count > 12 {
        text("quiet", x: 34, y: height + 11, "and \(names.count - 12) more")
        height += 20
      }
    }
  }

  /// A line with a label.
  mutating func line(_ classes: String, _ label: String) {
    markup += "<path class=\"\(classes)\" d=\"M0 \(height + 7)H24\"/>"
    text("", x: 34, y: height + 11, label)
    height += 19
  }

  /// A line with a label in as many lines as it needs.
  mutating func curve(_ classes: String, _ label: String) {
    markup += "<path class=\"\(classes)\" d=\"M0 \(height + 7)H24\"/>"
    for part in FigureText.wrapped(label, width: 24) {
      text("", x: 34, y: height + 11, part)
      height += 15
    }
    height += 6
  }

  /// A filled swatch with a label.
  mutating func swatch(_ classes: String, _ label: String) {
    markup +=
      "<rect class=\"\(classes)\" x=\"0\" y=\"\(height)\" width=\"24\" height=\"13\" fill-opacity=\".6\"/>"
    text("", x: 34, y: height + 11, label)
    height += 20
  }

  /// Line widths with the weights they stand for.
  mutating func widths(_ weights: WeightScale) {
    for widthClass in [1, 3, WeightScale.widest] {
      let weight = weights.full * Double(widthClass) / Double(WeightScale.widest)
      line(
        "wall sample w\(widthClass)",
        NumberText.readable(weight, digits: 2) + (widthClass == WeightScale.widest ? " or more" : ""))
    }
  }

  private mutating func bar(_ scale: ShadeScale) {
    let length = 150.0
    let step = length / Double(ColourMap.steps)
    if scale.range.lowerBound == scale.range.upperBound {
      markup += "<rect class=\"v\(ColourMap.steps / 2)\" x=\"0\" y=\"\(height)\" width=\"24\" height=\"13\"/>"
      text("", x: 34, y: height + 11, NumberText.readable(scale.range.lowerBound, digits: 4))
      height += 20
      return
    }
    for index in 0..<ColourMap.steps {
      let y = NumberText.code(height + length - Double(index + 1) * step)
      markup +=
        "<rect class=\"v\(index)\" x=\"0\" y=\"\(y)\" width=\"14\" height=\"\(NumberText.code(step))\"/>"
    }
    markup += "<rect class=\"bar\" x=\"0\" y=\"\(height)\" width=\"14\" height=\"\(length)\"/>"
    let ticks = Ticks(scale.range, target: 5)
    let span = scale.range.upperBound - scale.range.lowerBound
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = height + length * (1 - (value - scale.range.lowerBound) / span)
      markup += "<path class=\"tick\" d=\"M14 \(NumberText.code(y))h4\"/>"
      text("", x: 22, y: y + 4, label)
    }
    height += length + 8
    if scale.isOpenBelow || scale.isOpenAbove {
      text("quiet note", x: 0, y: height + 8, "The ends stand for all beyond.")
      height += 16
    }
  }

  private mutating func text(_ classes: String, x: Double, y: Double, _ content: String) {
    markup += "<text class=\"\(classes)\" x=\"\(NumberText.code(x))\" y=\"\(NumberText.code(y))\">"
    markup += "\(content.escapedForMarkup)</text>\n"
  }
}
