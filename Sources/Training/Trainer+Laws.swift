import LinearAlgebra

/// What plain gradient descent keeps nearly, and by how much a step changes it.
///
/// Definition: the law of a hidden neuron is the quadratic form h_v(θ) = ‖w_in‖² + b² − ‖w_out‖². Its gradient is twice the
/// direction of the neuron's rescaling, along which no function of the outputs changes, so ⟨∇h_v, ∇L⟩ = 0 and a plain
/// step θ − τ g changes h_v by exactly
///
///     h_v(θ − τ g) − h_v(θ) = τ² h_v(g).
///
/// Summed over a run, |drift| ≤ τ · Σ τ ‖g‖² ≈ τ (L₀ − L): at the same progress the drift is proportional to τ. Momentum, Adam and weight
/// decay step along other directions than the gradient of a function of the outputs and break the identity.
///
/// - Reference: [MGP23] for gradient flow; the identity of a step is this library's own argument.
extension Trainer {
  /// The laws h_v of the hidden neurons, layer by layer, rounded.
  public var numericalLaws: [Double] { layers.laws(of: parameters) }

  /// h_v of the gradient of the last step, weight decay included: τ² times this is what a plain step changes.
  public var numericalGradientLaws: [Double] { layers.laws(of: gradient) }

  /// ⟨∇h_v, g⟩ of the hidden neurons at the parameters now and the gradient of a batch, which is 0 but for rounding.
  ///
  /// - Parameter trainer: the same run a step later, whose last gradient was taken at these parameters.
  public func numericalLawProducts(withGradientOf trainer: Trainer) -> [Double] {
    layers.laws(of: parameters, trainer.gradient).map { 2 * $0 }
  }
}

extension DenseLayers {
  /// h_v(θ) for every hidden neuron.
  func laws(of theta: [Double]) -> [Double] { laws(of: theta, theta) }

  /// The bilinear form of the laws: ⟨w_in, w′_in⟩ + b b′ − ⟨w_out, w′_out⟩ for every hidden neuron.
  func laws(of theta: [Double], _ other: [Double]) -> [Double] {
    var laws: [Double] = []
    for l in 0..<max(0, count - 1) {
      let (width, columns) = (widths[l + 1], widths[l])
      for v in 0..<width {
        let row = starts[l] + v * columns
        var sum = theta[biasStart(l) + v] * other[biasStart(l) + v]
        for k in row..<row + columns { sum += theta[k] * other[k] }
        for i in 0..<widths[l + 2] {
          let k = starts[l + 1] + i * width + v
          sum -= theta[k] * other[k]
        }
        laws.append(sum)
      }
    }
    return laws
  }
}
