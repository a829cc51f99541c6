#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the parameters of a fresh network are drawn: the laws that training starts from.
///
/// Weights have mean 0 and variance 2/fan-in, so that the signals keep their size through layers of ReLUs; biases are
/// normal with a given standard deviation. Every entry is rounded to binary32, as a trained network's would be.
///
///     var rng = SplitMix64(seed: 7)
///     let network = Initialisation.he.network(widths: [5, 5, 5, 1], using: &rng)   // 66 parameters
///
/// - Exactness: the same network for the same generator on every machine on which `log` agrees to within the rounding
///   to binary32.
/// - Reference: [HZRS15] section 2.2.
public struct Initialisation: Hashable, Sendable {
  /// The law of a weight.
  public enum Law: String, Hashable, Sendable, Codable, CaseIterable {
    /// Normal with variance 2/fan-in.
    case he
    /// Uniform on ±√(6/fan-in), which has the same variance.
    case uniform
  }

  /// The law of weights.
  public var law: Law
  /// The standard deviation of biases.
  public var biasDeviation: Double

  /// The initialisation with the given laws.
  ///
  /// - Requires: a finite deviation of at least 0.
  public init(_ law: Law, biasDeviation: Double = 0.1) {
    precondition(biasDeviation.isFinite && biasDeviation >= 0, "a standard deviation of \(biasDeviation)")
    self.law = law
    self.biasDeviation = biasDeviation
  }

  /// He's normal weights, and biases of standard deviation 0.1.
  public static let he = Initialisation(.he)

  /// A multilayer perceptron with random parameters, drawn layer by layer, weights row by row and then biases.
  ///
  /// - Requires: at least an input and an output width, all positive.
  public func network(widths: [Int], using rng: inout some RandomNumberGenerator) -> Network {
    precondition(widths.count >= 2 && widths.allSatisfy { $0 > 0 }, "widths \(widths)")
    var weights: [[[Double]]] = []
    var biases: [[Double]] = []
    for (fanIn, width) in zip(widths, widths.dropFirst()) {
      weights.append(
        (0..<width).map { _ in (0..<fanIn).map { _ in weight(fanIn: fanIn, using: &rng) } })
      biases.append((0..<width).map { _ in (biasDeviation * rng.nextNormalDeviate()).roundedToBinary32 })
    }
    return Network(weights: weights, biases: biases, storage: .float32)
  }

  private func weight(fanIn: Int, using rng: inout some RandomNumberGenerator) -> Double {
    switch law {
    case .he: ((2 / Double(fanIn)).squareRoot() * rng.nextNormalDeviate()).roundedToBinary32
    case .uniform: ((6 / Double(fanIn)).squareRoot() * rng.nextSymmetricUniform()).roundedToBinary32
    }
  }
}

/// How inputs of a sample are drawn; every entry is rounded to binary32.
public enum InputSampling: String, Hashable, Sendable, Codable, CaseIterable {
  /// N(0, I).
  case gaussian
  /// N(0, I) · 10^U(−1, 1.5): the same directions at many distances.
  case multiScale

  /// Random inputs.
  public func inputs(count: Int, dimension: Int, using rng: inout some RandomNumberGenerator) -> [[Double]] {
    (0..<count).map { _ in
      let scale = self == .gaussian ? 1 : exp((0.25 + 1.25 * rng.nextSymmetricUniform()) * log(10))
      return (0..<dimension).map { _ in (scale * rng.nextNormalDeviate()).roundedToBinary32 }
    }
  }
}

extension RandomNumberGenerator {
  /// A uniform number in (−1, 1): an odd multiple of 2⁻⁵³.
  mutating func nextSymmetricUniform() -> Double {
    Double(2 * Int64(next() >> 11) + 1 - (1 << 53)) * 0x1p-53
  }

  /// A normal deviate of mean 0 and variance 1, by Marsaglia's polar method; the second one of a pair is not used.
  mutating func nextNormalDeviate() -> Double {
    while true {
      let u = nextSymmetricUniform()
      let v = nextSymmetricUniform()
      let square = u * u + v * v
      if square < 1 { return u * (-2 * log(square) / square).squareRoot() }
    }
  }
}

extension Double {
  /// The nearest binary32 number.
  fileprivate var roundedToBinary32: Double { Double(Float(self)) }
}
