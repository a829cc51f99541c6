import Networks

/// How much work goes into deciding whether a deep network is identified by its function.
///
/// The same options give the same result for any number of threads.
public struct DeepOptions: Hashable, Sendable {
  /// The seed of primes and samples.
  public var seed: UInt64 = 1
  /// The most activation regions that are enumerated, and that are sampled where there are more.
  public var regionBudget = 10_000
  /// The most inputs for which regions are enumerated.
  public var enumeratedDimension = 5
  /// The most affine pieces and products over all patterns that are compared.
  public var patternBudget = 1 << 15
  /// The most parameters for which the functional dimension is measured.
  public var parameterLimit = 2_000
  /// The most parameters for which hidden symmetries are searched for another network.
  public var symmetryLimit = 400
  /// The most ridges around which the balancing law is checked exactly.
  public var ridgeLimit = 4_000
  /// The number of threads.
  public var threads = Concurrency.coreCount

  /// The usual options.
  public init() {}

  /// The options for functional dimensions.
  var dimension: DimensionOptions {
    var options = DimensionOptions()
    options.seed = seed
    options.regionBudget = regionBudget
    options.enumerationLimit = regionBudget
    options.enumeratedDimension = enumeratedDimension
    options.threads = threads
    return options
  }
}
