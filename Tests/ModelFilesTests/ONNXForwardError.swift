import LinearAlgebra
import Networks

/// What may lie between a network's enclosure and somebody else's evaluation of the same file.
///
/// The other side is a straightforward evaluation with unit roundoff u. Layer by layer, with e₀ = 0,
///
///     e_l = |W| (e_{l−1} (1 + γ) + γ |h|) + γ |b|,   γ = 3 (2n + 8) u, n terms in a row,
///
/// which covers products and sums in any order, and up to three linear nodes in a row folded into one here. To it
/// comes what reading rounded: every entry of row i, the zeros too, may be off by the row's error.
struct ONNXForwardError {
  private let network: Network
  /// |W| of each block, layer by layer.
  private let sizes: [[Matrix<Double>]]

  /// The bounds for evaluations of `network`.
  init(_ network: Network) {
    self.network = network
    sizes = network.layers.map { layer in
      layer.blocks.map { block in
        let weights = block.weights.nearest
        return Matrix(
          rows: weights.rows, columns: weights.columns, elements: weights.elements.map(\.magnitude))
      }
    }
  }

  /// For each output a bound, at an input whose pre-activations are `values`.
  func bounds(at x: [Double], _ values: [BoundedValues], unit: Double) -> [Double] {
    var signals = [x]
    var errors = [Array(repeating: 0.0, count: x.count)]
    for (position, layer) in network.layers.enumerated() {
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      let gamma = 3 * Double(2 * terms + 8) * unit
      // Gradual underflow adds at most this for each term.
      let underflow = unit == 0x1p-11 ? 0x1p-24 : unit == 0x1p-24 ? 0x1p-149 : 0x1p-1070
      var result = Matrix(
        rows: layer.width, columns: 1, elements: layer.bias.nearest.elements.map { gamma * $0.magnitude })
      for (block, size) in zip(layer.blocks, sizes[position]) {
        let inputs = zip(errors[block.source], signals[block.source]).map { error, signal in
          error * (1 + gamma) + gamma * signal.magnitude
        }
        size.addProduct(with: Matrix(rows: inputs.count, columns: 1, elements: inputs), to: &result)
      }
      if case .rounded(let rowErrors) = network.lowering {
        let total = signals.joined().reduce(1) { $0 + $1.magnitude } + errors.joined().reduce(0, +)
        for i in 0..<layer.width { result.elements[i] += rowErrors[position][i] * total }
      }
      errors.append(result.elements.map { $0 * (1 + 0x1p-30) + Double(terms + 8) * underflow })
      signals.append(values[position].values.map { max($0, 0) })
    }
    return errors[errors.count - 1]
  }
}
