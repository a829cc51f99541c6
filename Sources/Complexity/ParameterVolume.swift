import ExactArithmetic
import Foundation
import Identifiability
import Networks

/// The share of a box of parameters that is left when of all orders of the hidden neurons one is enough.
///
/// Definition: the parameters whose hidden biases increase within each layer are a fundamental domain of the group of
/// permutations: outside a set of volume 0 each orbit meets it once. Permutations keep volumes, so its share of the box
/// is exactly 1 / (n_1! ⋯ n_{L−1}!).
///
///     ParameterVolume(hiddenWidths: [64, 64]).log10Share   // −178.2
///
/// Exactness: ``log10Share`` is an enclosure.
///
/// Reference: [Shen24] for the domain; the share is elementary.
public struct ParameterVolume: Hashable, Sendable {
  /// The widths of the hidden layers.
  public let hiddenWidths: [Int]

  /// The volume for the given hidden widths.
  public init(hiddenWidths: [Int]) { self.hiddenWidths = hiddenWidths }

  /// An enclosure of the decimal logarithm of the share.
  public var log10Share: Interval {
    -hiddenWidths.reduce(Interval(0)) { $0 + LargeCount.orders(of: $1).log10 }
  }

  /// A share as random parameters show it.
  public struct Estimate: Hashable, Sendable {
    /// How random parameters were used.
    public enum Method: String, Hashable, Sendable {
      /// The fraction of parameters whose biases increase.
      case fraction
      /// The product, neuron by neuron, of the room that is left above the biases before it in its layer, given that
      /// those increase: the greatest of k increasing biases has the law of the greatest of k.
      case splitting
    }

    /// The method.
    public let method: Method
    /// The number of random parameters, for each neuron where the method is ``Method/splitting``.
    public let samples: Int
    /// The decimal logarithm of the estimate; −∞ where no sample was in the domain.
    public let log10Share: Double
    /// An interval around it that holds the logarithm of the share with a probability of about 95 %.
    ///
    /// Of the fraction, Wilson's interval; of the product, by the normal law of sums of logarithms of means.
    public let log10Interval: ClosedRange<Double>
  }

  /// Estimates the share by random parameters: the fraction of them where it is at least 10^-3, the product beyond.
  ///
  /// Only biases are drawn, since the weights do not matter.
  ///
  /// Exactness: numeric; the interval tells the error of sampling.
  ///
  /// - Requires: at least 2 samples.
  /// - Throws: `CancellationError`.
  /// - Complexity: O(samples · U).
  public func estimate(
    samples: Int, using rng: inout some RandomNumberGenerator,
    progress: Networks.Progress = Networks.Progress()
  ) throws -> Estimate {
    precondition(samples >= 2, "\(samples) samples")
    return log10Share.lower >= -3
      ? try fraction(samples, using: &rng, progress: progress)
      : try splitting(samples, using: &rng, progress: progress)
  }

  /// The fraction of random parameters in the domain.
  func fraction(
    _ samples: Int, using rng: inout some RandomNumberGenerator,
    progress: Networks.Progress = Networks.Progress()
  ) throws -> Estimate {
    var hits = 0
    for sample in 0..<samples {
      if sample % 4096 == 0 { try progress.step("sampling parameters", done: sample, of: samples) }
      var isSorted = true
      for width in hiddenWidths {
        var last = -1.0
        for _ in 0..<width {
          let bias = Double.random(in: -1...1, using: &rng)
          if bias < last { isSorted = false }
          last = bias
        }
      }
      if isSorted { hits += 1 }
    }
    let share = Proportion(hits, of: samples)
    return Estimate(
      method: .fraction, samples: samples, log10Share: log10(share.value),
      log10Interval: log10(share.lower)...log10(share.upper))
  }

  /// The product of mean rooms.
  ///
  /// With biases in [0, 1] and g the greatest of the k − 1 before, the next is above it with probability 1 − g. Its mean is
  /// 1/k and its relative variance v = (k − 1)/(k + 1), so a mean room is never 0, however wide the layer. The logarithm
  /// of the mean of N rooms is v times (1/2N + 1/12N²) too small on average and has v times the variance
  /// 1/N + 1/2N² + 1/6N³, as that of N exponential variables, which the rooms are for large k.
  func splitting(
    _ samples: Int, using rng: inout some RandomNumberGenerator,
    progress: Networks.Progress = Networks.Progress()
  ) throws -> Estimate {
    let count = Double(samples)
    let bias = (1 + 1 / (6 * count)) / (2 * count)
    let spread = (1 + 1 / (2 * count) + 1 / (6 * count * count)) / count
    let places = hiddenWidths.reduce(0) { $0 + $1 - 1 }
    var (sumOfLogs, variance, done) = (0.0, 0.0, 0)
    for width in hiddenWidths where width > 1 {
      for place in 2...width {
        var sum = 0.0
        for sample in 0..<samples {
          if sample % 4096 == 0 { try progress.step("sampling parameters", done: done, of: places) }
          // The greatest of k uniform numbers is the k-th root of one.
          sum -= expm1(log(Double.random(in: 0...1, using: &rng)) / Double(place - 1))
        }
        done += 1
        let relative = Double(place - 1) / Double(place + 1)
        sumOfLogs += log(sum / count) + relative * bias
        variance += relative * spread
      }
    }
    let perDecade = 0.4342944819032518
    let estimate = sumOfLogs * perDecade
    let half = Proportion.quantile * variance.squareRoot() * perDecade
    return Estimate(
      method: .splitting, samples: samples, log10Share: estimate,
      log10Interval: estimate - half...estimate + half)
  }
}
