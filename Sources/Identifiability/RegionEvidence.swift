import LinearAlgebra
import Networks

/// What the activation regions of a network on a domain show of its Jacobian: the evidence for its functional dimension
/// and its hidden symmetries alike.
///
/// Few inputs are enumerated at once. Above three a sample comes first, because where it attains the proved bound it is
/// quicker; where it does not and all regions can be enumerated, they are.
///
/// - Exactness: roles and known directions are proved; the rank is a proved lower bound.
struct RegionEvidence {
  /// All regions, where they were enumerated.
  let enumeration: RegionEnumeration?
  /// What is proved of the neurons.
  let roles: NeuronRoles
  /// The proved kernel directions.
  let known: KnownDirections
  /// The regions seen, and the space of their rows.
  let search: RegionSearch
  /// The primes, with the rank of the same rows modulo each.
  let ranks: [PrimeRank]

  /// The most inputs that are enumerated without a sample.
  private static let enumeratedAtOnce = 3

  /// The proved lower bound of the rank.
  var rank: Int { ranks.map(\.rank).max() ?? 0 }

  /// The span of the known directions.
  var kernel: KnownKernel { search.kernel }

  /// What was seen.
  var coverage: RegionCoverage { search.coverage(enumeration) }

  /// Looks at regions of a domain, or of all of ℝⁿ for nil.
  ///
  /// - Throws: `CancellationError`.
  init(
    of network: Network, on domain: InputDomain?, options: DimensionOptions, using rng: inout SplitMix64,
    progress: Progress
  ) throws {
    precondition(
      domain.map { $0.dimension == network.inputCount } ?? true,
      "\(network.inputCount) inputs on a domain of dimension \(domain?.dimension ?? 0)")
    let field = PrimeField.random(using: &rng)
    let parameters = network.parameters
    func evidence(_ roles: NeuronRoles) -> (NeuronRoles, KnownDirections, RegionSearch) {
      let known = KnownDirections(network, roles: roles, domain: domain, field: field)
      let kernel = KnownKernel(
        known.vectors, parameterCount: parameters.count, neurons: network.hiddenNeurons, field: field)
      let search = RegionSearch(
        network, parameters: parameters, kernel: kernel, domain: domain, field: field, options: options)
      return (roles, known, search)
    }
    let dimension = HomogeneousChart(domain, inputs: network.inputCount).dimension
    var (roles, known, search) = evidence(try NeuronRoles(network, on: domain, progress: progress))
    if dimension > RegionEvidence.enumeratedAtOnce {
      try search.sample(patience: max(1, options.patience / 4), progress: progress)
    }
    var enumeration: RegionEnumeration?
    if !search.isComplete {
      enumeration = try RegionEnumeration(network, on: domain, options: options, progress: progress)
      if let patterns = enumeration?.patterns {
        if !patterns.isEmpty { roles = roles.restricted(to: patterns) }
        (roles, known, search) = evidence(roles)
        try search.addAll(patterns, progress: progress)
      } else {
        try search.sample(patience: options.patience, progress: progress)
      }
    }
    // More primes would tell whether the rank of all regions is that over ℚ. A sample's is a lower bound as it is.
    let more = enumeration == nil ? 0 : options.primeCount - 1
    ranks = try search.ranks(moduloMore: more, using: &rng, progress: progress)
    self.enumeration = enumeration
    self.roles = roles
    self.known = known
    self.search = search
  }
}
