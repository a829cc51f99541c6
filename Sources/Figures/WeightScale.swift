/// How the weight of a wall becomes the width of its line.
struct WeightScale: Hashable, Sendable {
  /// The widest class; classes begin at 0.
  static let widest = 5

  /// The weight at which lines reach their full width, so that 2 percent of the walls lie above it.
  let full: Double

  /// The scale for walls of these weights.
  init(for weights: [Double]) {
    let sorted = weights.filter { $0.isFinite && $0 > 0 }.sorted()
    full = sorted.isEmpty ? 1 : sorted[sorted.count - 1 - sorted.count / 50]
  }

  /// The class of a weight: proportional to it, 5 from `full` on.
  func widthClass(of weight: Double) -> Int {
    Int((min(1, max(0, weight / full)) * Double(Self.widest)).rounded())
  }

  /// The width of a class in pixels.
  static func width(ofClass widthClass: Int) -> Double { 0.7 + 0.46 * Double(widthClass) }
}
