/// The page around a picture: title, caption, plot, legend and notes, each where it belongs.
struct SVGSheet {
  let title: String
  let caption: [String]
  let plotWidth: Double
  let plotHeight: Double
  var legend = SVGLegend()
  var notes: [String] = []

  private static let left = 78.0
  private static let legendWidth = 200.0

  /// The whole document.
  func document(plot: String, css: String, description: String) -> String {
    let width = Self.left + plotWidth + 34 + Self.legendWidth
    var top = 24.0
    var heading = ""
    func lines(_ text: String, _ classes: String, size: Double, advance: Double, into target: inout String) {
      let columns = Int((width - Self.left - 24) / (0.58 * size))
      for line in FigureText.wrapped(text, width: columns) {
        top += advance
        target += "<text class=\"\(classes)\" x=\"\(Self.left)\" y=\"\(NumberText.code(top))\">"
        target += "\(line.escapedForMarkup)</text>\n"
      }
    }
    lines(title, "title", size: 21, advance: 22, into: &heading)
    top += 4
    for line in caption { lines(line, "caption quiet", size: 13, advance: 18, into: &heading) }
    top += 20
    let plotTop = top
    top += max(plotHeight + 52, legend.height + 8)
    var footer = ""
    for note in notes { lines(note, "note quiet", size: 11, advance: 15, into: &footer) }
    let height = top + 18
    let size = "width=\"\(NumberText.code(width))\" height=\"\(NumberText.code(height))\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(NumberText.code(width)) \(NumberText.code(height))" \
      \(size) role="img" aria-labelledby="title desc">
      <title id="title">\(title.escapedForMarkup)</title>
      <desc id="desc">\((caption + [description] + notes).joined(separator: " ").escapedForMarkup)</desc>
      <style>
      \(css)</style>
      <defs><clipPath id="plot"><rect width="\(NumberText.code(plotWidth))" height="\(NumberText.code(plotHeight))"/>\
      </clipPath></defs>
      <rect class="paper" width="100%" height="100%"/>
      \(heading)<g transform="translate(\(NumberText.code(Self.left)) \(NumberText.code(plotTop)))">
      \(plot)</g>
      <g class="legend" transform="translate(\(NumberText.code(Self.left + plotWidth + 34)) \
      \(NumberText.code(plotTop)))">
      \(legend.markup)</g>
      \(footer)</svg>

      """
  }

  /// A frame with ticks and labels around a plot of the given size.
  ///
  /// - Parameters:
  ///   - across: The ticks of the horizontal axis, by default round numbers.
  ///   - up: Those of the vertical axis.
  ///   - reversed: Whether numbers decrease to the right, and upwards.
  static func axes(
    _ horizontal: FigureAxis, _ vertical: FigureAxis, width: Double, height: Double, across: Ticks? = nil,
    up: Ticks? = nil, reversed: (across: Bool, up: Bool) = (false, false)
  ) -> String {
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    var text =
      "<g class=\"axes\"><rect class=\"frame\" width=\"\(number(width))\" height=\"\(number(height))\"/>\n"
    let across = across ?? Ticks(horizontal.range)
    for (value, label) in zip(across.values, across.labels) {
      let share = horizontal.fraction(value)
      let x = number((reversed.across ? 1 - share : share) * width)
      text += "<path class=\"tick\" d=\"M\(x) \(number(height))v5\"/>"
      text += "<text class=\"mid\" x=\"\(x)\" y=\"\(number(height + 20))\">\(label)</text>\n"
    }
    let up = up ?? Ticks(vertical.range)
    for (value, label) in zip(up.values, up.labels) {
      let share = vertical.fraction(value)
      let y = (reversed.up ? share : 1 - share) * height
      text += "<path class=\"tick\" d=\"M0 \(number(y))h-5\"/>"
      text += "<text class=\"end\" x=\"-9\" y=\"\(number(y + 4))\">\(label)</text>\n"
    }
    text += "<text class=\"mid\" x=\"\(number(width / 2))\" y=\"\(number(height + 42))\">"
    text += "\(horizontal.title.escapedForMarkup)</text>\n"
    text += "<text class=\"mid\" transform=\"translate(-56 \(number(height / 2))) rotate(-90)\">"
    text += "\(vertical.title.escapedForMarkup)</text></g>\n"
    return text
  }
}
