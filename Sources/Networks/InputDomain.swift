import ExactArithmetic

/// The set of inputs on which a question is asked.
///
/// All of ℝⁿ is the absence of a domain (`nil`); polytopes join when a question needs them.
public enum InputDomain: Hashable, Sendable {
  /// The box Π [lower_i, upper_i].
  case box(Box)

  /// A product of closed bounded intervals.
  public struct Box: Hashable, Sendable {
    /// The intervals, one for each input.
    public let sides: [Interval]

    /// The box with the given sides.
    ///
    /// - Requires: the ends are finite.
    public init(_ sides: [Interval]) {
      precondition(sides.allSatisfy { $0.lower.isFinite && $0.upper.isFinite }, "a box is bounded")
      self.sides = sides
    }
  }

  /// The interval of each input.
  public var enclosure: [Interval] {
    switch self {
    case .box(let box): box.sides
    }
  }

  /// The number of inputs.
  public var dimension: Int { enclosure.count }

  /// Whether the point lies in the domain.
  public func contains(_ x: [Double]) -> Bool {
    x.count == dimension && zip(enclosure, x).allSatisfy { $0.contains($1) }
  }
}
