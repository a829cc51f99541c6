import Crease
import _TestSupport

@testable import Complexes

/// Networks whose folds are known by hand.
enum FoldExamples {
  private static let firstWeights: [[Double]] = [[1, 0.3], [-0.4, 1], [0.8, -0.9]]
  private static let firstBiases = [0.1, 0.2, -0.3]

  /// A network with the common first layer.
  private static func common(
    _ second: [[Double]], _ biases: [Double], _ last: [Double]
  ) -> Network {
    Network(weights: [firstWeights, second, [last]], biases: [firstBiases, biases, [0.2]])
  }

  /// Three, two and one neurons in general position.
  static let general = common([[1, -0.8, 0.5], [-0.7, 0.9, 1.1]], [-0.2, 0.3], [1, -1.3])
  /// The second neuron of layer 2 is dead.
  static let dead = common([[1, -0.8, 0.5], [-0.7, -0.9, -1.1]], [-0.2, -0.3], [1, -1.3])
  /// The second neuron of layer 2 is always on.
  static let stable = common([[1, -0.8, 0.5], [0.7, 0.9, 1.1]], [-0.2, 0.3], [1, -1.3])
  /// Two neurons of layer 2 are always on.
  static let twoStable = common(
    [[0.7, 0.9, 1.1], [0.5, 1.2, 0.4], [1, -0.8, 0.5]], [0.3, 0.5, -0.2], [1, -1.3, 0.7])

  /// A minimal network with a direction of parameters that the function does not feel, as long as t ≤ 1.
  static func minimal(t: Double) -> Network {
    Network(
      weights: [[[1, 0], [0, 1], [1, 1]], [[-1, -1, t], [1, -1, -2]], [[1, -1.5]]],
      biases: [[0, 0, -10], [1, 3], [0]])
  }

  /// One hidden layer of three neurons on two inputs.
  static func shallow(_ weights: [[Double]], _ biases: [Double], _ last: [Double], _ bias: Double = 0)
    -> Network
  {
    Network(weights: [weights, [last]], biases: [biases, [bias]])
  }

  /// |x|.
  static let absolute = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
  /// ReLU(ReLU(x) − 1): the fold at 0 is hidden.
  static let hiddenFold = Network(weights: [[[1]], [[1]], [[1]]], biases: [[0], [-1], [0]])
  /// max(x, y) = y + ReLU(x − y), with y = ReLU(y) − ReLU(−y).
  static let maximumOfTwo = shallow([[1, -1], [0, 1], [0, -1]], [0, 0, 0], [1, 1, -1])
  /// max(x, y, 0).
  static let maximumOfThree = Network(
    weights: [[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]], [[1]]], biases: [[0, 0, 0], [0], [0]])

  /// The folds of a network on the cube [−size, size]ⁿ, from one thread.
  static func folds(_ network: Network, size: Double) throws -> Folds {
    Folds(try complex(network, size: size), threads: 1)
  }

  /// The complex of a network on the cube [−size, size]ⁿ, from one thread.
  static func complex(_ network: Network, size: Double) throws -> PolyhedralComplex {
    let side = Interval(-size, size)
    let domain = SubdivisionDomain(box: Array(repeating: side, count: network.inputCount))
    return try PolyhedralComplex(network, on: domain, threads: 1)
  }
}

/// Small random networks for laws, general ones and some with small integer weights, which are full of coincidences.
enum LawNetworks {
  static let shapes: [[Int]] = [
    [1, 4, 3, 1], [2, 5, 4, 1], [2, 3, 3, 3, 2], [3, 4, 3, 1], [2, 6, 1], [3, 5, 2], [4, 4, 2, 1],
  ]

  /// Calls `body` for every shape, seed, and grain of weights.
  static func forEach(
    seeds: Range<UInt64>, shapes: [[Int]] = shapes,
    _ body: (_ name: String, _ network: Network) throws -> Void
  ) rethrows {
    for widths in shapes {
      for denominator in [1, 2, 64] {
        try forEachSeed(seeds) { seed, rng in
          let network = Network.random(widths: widths, denominator: denominator, using: &rng)
          try body("seed \(seed), widths \(widths), weights in 1/\(denominator)", network)
        }
      }
    }
  }
}
