import ExactArithmetic
import Foundation

extension NetworkClass {
  /// Bounds of the pseudo-dimension of one output over all parameters, however large.
  ///
  /// Definition: the pseudo-dimension is the largest n for which inputs x_1, …, x_n and levels y_1, …, y_n exist such that
  /// the signs of f_θ(x_i) − y_i take all 2^n patterns. Let layer l of L have w_l neurons, one in the last, let W_l
  /// be the number of parameters of layers 1, …, l, W = W_L and U the number of all neurons.
  ///
  /// - By counting: the largest n ≥ W with n ≤ L + Σ W_l log₂(2e n l w_l / W_l), or W. Proof: after the signs of the
  ///   neurons of layers before l are fixed at all n inputs, the n w_l pre-activations of layer l are polynomials of
  ///   degree at most l in W_l parameters; by Warren's bound their signs cut each cell of parameters into at most
  ///   2 (2e n w_l l / W_l)^{W_l} parts when n w_l ≥ W_l. All parts together are at least 2^n.
  /// - In closed form: L + Σ W_l · log₂(4eR log₂(2eR)) with R = Σ l w_l.
  /// - The older bound 2WL log₂(4WLU / ln 2) + 2WL² + 2L.
  ///
  /// Warren's bound and the two formulas are as remembered: the texts could not be checked. ReLU activations.
  ///
  /// Exactness: numeric, rounded upward.
  ///
  /// Reference: [AB99] theorems 8.3 and 8.8; [BHLM19] theorem 7.
  public var pseudoDimensionBounds: [ComplexityBound] {
    let layers = PseudoDimensionLayers(self)
    let assumptions = ["ReLU activations", "one output, any parameters"]
    func bound(_ name: String, _ formula: String, _ value: Double, _ reference: String) -> ComplexityBound {
      ComplexityBound(
        name: name, formula: formula, log10Value: log10(value).nextUp,
        constants: [
          ComplexityBound.Constant(
            symbol: "W", meaning: "parameters with one output", log10: log10(layers.total)),
          ComplexityBound.Constant(
            symbol: "ΣW_l", meaning: "parameters, weighted by layers behind", log10: log10(layers.weighted)),
        ], assumptions: assumptions, reference: reference, standing: .unchecked)
    }
    return [
      bound(
        "pseudo-dimension, by counting", "largest n <= L + Σ W_l log2(2e n l w_l / W_l)", layers.byCounting,
        "after [BHLM19]; Warren's bound as remembered from [AB99] theorem 8.3"),
      bound(
        "pseudo-dimension, closed form", "L + ΣW_l log2(4eR log2(2eR))", layers.closedForm,
        "[BHLM19] theorem 7, as remembered"),
      bound(
        "pseudo-dimension, older bound", "2WL log2(4WLU / ln 2) + 2WL² + 2L", layers.older,
        "[AB99] theorem 8.8, as remembered"),
    ]
  }

  /// A bound of the covering number at any `points` inputs, by the pseudo-dimension.
  ///
  /// Definition: functions into an interval of length 2M of pseudo-dimension at most d have, at any n ≥ d inputs, a
  /// cover of (2e n M / (ε d))^d balls in the maximum norm over these inputs. The values at n inputs also lie in
  /// ⌈M/ε⌉^n cubes. The smaller of both, to the power of the number of outputs, as covers of the outputs combine.
  ///
  /// This number is about n inputs, not about all of them: it is not to be compared with covers of the whole class
  /// unless the n inputs are all that matters, as in bounds of generalisation.
  ///
  /// Exactness: numeric, to a relative 1e-12.
  ///
  /// Reference: [AB99] theorem 12.2, as remembered; the text could not be checked.
  public func pseudoDimensionCover(_ epsilon: Rational, points: Int) -> ComplexityBound {
    let dimension = PseudoDimensionLayers(self).smallest
    let outputs = Double(widths[widths.count - 1])
    let count = Double(points)
    let reach = signalBounds[widths.count - 1]
    let ratio = reach / epsilon
    let cubes = count * max(0, ratio.roundedUp.log10.upper)
    var value = cubes
    var formula = "⌈M/ε⌉^(n n_L)"
    if count >= dimension {
      let cover = dimension * (log10(2 * M_E * count / dimension) + ratio.log10.upper)
      if cover < cubes { (value, formula) = (cover, "(2e n M / (ε d))^(d n_L)") }
    }
    return ComplexityBound(
      name: "pseudo-dimension, at \(points) inputs", formula: formula, log10Value: outputs * value,
      constants: [
        constant("M", "largest output", reach),
        ComplexityBound.Constant(
          symbol: "d", meaning: "pseudo-dimension of an output", log10: log10(dimension)),
        ComplexityBound.Constant(symbol: "n", meaning: "inputs", log10: log10(count)),
      ],
      assumptions: ["balls in the maximum norm over n inputs", "formula as remembered"],
      reference: "[AB99] theorem 12.2, as remembered", standing: .unchecked)
  }
}

/// The layers of a class with one output, as bounds of the pseudo-dimension need them.
struct PseudoDimensionLayers {
  /// For each layer its number from 1, its neurons w_l and the parameters W_l up to it.
  private let layers: [(depth: Double, neurons: Double, parameters: Double)]

  init(_ networks: NetworkClass) {
    let last = networks.widths.count - 1
    var sum = 0.0
    layers = (1...last).map { layer in
      let neurons = layer == last ? 1 : Double(networks.widths[layer])
      sum += neurons * Double(networks.rowLength(layer))
      return (Double(layer), neurons, sum)
    }
  }

  /// W.
  var total: Double { layers.last?.parameters ?? 0 }
  /// ΣW_l.
  var weighted: Double { layers.reduce(0) { $0 + $1.parameters } }

  /// The smallest of the bounds.
  var smallest: Double { min(byCounting, min(closedForm, older)) }

  /// The largest number that satisfies the inequality, or W.
  ///
  /// The difference of its sides is convex in n, so beyond its largest zero it stays positive.
  var byCounting: Double {
    func isBeyond(_ n: Double) -> Bool {
      // The margin is far above the rounding of the sum.
      n * (1 - 1e-12)
        > Double(layers.count)
        + layers.reduce(0) { $0 + $1.parameters * log2(2 * M_E * n * $1.depth * $1.neurons / $1.parameters) }
    }
    // The derivative is positive from here on, so no further zero follows once one is passed.
    var low = max(total, weighted / M_LN2)
    if isBeyond(low) { return low.rounded(.up) }
    var high = 2 * low
    while !isBeyond(high) { high *= 2 }
    for _ in 0..<200 where high - low > 0.5 {
      let middle = (low + high) / 2
      if isBeyond(middle) { high = middle } else { low = middle }
    }
    return high.rounded(.up)
  }

  /// L + ΣW_l log₂(4eR log₂(2eR)).
  var closedForm: Double {
    let r = 2 * M_E * layers.reduce(0) { $0 + $1.depth * $1.neurons }
    return (Double(layers.count) + weighted * log2(2 * r * log2(r))).rounded(.up)
  }

  /// 2WL log₂(4WLU / ln 2) + 2WL² + 2L.
  var older: Double {
    let depth = Double(layers.count)
    let neurons = layers.reduce(0) { $0 + $1.neurons }
    let product = total * depth
    return (2 * product * log2(4 * product * neurons / M_LN2) + 2 * product * depth + 2 * depth).rounded(.up)
  }
}
