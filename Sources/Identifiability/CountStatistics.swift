import Networks

/// The share of successes among independent trials, with Wilson's interval at 95 %.
///
///     Proportion(10, of: 100)   // 0.1, between 0.0552 and 0.1744
///
/// - Reference: [Wil27].
public struct Proportion: Hashable, Sendable, Codable {
  /// The share of successes.
  public let value: Double
  /// The lower end of the interval for their probability.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// The quantile of the normal distribution that leaves 2.5 % above it.
  public static let quantile = 1.959963984540054

  /// The proportion of `successes` among `trials`.
  ///
  /// - Requires: 0 ≤ successes ≤ trials, at least one trial.
  public init(_ successes: Int, of trials: Int) {
    precondition(trials > 0 && (0...trials).contains(successes), "\(successes) of \(trials)")
    let n = Double(trials)
    let share = Double(successes) / n
    let square = Proportion.quantile * Proportion.quantile
    let centre = (share + square / (2 * n)) / (1 + square / n)
    let radius =
      Proportion.quantile / (1 + square / n)
      * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
    value = share
    lower = successes == 0 ? 0 : max(0, centre - radius)
    upper = successes == trials ? 1 : min(1, centre + radius)
  }
}

/// Mean, median and greatest of some counts, with an interval for the mean.
///
/// The interval is the middle 95 % of the means of 2000 resamples (percentile bootstrap) from a fixed seed: deficits
/// are too skewed for a symmetric one.
///
/// - Reference: [Efr79].
public struct CountStatistics: Hashable, Sendable, Codable {
  /// The mean.
  public let mean: Double
  /// The lower end of the interval for the expected value.
  public let meanLower: Double
  /// The upper end.
  public let meanUpper: Double
  /// The median, halfway between the two in the middle of an even number.
  public let median: Double
  /// The greatest.
  public let maximum: Int

  /// The statistics of some counts, whose order does not matter.
  ///
  /// - Requires: at least one.
  public init(_ counts: [Int]) {
    precondition(!counts.isEmpty, "no counts")
    let sorted = counts.sorted()
    let n = sorted.count
    mean = Double(sorted.reduce(0, +)) / Double(n)
    median = Double(sorted[(n - 1) / 2] + sorted[n / 2]) / 2
    maximum = sorted[n - 1]
    var rng = SplitMix64(seed: 0x0B00_7574_2A90_51E5)
    let resamples = 2000
    var sums = (0..<resamples).map { _ in
      (0..<n).reduce(0) { sum, _ in
        sum + sorted[Int(rng.next().multipliedFullWidth(by: UInt64(n)).high)]
      }
    }
    sums.sort()
    meanLower = Double(sums[resamples / 40]) / Double(n)
    meanUpper = Double(sums[resamples - 1 - resamples / 40]) / Double(n)
  }
}
