import Foundation

/// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
///
///     Ticks(0...1).labels   // ["0", "0.2", "0.4", "0.6", "0.8", "1"]
///
/// - Exactness: each value is the double nearest to the decimal that its label shows.
struct Ticks: Hashable, Sendable {
  /// The values, increasing, all in the range.
  let values: [Double]
  /// Their labels, with the same number of decimals except for zero.
  let labels: [String]

  /// About `target` ticks over `range`, and never more than twice as many.
  ///
  /// - Requires: both ends finite.
  init(_ range: ClosedRange<Double>, target: Int = 6) {
    let lower = range.lowerBound
    let upper = range.upperBound
    let rough = (upper - lower) / Double(max(1, target))
    // Below 1e-13 of the ends the multiples are no longer distinct doubles.
    guard rough.isFinite, rough > max(lower.magnitude, upper.magnitude) * 1e-13, rough > 1e-290 else {
      values = lower == upper ? [lower] : [lower, upper]
      labels = values.map { NumberText.readable($0, digits: 15) }
      return
    }
    var exponent = 0
    while Self.power(exponent) > rough { exponent -= 1 }
    while Self.power(exponent + 1) <= rough { exponent += 1 }
    let leading = rough / Self.power(exponent)
    let factor = leading <= 1.5 || leading > 7.5 ? 1 : leading <= 3.5 ? 2 : 5
    if leading > 7.5 { exponent += 1 }
    let step = Double(factor) * Self.power(exponent)
    var values: [Double] = []
    var labels: [String] = []
    var multiple = (lower / step).rounded(.up)
    while true {
      let text = Self.decimal(Int(multiple) * factor, exponent: exponent)
      guard let value = Double(text.code) else { break }
      if value > upper { break }
      if value >= lower {
        values.append(value)
        labels.append(text.readable)
      }
      multiple += 1
    }
    self.values = values
    self.labels = labels
  }

  /// About six ticks over `range`, their labels counting in a unit.
  init(_ range: ClosedRange<Double>, inUnitsOf unit: Double) {
    let ticks = Ticks(range.lowerBound / unit...range.upperBound / unit)
    values = ticks.values.map { $0 * unit }
    labels = ticks.labels
  }

  /// Round numbers along a logarithmic axis: powers of ten, and 2 and 5 times them where there are few.
  ///
  ///     Ticks(decades: -2...0).labels   // ["0.01", "0.1", "1"], at -2, -1 and 0
  ///
  /// - Parameter range: The decimal logarithms of the ends.
  /// - Requires: both ends finite.
  init(decades range: ClosedRange<Double>) {
    let low = Int(range.lowerBound.rounded(.down))
    let high = Int(range.upperBound.rounded(.up))
    let step = max(1, (high - low + 6) / 8)
    let leads = Double(high - low) <= 2 ? [1, 2, 5] : [1]
    var values: [Double] = []
    var labels: [String] = []
    for exponent in stride(from: low, through: high, by: step) {
      for lead in leads {
        let place = Double(exponent) + log10(Double(lead))
        guard range.contains(place) else { continue }
        values.append(place)
        labels.append(NumberText.readable(Double("\(lead)e\(exponent)") ?? 0, digits: 1))
      }
    }
    self.values = values
    self.labels = labels
  }

  /// `integer` × 10^`exponent`, for programs and for people.
  private static func decimal(_ integer: Int, exponent: Int) -> (code: String, readable: String) {
    let code = "\(integer)e\(exponent)"
    let sign = integer < 0 ? "\u{2212}" : ""
    let digits = String(integer.magnitude)
    if integer == 0 { return (code, "0") }
    if exponent < -7 || exponent + digits.count > 7 {
      return (code, NumberText.readable(Double(code) ?? 0, digits: 15))
    }
    if exponent >= 0 { return (code, sign + digits + String(repeating: "0", count: exponent)) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
    return (code, sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent))
  }

  /// The double nearest to 10^`exponent`.
  private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }
}
