#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Interval {
  /// An enclosure of log₁₀ 2.
  private static let logOfTwo = Interval(0.3010299956639812.nextDown, 0.3010299956639812.nextUp)

  /// An enclosure of the decimal logarithm of `significand · 2^exponent`, −∞ for zero, with a margin on both sides.
  ///
  /// - Requires: `significand` is finite and not negative.
  /// - Exactness: rests on the C library's logarithm being within four units in the last place.
  public init(log10Of significand: Double, exponent: Int, slack margin: Double) {
    guard significand > 0 else {
      self.init(-.infinity)
      return
    }
    let log = log10(significand)
    let slack = 4 * log.ulp + margin
    self = Interval(Double(exponent)) * Interval.logOfTwo + Interval(log - slack, log + slack)
  }
}

extension Dyadic {
  /// An enclosure of the decimal logarithm; −∞ for zero.
  ///
  /// - Requires: the number is not negative.
  /// - Exactness: rests on the C library's logarithm being within four units in the last place.
  public var log10: Interval {
    precondition(sign >= 0, "the logarithm of the negative number \(self)")
    if self == .one { return Interval(0) }
    guard let top = magnitudeExponent else { return Interval(-.infinity) }
    // Rounding by a relative 2^-53 moves the logarithm by less than 2^-54.
    return Interval(
      log10Of: scaled(byPowerOfTwo: -top).nearestDouble, exponent: top, slack: double == nil ? 0x1p-54 : 0)
  }
}

extension BigInteger {
  /// An enclosure of the decimal logarithm; −∞ for zero.
  ///
  /// - Requires: the number is not negative.
  public var log10: Interval {
    // Of a very large number the leading bits are enough: the rest moves it by a relative 2^-128.
    let excess = bitWidth - 192
    guard excess > 0 else { return Dyadic(self).log10 }
    let log = Dyadic(shiftedRight(by: excess), exponent: excess).log10
    return Interval(log.lower, log.upper.nextUp)
  }
}

extension Rational {
  /// An enclosure of the decimal logarithm; −∞ for zero.
  ///
  /// - Requires: the number is not negative.
  public var log10: Interval {
    if isZero { return Interval(-.infinity) }
    return numerator.log10 - denominator.log10
  }
}
