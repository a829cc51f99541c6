/// A dyadic rational m · 2^e with integers m and e: what sums and products of floating-point numbers are, exactly.
///
/// The odd part m is kept inline while it fits 64 bits, which is nearly always; otherwise it lives in a
/// ``BigInteger``. The representation is unique (m odd, or m = e = 0), so `==` compares fields.
///
///     let third = Dyadic(0.1) + Dyadic(0.2)      // the exact sum of the two doubles
///     third == Dyadic(0.3)                       // false: and neither is it the double 0.3
///
/// - Exactness: exact. Dyadics are closed under +, − and ×, not under division.
/// - Complexity: O(1) while inline.
public struct Dyadic: Hashable, Sendable {
  // Invariant: big == nil and mantissa odd; or big == nil and mantissa == 0 == exponent;
  // or big odd, not fitting Int64, and mantissa == 0.
  @usableFromInline var mantissa: Int64
  @usableFromInline var exponent: Int
  @usableFromInline var big: BigInteger?

  @inlinable
  init(unchecked mantissa: Int64, _ exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
    self.big = nil
  }

  /// Zero.
  public static let zero = Dyadic(unchecked: 0, 0)

  /// One.
  public static let one = Dyadic(unchecked: 1, 0)

  /// `significand · 2^exponent`.
  @inlinable
  public init(_ significand: Int64, exponent: Int = 0) {
    if significand == 0 {
      self.init(unchecked: 0, 0)
    } else {
      let shift = significand.trailingZeroBitCount
      self.init(unchecked: significand >> Int64(shift), exponent + shift)
    }
  }

  /// `significand · 2^exponent`.
  public init(_ significand: BigInteger, exponent: Int = 0) {
    if let small = significand.int64 {
      self.init(small, exponent: exponent)
      return
    }
    let shift = significand.trailingZeroBitCount
    let odd = shift == 0 ? significand : significand.shiftedRight(by: shift)
    if let small = odd.int64 {
      self.init(unchecked: small, exponent + shift)
    } else {
      self.init(unchecked: 0, exponent + shift)
      big = odd
    }
  }

  /// The exact value of a finite double.
  ///
  /// - Requires: `value` is finite.
  @inlinable
  public init(_ value: Double) {
    precondition(value.isFinite, "Dyadic needs a finite double, got \(value)")
    let bits = value.bitPattern
    let field = Int((bits >> 52) & 0x7FF)
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    let magnitude = Int64(field == 0 ? fraction : fraction | 0x10_0000_0000_0000)
    self.init(bits >> 63 == 0 ? magnitude : -magnitude, exponent: (field == 0 ? 1 : field) - 1075)
  }

  /// Whether the number is zero.
  @inlinable public var isZero: Bool { mantissa == 0 && big == nil }

  /// -1, 0 or 1.
  @inlinable public var sign: Int { big.map(\.sign) ?? Int(mantissa.signum()) }

  /// Whether the number is ±2^k.
  @inlinable public var isPowerOfTwo: Bool { big == nil && (mantissa == 1 || mantissa == -1) }

  /// The odd part as a big integer; 0 for zero.
  public var oddPart: BigInteger { big ?? BigInteger(mantissa) }

  /// The exponent of two beside the odd part.
  public var binaryExponent: Int { exponent }

  /// The exponent k with 2^k ≤ |self| < 2^(k+1); nil for zero.
  public var magnitudeExponent: Int? {
    if isZero { return nil }
    return exponent + (big?.bitWidth ?? (64 - mantissa.magnitude.leadingZeroBitCount)) - 1
  }

  /// The absolute value.
  @inlinable public var magnitude: Dyadic { sign < 0 ? -self : self }

  /// The product.
  @inlinable
  public static func * (a: Dyadic, b: Dyadic) -> Dyadic {
    if a.big == nil, b.big == nil {
      let (product, overflow) = a.mantissa.multipliedReportingOverflow(by: b.mantissa)
      if !overflow {  // odd times odd is odd
        return product == 0 ? .zero : Dyadic(unchecked: product, a.exponent + b.exponent)
      }
    }
    return slowProduct(a, b)
  }

  /// The sum.
  @inlinable
  public static func + (a: Dyadic, b: Dyadic) -> Dyadic {
    if a.big == nil, b.big == nil {
      if a.mantissa == 0 { return b }
      if b.mantissa == 0 { return a }
      let (low, high) = a.exponent <= b.exponent ? (a, b) : (b, a)
      let shift = high.exponent - low.exponent
      if shift < high.mantissa.magnitude.leadingZeroBitCount - 1 {
        let (sum, overflow) = low.mantissa.addingReportingOverflow(high.mantissa << Int64(shift))
        if !overflow { return Dyadic(sum, exponent: low.exponent) }
      }
    }
    return slowSum(a, b)
  }

  /// The difference.
  @inlinable public static func - (a: Dyadic, b: Dyadic) -> Dyadic { a + (-b) }

  /// The negative.
  @inlinable
  public static prefix func - (a: Dyadic) -> Dyadic {
    if let big = a.big { return Dyadic(-big, exponent: a.exponent) }
    if a.mantissa == .min { return Dyadic(-BigInteger(a.mantissa), exponent: a.exponent) }
    return Dyadic(unchecked: -a.mantissa, a.exponent)
  }

  /// `self · 2^power`.
  public func scaled(byPowerOfTwo power: Int) -> Dyadic {
    if isZero { return self }
    var result = self
    result.exponent += power
    return result
  }

  @usableFromInline
  static func slowProduct(_ a: Dyadic, _ b: Dyadic) -> Dyadic {
    if a.isZero || b.isZero { return .zero }
    return Dyadic(a.oddPart * b.oddPart, exponent: a.exponent + b.exponent)
  }

  @usableFromInline
  static func slowSum(_ a: Dyadic, _ b: Dyadic) -> Dyadic {
    if a.isZero { return b }
    if b.isZero { return a }
    let (low, high) = a.exponent <= b.exponent ? (a, b) : (b, a)
    return Dyadic(
      low.oddPart + high.oddPart.shiftedLeft(by: high.exponent - low.exponent), exponent: low.exponent)
  }
}

extension Dyadic: Comparable {
  /// Order of values.
  public static func < (a: Dyadic, b: Dyadic) -> Bool {
    if a.sign != b.sign { return a.sign < b.sign }
    return (a - b).sign < 0
  }
}

extension Dyadic: CustomStringConvertible {
  /// `m·2^e`, or the integer itself where e is 0.
  public var description: String { exponent == 0 ? "\(oddPart)" : "\(oddPart)*2^\(exponent)" }
}
