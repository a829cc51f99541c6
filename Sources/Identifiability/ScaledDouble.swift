import ExactArithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A nonnegative number m · 2^e with a double 1 ≤ m < 2, or 0: a double that neither overflows nor underflows.
///
/// - Exactness: each operation is within a relative 2^-53 of the exact result.
struct ScaledDouble: Hashable, Sendable {
  /// The significand, 0 for zero.
  let significand: Double
  /// The exponent, 0 for zero.
  let exponent: Int

  /// Zero.
  static let zero = ScaledDouble(significand: 0, exponent: 0)
  /// One.
  static let one = ScaledDouble(significand: 1, exponent: 0)

  private init(significand: Double, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
  }

  /// `value · 2^exponent`, exactly.
  ///
  /// - Requires: `value` is finite and not negative.
  init(_ value: Double, exponent: Int = 0) {
    if value == 0 {
      self = .zero
    } else {
      self.init(significand: value.significand, exponent: Int(value.exponent) + exponent)
    }
  }

  /// The absolute value of a dyadic, rounded to nearest.
  init(rounding value: Dyadic) {
    let size = value.magnitude
    guard let top = size.magnitudeExponent else {
      self = .zero
      return
    }
    self.init(size.scaled(byPowerOfTwo: -top).nearestDouble, exponent: top)
  }

  /// The product.
  static func * (a: ScaledDouble, b: ScaledDouble) -> ScaledDouble {
    ScaledDouble(a.significand * b.significand, exponent: a.exponent + b.exponent)
  }

  /// The square root.
  var squareRoot: ScaledDouble {
    let isOdd = exponent & 1 == 1
    return ScaledDouble(
      (isOdd ? 2 * significand : significand).squareRoot(), exponent: (exponent - (isOdd ? 1 : 0)) / 2)
  }

  /// The orders q for which ``powered(_:)`` keeps its error bound.
  static let orders = 0x1p-20...0x1p20

  /// How many relative errors of 2^-53 ``powered(_:)`` has at most, beside one for the number itself.
  ///
  /// The square of a square has 2^k − 1 of them after k steps, twice that when the number itself was rounded; a root of
  /// a root never more than 2. The factors of a power are at most 2q errors of squares, and at most 72 roots and 92
  /// products.
  static func powerErrors(_ q: Double) -> Double { q == 1 ? 1 : 2 * q + 240 }

  /// The power with a positive exponent, from squares and square roots alone, whose rounding IEEE 754 fixes.
  ///
  /// - Requires: `q` lies in ``orders``.
  func powered(_ q: Double) -> ScaledDouble {
    precondition(ScaledDouble.orders.contains(q), "order \(q) is not in \(ScaledDouble.orders)")
    if q == 1 || significand == 0 { return self }
    if q == 2 { return self * self }
    var result: ScaledDouble?
    func take(_ factor: ScaledDouble) { result = result.map { $0 * factor } ?? factor }
    var whole = Int(q.rounded(.down))
    var square = self
    while whole > 0 {
      if whole & 1 == 1 { take(square) }
      whole >>= 1
      if whole > 0 { square = square * square }
    }
    // The fraction of a double in this range has at most 72 bits.
    var fraction = q - q.rounded(.down)
    var root = self
    while fraction > 0 {
      root = root.squareRoot
      fraction *= 2
      if fraction >= 1 {
        take(root)
        fraction -= 1
      }
    }
    return result ?? .one
  }
}

extension Interval {
  /// An enclosure of log₁₀ of a scaled double, −∞ for zero, with a margin on both sides.
  ///
  /// - Exactness: rests on the C library's logarithm being within four units in the last place.
  init(log10Of value: ScaledDouble, slack margin: Double) {
    self.init(log10Of: value.significand, exponent: value.exponent, slack: margin)
  }
}
