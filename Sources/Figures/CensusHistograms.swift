/// A row of histograms with the same scales.
struct CensusHistograms {
  let panels: [CensusFigure.Panel]
  let panelWidth: Double
  let panelHeight: Double

  /// The room between panels.
  static let gap = 34.0
  /// The room above a panel for its name.
  static let head = 40.0
  /// The room below a panel for its scale.
  static let foot = 44.0

  /// The number of deficits above zero in a bin.
  private let binWidth: Int
  /// The bins above zero.
  private let binCount: Int
  /// The greatest share of networks in a bin.
  private var tallest = 0.0

  init(_ panels: [CensusFigure.Panel], panelWidth: Double, panelHeight: Double) {
    self.panels = panels
    self.panelWidth = panelWidth
    self.panelHeight = panelHeight
    let greatest = panels.flatMap { $0.deficits + $0.sampleDeficits }.max() ?? 0
    binWidth = [1, 2, 5, 10, 20, 50, 100, 200, 500].first { $0 * 24 >= greatest } ?? (greatest / 24 + 1)
    binCount = max(4, (greatest + binWidth - 1) / binWidth)
    let shares = panels.flatMap { heights($0.deficits) + heights($0.sampleDeficits) }
    tallest = max(0.05, shares.max() ?? 0)
  }

  /// The height of a row with head and foot.
  var height: Double { Self.head + panelHeight + Self.foot }

  /// The share of networks without deficit, then that of each bin.
  private func heights(_ deficits: [Int]) -> [Double] {
    var counts = Array(repeating: 0, count: binCount + 1)
    for deficit in deficits { counts[deficit <= 0 ? 0 : (deficit - 1) / binWidth + 1] += 1 }
    return counts.map { Double($0) / Double(max(1, deficits.count)) }
  }

  /// The place of a deficit: zero has a bin of its own, set a little apart.
  private func x(_ deficit: Double) -> Double {
    let slot = panelWidth / (Double(binCount) + 1.5)
    return deficit <= 0 ? slot / 2 : slot * 1.5 + slot * (deficit - 0.5) / Double(binWidth)
  }

  private func y(_ share: Double) -> Double { panelHeight * (1 - share / (tallest * 1.06)) }

  /// The elements, from (0, 0) to the right and down.
  var markup: String {
    panels.enumerated().map { column, panel in
      let left = NumberText.code(Double(column) * (panelWidth + Self.gap))
      return "<g transform=\"translate(\(left) \(Self.head))\">\n"
        + self.panel(panel, isFirst: column == 0) + "</g>\n"
    }.joined()
  }

  private func panel(_ panel: CensusFigure.Panel, isFirst: Bool) -> String {
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    let slot = panelWidth / (Double(binCount) + 1.5)
    let below = Ticks(0...Double(binCount * binWidth), target: 4)
    let up = Ticks(0...tallest, target: 3)
    var text = "<text class=\"head\" x=\"0\" y=\"-24\">\(panel.label.escapedForMarkup)</text>\n"
    let full = "\(percent(panel.share)) full, mean deficit \(NumberText.readable(panel.mean, digits: 3))"
    text += "<text class=\"note quiet\" x=\"0\" y=\"-9\">\(full.escapedForMarkup)</text>\n"
    for (value, label) in zip(up.values, up.values.map(percent)) {
      text += "<path class=\"grid\" d=\"M0 \(number(y(value)))H\(number(panelWidth))\"/>"
      if isFirst {
        text += "<text class=\"note quiet end\" x=\"-8\" y=\"\(number(y(value) + 4))\">\(label)</text>"
      }
      text += "\n"
    }
    let shares = heights(panel.deficits)
    for (bin, share) in shares.enumerated() where share > 0 {
      let left = bin == 0 ? 0 : slot * (Double(bin) + 0.5)
      let width = number(max(1, slot - 1))
      text +=
        "<rect class=\"\(bin == 0 ? "full" : "deficit")\" x=\"\(number(left + 0.5))\" y=\"\(number(y(share)))\" "
      text += "width=\"\(width)\" height=\"\(number(panelHeight - y(share)))\">"
      text += "<title>\(range(bin)): \(percent(share)) of \(panel.deficits.count) networks</title></rect>\n"
    }
    text += "<path class=\"sample\" d=\"\(outline(heights(panel.sampleDeficits), slot: slot))\"/>\n"
    text += "<path class=\"axis\" d=\"M0 \(number(panelHeight))H\(number(panelWidth))\"/>\n"
    for (value, label) in zip(below.values, below.labels) {
      let place = number(x(value))
      text += "<path class=\"tick\" d=\"M\(place) \(number(panelHeight))v4\"/>"
      text +=
        "<text class=\"note quiet mid\" x=\"\(place)\" y=\"\(number(panelHeight + 17))\">\(label)</text>\n"
    }
    return text
  }

  /// The steps of a histogram, apart from the bin of zero as the bars are.
  private func outline(_ shares: [Double], slot: Double) -> String {
    func number(_ value: Double) -> String { NumberText.code(value, digits: 5) }
    var text = "M0 \(number(panelHeight))V\(number(y(shares[0])))H\(number(slot))V\(number(panelHeight))"
    guard let last = shares.lastIndex(where: { $0 > 0 }), last > 0 else { return text }
    text += "M\(number(slot * 1.5)) \(number(panelHeight))"
    for bin in 1...last { text += "V\(number(y(shares[bin])))H\(number(slot * (Double(bin) + 1.5)))" }
    return text + "V\(number(panelHeight))"
  }

  private func range(_ bin: Int) -> String {
    if bin == 0 { return "no deficit" }
    let (low, high) = ((bin - 1) * binWidth + 1, bin * binWidth)
    return low == high ? "deficit \(low)" : "deficit \(low) to \(high)"
  }

  private func percent(_ share: Double) -> String {
    NumberText.readable(100 * share, digits: 3) + "\u{202F}%"
  }
}
