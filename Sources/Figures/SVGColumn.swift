/// A page of one column, filled from top to bottom: lines of text and drawings.
struct SVGColumn {
  /// The room left of text and drawings.
  let left: Double
  /// The width of the page.
  let width: Double
  /// Where the next element begins.
  var top = 22.0
  private var body = ""

  init(left: Double, width: Double) {
    self.left = left
    self.width = width
  }

  /// Text in as many lines as it needs.
  mutating func lines(_ text: String, _ classes: String, size: Double, advance: Double) {
    for line in FigureText.wrapped(text, width: Int((width - left - 24) / (0.53 * size))) {
      top += advance
      body += "<text class=\"\(classes)\" x=\"\(NumberText.code(left))\" y=\"\(NumberText.code(top))\">"
      body += "\(line.escapedForMarkup)</text>\n"
    }
  }

  /// A drawing that begins at (0, 0).
  mutating func place(_ markup: String, height: Double) {
    body += "<g transform=\"translate(\(NumberText.code(left)) \(NumberText.code(top)))\">\n\(markup)</g>\n"
    top += height
  }

  /// A title and the lines below it.
  mutating func heading(_ title: String, caption: [String]) {
    lines(title, "title", size: 21, advance: 22)
    top += 4
    for line in caption { lines(line, "caption quiet", size: 13, advance: 18) }
    top += 16
  }

  /// The whole document.
  func document(title: String, description: [String], css: String) -> String {
    let (w, h) = (NumberText.code(width), NumberText.code(top + 20))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(w) \(h)" width="\(w)" height="\(h)" role="img" \
      aria-labelledby="title desc">
      <title id="title">\(title.escapedForMarkup)</title>
      <desc id="desc">\(description.joined(separator: " ").escapedForMarkup)</desc>
      <style>
      \(css)</style>
      <rect class="paper" width="100%" height="100%"/>
      \(body)</svg>

      """
  }
}
