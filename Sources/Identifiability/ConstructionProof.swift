import Complexes
import Equivalence
import ExactArithmetic
import Networks

/// What could be proved of the promises of a construction, on the very weights that it gave.
public struct ConstructionProof: Sendable {
  /// The outcome for one promise.
  public enum Finding: Hashable, Sendable {
    /// Proved, and how.
    case proved(String)
    /// Shown to be wrong, and by what.
    case refuted(String)
    /// Neither, and why.
    case undecided(String)
  }

  /// The promises with what was found, in the order of the construction.
  public let findings: [(promise: Construction.Promise, finding: Finding)]
  /// The proof of the functional dimension D − N, where that was promised and found.
  public let dimension: DimensionCertificate?
  /// The functional dimension, where it is proved.
  public let functionalDimension: Int?
  /// The certificate that the second network is the same function, where one tells.
  public let sameFunction: Certificate?

  /// Whether everything that was promised is proved.
  public var isProved: Bool {
    findings.allSatisfy {
      if case .proved = $0.finding { true } else { false }
    }
  }

  /// Proves what it can.
  ///
  /// - Parameter options: The seed, the number of threads, and how many regions may be enumerated.
  /// - Throws: `CancellationError`.
  public init(
    of built: Construction, options: DimensionOptions = DimensionOptions(), progress: Progress = Progress()
  ) throws {
    var findings: [(promise: Construction.Promise, finding: Finding)] = []
    var dimension: DimensionCertificate?
    var sameFunction: Certificate?
    for promise in built.promises {
      let finding: Finding
      switch promise {
      case .noHiddenSymmetry:
        dimension = built.certificate
        finding =
          dimension.map { .proved("the rank at \($0.inputs.count) inputs is \($0.functionalDimension)") }
          ?? .undecided("no inputs were found that show it")
      case .transparent:
        finding =
          TransparencyProof(built.network, on: built.domain) == nil
          ? .undecided("no two neurons of a layer have a positive sum")
          : .proved("two neurons of every hidden layer have a positive sum")
      case .crossingFolds:
        finding = try built.crossings(options: options, progress: progress)
      case .foldOrder(let order):
        finding = try built.order(order, options: options, progress: progress)
      case .secondParameters:
        (finding, sameFunction) = try built.comparison(options: options, progress: progress)
      }
      findings.append((promise, finding))
    }
    self.findings = findings
    self.dimension = dimension
    self.sameFunction = sameFunction
    if let dimension {
      functionalDimension = dimension.functionalDimension
    } else if built.promises.contains(.secondParameters), built.batch == nil {
      functionalDimension =
        try FunctionalDimension(of: built.network, on: built.domain, options: options, progress: progress)
        .functionalDimension
    } else {
      functionalDimension = nil
    }
  }
}

extension Construction {
  fileprivate func crossings(
    options: DimensionOptions, progress: Progress
  ) throws -> ConstructionProof.Finding {
    guard FoldCrossings.haveConnectedFolds(network) else {
      return .undecided("folds may have several parts")
    }
    let crossings = try FoldCrossings(
      network, around: places, lines: 400 * max(1, places.count), seed: options.seed, progress: progress)
    guard let pair = crossings.missing.min(by: { ($0.lower, $0.higher) < ($1.lower, $1.higher) }) else {
      return .proved("each fold meets those of the next layer on both of their sides")
    }
    return .undecided("\(pair.lower) and \(pair.higher): no crossing found")
  }

  /// The order of the fold set of the network on a plane through the innermost cell, or a part of it.
  ///
  /// Pieces of the fold set have pieces as sections, so the order of the whole is no smaller.
  fileprivate func order(
    _ order: Int, options: DimensionOptions, progress: Progress
  ) throws -> ConstructionProof.Finding {
    guard let centre = places.last?.centre else { return .undecided("no place to cut through") }
    var rng = SplitMix64(seed: options.seed)
    var best = 0
    let margin = 1 - (centre.map(\.magnitude).max() ?? 0)
    for attempt in 0..<48 {
      let directions = (0..<2).map { _ in centre.map { _ in rng.nextOdd(of: 32) } }
      let plane = network.restricted(to: AffineSlice(origin: centre, directions: directions))
      let half = margin / 2 * Double(sign: .plus, exponent: -(attempt % 4), significand: 1)
      let box = Array(repeating: Interval(-half, half), count: 2)
      do {
        let complex = try Subdivision(plane, on: SubdivisionDomain(box: box)).complex(
          threads: options.threads, limit: options.enumerationLimit, progress: progress)
        best = max(best, Folds(complex, threads: options.threads).layering().order ?? 0)
      } catch is RegionLimitExceeded {
        continue
      }
      if best >= order { return .proved("the folds in a plane have this order") }
    }
    return .undecided("the folds in planes show order \(best)")
  }

  /// Whether the second network is the same function, and not by a permutation and rescaling.
  fileprivate func comparison(
    options: DimensionOptions, progress: Progress
  ) throws -> (ConstructionProof.Finding, Certificate?) {
    guard let second else { return (.undecided("there is no second network"), nil) }
    guard network.isToldFromOrbit(of: second) else {
      return (.undecided("nothing tells the second from rescalings of the first"), nil)
    }
    if let batch {
      let differing = batch.filter { network.exactOutputs(at: $0) != second.exactOutputs(at: $0) }
      return differing.isEmpty
        ? (.proved("equal outputs at all \(batch.count) inputs of the batch, exactly"), nil)
        : (.refuted("different outputs at \(differing.count) of \(batch.count) inputs"), nil)
    }
    let compared = try network.compared(
      with: second, options: ComparisonOptions(options, on: domain, progress: progress))
    switch (compared.verdict, compared.certificate?.claim) {
    case (.equivalent(.identical), .identicalOnRegions(let count)):
      return (.proved("equal affine maps on all \(count) regions of both"), compared.certificate)
    case (.equivalent(.identical), _):
      return (.proved("one numbering of signals tells both networks"), compared.certificate)
    case (.different, _):
      return (.refuted("an input tells the two apart"), nil)
    case (.equivalent, _), (.undecided, _):
      return (.undecided("there are too many regions to compare"), nil)
    }
  }
}
