/// What planar and solid pages hold alike.
enum PageData {
  /// An axis: label, unit, lower and upper end.
  static func axis(_ axis: FigureAxis) -> String {
    JSONText.list([
      axis.label.quotedForScript, axis.unit.quotedForScript, JSONText.number(axis.range.lowerBound),
      JSONText.number(axis.range.upperBound),
    ])
  }

  /// A scale: lower and upper end, and whether numbers beyond them occur.
  static func scale(_ scale: ShadeScale) -> String {
    JSONText.list([
      JSONText.number(scale.range.lowerBound), JSONText.number(scale.range.upperBound),
      String(scale.isOpenBelow),
      String(scale.isOpenAbove),
    ])
  }

  /// The colour maps and the colours of classes, each for a light and for a dark page.
  static var colours: String {
    func pair(_ light: [Colour], _ dark: [Colour]) -> String {
      JSONText.list([light, dark].map { JSONText.list($0.map(\.hex.quotedForScript)) })
    }
    var json = JSONText()
    json.addRaw("quiet", pair(Palette.light.quiet.table, Palette.dark.quiet.table))
    json.addRaw("vivid", pair(ColourMap.vivid.table, ColourMap.vivid.table))
    json.addRaw("category", pair(Palette.light.categories, Palette.dark.categories))
    return json.text
  }

  /// The different lists of neurons, and for each of `lists` which one it is.
  static func table(of lists: [[FigureNeuron]]) -> (json: String, indices: [Int]) {
    var known: [[FigureNeuron]: Int] = [:]
    var rows: [String] = []
    let indices = lists.map { list -> Int in
      if let index = known[list] { return index }
      known[list] = rows.count
      rows.append(JSONText.list(list.sorted().flatMap { ["\($0.layer)", "\($0.index)"] }))
      return rows.count - 1
    }
    return (JSONText.list(rows), indices)
  }

  /// The labels, cut so that together they stay within `budget` letters.
  static func labels(_ labels: [String], budget: Int) -> [String] {
    let total = labels.reduce(0) { $0 + $1.utf8.count }
    if total <= budget { return labels }
    let length = max(8, budget / max(1, labels.count))
    return labels.map { $0.count <= length ? $0 : $0.prefix(length - 1) + "…" }
  }

  /// Where each of the lists begins in their concatenation, and its length at the end.
  static func starts(_ counts: [Int]) -> String {
    var sum = 0
    var starts = [0]
    starts.reserveCapacity(counts.count + 1)
    for count in counts {
      sum += count
      starts.append(sum)
    }
    return Base64.integers(starts).quotedForScript
  }
}
