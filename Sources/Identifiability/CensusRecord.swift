import Networks

/// What a census found for one random network.
///
/// Everything but ``seconds`` is a function of the architecture, the initialisation, the budget, the seed and the
/// index.
///
/// - Exactness: ``lowerBound``, ``upperBound`` and the ranks of samples (``SampleRank/rank``) are proved bounds as in
///   ``FunctionalDimension`` and ``BatchFunctionalDimension``.
public struct CensusRecord: Hashable, Sendable {
  /// The census the network belongs to.
  public let origin: CensusOrigin
  /// The widths n₀, …, n_L.
  public let architecture: [Int]
  /// The number of the network among those of its architecture, from 0.
  public let index: Int
  /// The number of parameters D.
  public let parameterCount: Int
  /// The number of hidden neurons N.
  public let hiddenNeuronCount: Int
  /// The largest rank that was proved: of sampled regions or of one of the samples.
  public let lowerBound: Int
  /// D minus the proved kernel directions.
  public let upperBound: Int
  /// Why the dimension is not D; rescalings, which all live neurons have, without their neurons.
  public let mechanisms: [DimensionBound]
  /// The activation regions that the lower bound has seen.
  public let regions: Int
  /// The rank that inputs N(0, I) show.
  public let gaussian: SampleRank
  /// The rank that inputs at many distances show.
  public let multiScale: SampleRank
  /// The time it took.
  public var seconds: Double

  /// The record with the given findings.
  public init(
    origin: CensusOrigin, architecture: [Int], index: Int, parameterCount: Int, hiddenNeuronCount: Int,
    lowerBound: Int, upperBound: Int, mechanisms: [DimensionBound], regions: Int, gaussian: SampleRank,
    multiScale: SampleRank, seconds: Double
  ) {
    self.origin = origin
    self.architecture = architecture
    self.index = index
    self.parameterCount = parameterCount
    self.hiddenNeuronCount = hiddenNeuronCount
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.mechanisms = mechanisms
    self.regions = regions
    self.gaussian = gaussian
    self.multiScale = multiScale
    self.seconds = seconds
  }

  /// The dimension that a network without hidden symmetries has: D − N.
  public var fullDimension: Int { parameterCount - hiddenNeuronCount }

  /// The functional dimension, where it is proved.
  public var functionalDimension: Int? { lowerBound == upperBound ? lowerBound : nil }

  /// How far the lower bound stays behind the full dimension: never less than the true deficit.
  public var deficit: Int { fullDimension - lowerBound }

  /// The proved part of the deficit: never more than the true one.
  public var provedDeficit: Int { max(0, fullDimension - upperBound) }

  /// The same findings with the time left out, so that two runs can be compared.
  public var timeless: CensusRecord {
    var copy = self
    copy.seconds = 0
    return copy
  }
}

/// The rank that a random sample of inputs shows.
public struct SampleRank: Hashable, Sendable, Codable {
  /// The number of inputs.
  public let points: Int
  /// The proved rank of the Jacobian at these inputs.
  public let rank: Int
  /// The activation regions the inputs lie in.
  public let regions: Int
  /// The inputs left out, because a hidden neuron is exactly zero there.
  public let kinks: Int

  /// The rank with the given counts.
  public init(points: Int, rank: Int, regions: Int, kinks: Int) {
    self.points = points
    self.rank = rank
    self.regions = regions
    self.kinks = kinks
  }
}

/// What the networks of a census have in common: records of different origins do not belong together.
public struct CensusOrigin: Hashable, Sendable, Codable {
  /// The law of weights.
  public let initialisation: Initialisation.Law
  /// The standard deviation of biases.
  public let biasDeviation: Double
  /// The seed of the census.
  public let seed: UInt64
  /// The most activation regions sampled for a network.
  public let budget: Int

  /// The origin with the given laws, seed and budget.
  public init(_ initialisation: Initialisation, seed: UInt64, budget: Int) {
    self.initialisation = initialisation.law
    biasDeviation = initialisation.biasDeviation
    self.seed = seed
    self.budget = budget
  }
}
