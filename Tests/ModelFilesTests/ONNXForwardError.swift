import Networks

extension Network {
  /// Bounds of the error a straightforward evaluation with unit roundoff `unit` makes at `x`, for each output.
  ///
  /// Layer by layer, with e₀ = unit · |x| (the input itself may have been rounded),
  ///
  ///     e_l = Σ |W| e_{l−1} + γ (Σ |W| |h| + |b|),   γ = (2n + 8) · unit, n terms,
  ///
  /// which covers products and sums in any order, a product per folded scale, and the bias added last. What several
  /// linear nodes in a row compute beyond this, `stages` multiplies γ for.
  func forwardError(at x: [Double], unit: Double, stages: Double) -> [Double] {
    let values = boundedPreactivations(at: x).map(\.values)
    var signals = [x]
    var errors = [x.map { unit * $0.magnitude }]
    for (position, layer) in layers.enumerated() {
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      let gamma = Double(2 * terms + 8) * unit * stages
      var result = (0..<layer.width).map { gamma * layer.bias.nearest[$0, 0].magnitude }
      for block in layer.blocks {
        for i in 0..<layer.width {
          for j in 0..<block.weights.columns {
            let weight = block.weights.nearest[i, j].magnitude
            let signal = signals[block.source][j].magnitude
            result[i] += weight * (errors[block.source][j] * (1 + gamma) + gamma * signal)
          }
        }
      }
      // Gradual underflow in float32 and float16 adds at most this for each term.
      let underflow = unit == 0x1p-11 ? 0x1p-24 : unit == 0x1p-24 ? 0x1p-149 : 0x1p-1070
      errors.append(result.map { $0 * (1 + 0x1p-40) + Double(terms + 8) * underflow })
      signals.append(values[position].map { max($0, 0) })
    }
    return errors[errors.count - 1]
  }

  /// What the rounding that reading did can change at `x`, for each output.
  func loweringError(at x: [Double]) -> [Double] {
    guard case .rounded(let rowErrors) = lowering else { return Array(repeating: 0, count: outputCount) }
    let values = boundedPreactivations(at: x).map(\.values)
    var signals = [x]
    var errors = [Array(repeating: 0.0, count: x.count)]
    for (position, layer) in layers.enumerated() {
      // Every entry of a row, also the ones that are 0, may be off by the row's error.
      let sizes = signals.joined().reduce(1) { $0 + $1.magnitude } + errors.joined().reduce(0, +)
      var result = rowErrors[position].map { $0 * sizes }
      for block in layer.blocks {
        for i in 0..<layer.width {
          for j in 0..<block.weights.columns {
            result[i] += block.weights.nearest[i, j].magnitude * errors[block.source][j]
          }
        }
      }
      errors.append(result.map { $0 * (1 + 0x1p-40) })
      signals.append(values[position].map { max($0, 0) })
    }
    return errors[errors.count - 1]
  }
}
