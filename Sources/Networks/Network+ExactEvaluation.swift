import ExactArithmetic

extension Network {
  /// The exact outputs at an input, as dyadic numbers.
  ///
  /// Signs of neurons are filtered: a neuron proved negative by the running error bound costs nothing more; the
  /// rest is computed exactly.
  ///
  ///     let f = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
  ///     f.exactOutputs(at: [-0.1])          // [the double 0.1]
  ///
  /// - Exactness: exact for the stored entries; a rounded ``Lowering`` is not included.
  /// - Complexity: O(parameters) multiplications of numbers whose size grows by the significand of a layer's
  ///   weights with each layer.
  public func exactOutputs(at x: [Double]) -> [Dyadic] {
    let signals = exactSignals(at: x)
    return signals[signals.count - 1]
  }

  /// The inputs, the signals of the hidden layers and the outputs at an input, as dyadic numbers.
  ///
  /// - Exactness: as ``exactOutputs(at:)``.
  package func exactSignals(at x: [Double]) -> [[Dyadic]] {
    let filter = boundedPreactivations(at: x)
    var signals = [x.map { Dyadic($0) }]
    for (position, layer) in layers.enumerated() {
      let bounds = filter[position]
      let isOutput = position == layers.count - 1
      var values: [Dyadic] = []
      values.reserveCapacity(layer.width)
      for i in 0..<layer.width {
        if !isOutput, bounds.values[i] + bounds.errors[i] < 0 {
          values.append(.zero)
          continue
        }
        var sum = layer.bias[i, 0]
        for block in layer.blocks {
          let source = signals[block.source]
          let row = i * block.weights.columns
          for j in source.indices where !source[j].isZero {
            sum = sum + block.weights[at: row + j] * source[j]
          }
        }
        values.append(isOutput || sum.sign > 0 ? sum : .zero)
      }
      signals.append(values)
    }
    return signals
  }
}
