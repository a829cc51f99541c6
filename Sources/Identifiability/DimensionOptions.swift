import Networks

/// How much work goes into a functional dimension, and with which random numbers.
///
/// The same options give the same result for any number of threads.
public struct DimensionOptions: Hashable, Sendable {
  /// The seed of primes, lines and combinations of rows.
  public var seed: UInt64 = 1
  /// The most activation regions that are sampled before the search gives up.
  public var regionBudget = 100_000
  /// How many rounds of lines in a row may leave the rank as it is before the search gives up.
  public var patience = 24
  /// The most inputs for which all activation regions are enumerated first.
  public var enumeratedDimension = 5
  /// The most activation regions that are enumerated; beyond, regions are sampled.
  public var enumerationLimit = 20_000
  /// How many primes confirm a rank over all activation regions, or at given inputs, that does not meet its bound.
  public var primeCount = 2
  /// About how many exact multiplications may go into proving a kernel exactly; 0 for none.
  public var exactWork = 20_000_000
  /// The number of threads.
  public var threads = Concurrency.coreCount

  /// The usual options.
  public init() {}
}
