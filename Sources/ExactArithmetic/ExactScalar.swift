/// A number type whose arithmetic is exact and whose zero test is decidable: ``Dyadic`` and ``Rational``.
///
/// Algorithms that only scale, add and compare are written once over this protocol and run on dyadics; where a
/// quotient leaves the dyadics, ``dividedExactly(by:)`` is nil and the caller repeats the work on rationals.
public protocol ExactScalar: Hashable, Sendable {
  /// The exact value of a dyadic.
  init(_ value: Dyadic)
  /// Zero.
  static var zero: Self { get }
  /// One.
  static var one: Self { get }
  /// Whether the number is zero.
  var isZero: Bool { get }
  /// -1, 0 or 1.
  var sign: Int { get }
  /// The number of significant bits, about; the space the number takes.
  var bits: Int { get }
  /// The double of the same value, or nil when no double has it.
  var double: Double? { get }
  /// The nearest double.
  var nearestDouble: Double { get }
  /// The image in the integers modulo 2^61 − 1.
  var residue: Mersenne61 { get }
  /// An enclosure by doubles.
  var interval: Interval { get }
  /// The sum.
  static func + (a: Self, b: Self) -> Self
  /// The difference.
  static func - (a: Self, b: Self) -> Self
  /// The product.
  static func * (a: Self, b: Self) -> Self
  /// The negative.
  static prefix func - (a: Self) -> Self
  /// The quotient, or nil when this type does not hold it. Requires a nonzero divisor.
  func dividedExactly(by divisor: Self) -> Self?
  /// The value as a quotient of a dyadic and an odd positive integer.
  var rational: Rational { get }
}

extension Dyadic: ExactScalar {
  /// The number itself.
  @inlinable public init(_ value: Dyadic) { self = value }

  /// The quotient where it is dyadic, that is where the odd part of the divisor divides; else nil.
  ///
  /// - Requires: `divisor` is not zero.
  public func dividedExactly(by divisor: Dyadic) -> Dyadic? {
    precondition(!divisor.isZero, "division by zero")
    if isZero { return .zero }
    if big == nil, divisor.big == nil {
      if divisor.mantissa == 1 { return Dyadic(unchecked: mantissa, exponent - divisor.exponent) }
      if divisor.mantissa == -1, mantissa != .min {
        return Dyadic(unchecked: -mantissa, exponent - divisor.exponent)
      }
      let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor.mantissa)
      return remainder == 0 ? Dyadic(quotient, exponent: exponent - divisor.exponent) : nil
    }
    guard let quotient = oddPart.dividedExactly(by: divisor.oddPart) else { return nil }
    return Dyadic(quotient, exponent: exponent - divisor.exponent)
  }

  /// The number of bits of the odd part.
  public var bits: Int { big?.bitWidth ?? 64 - mantissa.magnitude.leadingZeroBitCount }

  /// The number over 1.
  public var rational: Rational { Rational(self) }
}
