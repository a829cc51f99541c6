import ExactArithmetic

/// A number type on which affine forms are folded: each operation says whether its result is exact.
///
/// - Exactness: with `exact` still true after any number of operations, every one of them was exact.
protocol ExactCoefficient: Sendable, Equatable {
  /// Zero.
  static var zero: Self { get }
  /// Whether the number is 0.
  var isZero: Bool { get }
  /// An upper bound of the absolute value, possibly infinite.
  var magnitudeAbove: Double { get }
  /// a + b; clears `exact` where the result is rounded.
  static func sum(_ a: Self, _ b: Self, _ exact: inout Bool) -> Self
  /// a · b; clears `exact` where the result is rounded.
  static func product(_ a: Self, _ b: Self, _ exact: inout Bool) -> Self
}

extension Double: ExactCoefficient {
  @inline(__always) var magnitudeAbove: Double { magnitude }

  @inline(__always)
  static func sum(_ a: Double, _ b: Double, _ exact: inout Bool) -> Double {
    let sum = a + b
    let tail = sum - a
    // Knuth's two-sum: the rounding error itself, exactly; NaN when the sum overflowed.
    if (a - (sum - tail)) + (b - tail) != 0 || !sum.isFinite { exact = false }
    return sum
  }

  @inline(__always)
  static func product(_ a: Double, _ b: Double, _ exact: inout Bool) -> Double {
    if a == 1 { return b }
    if b == 1 { return a }
    let product = a * b
    if a == 0 || b == 0 { return product }
    // Above 2^-960 the rounding error is a double, and the fused operation finds it; below, leave it to dyadics.
    let isLarge = product.magnitude >= 0x1p-960
    if !isLarge || !product.isFinite || (-product).addingProduct(a, b) != 0 { exact = false }
    return product
  }
}

extension Dyadic: ExactCoefficient {
  var magnitudeAbove: Double { max(doubleAbove, (-self).doubleAbove) }

  static func sum(_ a: Dyadic, _ b: Dyadic, _ exact: inout Bool) -> Dyadic { a + b }

  static func product(_ a: Dyadic, _ b: Dyadic, _ exact: inout Bool) -> Dyadic { a * b }

  /// Whether the number stays within the size that folding is allowed to reach: 2^±8192 and 16384 bits.
  var isOfReasonableSize: Bool {
    guard let top = magnitudeExponent else { return true }
    return top < 8192 && binaryExponent > -8192
  }
}
