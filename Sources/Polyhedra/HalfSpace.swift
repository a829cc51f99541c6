import ExactArithmetic

/// The closed half-space of the points x with normal · x + offset ≥ 0, with exact coefficients.
public struct HalfSpace: Hashable, Sendable {
  /// The inner normal, not necessarily of length one.
  public let normal: [Dyadic]
  /// The constant term.
  public let offset: Dyadic

  /// The half-space normal · x + offset ≥ 0.
  public init(normal: [Dyadic], offset: Dyadic) {
    self.normal = normal
    self.offset = offset
  }

  /// The half-space with the given double coefficients.
  ///
  /// - Requires: the numbers are finite.
  public init(normal: [Double], offset: Double) {
    self.init(normal: normal.map { Dyadic($0) }, offset: Dyadic(offset))
  }

  /// The dimension of the space.
  public var dimension: Int { normal.count }

  /// normal · x + offset, exactly.
  public func value(at x: [Dyadic]) -> Dyadic {
    precondition(x.count == dimension, "\(x.count) coordinates in dimension \(dimension)")
    return zip(normal, x).reduce(offset) { $0 + $1.0 * $1.1 }
  }
}
