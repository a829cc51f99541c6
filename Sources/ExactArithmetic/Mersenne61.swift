/// An integer modulo the Mersenne prime p = 2^61 − 1.
///
/// Two is invertible, so every dyadic has an image, and multiplication by a power of two is a rotation of 61 bits.
/// Crease uses it to hash exact rows: equal rows have equal images always, different ones different images but for
/// a chance near 2^-61. A hash never proves anything here; what it suggests is confirmed exactly.
///
/// - Exactness: exact arithmetic in the field with p elements.
public struct Mersenne61: Hashable, Sendable {
  /// The representative in 0 ..< p.
  public let value: UInt64

  /// The prime p = 2^61 − 1.
  @inlinable public static var prime: UInt64 { 0x1FFF_FFFF_FFFF_FFFF }

  @inlinable init(reduced value: UInt64) { self.value = value }

  /// The class of `value`.
  @inlinable
  public init(_ value: UInt64) {
    let folded = (value & Mersenne61.prime) &+ (value >> 61)
    self.init(reduced: folded >= Mersenne61.prime ? folded &- Mersenne61.prime : folded)
  }

  /// The class of `value`.
  @inlinable
  public init(_ value: Int64) {
    let positive = Mersenne61(value.magnitude)
    self = value < 0 ? -positive : positive
  }

  /// Zero.
  @inlinable public static var zero: Mersenne61 { Mersenne61(reduced: 0) }

  /// One.
  @inlinable public static var one: Mersenne61 { Mersenne61(reduced: 1) }

  /// The sum.
  @inlinable
  public static func + (a: Mersenne61, b: Mersenne61) -> Mersenne61 {
    let sum = a.value &+ b.value
    return Mersenne61(reduced: sum >= prime ? sum &- prime : sum)
  }

  /// The difference.
  @inlinable
  public static func - (a: Mersenne61, b: Mersenne61) -> Mersenne61 { a + (-b) }

  /// The negative.
  @inlinable
  public static prefix func - (a: Mersenne61) -> Mersenne61 {
    Mersenne61(reduced: a.value == 0 ? 0 : prime &- a.value)
  }

  /// The product.
  @inlinable
  public static func * (a: Mersenne61, b: Mersenne61) -> Mersenne61 {
    let (high, low) = a.value.multipliedFullWidth(by: b.value)
    return Mersenne61(reduced: low & prime) + Mersenne61(reduced: (high << 3) | (low >> 61))
  }

  /// `self · 2^power`: a rotation.
  @inlinable
  public func scaled(byPowerOfTwo power: Int) -> Mersenne61 {
    var turn = power % 61
    if turn < 0 { turn += 61 }
    if turn == 0 { return self }
    return Mersenne61(reduced: ((value << UInt64(turn)) & Mersenne61.prime) | (value >> UInt64(61 - turn)))
  }

  /// The inverse, or nil for zero.
  public var inverse: Mersenne61? {
    guard value != 0 else { return nil }
    // Fermat: a^(p−2).
    var result = Mersenne61.one
    var square = self
    var exponent = Mersenne61.prime - 2
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * square }
      square = square * square
      exponent >>= 1
    }
    return result
  }
}

extension Dyadic {
  /// The image in the integers modulo 2^61 − 1.
  @inlinable
  public var residue: Mersenne61 {
    if let big { return Mersenne61(big.remainder(modulo: Mersenne61.prime)).scaled(byPowerOfTwo: exponent) }
    return Mersenne61(mantissa).scaled(byPowerOfTwo: exponent)
  }
}
