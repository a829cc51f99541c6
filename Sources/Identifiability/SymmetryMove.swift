import Equivalence
import ExactArithmetic
import Networks
import Symmetry

/// A network θ + t v a finite step along a hidden symmetry, and whether it is the same function.
public struct SymmetryMove: Sendable {
  /// What was proved of the other network.
  public enum Outcome: Hashable, Sendable {
    /// Equal real functions on the domain: one numbering of signals for both, or equal affine maps on all regions.
    case identical(Proof)
    /// Within a proved bound.
    case withinEpsilon(bound: Double)
    /// Different: an input that tells them apart, or the number of regions on which they differ.
    case different(Difference)
    /// Neither was proved.
    case undecided(reason: String)
  }

  /// How two functions were proved equal.
  public enum Proof: Hashable, Sendable {
    /// By the certificate of a comparison of signals.
    case signals
    /// By the affine maps on all activation regions of both networks.
    case regions(Int)
  }

  /// How two functions were proved different.
  public enum Difference: Hashable, Sendable {
    /// By a witness.
    case witness(Verdict.Witness)
    /// By the affine maps on some of all activation regions.
    case regions(Int, of: Int)
  }

  /// The number of the symmetry.
  public let index: Int
  /// The step t.
  public let step: Double
  /// The network with the parameters θ + t v: exactly, or rounded to doubles where that was asked for.
  public let network: Network
  /// The verdict.
  public let outcome: Outcome
  /// Whether θ + t v is a rescaling of θ.
  ///
  /// The direction v itself is always independent of the rescalings.
  public let isRescaling: Bool
}

extension HiddenSymmetries {
  /// Moves along a hidden symmetry by a finite step, and decides whether the function is the same.
  ///
  /// - Parameter rounded: Whether to round the new parameters to doubles, as files can hold them.
  /// - Requires: `index` is that of a symmetry, `step` finite.
  /// - Exactness: the parameters are exactly θ + t v unless rounded; the outcome is proved of the network returned.
  /// - Throws: `CancellationError`.
  public func moved(
    along index: Int, by step: Double, rounded: Bool = false, progress: Progress = Progress()
  ) throws -> SymmetryMove {
    precondition(symmetries.indices.contains(index), "symmetry \(index) of \(symmetries.count)")
    var parameters = network.parameters
    let factor = Dyadic(step)
    for entry in symmetries[index].entries {
      let sum = parameters.values[entry.index] + entry.value * factor
      parameters.values[entry.index] = rounded ? Dyadic(sum.nearestDouble) : sum
    }
    let other = network.with(parameters: parameters)
    return SymmetryMove(
      index: index, step: step, network: other, outcome: try outcome(other, progress),
      isRescaling: network.rescaling(to: other).rescaling != nil)
  }

  private func outcome(_ other: Network, _ progress: Progress) throws -> SymmetryMove.Outcome {
    let compared = try network.compared(
      with: other, options: ComparisonOptions(domain: domain, seed: options.seed, progress: progress))
    if case .equivalent(.identical) = compared.verdict { return .identical(.signals) }
    if case .different(let witness) = compared.verdict { return .different(.witness(witness)) }
    try progress.step("comparing affine maps")
    if let exact = try RegionwiseComparison(network, other, on: domain, options: options, progress: progress)
    {
      return exact.different == 0
        ? .identical(.regions(exact.regions))
        : .different(.regions(exact.different, of: exact.regions))
    }
    switch compared.verdict {
    case .equivalent(.withinEpsilon(let bound, _)): return .withinEpsilon(bound: bound)
    case .undecided(let bounds): return .undecided(reason: bounds.reason)
    case .equivalent(.identical), .different: return .undecided(reason: "-")
    }
  }
}
