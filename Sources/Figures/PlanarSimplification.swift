/// What of a planar figure is drawn as shapes, and what is too small for that.
///
/// Up to a limit everything is a shape. Above it the largest regions are shapes, all regions are painted point by
/// point behind them, and walls are joined into curves. Nothing is left out silently: `notes` says what was done.
struct PlanarSimplification: Sendable {
  /// The regions drawn as shapes, increasing.
  let shapes: [Int]
  /// Whether every region is a shape, so that no raster is needed.
  let isComplete: Bool
  /// The walls as they are drawn.
  let curves: [WallCurve]
  /// What a reader must know, one sentence each; empty if everything is a shape.
  let notes: [String]

  /// The parts of `figure` for a picture of `width` × `height` points.
  ///
  /// - Complexity: O(n log n) in the number of regions and walls.
  init(of figure: PlanarFigure, limit: Int, width: Int, height: Int) {
    let count = figure.regions.count
    var notes: [String] = []
    if count <= limit {
      shapes = Array(0..<count)
      isComplete = true
    } else {
      let scale = Double(width * height) / (figure.horizontal.span * figure.vertical.span)
      let areas = figure.regions.map { figure.area(of: $0) * scale }
      let order = (0..<count).sorted { (areas[$1], $0) < (areas[$0], $1) }
      let largest = order.prefix(limit)
      shapes = largest.sorted()
      isComplete = false
      let rest = NumberText.grouped(count - limit)
      let size = NumberText.readable(areas[order[limit]], digits: 2)
      notes.append(
        "\(NumberText.grouped(count)) regions: the \(NumberText.grouped(limit)) largest are drawn as shapes; "
          + "the other \(rest), none larger than \(size) pixels, are painted in an image of "
          + "\(NumberText.grouped(width)) × \(NumberText.grouped(height)) pixels.")
    }
    let walls = figure.walls.count
    if walls <= 3 * limit {
      curves = WallCurve.walls(of: figure)
    } else {
      let tolerance = 0.1 / Double(max(width, height))
      var joined = WallCurve.joined(wallsOf: figure, tolerance: tolerance)
      let total = joined.count
      var points = 0
      joined.sort { $0.extent > $1.extent }
      let kept = joined.prefix { curve in
        points += curve.points.count / 2
        return points <= 6 * limit
      }
      curves = Array(kept)
      var note = "\(NumberText.grouped(walls)) walls are joined into \(NumberText.grouped(total)) curves, "
      note += "each with its mean weight"
      if kept.count < total {
        note += "; the \(NumberText.grouped(total - kept.count)) shortest are left out"
      }
      notes.append(note + ".")
    }
    self.notes = notes
  }
}

extension WallCurve {
  /// A measure of its size: the larger side of the box around it.
  fileprivate var extent: Double {
    var (left, right, low, high) = (points[0], points[0], points[1], points[1])
    for index in stride(from: 0, to: points.count, by: 2) {
      left = min(left, points[index])
      right = max(right, points[index])
      low = min(low, points[index + 1])
      high = max(high, points[index + 1])
    }
    return max(right - left, high - low)
  }
}

extension PlanarFigure {
  /// The area of a region in the units of the axes.
  func area(of region: Region) -> Double {
    guard let first = region.corners.first else { return 0 }
    let (x, y) = (vertices[2 * first], vertices[2 * first + 1])
    var twice = 0.0
    var previous = first
    for corner in region.corners {
      twice +=
        (vertices[2 * previous] - x) * (vertices[2 * corner + 1] - y)
        - (vertices[2 * corner] - x) * (vertices[2 * previous + 1] - y)
      previous = corner
    }
    return twice.magnitude / 2
  }

  /// All regions painted as points, each with the byte that `byte` gives its index.
  func raster(width: Int, height: Int, byte: (Int) -> UInt8) -> RegionRaster {
    var raster = RegionRaster(width: width, height: height)
    var corners: [Double] = []
    for (index, region) in regions.enumerated() {
      corners.removeAll(keepingCapacity: true)
      for corner in region.corners {
        corners.append(horizontal.fraction(vertices[2 * corner]) * Double(width))
        corners.append((1 - vertical.fraction(vertices[2 * corner + 1])) * Double(height))
      }
      raster.fill(corners, with: byte(index))
    }
    return raster
  }
}
