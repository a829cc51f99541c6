import ExactArithmetic
import LinearAlgebra
import Networks

/// The infinitesimal hidden symmetries of a network: the kernel of its Jacobian modulo rescalings.
///
/// Definition: with J the rows ∂f_θ(x)/∂θ at all inputs x of the domain at which no hidden neuron is zero, a hidden
/// symmetry is a v with J v = 0; those of a basis are independent of one another and of the rescalings.
///
///     let network = Network(weights: [[[1, 0.3], [-0.4, 1]], [[1, 0]]], biases: [[0.1, 0.2], [0.2]])
///     try HiddenSymmetries(of: network).symmetries.map(\.mechanism)      // three times .unread
///
/// Sparse vectors come first: those of known mechanisms, then single parameters, rows and columns of one neuron,
/// neurons with their readers' biases, and at last what remains of the kernel.
///
/// - Exactness: exact entries. Each vector says whether it is proved for all inputs. Where ``isExact``, the basis is
///   that of the whole domain; else of the regions seen, and ``rank`` is a lower bound.
/// - Reference: [GLR23] hidden symmetries.
public struct HiddenSymmetries: Sendable {
  /// The network.
  public let network: Network
  /// The domain; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The number of parameters D.
  public let parameterCount: Int
  /// A certified lower bound of the functional dimension: the rank over the regions.
  public let rank: Int
  /// The number of independent rescalings.
  public let rescalings: Int
  /// The basis.
  public let symmetries: [HiddenSymmetry]
  /// Why, and how many, in the order of the mechanisms.
  public let causes: [HiddenCause]
  /// What part of the domain was seen.
  public let coverage: RegionCoverage
  /// What is known of the set of parameters with the same function.
  public let fiber: FiberFacts
  let options: DimensionOptions

  /// The hidden directions proved on the whole domain.
  public var provedCount: Int { symmetries.count { $0.scope == .allInputs } }

  /// The proved upper bound of the functional dimension.
  public var upper: Int { parameterCount - rescalings - provedCount }

  /// Whether the bounds of the functional dimension meet: then the basis is complete and proved.
  public var isExact: Bool { rank == upper }

  /// The number of dimensions of the sample's kernel for which no fractions were found.
  public var missing: Int { parameterCount - rank - rescalings - symmetries.count }

  /// Finds the hidden symmetries on a domain, or on all of ℝⁿ for nil.
  ///
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, on domain: InputDomain? = nil, options: DimensionOptions = DimensionOptions(),
    progress: Progress = Progress()
  ) throws {
    var rng = SplitMix64(seed: options.seed)
    let evidence = try RegionEvidence(
      of: network, on: domain, options: options, using: &rng, progress: progress)
    let (known, roles, enumeration) = (evidence.known, evidence.roles, evidence.enumeration)
    let (parameters, rank) = (network.parameters, evidence.rank)
    let kernel = SampleKernel(
      network, parameters: parameters, search: evidence.search,
      chart: HomogeneousChart(domain, inputs: network.inputCount), options: options)
    let tests = MechanismTests(kernel, roles: roles, isComplete: enumeration != nil)
    var basis = SymmetryBasis(
      parameterCount: parameters.count, target: parameters.count - rank, field: kernel.field)
    for vector in known.vectors where vector.mechanism == .rescaling { basis.insert(vector.entries) }
    rescalings = basis.count
    try progress.step("choosing sparse directions")
    var found: [HiddenSymmetry] = []
    for vector in SymmetryBasis.sparsestFirst(known.vectors) where vector.mechanism != .rescaling {
      guard basis.insert(vector.entries) else { continue }
      try progress.step("choosing sparse directions", done: basis.count, of: parameters.count - rank)
      let (mechanism, evidence) = tests.explanation(of: vector)
      found.append(
        HiddenSymmetry(
          vector.entries, layout: parameters.layout, mechanism: mechanism, evidence: evidence,
          scope: .allInputs))
    }
    let more = try basis.extend(by: kernel, columns: evidence.kernel.columns, progress: progress)
    // All regions, and orthogonal to the exact rows of each: proved.
    let proofs = enumeration == nil ? nil : kernel.areOrthogonal(more)
    for (k, vector) in more.enumerated() {
      let (mechanism, evidence) = tests.explanation(of: vector.map(\.index))
      found.append(
        HiddenSymmetry(
          vector, layout: parameters.layout, mechanism: mechanism, evidence: evidence,
          scope: proofs?[k] == true ? .allInputs : .sample))
    }
    let order = Dictionary(
      uniqueKeysWithValues: HiddenMechanism.allCases.enumerated().map { ($1, $0) })
    symmetries = found.enumerated().sorted {
      (order[$0.element.mechanism, default: 0], $0.offset) < (
        order[$1.element.mechanism, default: 0], $1.offset
      )
    }.map(\.element)
    causes = HiddenCause.causes(of: symmetries, in: network, roles: roles)
    fiber = FiberFacts(network, rank: rank, rescalings: rescalings, symmetries: symmetries, roles: roles)
    parameterCount = parameters.count
    self.rank = rank
    self.network = network
    self.domain = domain
    self.options = options
    coverage = evidence.coverage
  }
}
