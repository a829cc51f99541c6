import ExactArithmetic
import Networks

/// The path embedding Φ(θ) of a network: for each path the product of the parameters along it.
///
/// Definition: a *full path* p = (v₀, …, v_k) leads from an input along weights to a last signal that an output o reads,
/// and Φ_{p,o} is the product of its weights, the last one into o. A *bias path* starts at a hidden neuron, and its
/// product with that neuron's bias. The path β is empty: Φ_{β,o} = b_o. With skip blocks, paths are those of the
/// graph of layers. Φ is the same for all rescalings of θ, and f_θ(x) = α(x, θ) Φ(θ) with ``PathActivations``.
///
///     let f = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
///     let embedding = PathEmbedding(of: f)
///     embedding.pathCount                        // 7
///     try embedding.norm(1).value                // 13.5
///     try embedding.entries(limit: 10).map(\.value.nearestDouble)   // [2, -3, -4, -1, 2, 1, 0.5]
///
/// Norms, inner products, distances and costs need a pass over the weights each, never the paths.
///
/// - Complexity: four bytes for each nonzero weight.
/// - Reference: [SG22] the embedding; [GBRG24] norms in one pass.
public struct PathEmbedding: Sendable {
  /// The network.
  public let network: Network
  let graph: PathGraph

  /// The embedding of a network's parameters.
  ///
  /// - Complexity: O(parameters).
  public init(of network: Network) {
    self.network = network
    graph = PathGraph(network)
  }

  /// The number of paths |P| of the architecture, whatever its weights; Φ has one column for each output.
  ///
  /// Definition: 1 + Σ over the layers that the output reads of the paths that end in them; in a multilayer perceptron
  /// 1 + Σ_l n_l ⋯ n_{L−1}.
  ///
  /// - Exactness: exact.
  public var pathCount: BigInteger {
    let one = BigInteger(1)
    // For each layer the paths that end in one of its neurons, all neurons together.
    var ending = [BigInteger(Int64(network.inputCount))]
    for layer in network.layers {
      let reaching = layer.blocks.reduce(one) { $0 + ending[$1.source] }
      ending.append(reaching * BigInteger(Int64(layer.width)))
    }
    return network.outputLayer.blocks.reduce(one) { $0 + ending[$1.source] }
  }

  /// For each output the number of paths into it on which no parameter is zero: ‖Φ‖₀ by outputs.
  ///
  /// - Exactness: exact.
  /// - Complexity: an addition for each nonzero weight.
  public func entryCounts(progress: Progress = Progress()) throws -> [BigInteger] {
    let pattern = graph.weights(of: network).map { $0.isZero ? Dyadic.zero : .one }
    let sums = try graph.sums(pattern, progress: progress)
    return graph.outputs.map { sums[$0].integer }
  }
}

extension Dyadic {
  /// The whole number of the same value.
  ///
  /// - Requires: it is one.
  var integer: BigInteger {
    precondition(isZero || binaryExponent >= 0, "\(self) is not a whole number")
    return oddPart.shiftedLeft(by: binaryExponent)
  }
}
