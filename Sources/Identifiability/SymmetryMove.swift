import Equivalence
import ExactArithmetic
import Networks
import Symmetry

/// A network a finite step along a hidden symmetry, and whether it is the same function.
public struct SymmetryMove: Sendable {
  /// What was proved of the other network.
  public enum Outcome: Hashable, Sendable {
    /// Equal real functions on the domain: one numbering of signals for both, or equal affine maps on all regions.
    case identical(Proof)
    /// Within a proved bound.
    case withinEpsilon(bound: Double)
    /// Different: an input that tells them apart.
    case different(Verdict.Witness)
    /// Equal up to rounding at a number of inputs, none of which the way was found with: nothing is proved.
    case numerical(largestDifference: Double, inputs: Int)
    /// Neither was proved.
    case undecided(reason: String)
  }

  /// How two functions were proved equal.
  public enum Proof: Hashable, Sendable {
    /// By the certificate of a comparison of signals.
    case signals
    /// By the difference of both networks in common signals, which is zero on each of its activation regions.
    case regions(Int)
  }

  /// How the parameters moved.
  public enum Way: Hashable, Sendable {
    /// On the line θ + t v.
    case straight
    /// By the closed form of a mixing of always active neurons of a layer, from 1: the derivative is v up to rescalings.
    case mixing(layer: Int)
    /// Along a curve followed in floating point.
    case curve
  }

  /// The number of the symmetry.
  public let index: Int
  /// The step t.
  public let step: Double
  /// How the parameters moved.
  public let way: Way
  /// The moved network: exactly, or rounded to doubles where that was asked for or the way is a curve.
  public let network: Network
  /// The verdict.
  public let outcome: Outcome
  /// Whether the moved network is a standard symmetry away from the first one.
  ///
  /// The direction v itself is always independent of the rescalings.
  public let relation: StandardRelation
  /// The part of the way that a curve could be followed, where neither line nor mixing keeps the function.
  ///
  /// It is 0 where the curve led back at once, so that v keeps the function to first order only; nil where none was tried.
  public let curveShare: Double?

  /// Whether the moved network is a rescaling of the first; nil where that is open.
  public var isRescaling: Bool? {
    switch relation {
    case .related(let symmetry): symmetry.isRescaling
    case .unrelated: false
    case .open: nil
    }
  }
}

extension HiddenSymmetries {
  /// Moves along a hidden symmetry by a finite step, and decides whether the function is the same.
  ///
  /// 1. The line θ + t v, which is the answer wherever the function is affine in the parameters that v changes.
  /// 2. Where that is another function, the closed form of a mixing, if v is the derivative of one.
  /// 3. Else a curve, followed numerically at a sample and looked at with another.
  ///
  /// If none of them keeps the function, the move is the line, with its verdict.
  ///
  /// - Parameter rounded: Whether to round the new parameters to doubles, as files can hold them.
  /// - Requires: `index` is that of a symmetry, `step` finite.
  /// - Exactness: lines and mixings are exact unless rounded; a verdict but ``SymmetryMove/Outcome/numerical`` is proved
  ///   of the network returned.
  /// - Throws: `CancellationError`.
  public func moved(
    along index: Int, by step: Double, rounded: Bool = false, progress: Progress = Progress()
  ) throws -> SymmetryMove {
    precondition(symmetries.indices.contains(index), "symmetry \(index) of \(symmetries.count)")
    return try moved(
      along: symmetries[index].entries, number: index, by: step, rounded: rounded, progress: progress)
  }

  /// Moves along any direction of parameters.
  func moved(
    along entries: [HiddenSymmetry.Entry], number index: Int, by step: Double, rounded: Bool,
    progress: Progress
  ) throws -> SymmetryMove {
    func move(_ way: SymmetryMove.Way, _ other: Network, _ outcome: SymmetryMove.Outcome, _ share: Double?)
      -> SymmetryMove
    {
      SymmetryMove(
        index: index, step: step, way: way, network: other, outcome: outcome,
        relation: network.standardRelation(to: other), curveShare: share)
    }
    func built(_ parameters: Parameters) -> Network {
      var parameters = parameters
      if rounded { parameters.values = parameters.values.map { Dyadic($0.nearestDouble) } }
      return network.with(parameters: parameters)
    }
    var parameters = network.parameters
    let factor = Dyadic(step)
    for entry in entries {
      parameters.values[entry.index] = parameters.values[entry.index] + entry.value * factor
    }
    let line = built(parameters)
    let verdict = try outcome(line, progress)
    if verdict.keepsFunction || step == 0 { return move(.straight, line, verdict, nil) }
    if let mixing = LayerMixing(along: entries, of: network) {
      let other = built(mixing.applied(to: network, by: factor))
      let mixed = try outcome(other, progress)
      if mixed.keepsFunction { return move(.mixing(layer: mixing.layer), other, mixed, nil) }
    }
    guard let curve = FiberCurve(network, on: domain, options: options) else {
      return move(.straight, line, verdict, nil)
    }
    let result = try curve.followed(entries, by: step, progress: progress)
    if result.share >= 1 {
      let other = network.with(parameters: result.parameters)
      if let found = numericalOutcome(other) { return move(.curve, other, found, nil) }
    }
    return move(.straight, line, verdict, min(result.share, 1))
  }

  /// The largest difference at inputs that no curve has seen; nil where it is more than rounding.
  private func numericalOutcome(_ other: Network) -> SymmetryMove.Outcome? {
    var fresh = options
    fresh.seed = options.seed &+ 0x9E37_79B9
    // Regions of either network: what has come apart shows near the folds of both.
    let inputs = [network, other].flatMap {
      FiberCurve.sample(of: $0, on: domain, count: 1000, options: fresh)
    }
    var largest = 0.0
    for x in inputs {
      let size = x.reduce(1) { max($0, $1.magnitude) }
      for (a, b) in zip(network.outputs(at: x), other.outputs(at: x)) {
        let difference = (a - b).magnitude / size
        if difference > 0x1p-30 * (1 + a.magnitude / size) { return nil }
        largest = max(largest, difference)
      }
    }
    return .numerical(largestDifference: largest, inputs: inputs.count)
  }

  private func outcome(_ other: Network, _ progress: Progress) throws -> SymmetryMove.Outcome {
    let compared = try network.compared(
      with: other, options: ComparisonOptions(options, on: domain, progress: progress))
    switch compared.verdict {
    case .equivalent(.identical):
      if case .identicalOnRegions(let count) = compared.certificate?.claim {
        return .identical(.regions(count))
      }
      return .identical(.signals)
    case .different(let witness): return .different(witness)
    case .equivalent(.withinEpsilon(let bound, _)): return .withinEpsilon(bound: bound)
    case .undecided(let bounds): return .undecided(reason: bounds.reason)
    case .equivalent(.sameLargest): return .undecided(reason: "only the largest outputs were compared")
    }
  }
}

extension SymmetryMove.Outcome {
  /// Whether the function is proved to be the same, exactly or within a bound.
  var keepsFunction: Bool {
    switch self {
    case .identical, .withinEpsilon: true
    case .different, .numerical, .undecided: false
    }
  }
}

extension ComparisonOptions {
  /// Options of a comparison as part of an analysis: the same seed and threads, and regions as they are enumerated there.
  init(_ options: DimensionOptions, on domain: InputDomain?, progress: Progress) {
    self.init(
      domain: domain, seed: options.seed,
      budget: ComparisonBudget(boxes: 256, regions: 4 * options.enumerationLimit), threads: options.threads,
      progress: progress)
  }
}
