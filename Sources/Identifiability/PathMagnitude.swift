import ExactArithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A nonnegative number that may be far beyond the range of doubles: a path norm, a distance, a cost.
///
/// - Exactness: ``exactPower`` is exact where it is there; ``log10`` and ``value`` are enclosures, which rest on the C
///   library's logarithm and power being within four units in the last place.
public struct PathMagnitude: Hashable, Sendable {
  /// An enclosure of the decimal logarithm; −∞ for 0.
  public let log10: Interval
  /// The number to the power of its order q, exactly; nil where it was rounded.
  ///
  /// That is the sum of |Φ_p|^q for a norm, and the squared distance.
  public let exactPower: Dyadic?
  /// The order q of the root.
  public let order: Double

  /// Whether the number is 0 for sure.
  public var isZero: Bool { log10.upper == -.infinity }

  /// An enclosure of the number.
  public var value: Interval {
    if isZero { return Interval(0) }
    if let exactPower, order == 1 { return exactPower.interval }
    if let exactPower, order == 2 {
      let root = ScaledDouble(rounding: exactPower).squareRoot
      if let scale = PathMagnitude.inRange(root) { return Interval(scale).widened(by: 2 * 0x1p-53) }
    }
    // 10^t moves by a relative 2.31 |dt|; the ends of log10 hold the error of t already.
    let low = pow(10, log10.lower)
    let high = pow(10, log10.upper)
    let slack = 8 * 0x1p-53
    return Interval(
      low.isFinite ? low * (1 - slack) : .greatestFiniteMagnitude, high == 0 ? 0x1p-1074 : high * (1 + slack))
  }

  private static func inRange(_ number: ScaledDouble) -> Double? {
    guard (-1000...1000).contains(number.exponent) else { return nil }
    return number.significand * Double(sign: .plus, exponent: number.exponent, significand: 1)
  }

  /// The q-th root of an exact number.
  ///
  /// - Requires: it is not negative.
  init(rootOf power: Dyadic, order: Double) {
    precondition(power.sign >= 0, "a root of the negative number \(power)")
    exactPower = power
    self.order = order
    // Rounding by a relative 2^-53 moves the logarithm by less than 2^-54.
    log10 =
      power == .one
      ? Interval(0) : Interval(log10Of: ScaledDouble(rounding: power), slack: 0x1p-54).divided(by: order)
  }

  /// The q-th root of a number known up to `errors` relative errors of 2^-53.
  init(rootOf power: ScaledDouble, order: Double, errors: Double) {
    exactPower = nil
    self.order = order
    // log10(1 + t) < 0.44 t, and k relative errors of u make less than 1.01 k u.
    let slack = (0.45 * errors * 0x1p-53).nextUp
    log10 = Interval(log10Of: power, slack: slack).divided(by: order)
  }

  /// A number somewhere between 0 and a bound above.
  init(atMost bound: Double) {
    exactPower = nil
    order = 1
    let upper =
      bound.isFinite
      ? Interval(log10Of: ScaledDouble(bound), slack: 0) : Interval(-.infinity, .infinity)
    log10 = Interval(-.infinity, upper.upper)
  }
}

extension Interval {
  /// The quotient by a positive number, also where the ends are infinite.
  fileprivate func divided(by divisor: Double) -> Interval {
    if divisor == 1 || lower == -.infinity && upper == -.infinity { return self }
    let low = lower == -.infinity ? lower : (lower / divisor).nextDown
    return Interval(low, (upper / divisor).nextUp)
  }

  /// The interval with a relative margin.
  fileprivate func widened(by share: Double) -> Interval {
    Interval((lower * (1 - share)).nextDown, (upper * (1 + share)).nextUp)
  }
}
