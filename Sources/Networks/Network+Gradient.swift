extension Network {
  /// The gradient of one pre-activation at an input, in floating point.
  ///
  /// Layer `layers.count` is the output layer. At a kink, a neuron at exactly 0 counts as off.
  ///
  /// - Shapes: n₀ numbers.
  /// - Exactness: rounded, without an error bound.
  /// - Complexity: O(parameters).
  public func gradient(ofLayer layer: Int, _ index: Int, at x: [Double]) -> [Double] {
    precondition(layers.indices.contains(layer - 1), "layer \(layer) of \(layers.count)")
    let values = boundedPreactivations(at: x).map(\.values)
    var sensitivities = ([inputCount] + layers[..<layer].map(\.width)).map {
      Array(repeating: 0.0, count: $0)
    }
    sensitivities[layer][index] = 1
    for l in stride(from: layer, to: 0, by: -1) {
      for i in 0..<layers[l - 1].width {
        let isOn = l == layer || values[l - 1][i] > 0
        let sensitivity = sensitivities[l][i]
        if !isOn || sensitivity == 0 { continue }
        for block in layers[l - 1].blocks {
          for j in 0..<block.weights.columns {
            sensitivities[block.source][j] += sensitivity * block.weights.nearest[i, j]
          }
        }
      }
    }
    return sensitivities[0]
  }
}
