import CFLINT

/// An integer of any size.
///
/// A value in the sense of Swift: immutable, shared by reference, backed by FLINT's `fmpz`. Crease meets integers
/// beyond 64 bits rarely (``Dyadic`` keeps the common case inline), so clarity beats reuse of storage here.
///
/// - Exactness: exact.
/// - Reference: [FLINT] `fmpz`.
public final class BigInteger: @unchecked Sendable {
  // Never changed after `init`, so sharing across threads is safe; `fmpz` needs a stable address to be cleared.
  private let storage: UnsafeMutablePointer<fmpz>

  private init(adopting build: (UnsafeMutablePointer<fmpz>) -> Void) {
    storage = .allocate(capacity: 1)
    storage.initialize(to: 0)
    build(storage)
  }

  deinit {
    fmpz_clear(storage)
    storage.deallocate()
  }

  /// The integer `value`.
  public convenience init(_ value: Int64) {
    self.init { fmpz_set_si($0, Int(value)) }
  }

  /// The integer with the given decimal digits and optional leading minus sign; nil for anything else.
  public convenience init?(decimal text: String) {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    var accepted = false
    self.init { target in text.withCString { accepted = fmpz_set_str(target, $0, 10) == 0 } }
    if !accepted { return nil }
  }

  /// -1, 0 or 1.
  public var sign: Int { Int(fmpz_sgn(storage)) }

  /// The number of bits of the absolute value; 0 for zero.
  public var bitWidth: Int { Int(fmpz_bits(storage)) }

  /// The number of factors of two; 0 for zero.
  public var trailingZeroBitCount: Int { Int(fmpz_val2(storage)) }

  /// The value as a machine integer, or nil when it does not fit.
  public var int64: Int64? { fmpz_fits_si(storage) != 0 ? Int64(fmpz_get_si(storage)) : nil }

  /// The decimal digits.
  public var description: String {
    guard let text = fmpz_get_str(nil, 10, storage) else { return "?" }
    defer { flint_free(text) }
    return String(cString: text)
  }

  /// The remainder in 0 ..< modulus.
  public func remainder(modulo modulus: UInt64) -> UInt64 { UInt64(fmpz_fdiv_ui(storage, UInt(modulus))) }

  /// `self / divisor`, or nil when it leaves a remainder or `divisor` is zero.
  public func dividedExactly(by divisor: BigInteger) -> BigInteger? {
    guard divisor.sign != 0, fmpz_divisible(storage, divisor.storage) != 0 else { return nil }
    return BigInteger { fmpz_divexact($0, self.storage, divisor.storage) }
  }

  /// `self / divisor`, rounded towards plus infinity.
  ///
  /// - Requires: `divisor` is not zero.
  public func quotientRoundedUp(by divisor: BigInteger) -> BigInteger {
    precondition(divisor.sign != 0, "division by zero")
    return BigInteger { fmpz_cdiv_q($0, self.storage, divisor.storage) }
  }

  /// `self` to the power `exponent`; 1 for the power 0.
  public func raised(to exponent: UInt) -> BigInteger {
    BigInteger { fmpz_pow_ui($0, self.storage, exponent) }
  }

  /// `n!`.
  public static func factorial(_ n: UInt) -> BigInteger { BigInteger { fmpz_fac_ui($0, n) } }

  /// `self · (self + 1) ⋯ (self + count − 1)`, a product of `count` factors.
  public func risingFactorial(_ count: UInt) -> BigInteger {
    BigInteger { fmpz_rfac_ui($0, self.storage, count) }
  }

  /// The greatest common divisor, nonnegative.
  public func greatestCommonDivisor(with other: BigInteger) -> BigInteger {
    BigInteger { fmpz_gcd($0, self.storage, other.storage) }
  }

  /// `self · 2^count`.
  public func shiftedLeft(by count: Int) -> BigInteger {
    BigInteger { fmpz_mul_2exp($0, self.storage, UInt(count)) }
  }

  /// `self / 2^count`, rounded towards minus infinity.
  public func shiftedRight(by count: Int) -> BigInteger {
    BigInteger { fmpz_fdiv_q_2exp($0, self.storage, UInt(count)) }
  }

  /// The sum.
  public static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { fmpz_add($0, a.storage, b.storage) }
  }

  /// The difference.
  public static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { fmpz_sub($0, a.storage, b.storage) }
  }

  /// The product.
  public static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { fmpz_mul($0, a.storage, b.storage) }
  }

  /// The negative.
  public static prefix func - (a: BigInteger) -> BigInteger { BigInteger { fmpz_neg($0, a.storage) } }
}

extension BigInteger: Hashable, Comparable, CustomStringConvertible {
  /// Equality of values.
  public static func == (a: BigInteger, b: BigInteger) -> Bool { fmpz_equal(a.storage, b.storage) != 0 }

  /// Order of values.
  public static func < (a: BigInteger, b: BigInteger) -> Bool { fmpz_cmp(a.storage, b.storage) < 0 }

  /// Feeds the residue modulo a fixed prime.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(remainder(modulo: (1 << 61) - 1))
  }
}
