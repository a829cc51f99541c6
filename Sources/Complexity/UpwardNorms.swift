import LinearAlgebra

/// Norms of lists of doubles, rounded up.
///
/// - Exactness: proved upper bounds; a sum of n terms is multiplied by 1 + (2n + 8) 2⁻⁵³, which covers every rounding of
///   the evaluation, and lifted by what underflow may hide.
enum UpwardNorms {
  /// √(Σ x²).
  static func frobenius(_ values: some Collection<Double>) -> Double {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    if largest == 0 || !largest.isFinite { return largest }
    // Scaled, so that no square overflows, or underflows where it matters.
    let exponent = Int(largest.exponent)
    let sum = values.reduce(0) { sum, value in
      let scaled = Double(sign: .plus, exponent: -exponent, significand: value)
      return sum + scaled * scaled
    }
    let root = (sum * slack(values.count)).squareRoot().nextUp
    return lifted(Double(sign: .plus, exponent: exponent, significand: root))
  }

  /// Σ |x|.
  static func sum(_ values: some Collection<Double>) -> Double {
    let sum = values.reduce(0) { $0 + $1.magnitude }
    return sum == 0 ? 0 : lifted(sum * slack(values.count))
  }

  private static func slack(_ count: Int) -> Double { 1 + Double(2 * count + 8) * 0x1p-53 }

  private static func lifted(_ value: Double) -> Double {
    value < 0x1p-1000 ? value + Double.leastNormalMagnitude : value.nextUp
  }
}

extension Matrix where Scalar == Double {
  /// ‖W‖_F, rounded up.
  var frobeniusAbove: Double { UpwardNorms.frobenius(elements) }
  /// ‖W‖_{2,1} = Σ over rows of their Euclidean norms, rounded up.
  var twoOneAbove: Double { UpwardNorms.sum((0..<rows).map { UpwardNorms.frobenius(row($0)) }) }
  /// ‖W‖_{1,∞}: the largest 1-norm of a row, rounded up.
  var oneInfinityAbove: Double { (0..<rows).reduce(0) { max($0, UpwardNorms.sum(row($1))) } }
}
