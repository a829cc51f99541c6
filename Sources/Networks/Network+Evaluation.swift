import LinearAlgebra

extension Network {
  /// The outputs at a batch of inputs, in floating point.
  ///
  /// - Shapes: `inputs` N × n₀, a row for each input; the result N × n_L.
  /// - Exactness: rounded, without an error bound; for one see ``enclosure(at:)``, for the exact value
  ///   ``exactOutputs(at:)``.
  /// - Complexity: O(N · parameters) floating-point operations on BLAS.
  public func outputs(at inputs: Matrix<Double>) -> Matrix<Double> {
    precondition(inputs.columns == inputCount, "\(inputs.columns) numbers for \(inputCount) inputs")
    var signals = [inputs]
    for (position, layer) in layers.enumerated() {
      var values = Matrix(repeating: 0.0, rows: inputs.rows, columns: layer.width)
      for i in 0..<inputs.rows {
        values.elements.replaceSubrange(
          i * layer.width..<(i + 1) * layer.width, with: layer.bias.nearest.elements)
      }
      for block in layer.blocks {
        signals[block.source].addProduct(
          with: block.weights.nearest, otherTransposed: true, to: &values)
      }
      if position < layers.count - 1 {
        for k in values.elements.indices { values.elements[k] = max(values.elements[k], 0) }
      }
      signals.append(values)
    }
    return signals[signals.count - 1]
  }

  /// The outputs at one input, in floating point.
  ///
  /// - Exactness: as ``outputs(at:)``.
  public func outputs(at x: [Double]) -> [Double] {
    outputs(at: Matrix(rows: 1, columns: x.count, elements: x)).elements
  }
}
