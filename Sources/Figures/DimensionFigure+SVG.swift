extension DimensionFigure {
  /// The figure as an SVG document, for light and dark pages.
  public func svg() -> String {
    var page = SVGColumn(left: 34, width: 760)
    page.heading(title, caption: caption)
    let barWidth = page.width - 2 * page.left
    page.place(bar(parts, of: total, unit: "parameters", width: barWidth, height: 34), height: 52)
    page.place(key, height: Double(parts.count) * 21 + 22)
    if !layers.isEmpty {
      page.lines("Neurons, layer by layer", "caption", size: 13, advance: 14)
      page.top += 12
      page.place(layerRows(width: barWidth), height: Double(layers.count) * 25 + 8)
    }
    for note in notes { page.lines(note, "note quiet", size: 11, advance: 15) }
    let summary = parts.map { "\($0.label): \($0.count)." }
    return page.document(title: title, description: caption + summary + notes, css: Self.css)
  }

  /// Parts side by side; those too thin to be seen are a hair wide.
  private func bar(_ parts: [Part], of total: Int, unit: String, width: Double, height: Double) -> String {
    let unitWidth = width / Double(max(1, total))
    let room = parts.map { $0.count == 0 ? 0 : max(2, Double($0.count) * unitWidth) }
    let sum = room.reduce(0, +)
    // Hairs take their room from the widest.
    let scale = sum > 0 ? width / max(sum, width) : 1
    var x = 0.0
    var text = ""
    for (part, length) in zip(parts, room) where part.count > 0 {
      let own = length * scale
      text += "<rect class=\"\(Self.name(part.kind))\" x=\"\(NumberText.code(x))\" "
      text +=
        "width=\"\(NumberText.code(max(1, own - (own > 5 ? 1 : 0))))\" height=\"\(NumberText.code(height))\">"
      text += "<title>\(part.label.escapedForMarkup): \(part.count) of \(total) \(unit)</title></rect>\n"
      x += own
    }
    return text
  }

  /// What the parts are, a line each.
  private var key: String {
    parts.enumerated().map { index, part in
      let y = Double(index) * 21
      let share = NumberText.readable(100 * Double(part.count) / Double(max(1, total)), digits: 3)
      return """
        <rect class="\(Self.name(part.kind))" y="\(NumberText.code(y))" width="22" height="13"/>\
        <text class="end" x="76" y="\(NumberText.code(y + 11))">\(NumberText.grouped(part.count))</text>\
        <text class="end quiet" x="136" y="\(NumberText.code(y + 11))">\(share)\u{202F}%</text>\
        <text x="156" y="\(NumberText.code(y + 11))">\(part.label.escapedForMarkup)</text>

        """
    }.joined()
  }

  private func layerRows(width: Double) -> String {
    let widest = layers.map(\.width).max() ?? 1
    let left = 108.0
    return layers.enumerated().map { index, layer in
      let length = (width - left - 60) * Double(layer.width) / Double(max(1, widest))
      let drawn = bar(layer.parts, of: layer.width, unit: "neurons", width: length, height: 15)
      return """
        <g transform="translate(0 \(NumberText.code(Double(index) * 25)))">\
        <text y="12">\(layer.label.escapedForMarkup)</text>
        <g transform="translate(\(NumberText.code(left)) 0)">
        \(drawn)<text class="quiet" x="\(NumberText.code(length + 9))" y="12">\(layer.width)</text></g></g>

        """
    }.joined()
  }

  private static func name(_ kind: Kind) -> String {
    switch kind {
    case .moving: "moving"
    case .rescaling: "rescaling"
    case .reason(let number): "reason\(number % reasonCount + 1)"
    case .open: "open"
    case .unseen: "unseen"
    }
  }

  /// The number of colours of reasons.
  private static let reasonCount = 8

  private static var css: String {
    func rules(_ palette: Palette) -> String {
      // Reasons have the colours of layers, the last three of them once more and paler.
      let reasons = [1, 3, 4, 0, 5, 4, 3, 0].enumerated().map { number, colour in
        ".reason\(number + 1){fill:\(palette.layers[colour].hex)}"
      }
      return """
        .paper{fill:\(palette.paper.hex)}text{fill:\(palette.ink.hex)}.quiet{fill:\(palette.quietInk.hex)}
        .moving{fill:\(palette.layer(3).hex)}.rescaling,.unseen{fill:\(palette.rule.hex)}
        .open{fill:\(palette.paper.hex);stroke:\(palette.ink.hex)}\(reasons.joined())

        """
    }
    let text = """
      text{font-family:\(SVGStyle.sans);font-size:12.5px;font-variant-numeric:tabular-nums}
      .title{font-family:\(SVGStyle.serif);font-size:21px}
      .caption{font-size:13px}.note{font-size:11px}.end{text-anchor:end}
      .moving{fill-opacity:.85}.rescaling{fill-opacity:.6}.unseen{fill-opacity:.25}
      .reason6,.reason7,.reason8{fill-opacity:.45}
      .open{stroke-width:1;stroke-dasharray:3 2}

      """
    return text + rules(.light) + "@media (prefers-color-scheme:dark){\n" + rules(.dark) + "}\n"
  }
}
