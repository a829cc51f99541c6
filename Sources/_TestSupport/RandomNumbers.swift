import Crease

extension Double {
  /// A finite double of uniform bits: every exponent is as likely as any other, subnormals included.
  public static func randomFiniteBits(using rng: inout some RandomNumberGenerator) -> Double {
    while true {
      let value = Double(bitPattern: rng.next())
      if value.isFinite { return value }
    }
  }

  /// Doubles at the edges of the format.
  public static let corners: [Double] = [
    0, -0.0, 1, -1, 0.1, -0.5, 3, 0x1p-1074, -0x1p-1074, 0x1p-1073, Double.leastNormalMagnitude.nextDown,
    0x1p-1022,
    -0x1p-1022,
    0x1.fffffffffffffp-1022, 0x1p52, 0x1.fffffffffffffp52, 0x1p53, -0x1p63, 0x1p64, 0x1p1023,
    0x1.fffffffffffffp1023,
    -0x1.fffffffffffffp1023,
  ]
}

extension BigInteger {
  /// An integer of at most `bits` bits, of either sign.
  public static func random(bits: Int, using rng: inout some RandomNumberGenerator) -> BigInteger {
    var value = BigInteger(0)
    for _ in 0..<(bits + 31) / 32 {
      value = value.shiftedLeft(by: 32) + BigInteger(Int64(UInt32.random(in: 0...UInt32.max, using: &rng)))
    }
    value = value.shiftedRight(by: (bits + 31) / 32 * 32 - bits)
    return Bool.random(using: &rng) ? value : -value
  }
}

extension Dyadic {
  /// A dyadic of one of the kinds that take different paths: zero, small, 64-bit, wider, double, huge exponent.
  public static func random(using rng: inout some RandomNumberGenerator) -> Dyadic {
    switch Int.random(in: 0..<8, using: &rng) {
    case 0: return .zero
    case 1:
      return Dyadic(Int64.random(in: -4...4, using: &rng), exponent: Int.random(in: -3...3, using: &rng))
    case 2:
      return Dyadic(
        Int64.random(in: .min ... .max, using: &rng), exponent: Int.random(in: -70...70, using: &rng))
    case 3: return Dyadic(BigInteger.random(bits: 64, using: &rng))
    case 4:
      return Dyadic(
        BigInteger.random(bits: 200, using: &rng), exponent: Int.random(in: -300...300, using: &rng))
    case 5: return Dyadic(Double.randomFiniteBits(using: &rng))
    case 6:
      return Dyadic(
        Int64.random(in: -9...9, using: &rng), exponent: Int.random(in: -9000...9000, using: &rng))
    default: return corners[Int.random(in: 0..<corners.count, using: &rng)]
    }
  }

  /// Dyadics at the edges of the representation.
  public static let corners: [Dyadic] = [
    .zero, .one, Dyadic(-1), Dyadic(.min), Dyadic(.max), Dyadic(.min + 1), Dyadic(-Int64.max),
    Dyadic(3, exponent: 61),
    Dyadic(1, exponent: 62), Dyadic(1, exponent: 63), Dyadic(1, exponent: 64), Dyadic(-1, exponent: 63),
    Dyadic(BigInteger(.min) + BigInteger(-1)), Dyadic(BigInteger(.max) + BigInteger(2)),
    Dyadic(1, exponent: 8000), Dyadic(-1, exponent: -8000), Dyadic(.max, exponent: -8000),
  ]
}

extension Rational {
  /// A rational whose numerator and denominator are random dyadics.
  public static func random(using rng: inout some RandomNumberGenerator) -> Rational {
    let numerator = Dyadic.random(using: &rng)
    let denominator = Dyadic.random(using: &rng)
    return denominator.isZero ? Rational(numerator) : Rational(numerator, over: denominator)
  }
}

extension Mersenne61 {
  /// A class near 0, near the prime, or anywhere.
  public static func random(using rng: inout some RandomNumberGenerator) -> Mersenne61 {
    switch Int.random(in: 0..<4, using: &rng) {
    case 0: Mersenne61(UInt64.random(in: 0...3, using: &rng))
    case 1: Mersenne61(Mersenne61.prime - UInt64.random(in: 0...3, using: &rng))
    case 2: Mersenne61(Int64.random(in: .min ... .max, using: &rng))
    default: Mersenne61(rng.next())
    }
  }
}
