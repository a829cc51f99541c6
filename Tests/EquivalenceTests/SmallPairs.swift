import LinearAlgebra
import Networks

/// Pairs of small networks whose relation is known.
enum SmallPair {
  /// |x| in two ways: identical.
  static let absolute = (
    Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]]),
    Network(weights: [[[2], [1], [-1]], [[1, -1, 1]]], biases: [[0, 0, 0], [0]])
  )

  /// A network and the same with rows times 3 and 1/3: identical, with a rational scale.
  static let thirds = (
    Network(weights: [[[3, 6], [1, -1]], [[1, 1]]], biases: [[3, 0], [0]]),
    Network(weights: [[[1, 2], [1, -1]], [[3, 1]]], biases: [[1, 0], [0]])
  )

  /// One entry changed by a unit in the last place of float32: within epsilon.
  static let nearby: (Network, Network) = {
    let a = Network(
      weights: [[[1, 0.75], [-0.5, 1], [0.25, -1]], [[1, 1, 0.5], [-1, 0.5, 0.25]], [[1, -0.625]]],
      biases: [[0.5, -0.25, 0.125], [0.5, 0.25], [0]], storage: .float32)
    var (weights, biases) = (
      a.layers.map { layer in (0..<layer.width).map { Array(layer.blocks[0].weights.nearest.row($0)) } },
      a.layers.map(\.bias.nearest.elements)
    )
    weights[1][0][1] = 1 + 0x1p-23
    // Permuted, and rescaled by powers of two.
    weights[0].swapAt(0, 2)
    biases[0].swapAt(0, 2)
    for i in weights[1].indices { weights[1][i].swapAt(0, 2) }
    weights[0][1] = weights[0][1].map { $0 * 4 }
    biases[0][1] *= 4
    for i in weights[1].indices { weights[1][i][1] /= 4 }
    return (a, Network(weights: weights, biases: biases, storage: .float32))
  }()

  /// Different: relu(x) against relu(x) + relu(x − 1) / 2.
  static let different = (
    Network(weights: [[[1]], [[1]]], biases: [[0], [0]]),
    Network(weights: [[[1], [1]], [[1, 0.5]]], biases: [[0, -1], [0]])
  )

  /// clip(x, 0, 1) in two ways: identical, but only regions show it.
  static let clip = (
    Network(weights: [[[1], [1]], [[1, -1]]], biases: [[0, -1], [0]]),
    Network(weights: [[[-1]], [[-1]], [[1]]], biases: [[1], [1], [0]])
  )

  /// (w, u) = (1, 1) and (−1, −1): the same path embedding, other functions.
  static let signs = (
    Network(weights: [[[1]], [[1]]], biases: [[0], [0]]),
    Network(weights: [[[-1]], [[-1]]], biases: [[0], [0]])
  )

  /// A copy that says it was read with rounding.
  static func rounded(_ network: Network, by error: Double) -> Network {
    Network(
      inputCount: network.inputCount, layers: network.layers, storage: network.storage,
      lowering: .rounded(rowErrors: network.layers.map { Array(repeating: error, count: $0.width) }),
      domain: network.domain)
  }
}
