import Complexes
import Networks

/// Whether the function of a deep network on a domain tells its parameters, decided from its regions and folds.
///
///     let found = try DeepIdentifiability(of: network, on: .box([-1...1, -1...1]))
///     found.report.verdict                    // proved, refuted or undecided
///     found.report["transparent"]?.evidence
///
/// - A *global* proof says that this network is general, and that every general network of this architecture with this
///   function is a permutation and positive rescaling of it (``LayerwiseIdentification``).
/// - A *local* proof says so of all parameters near the given ones: the functional dimension is D − N.
/// - A refutation brings another network with the same function that is no permutation and rescaling.
///
/// The conditions that the literature asks for are listed beside, each with what proves or refutes it.
///
/// - Exactness: exact: regions are enumerated with proved signs, ranks and maps are exact.
/// - Reference: [PL20], [GLR23], [GM26], [GLMW25].
public struct DeepIdentifiability: Sendable {
  /// The network.
  public let network: Network
  /// The domain; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The report.
  public let report: IdentifiabilityReport
  /// The folds, where the regions could be enumerated.
  public let folds: Folds?
  /// In which order general networks must make the folds.
  public let order: BendOrder?
  /// The fold set peeled from the function alone.
  public let layering: FoldLayering?
  /// Whether the theorem on general networks applies.
  public let layerwise: LayerwiseIdentification?

  /// Decides on a domain, or on all of ℝⁿ for nil.
  ///
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, on domain: InputDomain? = nil, options: DeepOptions = DeepOptions(),
    progress: Progress = Progress()
  ) throws {
    precondition(
      domain.map { $0.dimension == network.inputCount } ?? true,
      "\(network.inputCount) inputs on a domain of dimension \(domain?.dimension ?? 0)")
    self.network = network
    self.domain = domain
    let regions = try RegionFolds(network, on: domain, options: options, progress: progress)
    var search = ConditionSearch(network, regions: regions, options: options, progress: progress)
    try search.run()
    folds = regions.folds
    order = search.order
    layering = search.layering
    layerwise = search.layerwise
    let local = try LocalFindings(
      network, on: domain, isGlobal: search.isIdentifiedGlobally, options: options, progress: progress)
    report = IdentifiabilityReport(
      search.conditions + local.conditions, isAffine: network.layers.count == 1, search: search, local: local,
      regions: regions)
  }
}

/// The folds of a network on a domain, or why there are none.
struct RegionFolds: Sendable {
  let folds: Folds?
  /// How the coordinates of the folds lie among the inputs.
  let slice: AffineSlice
  /// Why the regions were not enumerated.
  let reason: String
  /// Whether the domain is open, up to its boundary: no input is held fixed.
  let isOpen: Bool

  init(_ network: Network, on domain: InputDomain?, options: DeepOptions, progress: Progress) throws {
    isOpen = domain?.enclosure.allSatisfy { $0.lower < $0.upper } ?? true
    let subdivision = Subdivision(network, on: SubdivisionDomain(domain, inputs: network.inputCount))
    slice = subdivision.slice
    let dimension = subdivision.domain.dimension
    if network.hiddenNeuronCount == 0 {
      (folds, reason) = (nil, "there are no hidden neurons")
      return
    }
    guard dimension > 0, dimension <= options.enumeratedDimension else {
      (folds, reason) = (
        nil,
        "regions are enumerated for at most \(options.enumeratedDimension) inputs, and here are \(dimension)"
      )
      return
    }
    do {
      let complex = try subdivision.complex(
        threads: options.threads, limit: options.regionBudget, progress: progress)
      try progress.step("following the folds")
      (folds, reason) = (Folds(complex, threads: options.threads), "")
    } catch is RegionLimitExceeded {
      (folds, reason) = (nil, "there are more than \(options.regionBudget) activation regions")
    } catch is SubdivisionError {
      (folds, reason) = (nil, "the regions contain whole lines and have no vertices; give a box")
    }
  }
}

extension IdentifiabilityReport {
  fileprivate init(
    _ conditions: [IdentifiabilityCondition], isAffine: Bool, search: ConditionSearch, local: LocalFindings,
    regions: RegionFolds
  ) {
    if search.isIdentifiedGlobally {
      self.init(
        verdict: .proved, scope: .global,
        statement:
          "this network is general, and every general network of this architecture with this function is a permutation and positive rescaling of it",
        conditions: conditions)
    } else if let second = local.second {
      self.init(
        verdict: .refuted, scope: .global,
        statement:
          "another network of this architecture is the same function, and no permutation and rescaling of this one",
        conditions: conditions, second: second)
    } else if local.isLocal, isAffine {
      self.init(
        verdict: .proved, scope: .global, statement: "an affine function has its coefficients only",
        conditions: conditions)
    } else if local.isLocal {
      self.init(
        verdict: .proved, scope: .local,
        statement: "all parameters near these with the same function are rescalings of these"
          + (search.layerwise?.applies == true
            ? "; no general network of this architecture has this function" : ""),
        conditions: conditions)
    } else {
      let failing = conditions.filter { $0.verdict == .refuted }.map(\.name)
      let reason =
        regions.folds == nil && !regions.reason.isEmpty
        ? regions.reason
        : failing.isEmpty ? "no theorem at hand applies" : "not given: \(failing.joined(separator: ", "))"
      self.init(
        verdict: .undecided, scope: .local, statement: "not decided: \(reason)", conditions: conditions)
    }
  }
}
