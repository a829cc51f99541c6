extension Dyadic {
  /// The double of the same value, or nil when no double has it.
  ///
  /// - Exactness: exact, or nil.
  @inlinable
  public var double: Double? {
    guard big == nil else { return nil }
    if mantissa == 0 { return 0 }
    guard mantissa.magnitude >> 53 == 0 else { return nil }
    // |mantissa| < 2^53 converts exactly. Inside this exponent range the product is normal, hence exact.
    if exponent >= -1022, exponent <= 970 {
      return Double(mantissa) * Double(sign: .plus, exponent: exponent, significand: 1)
    }
    return extremeDouble
  }

  /// Values at the edges of the double range: subnormal, or overflowing.
  @usableFromInline
  var extremeDouble: Double? {
    let value = Double(sign: .plus, exponent: exponent, significand: Double(mantissa))
    return value.isFinite && Dyadic(value) == self ? value : nil
  }

  /// The nearest double, ties to even; infinite beyond the range.
  public var nearestDouble: Double { rounded(.nearest) }

  /// The largest double not above the value.
  public var doubleBelow: Double { rounded(.down) }

  /// The smallest double not below the value.
  public var doubleAbove: Double { rounded(.up) }

  private enum Direction { case nearest, down, up }

  private func rounded(_ direction: Direction) -> Double {
    if let exact = double { return exact }
    guard let top = magnitudeExponent else { return 0 }
    let negative = sign < 0
    if top > 1023 {
      switch direction {
      case .nearest: return negative ? -.infinity : .infinity
      case .down: return negative ? -.infinity : .greatestFiniteMagnitude
      case .up: return negative ? -.greatestFiniteMagnitude : .infinity
      }
    }
    // The last kept bit: 53 bits below the top, never below the subnormal grid.
    let unit = max(top - 52, -1074)
    let shift = unit - exponent  // > 0, since the value is not a double
    let magnitude = negative ? -oddPart : oddPart
    let quotient = magnitude.shiftedRight(by: shift)
    let remainder = magnitude - quotient.shiftedLeft(by: shift)
    let kept = quotient.int64 ?? 0
    let away: Bool
    switch direction {
    case .nearest:
      let half = BigInteger(1).shiftedLeft(by: shift - 1)
      away = half < remainder || (half == remainder && kept & 1 == 1)
    case .down: away = negative
    case .up: away = !negative
    }
    let value = Double(sign: .plus, exponent: unit, significand: Double(kept + (away ? 1 : 0)))
    return negative ? -value : value
  }
}
