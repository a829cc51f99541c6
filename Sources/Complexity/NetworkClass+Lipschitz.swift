import ExactArithmetic

extension NetworkClass {
  /// Bounds M_0, …, M_L of the signals: ‖h_l(x)‖_∞ ≤ M_l for every network of the class and every input, M_L for outputs.
  ///
  /// Definition: M_0 = R and M_l = ρB (Σ_k n_k M_k + 1) over the layers k that layer l reads, without ρ for the outputs.
  ///
  /// Exactness: exact.
  public var signalBounds: [Rational] {
    var bounds = [inputRadius]
    for layer in 1..<widths.count { bounds.append(slope(layer) * radius * reach(layer, bounds)) }
    return bounds
  }

  /// How far the outputs move at most, for each layer, when its parameters alone move by 1: k_1, …, k_L.
  ///
  /// Definition: k_l = (Σ_k n_k M_k + 1) G_l over the layers k that layer l reads, where G_L = 1 and
  /// G_l = ρ Σ_r B n_l G_r over the layers r that read layer l. For a multilayer perceptron G_l = Π_{j=l}^{L−1} ρB n_j.
  ///
  /// Theorem: let θ and θ' be in the class, and their parameters of layer l differ by at most δ_l. Then
  /// |f_θ(x) − f_θ'(x)| ≤ Σ k_l δ_l for every input and output.
  ///
  /// Proof: let e_l be the largest difference of pre-activations of layer l, and e_0 = 0. Since
  /// z_l − z'_l = Σ_k W'_{l,k} (h_k − h'_k) + Σ_k (W_{l,k} − W'_{l,k}) h_k + b_l − b'_l, and signals of layer k differ by
  /// ρ e_k at most, e_l ≤ Σ_k ρB n_k e_k + δ_l (Σ_k n_k M_k + 1). Unrolling from the output, the second term of
  /// layer l is counted G_l times. ∎
  ///
  /// Exactness: exact.
  public var layerSensitivities: [Rational] {
    let bounds = signalBounds
    var gains = Array(repeating: Rational.zero, count: widths.count)
    gains[widths.count - 1] = .one
    for layer in (1..<widths.count).reversed() {
      for source in sources[layer - 1] {
        let factor = slope(source) * radius * Rational(Dyadic(Int64(widths[source])))
        gains[source] = gains[source] + factor * gains[layer]
      }
    }
    return (1..<widths.count).map { reach($0, bounds) * gains[$0] }
  }

  /// A Lipschitz constant K of the parameters: sup_x ‖f_θ(x) − f_θ'(x)‖_∞ ≤ K ‖θ − θ'‖_∞ in the class.
  ///
  ///     NetworkClass(widths: [3, 4, 4, 1], radius: .one, inputRadius: .one).parameterLipschitz   // 201
  ///
  /// Definition: K = Σ k_l of ``layerSensitivities``; for a multilayer perceptron with hidden widths n_1, …, n_{L−1},
  /// K = Σ_{l=1}^{L} (n_{l−1} M_{l−1} + 1) Π_{j=l}^{L−1} ρB n_j.
  ///
  /// Exactness: exact.
  public var parameterLipschitz: Rational { layerSensitivities.reduce(.zero, +) }

  /// ρ for hidden layers, 1 for inputs and outputs.
  private func slope(_ layer: Int) -> Rational {
    layer == 0 || layer == widths.count - 1 ? .one : activationLipschitz
  }

  /// Σ_k n_k M_k + 1 over the layers k that a layer reads.
  private func reach(_ layer: Int, _ bounds: [Rational]) -> Rational {
    sources[layer - 1].reduce(.one) { $0 + Rational(Dyadic(Int64(widths[$1]))) * bounds[$1] }
  }
}
