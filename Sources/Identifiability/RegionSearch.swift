import ExactArithmetic
import LinearAlgebra
import Networks

/// The search for activation regions that raise the rank of the Jacobian.
struct RegionSearch {
  private let network: Network
  private let parameters: Parameters
  let kernel: KnownKernel
  private let chart: HomogeneousChart
  private let options: DimensionOptions
  private(set) var rank: RegionRank
  private var sampler: RegionSampler
  /// All regions, where they were enumerated.
  private var enumerated: [ActivationPattern]?

  /// More turns than any region has had: rows drawn from there on are new.
  private static let manyTurns = 1 << 14

  init(
    _ network: Network, parameters: Parameters, kernel: KnownKernel, domain: InputDomain?, field: PrimeField,
    options: DimensionOptions
  ) {
    self.network = network
    self.parameters = parameters
    self.kernel = kernel
    self.options = options
    chart = HomogeneousChart(domain, inputs: network.inputCount)
    sampler = RegionSampler(network, on: domain, seed: options.seed)
    rank = RegionRank(
      network, parameters: parameters, kernel: kernel, chart: chart, field: field,
      seed: options.seed, threads: options.threads)
  }

  /// The regions seen.
  ///
  /// The sampler's array has no second owner, or each round would copy it.
  var patterns: [ActivationPattern] { enumerated ?? sampler.patterns }

  /// Takes in all regions there are.
  mutating func addAll(_ all: [ActivationPattern], progress: Progress) throws {
    enumerated = all
    try rank.add(all[...], progress: progress)
  }

  /// Whether the rank meets its bound.
  var isComplete: Bool { rank.space.isComplete }

  /// Samples regions until the rank meets its bound, or stays the same for some rounds, or the budget is spent.
  mutating func sample(patience: Int, progress: Progress) throws {
    var idleRounds = 0
    while !isComplete, sampler.patterns.count < options.regionBudget, idleRounds < patience {
      let found = sampler.findMore(threads: options.threads)
      let growth = try rank.add(sampler.patterns[found], progress: progress)
      idleRounds = growth > 0 ? 0 : idleRounds + 1
      if idleRounds % 4 == 1 { sampler.wanted = neuronsOfKernel }
      try progress.step("sampling regions: rank", done: rank.rank, of: kernel.columns.count)
    }
  }

  /// The neurons, by number, whose parameters the rows so far leave free: in regions where these are active, new rows may
  /// be found.
  private var neuronsOfKernel: [Int] {
    var rng = SplitMix64(seed: options.seed)
    let vector = rank.space.randomKernelVector(using: &rng)
    let layout = parameters.layout
    var starts: [Int] = []
    for layer in layout.layers { starts.append((starts.last ?? 0) + layer.width) }
    var neurons: Set<Int> = []
    for (column, value) in zip(kernel.columns, vector) where value != 0 {
      switch layout.name(at: column) {
      case .bias(let layer, let row) where layer < layout.layers.count:
        neurons.insert(starts[layer - 1] - layout.layers[layer - 1].width + row)
      case .weight(let layer, let row, _, _) where layer < layout.layers.count:
        neurons.insert(starts[layer - 1] - layout.layers[layer - 1].width + row)
      case .weight(_, _, let source, let index) where source > 0:
        neurons.insert(starts[source - 1] - layout.layers[source - 1].width + index)
      default: break
      }
    }
    return neurons.sorted()
  }

  /// The rank modulo the prime at hand and, unless it meets its bound, modulo some more.
  func ranks(
    moduloMore count: Int, using rng: inout SplitMix64, progress: Progress
  ) throws -> [PrimeRank] {
    var result = [PrimeRank(prime: rank.space.field.prime, rank: rank.rank)]
    while !rank.space.isComplete, result.count <= count {
      let field = PrimeField.random(using: &rng)
      if result.contains(where: { $0.prime == field.prime }) { continue }
      var other = RegionRank(
        network, parameters: parameters, kernel: kernel, chart: chart, field: field,
        seed: options.seed, threads: options.threads)
      other.replay(rank)
      // Rows that are new to this prime, should the first one have been unlucky.
      try other.add(patterns[...], after: RegionSearch.manyTurns, progress: progress)
      result.append(PrimeRank(prime: field.prime, rank: other.rank))
    }
    return result
  }

  /// The number of further kernel directions, orthogonal to the rows on all regions, that could be proved.
  ///
  /// - Requires: ``addAll(_:progress:)`` was given all regions.
  func provedKernelDimension(using rng: inout SplitMix64, progress: Progress) throws -> Int {
    let layout = parameters.layout
    let missing = kernel.columns.count - rank.rank
    let work = patterns.count * (missing + 2) * layout.count * (chart.dimension + 1 + network.outputCount)
    guard missing > 0, work <= options.exactWork else { return 0 }
    let candidate = try RationalKernel(columns: kernel.columns.count, using: &rng) { field in
      try progress.step("reconstructing the kernel")
      var other = RegionRank(
        network, parameters: parameters, kernel: kernel, chart: chart, field: field,
        seed: options.seed, threads: options.threads)
      other.replay(rank)
      return other.space
    }
    guard let candidate else { return 0 }
    let vectors = candidate.vectors.map { vector in
      ExactRows.entries(
        RationalKernel.clearingDenominators(vector).map {
          (index: kernel.columns[$0.column], value: $0.value)
        },
        layout)
    }
    let basis = chart.exactBasis
    let (this, all) = (network, patterns)
    // Each region strikes out the vectors that are not orthogonal to its rows.
    let isOrthogonal = Concurrency.map(count: patterns.count, threads: options.threads, minimumRange: 16) {
      part in
      part.map { index in
        let rows = ExactRows(this, layout: layout, at: basis, on: all[index])
        return vectors.map { rows.areOrthogonal(to: $0) }
      }
    }
    return vectors.indices.count { k in isOrthogonal.allSatisfy { $0[k] } }
  }

  /// What was seen.
  func coverage(_ enumeration: RegionEnumeration?) -> RegionCoverage {
    var active = Array(repeating: 0, count: network.hiddenNeuronCount)
    for pattern in patterns {
      pattern.count(into: &active)
    }
    let neurons = network.hiddenNeurons
    return RegionCoverage(
      regions: patterns.count, isComplete: enumeration != nil, excludedRegions: enumeration?.excluded ?? 0,
      kinks: sampler.kinks, neverActive: neurons.indices.filter { active[$0] == 0 }.map { neurons[$0] },
      neverInactive: neurons.indices.filter { active[$0] == patterns.count }.map { neurons[$0] })
  }
}
