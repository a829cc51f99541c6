/// Sentences about the parts of a figure.
enum FigureText {
  /// The function in the names of the axes: "1.2·x0 − 0.3·x1 + 0.1".
  static func of(_ function: PlanarFigure.AffineFunction, horizontal: String, vertical: String) -> String {
    var text = ""
    for (factor, name) in [(function.a, "·" + horizontal), (function.b, "·" + vertical), (function.c, "")] {
      if factor == 0 { continue }
      let sign = factor < 0 ? "\u{2212}" : "+"
      let size = NumberText.readable(factor.magnitude, digits: 4) + name
      text += text.isEmpty ? (factor < 0 ? sign : "") + size : " \(sign) \(size)"
    }
    return text.isEmpty ? "0" : text
  }

  /// What is known about a region, in one line.
  static func of(_ region: PlanarFigure.Region, in figure: PlanarFigure) -> String {
    var parts: [String] = []
    if !region.label.isEmpty { parts.append(region.label) }
    switch figure.shading {
    case .category(let names):
      if let category = region.category, names.indices.contains(category) { parts.append(names[category]) }
      parts.append("value \(NumberText.readable(region.value, digits: 4))")
    default: parts.append("\(figure.shading.title) \(NumberText.readable(region.value, digits: 4))")
    }
    if let function = region.function {
      parts.append(of(function, horizontal: figure.horizontal.label, vertical: figure.vertical.label))
    }
    parts.append("\(region.corners.count) sides")
    return parts.joined(separator: " · ")
  }

  /// The neurons and the weight of a wall, in one line.
  static func ofWall(neurons: [FigureNeuron], weight: Double, isVisible: Bool) -> String {
    neurons.inWords
      + (isVisible ? ", weight \(NumberText.readable(weight))" : ", hidden: the function does not bend")
  }

  /// `text` in lines of at most `width` characters, broken at spaces where possible.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if !line.isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = String(word.dropFirst(width))
      }
      line += line.isEmpty ? word : " " + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
