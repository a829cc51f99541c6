import ExactArithmetic
import LinearAlgebra
import Networks

/// How far parameters may move before a sample notices, or before they are no longer told apart.
///
/// Within ``patternRadius`` of θ, entry by entry, no activation pattern of the sample changes, so that there
/// f_θ'(X) − f_θ(X) = α(X, θ)(Φ(θ') − Φ(θ)) exactly.
///
/// Definition: with ‖h_l(x)‖₁ ≤ H_l and A_{l,k} the largest absolute row sum of W_{l,k}, a change of at most δ moves z_l by at most
/// e_l(δ) = δ + Σ_k (A_{l,k} e_k + δ (H_k + n_k e_k)), e₀ = 0; the radius is about the largest δ with e_l(δ) below the least
/// |z_l| of the sample, for every hidden layer.
///
/// - Exactness: ``margin`` and ``patternRadius`` are proved, rounded down; what is named *numerical* is not.
public struct SampleRadii: Hashable, Sendable {
  /// The least magnitude of a pre-activation of a hidden neuron at the sample, rounded down.
  public let margin: Double
  /// Changes of at most this much of each parameter leave all activation patterns; 0 where rounding hides the margin.
  public let patternRadius: Double
  /// The least singular value of the Jacobian by the D* free parameters, the largest weight out of each hidden neuron being
  /// held fixed; nil where the sample does not identify θ, or the matrix is large.
  public let numericalSingularValue: Double?
  /// Parameters that agree in the weights held fixed, lie within this distance (2-norm) and have the same outputs are the
  /// same: min(δ, 2σ/H) with H a bound of the second derivative; rounded, not proved.
  public let numericalIdentificationRadius: Double?

  /// The most numbers of a matrix whose singular values are computed.
  private static let matrixLimit = 4_000_000

  /// The radii of a sample, not empty, off kinks.
  init(of sample: SmoothSample, isIdentified: Bool, progress: Progress) throws {
    let growth = PreactivationGrowth(sample)
    margin = growth.margins.min() ?? .infinity
    patternRadius = growth.radius
    let network = sample.network
    let numbers = sample.inputs.count * network.outputCount * sample.parameters.count
    guard isIdentified, network.isSequential, numbers <= SampleRadii.matrixLimit else {
      (numericalSingularValue, numericalIdentificationRadius) = (nil, nil)
      return
    }
    try progress.step("computing singular values")
    let sigma = SampleRadii.leastSingularValue(sample)
    numericalSingularValue = sigma
    let curvature = CurvatureBound(sample, radius: patternRadius).value
    numericalIdentificationRadius = curvature > 0 ? min(patternRadius, 2 * sigma / curvature) : patternRadius
  }

  /// σ_min of the Jacobian on the columns of the chart.
  private static func leastSingularValue(_ sample: SmoothSample) -> Double {
    let network = sample.network
    let jacobian = JacobianRows(rounding: sample.parameters, inputCount: network.inputCount)
    let frozen = frozenColumns(network, jacobian.layout)
    let width = jacobian.layout.count
    let columns = (0..<width).filter { !frozen.contains($0) }
    var elements: [Double] = []
    for (input, pattern) in zip(sample.inputs, sample.patterns) {
      let rows = jacobian.rows(at: [input + [1]], on: pattern)
      for k in 0..<network.outputCount { elements += columns.map { rows[k * width + $0] } }
    }
    return Matrix(rows: elements.count / columns.count, columns: columns.count, elements: elements)
      .numericalSingularValues().last ?? 0
  }

  /// For each hidden neuron the weight of greatest magnitude that reads it.
  private static func frozenColumns(_ network: Network, _ layout: ParameterLayout) -> Set<Int> {
    var frozen: Set<Int> = []
    for neuron in network.hiddenNeurons {
      let weights = network.layers[neuron.layer].blocks.first?.weights
      let row = (0..<network.layers[neuron.layer].width).max {
        (weights?.nearest[$0, neuron.index] ?? 0).magnitude
          < (weights?.nearest[$1, neuron.index] ?? 0).magnitude
      }
      let name = ParameterLayout.Name.weight(
        layer: neuron.layer + 1, row: row ?? 0, source: neuron.layer, column: neuron.index)
      if let index = layout.index(of: name) { frozen.insert(index) }
    }
    return frozen
  }
}

