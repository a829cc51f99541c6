import ExactArithmetic

/// Sums over the paths into one signal of two networks, for a bound of the difference by their ℓ1 path metric.
///
/// Moving parameters towards zero one at a time moves an output by no more than the paths lose, so for parameters of
/// equal signs |f − g| ≤ 2‖Φ(m)‖ − ‖Φ(θ)‖ − ‖Φ(θ')‖ with m = max(|θ|, |θ'|), path norms taken output by output; entries of
/// opposite signs pass through zero first.
///
/// - Exactness: proved. Every operation on sizes is rounded to the safe side.
/// - Reference: [GBRG25] for equal signs.
package struct PathMetricSums: Sendable {
  /// The path norm of θ, from above.
  private var firstAbove = 0.0
  /// The path norm of θ', from below.
  private var secondBelow = 0.0
  /// The path norm of the part of θ that has the signs of θ', from below.
  private var commonBelow = 0.0
  /// The path norm of the larger of the latter and θ', from above.
  private var largerAbove = 0.0
  private var hasOppositeSigns = false

  /// 1 and a little more: covers three roundings.
  private static let up = 1 + 0x1p-50
  /// 1 and a little less: covers three roundings.
  private static let down = 1 - 0x1p-50

  /// The sums of no path.
  package init() {}

  /// The sums of one path of the given product, as an input has.
  package init(one size: Double) {
    firstAbove = size
    secondBelow = size
    commonBelow = size
    largerAbove = size
  }

  /// Adds the paths of a source, continued by an entry of magnitude `x` in θ and `y` in θ'.
  ///
  /// - Requires: the magnitudes are within two roundings.
  @inline(__always)
  package mutating func add(_ x: Double, _ y: Double, oppositeSigns: Bool, times norm: PathMetricSums) {
    let kept = oppositeSigns ? 0 : x
    firstAbove = PathMetricSums.above(firstAbove, x * PathMetricSums.up, norm.firstAbove)
    secondBelow = PathMetricSums.below(secondBelow, y, norm.secondBelow)
    commonBelow = PathMetricSums.below(commonBelow, kept, norm.commonBelow)
    largerAbove = PathMetricSums.above(largerAbove, max(kept, y) * PathMetricSums.up, norm.largerAbove)
    hasOppositeSigns = hasOppositeSigns || oppositeSigns || norm.hasOppositeSigns
  }

  /// An upper bound of the distance of the two columns of Φ, and of |f − g| in units of max(1, ‖x‖∞).
  package var bound: Double {
    guard firstAbove.isFinite, largerAbove.isFinite else { return .infinity }
    let across =
      Interval(largerAbove) + Interval(largerAbove) - Interval(commonBelow) - Interval(secondBelow)
    let toZero = hasOppositeSigns ? Interval(firstAbove) - Interval(commonBelow) : Interval(0)
    return max(0, (across + toZero).upper)
  }

  /// An upper bound of sum + a · b, for numbers that are not negative; 0 · ∞ counts as 0.
  @inline(__always)
  static func above(_ sum: Double, _ a: Double, _ b: Double) -> Double {
    a == 0 || b == 0 ? sum : (sum + (a * b).nextUp).nextUp
  }

  /// A lower bound of sum + a · b, where a is within two roundings; terms near underflow are left out.
  @inline(__always)
  private static func below(_ sum: Double, _ a: Double, _ b: Double) -> Double {
    let term = a * b * down
    return term > 0x1p-1000 && term.isFinite ? (sum + term) * down : sum
  }
}
