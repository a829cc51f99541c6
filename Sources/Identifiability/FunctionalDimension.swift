import LinearAlgebra
import Networks

/// The functional dimension of a network at its parameters: how many directions of parameters move the function.
///
/// Definition: the largest rank of ∂(f_θ(x₁), …, f_θ(x_m))/∂θ over finite sets of inputs in the domain at which f is
/// smooth in θ, that is where no hidden neuron is zero. The rank is taken over activation regions: on each the rows are
/// affine in x, so a region counts with all its inputs at once.
///
///     let abs = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
///     try FunctionalDimension(of: abs).functionalDimension           // 4: D = 7, two rescalings, one opposite pair
///
/// - Exactness: ``lower`` and ``upper`` are proved. Where they meet, so is ``functionalDimension``.
/// - Reference: [GLMW25] functional dimension and decisive sets; [GLR23] hidden symmetries.
public struct FunctionalDimension: Hashable, Sendable {
  /// The number of parameters D.
  public let parameterCount: Int
  /// The number of hidden neurons N.
  public let hiddenNeuronCount: Int
  /// A proved lower bound: the rank modulo a prime of exact rows of the Jacobian.
  public let lower: Int
  /// A proved upper bound: D minus the directions of ``bounds``.
  public let upper: Int
  /// Why the dimension is not D: proved kernel directions of the Jacobian on the whole domain, each counted once.
  public let bounds: [DimensionBound]
  /// What part of the domain the lower bound has seen.
  public let coverage: RegionCoverage
  /// The primes, with the rank of the same rows modulo each; one prime is enough where the bounds meet, and
  /// for a sample of regions.
  public let ranks: [PrimeRank]

  /// The functional dimension, where it is proved.
  public var functionalDimension: Int? { lower == upper ? lower : nil }

  /// Whether the rank was the same modulo all primes.
  public var primesAgree: Bool { ranks.allSatisfy { $0.rank == lower } }

  /// Whether ``lower`` is the functional dimension unless all primes were unlucky: every activation region was seen.
  public var isExactUpToPrimes: Bool { lower == upper || (coverage.isComplete && primesAgree) }

  /// Measures the functional dimension on a domain, or on all of ℝⁿ for nil.
  ///
  /// - Parameters:
  ///   - network: The network; its normal form's parameters are θ.
  ///   - domain: Where inputs lie.
  ///   - options: The seed and how much work to do.
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, on domain: InputDomain? = nil, options: DimensionOptions = DimensionOptions(),
    progress: Progress = Progress()
  ) throws {
    var rng = SplitMix64(seed: options.seed)
    let evidence = try RegionEvidence(
      of: network, on: domain, options: options, using: &rng, progress: progress)
    let (kernel, rank) = (evidence.kernel, evidence.rank)
    var bounds = kernel.bounds
    if let enumeration = evidence.enumeration, rank < kernel.columns.count, !enumeration.patterns.isEmpty {
      let extra = try evidence.search.provedKernelDimension(using: &rng, progress: progress)
      if extra > 0 { bounds.append(DimensionBound(mechanism: .regions, neurons: [], directions: extra)) }
    }
    parameterCount = network.parameterCount
    hiddenNeuronCount = network.hiddenNeuronCount
    lower = rank
    upper = network.parameterCount - bounds.reduce(0) { $0 + $1.directions }
    self.bounds = bounds
    ranks = evidence.ranks
    coverage = evidence.coverage
  }
}

/// The rank of a matrix modulo a prime.
public struct PrimeRank: Hashable, Sendable {
  /// The prime.
  public let prime: Int
  /// The rank modulo the prime: at most the rank.
  public let rank: Int
}

/// Which activation regions a lower bound has seen.
public struct RegionCoverage: Hashable, Sendable {
  /// The number of activation regions seen.
  public let regions: Int
  /// Whether these are all there are in which the network is smooth in its parameters.
  public let isComplete: Bool
  /// The regions left out, because some hidden neuron is zero on the whole of them; known where all were enumerated.
  public let excludedRegions: Int
  /// The sampled points left out, because some hidden neuron is exactly zero there.
  public let kinks: Int
  /// The neurons that were active in none of the regions.
  public let neverActive: [Neuron]
  /// The neurons that were inactive in none of the regions.
  public let neverInactive: [Neuron]
}

extension Network {
  /// All hidden neurons, layer after layer.
  var hiddenNeurons: [Neuron] {
    hiddenLayers.enumerated().flatMap { position, layer in
      (0..<layer.width).map { Neuron(layer: position + 1, index: $0) }
    }
  }
}
