import Identifiability
import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a graph of neurons puts in front of its path norm in the generalisation bound of Gonon and others.
///
///     PathNormFactor(depth: 18, poolKinds: 1, kernel: 9, inputs: 150_528, outputs: 1000)
///       .value(samples: 1_268_355, largestInput: 2.64)        // 0.0881…
///
/// - Reference: [GBRG24] the generalisation bound, with the constants of its code; the paper's text was not at hand.
public struct PathNormFactor: Hashable, Sendable {
  /// The number of layers of weights on the longest path, D.
  public let depth: Int
  /// The number of distinct kinds of max-pooling neurons, P.
  public let poolKinds: Int
  /// The largest number of inputs of a max-pooling neuron, K; 1 without any.
  public let kernel: Int
  /// The number of max-pooling layers on the longest path, M.
  public let poolLayers: Int
  /// The numbers of inputs and outputs.
  public let inputs: Int
  /// The number of outputs.
  public let outputs: Int

  /// The shape of a graph.
  ///
  /// - Requires: a positive depth, kernel and numbers of inputs and outputs.
  public init(
    depth: Int, poolKinds: Int = 0, kernel: Int = 1, poolLayers: Int? = nil, inputs: Int, outputs: Int
  ) {
    precondition(
      depth > 0 && kernel > 0 && inputs > 0 && outputs > 0 && poolKinds >= 0,
      "depth \(depth), kernel \(kernel), \(inputs) inputs, \(outputs) outputs, \(poolKinds) kinds of pooling")
    self.depth = depth
    self.poolKinds = poolKinds
    self.kernel = kernel
    self.poolLayers = poolLayers ?? poolKinds
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The shape of a network: in normal form, where a maximum is made of ReLUs, or with neurons that take maxima.
  ///
  /// - Parameter maximumSizes: For each layer of maxima the largest number of elements it takes one of; all are counted
  ///   as lying on one path.
  public init(of network: Network, maximumSizes: [Int] = []) {
    // The longest chain of layers that ends in each layer.
    var depths = [0]
    for layer in network.layers {
      depths.append(1 + (layer.blocks.map { depths[$0.source] }.max() ?? 0))
    }
    self.init(
      depth: depths[depths.count - 1], poolKinds: Set(maximumSizes).count, kernel: maximumSizes.max() ?? 1,
      poolLayers: maximumSizes.count, inputs: network.inputCount, outputs: network.outputCount)
  }

  /// C = √(D ln((3 + 2P) K) + ln(((3 + 2P)/(1 + P)) (d_in + 1) d_out)).
  public var constant: Double {
    let pools = Double(poolKinds)
    return
      (Double(depth) * log((3 + 2 * pools) * Double(kernel))
      + log((3 + 2 * pools) / (1 + pools) * (Double(inputs) + 1) * Double(outputs))).squareRoot()
  }

  /// The sharpened C' = √(D ln 3 + M ln K + ln((d_in + 1) d_out)).
  public var sharpened: Double {
    (Double(depth) * log(3) + Double(poolLayers) * log(Double(kernel))
      + log((Double(inputs) + 1) * Double(outputs))).squareRoot()
  }

  /// 4 C B / √n, with B the largest magnitude of an input.
  public func value(samples: Int, largestInput: Double, sharpened: Bool = false) -> Double {
    4 * (sharpened ? self.sharpened : constant) * largestInput / Double(samples).squareRoot()
  }
}

/// The generalisation bound of a network's path norm: factor · (1/γ) · ‖Φ(θ)‖₁.
///
/// Unlike bounds by products of layer norms it is the same for all rescalings of the network, and skip blocks are no
/// obstacle.
///
/// - Parameters:
///   - factor: What the graph puts in front.
///   - norm: ‖Φ(θ)‖₁.
///   - sample: n and B = max(1, ‖x‖∞).
///   - margin: γ; the loss is taken as 1/γ-Lipschitz.
///   - sharpened: Whether to take C' in place of C.
/// - Returns: nil without a positive margin.
/// - Reference: [GBRG24] the generalisation bound, constants from its code; how the loss enters is from memory.
public func pathNormBound(
  _ factor: PathNormFactor, norm: PathNorm, sample: MarginSample, margin: Double?, sharpened: Bool = false
) -> ComplexityBound? {
  guard let margin, margin > 0 else { return nil }
  let reach = max(1, sample.largestEntry)
  let front = factor.value(samples: sample.count, largestInput: reach, sharpened: sharpened)
  let constants: [(String, String, Double)] = [
    ("n", "samples", log10(Double(sample.count))), ("γ", "margin", log10(margin)),
    ("‖Φ‖₁", "path norm, upper bound", norm.total.log10.upper), ("D", "depth", log10(Double(factor.depth))),
    ("P", "kinds of max-pooling", log10(Double(factor.poolKinds))),
    ("K", "largest pooling window", log10(Double(factor.kernel))),
    (sharpened ? "C'" : "C", "constant of the graph", log10(sharpened ? factor.sharpened : factor.constant)),
    ("B", "max(1, largest entry of an input)", log10(reach)),
  ]
  return ComplexityBound(
    name: "Gonon et al. 2024, path norm" + (sharpened ? ", sharpened" : ""),
    formula: sharpened
      ? "4 C' B/√n · (1/γ) ‖Φ‖₁, C' = √(D ln3 + M lnK + ln((d_in+1) d_out))"
      : "4 C B/√n · (1/γ) ‖Φ‖₁, C = √(D ln((3+2P)K) + ln((3+2P)/(1+P) (d_in+1) d_out))",
    log10Value: log10(front) - log10(margin) + norm.total.log10.upper,
    constants: constants.map { ComplexityBound.Constant(symbol: $0.0, meaning: $0.1, log10: $0.2) },
    assumptions: ["Expected generalisation error of a loss that is 1/γ-Lipschitz in the outputs."],
    reference: "[GBRG24], constants from its code", standing: .unchecked)
}
