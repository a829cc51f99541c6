import Crease

/// Paths and path costs as CSV.
enum PathTable {
  /// The first line of a table of paths.
  static let header = "path,output,value,exact\n"

  /// The size of a chunk of lines, in bytes.
  private static let chunkSize = 1 << 16

  /// Calls `body` with lines of the table of paths, in order, many at a time.
  static func forEachChunk(
    _ embedding: PathEmbedding, limit: Int, progress: Progress, _ body: (String) throws -> Void
  ) throws {
    let count = try embedding.checkedEntryCount(limit: limit, progress: progress)
    var chunk = ""
    var done = 0
    try embedding.forEachEntry { entry in
      chunk += "\(entry.path.stem),\(entry.path.output),\(entry.value.nearestDouble),\(entry.value)\n"
      done += 1
      guard chunk.utf8.count >= chunkSize else { return }
      try progress.step("listing paths", done: done, of: count)
      try body(chunk)
      chunk = ""
    }
    if !chunk.isEmpty { try body(chunk) }
  }

  /// A line for every weight that is not zero, in the order of the layers; rank 1 costs most.
  static func scores(_ costs: PathCosts) -> String {
    var ranks = Array(repeating: 0, count: costs.weights.count)
    for (rank, position) in costs.ranking.enumerated() { ranks[position] = rank + 1 }
    var table = "layer,row,source,column,weight,cost,log10Cost,rank\n"
    for (position, cost) in costs.weights.enumerated() {
      guard case .weight(let layer, let row, let source, let column) = cost.name else { continue }
      let size = cost.magnitude
      table +=
        "\(layer),\(row),\(source),\(column),\(cost.parameter),\(size.nearest),\(size.nearestLog10),\(ranks[position])\n"
    }
    return table
  }
}

extension PathMagnitude {
  /// The number, or the middle of its enclosure.
  var nearest: Double {
    if order == 1, let exactPower { return exactPower.nearestDouble }
    let enclosure = value
    return enclosure.upper.isFinite ? enclosure.lower + (enclosure.upper - enclosure.lower) / 2 : .infinity
  }

  /// The decimal logarithm, or the middle of its enclosure.
  var nearestLog10: Double {
    if isZero { return -.infinity }
    return log10.lower.isFinite ? log10.lower + (log10.upper - log10.lower) / 2 : log10.upper
  }
}
