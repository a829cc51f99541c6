import ExactArithmetic

/// A linear form in homogeneous coordinates (x, t), known up to a bound.
///
/// Definition: the exact form g satisfies, for some factor s > 0 and all (x, t),
/// |coefficients · (x, t) − s · g(x, t)| ≤ errorX · max|xᵢ| + errorT · |t|. The factor does no harm because only
/// signs are asked for.
///
/// - Shapes: n + 1 coefficients for x in dimension n, the one of t last.
public struct RoundedForm: Hashable, Sendable {
  /// The coefficients of x, then of t.
  public var coefficients: [Double]
  /// The bound of the error for each unit of max|xᵢ|.
  public var errorX: Double
  /// The bound of the error for each unit of |t|.
  public var errorT: Double

  /// The form with the given coefficients and error bounds.
  ///
  /// - Requires: finite coefficients, bounds not negative (they may be infinite: then nothing is decided by them).
  public init(_ coefficients: [Double], errorX: Double = 0, errorT: Double = 0) {
    precondition(!coefficients.isEmpty, "a form needs a coefficient of t")
    precondition(coefficients.allSatisfy(\.isFinite), "a form needs finite coefficients")
    precondition(errorX >= 0 && errorT >= 0, "error bounds \(errorX) and \(errorT)")
    self.coefficients = coefficients
    self.errorX = errorX
    self.errorT = errorT
  }

  /// The form with the given exact coefficients, rounded.
  ///
  /// - Exactness: each coefficient, scaled by a common power of two, is the nearest double.
  public init(rounding exact: [Dyadic]) {
    let top = exact.lazy.compactMap(\.magnitudeExponent).max() ?? 0
    // Only what a double cannot hold is scaled, so that the usual form keeps its numbers.
    let shift = top > 900 || top < -900 ? -top : 0
    var error = 0.0
    var last = 0.0
    var rounded: [Double] = []
    rounded.reserveCapacity(exact.count)
    for coefficient in exact {
      let scaled = shift == 0 ? coefficient : coefficient.scaled(byPowerOfTwo: shift)
      let value = scaled.nearestDouble
      last = scaled.double == nil ? max(value.magnitude.ulp, .leastNonzeroMagnitude) : 0
      error += last
      rounded.append(value)
    }
    // Sums of few terms of an ulp, each twice the rounding, round by less than what is to spare.
    self.init(rounded, errorX: error, errorT: last)
  }

  /// The form of a half-space: normal · x + offset · t.
  public init(_ halfSpace: HalfSpace) { self.init(rounding: halfSpace.normal + [halfSpace.offset]) }

  /// The form with the opposite sign.
  public static prefix func - (form: RoundedForm) -> RoundedForm {
    RoundedForm(form.coefficients.map { -$0 }, errorX: form.errorX, errorT: form.errorT)
  }
}
