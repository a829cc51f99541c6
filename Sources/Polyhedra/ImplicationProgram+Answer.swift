import ExactArithmetic

extension ImplicationProgram {
  /// The answer to a question.
  public enum Answer: Hashable, Sendable {
    /// The form is nonnegative on the cone.
    case implied
    /// The form is negative at a point of the cone.
    case refuted(Witness)
  }

  /// A point of the cone at which the form is negative.
  public struct Witness: Hashable, Sendable {
    /// The coordinates x and t.
    public let point: [Double]
    /// The exact point of which ``point`` is the rounding, where rows may be 0; nil when ``point`` is itself
    /// strictly inside all rows (but those that are 0 everywhere).
    public let exact: [Dyadic]?

    /// The point x / t of the polyhedron, or nil when t = 0: then x is a direction in which it is unbounded.
    public var position: [Double]? {
      guard let t = point.last, t > 0 else { return nil }
      return point.dropLast().map { $0 / t }
    }
  }

  /// What is kept of a row beside its coefficients.
  struct Margin {
    var errorX: Double
    var errorT: Double
    var norm: Double
    /// The row 0 ≥ 0 says nothing, and no point lies inside of it.
    var isVoid: Bool { norm == 0 && errorX == 0 && errorT == 0 }

    /// The bound of the sum of absolute errors of scaled coefficients and of the rounding of a product with them.
    func total(_ largestScale: Double, _ rounding: Double) -> Double {
      (errorX * largestScale + errorT + rounding * norm) * 1.000001 + 0x1p-800
    }

    /// The bound of |computed − exact| at a point with max|xᵢ| = `spread`, and largest scaled entry `size`.
    @inline(__always)
    func bound(spread: Double, t: Double, size: Double, rounding: Double) -> Double {
      // The factor covers the rounding of this line, the last term what is lost to underflow anywhere.
      isVoid ? -1 : (errorX * spread + errorT * abs(t) + rounding * norm * size) * 1.000001 + 0x1p-800
    }
  }
}
