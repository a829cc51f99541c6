import Crease

/// The networks of the theory's regression fixtures, by name, with their ranks.
public enum Fixtures {
  /// The weights of the first layer that most share.
  public static let first = [[1, 0.3], [-0.4, 1], [0.8, -0.9]]
  /// Its biases.
  public static let firstBias = [0.1, 0.2, -0.3]

  private static func deep(_ second: [[Double]], _ secondBias: [Double], _ last: [Double]) -> Network {
    Network(weights: [first, second, [last]], biases: [firstBias, secondBias, [0.2]])
  }

  private static func shallow(_ rows: [[Double]], _ bias: [Double], _ last: [Double]) -> Network {
    Network(weights: [rows, [last]], biases: [bias, [0]])
  }

  /// Generic.
  public static let generic = deep([[1, -0.8, 0.5], [-0.7, 0.9, 1.1]], [-0.2, 0.3], [1, -1.3])
  /// A neuron that is never active.
  public static let dead = deep([[1, -0.8, 0.5], [-0.7, -0.9, -1.1]], [-0.2, -0.3], [1, -1.3])
  /// A neuron that is always active.
  public static let stable = deep([[1, -0.8, 0.5], [0.7, 0.9, 1.1]], [-0.2, 0.3], [1, -1.3])
  /// Two always active neurons in one layer.
  public static let twoStable = deep(
    [[0.7, 0.9, 1.1], [0.5, 1.2, 0.4], [1, -0.8, 0.5]], [0.3, 0.5, -0.2], [1, -1.3, 0.7])
  /// A minimal network with a free weight.
  public static let minimal = Network(
    weights: [[[1, 0], [0, 1], [1, 1]], [[-1, -1, 0.3], [1, -1, -2]], [[1, -1.5]]],
    biases: [[0, 0, -10], [1, 3], [0]])
  /// Two neurons on one half-space.
  public static let twins = shallow([[1, 0.3], [2, 0.6], [0.8, -0.9]], [0.1, 0.2, -0.3], [1, -0.8, 0.5])
  /// Two neurons on opposite half-spaces.
  public static let opposites = shallow(
    [[1, 0.3], [-1, -0.3], [0.8, -0.9]], [0.1, -0.1, -0.3], [1, -0.8, 0.5])
  /// Full rank, and yet another network is the same function.
  public static let flippable = shallow([[1, 0], [0, 1], [-1, -1]], [0.5, -0.3, 0.2], [1, 1, 1])
  /// A neuron that nothing reads.
  public static let unread = Network(
    weights: [[[1, 0.3], [-0.4, 1]], [[1, 0]]], biases: [[0.1, 0.2], [0.2]])
  /// ReLU(ReLU(x) − 1): a kink that the outputs do not see.
  public static let hiddenFold = Network(weights: [[[1]], [[1]], [[1]]], biases: [[0], [-1], [0]])
  /// Three ways to write ReLU(x).
  public static let oneFunction = [
    Network(weights: [[[1], [0]], [[1, 0]]], biases: [[0, -1], [0]]),
    Network(weights: [[[1], [1]], [[1, 0]]], biases: [[0, -1], [0]]),
    Network(weights: [[[1], [1]], [[0.4, 0.6]]], biases: [[0, 0], [0]]),
  ]
  /// The worked example of the algebra page, 2-2-1.
  public static let small = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
}

extension Network {
  /// A seeded multilayer perceptron with He weights and small normal biases, in doubles.
  public static func he(_ widths: [Int], bias: Double = 0.1, using rng: inout some RandomNumberGenerator)
    -> Network
  {
    func normal(_ deviation: Double) -> Double {
      let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: -0.5...0.5, using: &rng) }
      return deviation * sum
    }
    return Network(
      weights: (1..<widths.count).map { l in
        (0..<widths[l]).map { _ in
          (0..<widths[l - 1]).map { _ in normal((2 / Double(widths[l - 1])).squareRoot()) }
        }
      }, biases: (1..<widths.count).map { l in (0..<widths[l]).map { _ in normal(bias) } })
  }
}
