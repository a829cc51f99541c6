#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The runs of one width in one series.
public struct WidthSummary: Hashable, Sendable, Codable {
  /// What changes with the width.
  public let series: WidthStudy.Series
  /// The width of the hidden layers.
  public let width: Int
  /// The number of parameters S.
  public let parameters: Int
  /// ln 1/∏ d_l!: the log volume of the parameters with sorted hidden neurons, relative to all in a box.
  public let logVolumeRatio: Double
  /// The learning rate; for ``WidthStudy/Series/tuned`` the best one.
  public let learningRate: Double
  /// Whether that is the least or the greatest rate tried, so that a better one may lie beyond.
  public let isRateAtEdge: Bool
  /// The number of runs.
  public let runs: Int
  /// The number of runs that reached the loss.
  public let reached: Int
  /// Lower quartile, median and upper quartile of the steps over all runs, those that did not reach the loss above all
  /// others; nil where the quartile is one of them.
  public let lowerQuartile: Double?, median: Double?, upperQuartile: Double?
  /// The median of the largest drift of a conservation law in a run.
  public let lawDrift: Double?

  /// The share of runs that reached the loss.
  public var reachedShare: Double { Double(reached) / Double(runs) }

  /// The summaries of a study's records, series by series, by increasing width.
  public static func summaries(_ records: [WidthRecord], of study: WidthStudy) -> [WidthSummary] {
    study.series.flatMap { series in
      study.widths.compactMap { width in
        let own = records.filter { $0.item.series == series && $0.item.width == width }
        let byRate = Dictionary(grouping: own, by: \.item.rateExponent).values.compactMap {
          WidthSummary($0, study)
        }
        // Of equal medians the one with more runs that arrived, then the one at the smaller rate.
        return byRate.min {
          ($0.median ?? .infinity, -$0.reached, $0.learningRate)
            < ($1.median ?? .infinity, -$1.reached, $1.learningRate)
        }
      }
    }
  }

  /// The summary of runs of one width and rate in one series.
  private init?(_ records: [WidthRecord], _ study: WidthStudy) {
    guard let first = records.first?.item else { return nil }
    let architecture = study.architecture(width: first.width)
    series = first.series
    learningRate = study.learningRate(first)
    let exponents = WidthStudy.rateExponents
    isRateAtEdge =
      first.series == .tuned && [exponents.lowerBound, exponents.upperBound].contains(first.rateExponent)
    width = architecture[1]
    parameters = zip(architecture, architecture.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    logVolumeRatio = architecture.dropFirst().dropLast().reduce(0) { $0 - lgamma(Double($1) + 1) }
    runs = records.count
    reached = records.count { $0.steps != nil }
    let steps = records.map { $0.steps.map(Double.init) ?? .infinity }.sorted()
    func finite(_ share: Double) -> Double? {
      let value = WidthSummary.quantile(steps, share)
      return value.isFinite ? value : nil
    }
    (lowerQuartile, median, upperQuartile) = (finite(0.25), finite(0.5), finite(0.75))
    let drifts = records.map { $0.lawDrift ?? .infinity }.sorted()
    let drift = WidthSummary.quantile(drifts, 0.5)
    lawDrift = drift.isFinite ? drift : nil
  }

  /// The quantile of sorted numbers, linear between neighbours; infinite as soon as an infinite number counts.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let lower = Int(place)
    let rest = place - Double(lower)
    return rest == 0 ? sorted[lower] : sorted[lower] * (1 - rest) + sorted[lower + 1] * rest
  }
}
