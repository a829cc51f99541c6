/// How numbers become steps of a colour map.
///
/// A few extreme numbers would leave the rest in one shade, so where the middle 98 percent fill less than a third of the
/// range, the scale is that of the middle and its ends stand for everything beyond.
struct ShadeScale: Hashable, Sendable {
  /// The range that is told apart.
  let range: ClosedRange<Double>
  /// Whether numbers below the range occur.
  let isOpenBelow: Bool
  /// Whether numbers above the range occur.
  let isOpenAbove: Bool

  /// The scale for the finite ones among `values`.
  init(for values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else {
      range = 0...1
      isOpenBelow = false
      isOpenAbove = false
      return
    }
    let low = sorted[sorted.count / 100]
    let high = sorted[sorted.count - 1 - sorted.count / 100]
    let isSkewed = high > low && last - first > 3 * (high - low)
    range = isSkewed ? low...high : first...last
    isOpenBelow = isSkewed && first < low
    isOpenAbove = isSkewed && last > high
  }

  /// The step of `value` among `ColourMap.steps`; none for a value that is not finite.
  func step(of value: Double) -> Int? {
    guard value.isFinite else { return nil }
    let length = range.upperBound - range.lowerBound
    guard length > 0 else { return ColourMap.steps / 2 }
    let fraction = (value - range.lowerBound) / length
    return min(ColourMap.steps - 1, max(0, Int(min(1, max(0, fraction)) * Double(ColourMap.steps))))
  }
}
