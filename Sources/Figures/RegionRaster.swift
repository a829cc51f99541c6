/// A picture of many polygons as points: one byte for each point, 255 where there is nothing.
struct RegionRaster: Sendable {
  /// The value of a point that no polygon covers.
  static let empty: UInt8 = 255

  /// The number of columns.
  let width: Int
  /// The number of rows.
  let height: Int
  /// The points, row by row from the top.
  private(set) var pixels: [UInt8]

  /// The empty raster of the given size.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: Self.empty, count: width * height)
  }

  /// Paints the points whose centres lie in a convex polygon, or the one nearest its middle if it covers none and
  /// nothing is there.
  ///
  /// - Units: corners x₀, y₀, x₁, y₁, … in points, y down.
  mutating func fill(_ corners: [Double], with byte: UInt8) {
    let count = corners.count / 2
    if count == 0 { return }
    var top = Double.infinity
    var bottom = -Double.infinity
    var middle = (x: 0.0, y: 0.0)
    for index in 0..<count {
      middle.x += corners[2 * index] / Double(count)
      middle.y += corners[2 * index + 1] / Double(count)
      top = min(top, corners[2 * index + 1])
      bottom = max(bottom, corners[2 * index + 1])
    }
    var isEmpty = true
    var row = Int(max(0, (top - 0.5).rounded(.up)))
    while row < height && Double(row) + 0.5 < bottom {
      let y = Double(row) + 0.5
      var left = Double.infinity
      var right = -Double.infinity
      for index in 0..<count {
        let next = index + 1 == count ? 0 : index + 1
        let (y0, y1) = (corners[2 * index + 1], corners[2 * next + 1])
        if (y0 <= y) == (y1 <= y) { continue }
        let x = corners[2 * index] + (corners[2 * next] - corners[2 * index]) * (y - y0) / (y1 - y0)
        left = min(left, x)
        right = max(right, x)
      }
      var column = Int(max(0, min(Double(width), (left - 0.5).rounded(.up))))
      while column < width && Double(column) + 0.5 < right {
        pixels[row * width + column] = byte
        isEmpty = false
        column += 1
      }
      row += 1
    }
    let inside = middle.x >= 0 && middle.y >= 0 && middle.x < Double(width) && middle.y < Double(height)
    if isEmpty && inside {
      let place = Int(middle.y) * width + Int(middle.x)
      if pixels[place] == Self.empty { pixels[place] = byte }
    }
  }
}