/// How far pre-activations at a sample can move when each parameter moves by at most δ; rounded up.
struct PreactivationGrowth {
  /// For each hidden layer the least |z| over the sample, rounded down.
  let margins: [Double]
  /// For each layer and block the largest absolute row sum.
  private let rowSums: [[(source: Int, sum: Interval)]]
  /// For the input and each hidden layer the largest ‖h‖₁ over the sample.
  private let signals: [Interval]
  private let widths: [Int]

  init(_ sample: SmoothSample) {
    let network = sample.network
    widths = network.widths
    rowSums = network.hiddenLayers.map { layer in
      layer.blocks.map { block in
        let weights = block.weights
        let sums = (0..<weights.rows).map { i in
          (0..<weights.columns).reduce(Interval(0)) { sum, j in
            sum + Interval(weights[i, j].interval.magnitude)
          }.upper
        }
        return (block.source, Interval(sums.max() ?? 0))
      }
    }
    var margins = Array(repeating: Double.infinity, count: network.hiddenLayers.count)
    var signals = Array(repeating: 0.0, count: network.hiddenLayers.count + 1)
    func norm(_ values: some Sequence<Double>) -> Double {
      values.reduce(Interval(0)) { $0 + Interval($1) }.upper
    }
    for input in sample.inputs {
      signals[0] = max(signals[0], norm(input.map(\.magnitude)))
      for (position, z) in network.boundedPreactivations(at: input).dropLast().enumerated() {
        for (value, error) in zip(z.values, z.errors) {
          margins[position] = min(margins[position], (Interval(value.magnitude) - Interval(error)).lower)
        }
        let active = zip(z.values, z.errors).map { max(0, (Interval($0) + Interval($1)).upper) }
        signals[position + 1] = max(signals[position + 1], norm(active))
      }
    }
    self.margins = margins.map { max(0, $0) }
    self.signals = signals.map { Interval($0) }
  }

  /// Whether no hidden neuron changes its sign at the sample for changes up to δ.
  func keepsPatterns(_ delta: Double) -> Bool {
    let delta = Interval(delta)
    var moved = [Interval(0)]
    for (position, blocks) in rowSums.enumerated() {
      let change = blocks.reduce(delta) { sum, block in
        sum + block.sum * moved[block.source]
          + delta * (signals[block.source] + Interval(Double(widths[block.source])) * moved[block.source])
      }
      guard change.upper < margins[position] else { return false }
      moved.append(Interval(change.upper))
    }
    return true
  }

  /// The largest δ of a bisection that keeps the patterns.
  var radius: Double {
    let margin = margins.min() ?? 0
    guard margin > 0, margin.isFinite else { return 0 }
    var (low, high) = (0.0, margin)
    for _ in 0..<80 {
      let middle = low == 0 ? high * 0x1p-8 : 0.5 * low + 0.5 * high
      if keepsPatterns(middle) { low = middle } else { high = middle }
      if high < margin * 0x1p-600 { break }
    }
    return low
  }
}

/// A bound, in rounded numbers, of the second derivative of the outputs at a sample by the parameters.
///
/// Definition: with s_k ≥ ‖W_k‖ and g_l ≥ ‖(h_l(x), 1)‖ over the ball, |D²f(x)[v, v]| ≤ √2 (Σ_{l<m} c_{lm}²)^½ ‖v‖² where
/// c_{lm} = Π_{k>m} s_k Π_{l<k<m} s_k g_{l−1}.
struct CurvatureBound {
  let value: Double

  init(_ sample: SmoothSample, radius: Double) {
    let layers = sample.network.layers
    func norm(_ elements: [Double]) -> Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let sizes = layers.map { layer in norm(layer.blocks.flatMap { $0.weights.nearest.elements }) + radius }
    let biases = layers.map { norm($0.bias.nearest.elements) + radius }
    var total = 0.0
    for input in sample.inputs {
      var signal = norm(input)
      var reach: [Double] = []
      for l in layers.indices {
        reach.append((1 + signal * signal).squareRoot())
        signal = sizes[l] * signal + biases[l]
      }
      for l in layers.indices {
        for m in layers.indices where m > l {
          let product = layers.indices.filter { $0 > l && $0 != m }.reduce(reach[l]) { $0 * sizes[$1] }
          total += 2 * product * product
        }
      }
    }
    value = total.squareRoot()
  }
}
