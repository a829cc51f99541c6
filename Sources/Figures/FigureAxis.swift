/// One axis of a figure: what it measures and the range that is shown.
///
///     FigureAxis("x0", unit: "m/s", 0...50).title   // "x0 (m/s)"
public struct FigureAxis: Hashable, Sendable {
  /// The name of the quantity, such as `x0`.
  public var label: String
  /// The unit in which the range is given; empty for a pure number.
  public var unit: String
  /// The range shown.
  public var range: ClosedRange<Double>

  /// The axis of the given name, unit and range.
  ///
  /// - Requires: both ends finite.
  public init(_ label: String, unit: String = "", _ range: ClosedRange<Double>) {
    precondition(
      range.lowerBound.isFinite && range.upperBound.isFinite,
      "an axis from \(range.lowerBound) to \(range.upperBound)")
    self.label = label
    self.unit = unit
    self.range = range
  }

  /// The label with its unit in parentheses.
  public var title: String { unit.isEmpty ? label : "\(label) (\(unit))" }

  /// The length of the range, never zero, so that it can be divided by.
  var span: Double {
    let length = range.upperBound - range.lowerBound
    return length > 0 ? length : 1
  }

  /// Where `value` lies on the axis: 0 at the lower end, 1 at the upper.
  func fraction(_ value: Double) -> Double { (value - range.lowerBound) / span }
}
