import Networks

/// What the records of one architecture say together.
///
/// - Exactness: the counts are exact; means and intervals are rounded. The deficits are those of the proved lower
///   bound, so that they are never too small; ``provedDeficitMean`` is never too large.
public struct CensusSummary: Hashable, Sendable, Codable {
  /// The widths n₀, …, n_L.
  public let architecture: [Int]
  /// The number of parameters D.
  public let parameters: Int
  /// The number of hidden neurons N.
  public let hiddenNeurons: Int
  /// D − N, the dimension without hidden symmetries.
  public let fullDimension: Int
  /// The number of networks.
  public let networks: Int
  /// The networks whose functional dimension is proved.
  public let certified: Int
  /// The networks proved to have dimension D − N.
  public let full: Int
  /// The networks proved to have less.
  public let notFull: Int
  /// The probability of full dimension.
  public let fullShare: Proportion
  /// The deficits D − N − lower bound.
  public let deficit: CountStatistics
  /// The mean of the part of the deficit that is proved.
  public let provedDeficitMean: Double
  /// What a Gaussian sample shows.
  public let gaussian: SampleSummary
  /// What a sample at many distances shows.
  public let multiScale: SampleSummary

  /// The deficits that samples of one kind show, and how much of them are theirs.
  public struct SampleSummary: Hashable, Sendable, Codable {
    /// The share of networks in which the sample shows full dimension.
    public let fullShare: Proportion
    /// The deficits D − N − rank.
    public let deficit: CountStatistics
    /// Lower bound − rank: what the sample misses.
    public let missed: CountStatistics
    /// The share of networks in which it misses something.
    public let missingShare: Proportion
  }

  /// The summary of the records of one architecture.
  ///
  /// - Requires: at least one record, all of one architecture and origin.
  public init(_ records: [CensusRecord]) {
    guard let first = records.first else { preconditionFailure("no records") }
    precondition(
      records.allSatisfy { $0.architecture == first.architecture && $0.origin == first.origin },
      "records that do not belong together")
    architecture = first.architecture
    parameters = first.parameterCount
    hiddenNeurons = first.hiddenNeuronCount
    fullDimension = first.fullDimension
    networks = records.count
    certified = records.count { $0.functionalDimension != nil }
    full = records.count { $0.deficit == 0 }
    notFull = records.count { $0.provedDeficit > 0 }
    fullShare = Proportion(full, of: records.count)
    deficit = CountStatistics(records.map(\.deficit))
    provedDeficitMean = Double(records.reduce(0) { $0 + $1.provedDeficit }) / Double(records.count)
    func sample(_ rank: (CensusRecord) -> Int) -> SampleSummary {
      let deficits = records.map { $0.fullDimension - rank($0) }
      let missed = records.map { $0.lowerBound - rank($0) }
      return SampleSummary(
        fullShare: Proportion(deficits.count { $0 == 0 }, of: records.count),
        deficit: CountStatistics(deficits), missed: CountStatistics(missed),
        missingShare: Proportion(missed.count { $0 > 0 }, of: records.count))
    }
    gaussian = sample(\.gaussian.rank)
    multiScale = sample(\.multiScale.rank)
  }

  /// The summaries of records of any architectures, in the order of `architectures`; those without records are left out.
  ///
  /// The result does not depend on the order of the records.
  public static func summaries(_ records: [CensusRecord], architectures: [[Int]]) -> [CensusSummary] {
    let groups = Dictionary(grouping: records, by: \.architecture)
    return architectures.compactMap { widths in
      groups[widths].map { CensusSummary($0.sorted { $0.index < $1.index }) }
    }
  }
}
