import ExactArithmetic
import Foundation
import Identifiability

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
      /// The product, neuron by neuron, of the fraction whose bias is above all before it in its layer, given that
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
    /// Of the fraction, Wilson's interval; of the product, by the normal law of sums of logarithms.
    public let log10Interval: ClosedRange<Double>
  }

  /// Estimates the share by random parameters: the fraction of them where it is at least 10^-3, the product beyond.
  ///
  /// Only biases are drawn, since the weights do not matter.
  ///
  /// Exactness: numeric; the interval tells the error of sampling.
  ///
  /// - Requires: at least 2 samples.
  /// - Complexity: O(samples · U).
  public func estimate(samples: Int, using rng: inout some RandomNumberGenerator) -> Estimate {
    precondition(samples >= 2, "\(samples) samples")
    return log10Share.lower >= -3
      ? fraction(samples, using: &rng) : splitting(samples, using: &rng)
  }

  /// The fraction of random parameters in the domain.
  func fraction(_ samples: Int, using rng: inout some RandomNumberGenerator) -> Estimate {
    var hits = 0
    for _ in 0..<samples {
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

  /// The product of conditional fractions.
  func splitting(_ samples: Int, using rng: inout some RandomNumberGenerator) -> Estimate {
    var log = 0.0
    var variance = 0.0
    for width in hiddenWidths where width > 1 {
      for place in 2...width {
        var hits = 0
        for _ in 0..<samples {
          // The greatest of k uniform numbers is the k-th root of one.
          let greatest = pow(Double.random(in: 0...1, using: &rng), 1 / Double(place - 1))
          if Double.random(in: 0...1, using: &rng) > greatest { hits += 1 }
        }
        // Half a hit is added, so that a layer wider than the sample has a logarithm too.
        let share = (Double(hits) + 0.5) / (Double(samples) + 1)
        log += log10(share)
        variance += (1 - share) / (share * Double(samples))
      }
    }
    let half = Proportion.quantile * variance.squareRoot() * 0.4342944819032518
    return Estimate(
      method: .splitting, samples: samples, log10Share: log, log10Interval: log - half...log + half)
  }
}
