/// A closed interval of reals with double ends, rounded outward: the exact result always lies inside.
///
/// Each operation computes in round-to-nearest and widens the ends by one unit in the last place, so no rounding
/// mode is touched and results do not depend on the machine's.
///
/// - Exactness: an enclosure. An end may be infinite; the interval is never empty and holds no NaN.
public struct Interval: Hashable, Sendable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// The interval from `lower` to `upper`.
  ///
  /// - Requires: `lower ≤ upper`.
  @inlinable
  public init(_ lower: Double, _ upper: Double) {
    precondition(lower <= upper, "an interval needs lower ≤ upper, got [\(lower), \(upper)]")
    self.lower = lower
    self.upper = upper
  }

  /// The interval that holds one double.
  @inlinable public init(_ value: Double) { self.init(value, value) }

  /// All reals.
  public static let everything = Interval(-.infinity, .infinity)

  /// The largest absolute value in the interval.
  @inlinable public var magnitude: Double { max(lower.magnitude, upper.magnitude) }

  /// Whether a number lies in the interval.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// An enclosure of the sum, exact where the sum of the ends is a double.
  @inlinable
  public static func + (a: Interval, b: Interval) -> Interval {
    Interval(sumBelow(a.lower, b.lower), sumAbove(a.upper, b.upper))
  }

  /// An enclosure of the difference, exact where the difference of the ends is a double.
  @inlinable
  public static func - (a: Interval, b: Interval) -> Interval {
    Interval(sumBelow(a.lower, -b.upper), sumAbove(a.upper, -b.lower))
  }

  /// An enclosure of the product; 0 · ∞ counts as 0, which is right for intervals of reals.
  @inlinable
  public static func * (a: Interval, b: Interval) -> Interval {
    let p = product(a.lower, b.lower)
    let q = product(a.lower, b.upper)
    let r = product(a.upper, b.lower)
    let s = product(a.upper, b.upper)
    let low = min(min(p, q), min(r, s))
    let high = max(max(p, q), max(r, s))
    // A zero end is exact only if it comes from a zero factor; products that underflow are widened.
    let exactZero = (a.lower == 0 && a.upper == 0) || (b.lower == 0 && b.upper == 0)
    if exactZero { return Interval(0) }
    return Interval(
      low == 0 && (a.lower >= 0 && b.lower >= 0 || a.upper <= 0 && b.upper <= 0) ? 0 : down(low),
      high == 0 && (a.lower >= 0 && b.upper <= 0 || a.upper <= 0 && b.lower >= 0) ? 0 : up(high))
  }

  /// An enclosure of the quotient.
  ///
  /// - Requires: the divisor does not contain 0.
  public static func / (a: Interval, b: Interval) -> Interval {
    precondition(b.lower > 0 || b.upper < 0, "division by an interval that contains 0")
    let quotients = [a.lower / b.lower, a.lower / b.upper, a.upper / b.lower, a.upper / b.upper]
    let known = quotients.filter { !$0.isNaN }
    guard known.count == 4, let low = known.min(), let high = known.max() else { return .everything }
    return Interval(down(low), up(high))
  }

  /// The negative, exactly.
  @inlinable public static prefix func - (a: Interval) -> Interval { Interval(-a.upper, -a.lower) }

  /// The image under x ↦ max(x, 0), exactly.
  @inlinable public var rectified: Interval { Interval(max(lower, 0), max(upper, 0)) }

  /// The next double below, unless the value is exact at zero or infinite.
  @inlinable
  static func down(_ value: Double) -> Double {
    if value.isNaN { return -.infinity }
    return value == .infinity ? .greatestFiniteMagnitude : value.nextDown
  }

  /// The next double above, unless the value is infinite.
  @inlinable
  static func up(_ value: Double) -> Double {
    if value.isNaN { return .infinity }
    return value == -.infinity ? -.greatestFiniteMagnitude : value.nextUp
  }

  @inlinable
  static func product(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }

  /// A lower bound of a + b, the sum itself where it is exact.
  @inlinable
  static func sumBelow(_ a: Double, _ b: Double) -> Double {
    let sum = a + b
    return sumError(a, b, sum) >= 0 ? sum : down(sum)
  }

  /// An upper bound of a + b, the sum itself where it is exact.
  @inlinable
  static func sumAbove(_ a: Double, _ b: Double) -> Double {
    let sum = a + b
    return sumError(a, b, sum) <= 0 ? sum : up(sum)
  }

  /// (a + b) − fl(a + b), exactly (Knuth's two-sum); NaN when something is infinite.
  @inlinable
  static func sumError(_ a: Double, _ b: Double, _ sum: Double) -> Double {
    let tail = sum - a
    return (a - (sum - tail)) + (b - tail)
  }
}

extension Dyadic {
  /// The tightest enclosure by doubles.
  @inlinable
  public var interval: Interval {
    if let exact = double { return Interval(exact) }
    return Interval(doubleBelow, doubleAbove)
  }
}
