import Networks

/// The functional dimensions of many random networks: how often architectures have hidden symmetries at initialisation.
///
/// Each network gets a record of proved bounds, and of what random samples of 10·D inputs would have shown: a sample
/// that misses activation regions takes what it does not see for a symmetry.
///
///     let census = Census(architectures: [[5, 5, 5, 5, 1]], networks: 100, seed: 1)
///     try census.run(census.items) { record in print(record.deficit) }
///
/// - Reference: [GLR23] section 6, the experiment.
public struct Census: Hashable, Sendable {
  /// The widths n₀, …, n_L of each architecture.
  public let architectures: [[Int]]
  /// The laws of the parameters.
  public let initialisation: Initialisation
  /// The number of networks of each architecture.
  public let networkCount: Int
  /// The laws, the seed and the budget, as every record has them.
  public let origin: CensusOrigin

  /// One network of the census.
  public struct Item: Hashable, Sendable {
    /// The widths n₀, …, n_L.
    public let architecture: [Int]
    /// The number of the network among those of its architecture, from 0.
    public let index: Int

    /// The network with the given number.
    public init(architecture: [Int], index: Int) {
      self.architecture = architecture
      self.index = index
    }
  }

  /// A census of `networks` networks of each architecture; a repeated architecture counts once.
  ///
  /// - Requires: each architecture has at least two widths, all positive.
  public init(
    architectures: [[Int]], initialisation: Initialisation = .he, networks: Int, seed: UInt64 = 1,
    regionBudget: Int = DimensionOptions().regionBudget
  ) {
    for widths in architectures {
      precondition(widths.count >= 2 && widths.allSatisfy { $0 > 0 }, "widths \(widths)")
    }
    var seen: Set<[Int]> = []
    self.architectures = architectures.filter { seen.insert($0).inserted }
    self.initialisation = initialisation
    networkCount = networks
    origin = CensusOrigin(initialisation, seed: seed, budget: regionBudget)
  }

  /// All networks, architecture after architecture.
  public var items: [Item] {
    architectures.flatMap { widths in
      (0..<networkCount).map { Item(architecture: widths, index: $0) }
    }
  }

  /// Every `count`-th network, beginning with number `shard`: a share of about the same work as the others.
  ///
  /// - Requires: 0 ≤ shard < count.
  public func items(shard: Int, of count: Int) -> [Item] {
    precondition((0..<count).contains(shard), "shard \(shard) of \(count)")
    return items.enumerated().filter { $0.offset % count == shard }.map(\.element)
  }

  /// The generator of a network's parameters.
  private func seed(of item: Item) -> UInt64 {
    (item.architecture + [item.index]).reduce(origin.seed) { state, number in
      var rng = SplitMix64(seed: state ^ UInt64(number))
      return rng.next()
    }
  }

  /// A network of the census.
  public func network(_ item: Item) -> Network {
    var rng = SplitMix64(seed: seed(of: item))
    return initialisation.network(widths: item.architecture, using: &rng)
  }

  /// Measures one network, on one thread.
  ///
  /// - Throws: `CancellationError`.
  public func record(of item: Item, progress: Progress = Progress()) throws -> CensusRecord {
    let start = ContinuousClock.now
    let network = network(item)
    var options = DimensionOptions()
    options.threads = 1
    options.seed = seed(of: item) ^ 0x5851_F42D_4C95_7F2D
    options.regionBudget = origin.budget
    let dimension = try FunctionalDimension(of: network, options: options, progress: progress)
    // A sample is judged by its rank; that no larger one exists need not be proved.
    options.exactWork = 0
    options.primeCount = 1
    func rank(_ sampling: InputSampling) throws -> SampleRank {
      var rng = SplitMix64(seed: options.seed ^ (sampling == .gaussian ? 1 : 2))
      let points = 10 * network.parameterCount
      let inputs = sampling.inputs(count: points, dimension: network.inputCount, using: &rng)
      let batch = try BatchFunctionalDimension(of: network, at: inputs, options: options, progress: progress)
      return SampleRank(points: points, rank: batch.lower, regions: batch.regions, kinks: batch.kinks)
    }
    let gaussian = try rank(.gaussian)
    let multiScale = try rank(.multiScale)
    let time = (ContinuousClock.now - start).components
    return CensusRecord(
      origin: origin, architecture: item.architecture, index: item.index,
      parameterCount: dimension.parameterCount, hiddenNeuronCount: dimension.hiddenNeuronCount,
      lowerBound: max(dimension.lower, gaussian.rank, multiScale.rank), upperBound: dimension.upper,
      mechanisms: dimension.bounds.map { bound in
        bound.mechanism == .rescaling
          ? DimensionBound(mechanism: .rescaling, neurons: [], directions: bound.directions) : bound
      }, regions: dimension.coverage.regions, gaussian: gaussian, multiScale: multiScale,
      seconds: Double(time.seconds) + Double(time.attoseconds / 1_000_000_000_000_000) / 1000)
  }

  /// Measures networks in parallel, one on a thread, and hands over each record as soon as it is there.
  ///
  /// The records do not depend on the number of threads; their order does.
  ///
  /// - Parameter take: Called for one record at a time.
  /// - Throws: what `take` throws; `CancellationError`. Records not yet handed over are lost.
  public func run(
    _ items: [Item], threads: Int = Concurrency.coreCount, progress: Progress = Progress(),
    take: @Sendable (CensusRecord) throws -> Void
  ) throws {
    let quiet = progress.silent
    try Concurrency.handOver(
      count: items.count, threads: threads, make: { try record(of: items[$0], progress: quiet) }, take: take)
  }
}
