import Complexes
import ExactArithmetic
import Networks
import Polyhedra
import Symmetry

/// The decision of f = g by all activation regions: complete wherever the regions can be enumerated.
///
/// Definition: f − g is written in the signals that both networks share; what they have in common cancels, so that
/// only the neurons that differ, and those they read, cut the domain. f = g exactly when the affine map of f − g
/// vanishes on every region.
///
/// - Exactness: exact: signals, regions and maps. A rounded `Lowering` is not included.
public struct RegionwiseDifference: Hashable, Sendable {
  /// The number of hidden neurons of f − g in common signals.
  public let hiddenNeuronCount: Int
  /// What the regions say.
  public let zeros: OutputZeros

  /// What bounds the work.
  public struct Limits: Hashable, Sendable {
    /// The most regions of networks up to 100 neurons; fewer, by the cube of their number, of larger ones.
    public var regions: Int
    /// The most coordinates.
    public var dimension: Int
    /// The number of threads.
    public var threads: Int

    /// Limits for a quick answer.
    public init(regions: Int = 1_000_000, dimension: Int = 8, threads: Int = Concurrency.coreCount) {
      self.regions = regions
      self.dimension = dimension
      self.threads = threads
    }
  }

  /// Decides on all regions of a domain, or of ℝⁿ for nil; nil where a limit is met.
  ///
  /// - Requires: as many inputs, and as many outputs.
  /// - Throws: `CancellationError`.
  public init?(
    _ f: Network, _ g: Network, on domain: InputDomain?, limits: Limits = Limits(),
    algorithm: Subdivision.Algorithm? = nil, progress: Progress = Progress()
  ) throws {
    let subdivision = try RegionwiseDifference.subdivision(f, g, on: domain, progress: progress)
    guard subdivision.domain.dimension <= limits.dimension else { return nil }
    // The affine map of a region costs the square of the neurons and more: few regions where there are many.
    let share = min(1, 100 / Double(max(1, subdivision.network.hiddenNeuronCount)))
    let regionLimit = max(1, Int(Double(limits.regions) * share * share * share))
    do {
      zeros = try subdivision.outputZeros(
        algorithm: algorithm, threads: limits.threads, limit: regionLimit, progress: progress)
    } catch is RegionLimitExceeded {
      return nil
    } catch is SubdivisionError {
      return nil
    }
    hiddenNeuronCount = subdivision.network.hiddenNeuronCount
  }

  /// The domain, subdivided by f − g in common signals.
  static func subdivision(
    _ f: Network, _ g: Network, on domain: InputDomain?, progress: Progress
  ) throws -> Subdivision {
    let joint = Network.difference(f, g)
    let reduced: Network
    do {
      reduced = Network(
        try SignalGraph(joint, on: domain, progress: progress), storage: .float64, domain: nil)
    } catch is NeuronNumbering<Dyadic>.Obstacle {
      reduced = joint
    } catch is NeuronNumbering<Rational>.Obstacle {
      reduced = joint
    }
    return Subdivision(reduced, on: SubdivisionDomain(domain, inputs: f.inputCount))
  }
}
