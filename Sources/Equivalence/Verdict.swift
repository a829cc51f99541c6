import Networks

/// The answer to "are these two networks the same function?", with its evidence.
public enum Verdict: Hashable, Sendable {
  /// They are, as far as ``Equivalence`` says.
  case equivalent(Equivalence)
  /// They are not: here is an input that tells them apart.
  case different(Witness)
  /// Neither was proved.
  case undecided(Bounds)

  /// How two networks are equivalent.
  public enum Equivalence: Hashable, Sendable {
    /// Equal real functions.
    case identical
    /// |f − g|∞ ≤ bound on the domain; ≤ bound · max(1, ‖x‖∞) on all of ℝⁿ. `lower` is a gap that was found.
    case withinEpsilon(bound: Double, lower: Double)
    /// Wherever the first network's largest output leads by at least `margin`, it is the second one's largest output.
    case sameLargest(margin: Double)
  }

  /// An input at which the outputs differ.
  public struct Witness: Hashable, Sendable {
    /// The input.
    public let x: [Double]
    /// The outputs of the first network there, rounded to the nearest doubles.
    public let outputA: [Double]
    /// The outputs of the second network there, rounded to the nearest doubles.
    public let outputB: [Double]
    /// A lower bound of |f(x) − g(x)|∞, from exact evaluation: its exact value rounded down.
    public let gap: Double

    /// The gap in the unit of bounds: itself on a domain, divided by max(1, ‖x‖∞) on all of ℝⁿ; rounded down.
    func relativeGap(on domain: InputDomain?) -> Double {
      guard domain == nil else { return gap }
      let size = x.reduce(1) { max($0, $1.magnitude) }
      return size == 1 ? gap : (gap / size).nextDown
    }
  }

  /// What is known when nothing was decided.
  public struct Bounds: Hashable, Sendable {
    /// A gap that was proved, often 0; on all of ℝⁿ divided by max(1, ‖x‖∞).
    public let lower: Double
    /// A proved upper bound of sup |f − g|∞ on the domain, if there is one; infinite otherwise.
    public let upper: Double
    /// Why the decision stopped.
    public let reason: String
  }
}
