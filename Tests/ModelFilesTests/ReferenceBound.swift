import Networks

/// How far a reference evaluation of a network may lie from the exact value.
///
/// The reference computes W h + b with unit roundoff u, in any order, fused or not, from weights it may have
/// rounded to its own format. With n terms, exact signals |h| ≤ m and errors e of the reference's signals,
///
///     |ẑ − z| ≤ γ_{n+3} (Σ |w| (m + e) + |b|) + Σ |w| e,   γ_k = k u / (1 − k u),
///
/// and max(·, 0) keeps the bound. Where the network's own entries are within δ of the reference's,
/// δ (Σ (m + e) + 1) is added.
struct ReferenceBound {
  /// 2^-53 for float64, 2^-24 for float32.
  let unit: Double
  /// Bounds of the entries' distance, by layer and row.
  var rowErrors: [[Double]]?

  /// Whether `output` is the network's at `x`, as far as both roundings leave it open.
  ///
  /// - Returns: the first output beyond the bound with the gap and the bound, or nil.
  func violation(
    of network: Network, at x: [Double], inputErrors: [Double]? = nil, output: [Double], scale: Double = 1,
    offset: Double = 0
  ) -> String? {
    let layers = network.boundedPreactivations(at: x)
    let ours = layers[layers.count - 1]
    let bounds = errors(of: network, at: x, signals: layers, inputErrors: inputErrors)
    guard output.count == ours.values.count else { return "\(output.count) outputs" }
    for i in output.indices {
      let size = ours.values[i].magnitude + ours.errors[i] + bounds[i]
      // Three roundings of y · scale + offset on either side, where there is such a step.
      let last = scale == 1 && offset == 0 ? 0 : 6 * unit * (size * scale.magnitude + offset.magnitude)
      let bound = (ours.errors[i] + bounds[i]) * scale.magnitude + last
      let gap = (ours.values[i] * scale + offset - output[i]).magnitude
      if !(gap <= bound * 1.0000001) { return "output \(i): gap \(gap), bound \(bound)" }
    }
    return nil
  }

  /// The bound for each output.
  private func errors(
    of network: Network, at x: [Double], signals: [BoundedValues], inputErrors: [Double]?
  ) -> [Double] {
    let tiny = unit > 0x1p-30 ? 0x1p-149 : 0x1p-1074
    var sizes = [x.map(\.magnitude)]
    var errors = [inputErrors ?? x.map { unit > 0x1p-30 ? $0.magnitude * unit + tiny : 0 }]
    for (position, layer) in network.layers.enumerated() {
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      let steps = Double(terms + 3) * unit
      let gamma = steps / (1 - steps)
      var bounds: [Double] = []
      for i in 0..<layer.width {
        var size = layer.bias.nearest[i, 0].magnitude
        var carried = 0.0
        var reach = 1.0
        for block in layer.blocks {
          for j in 0..<block.weights.columns {
            let weight = block.weights.nearest[i, j].magnitude
            let (m, e) = (sizes[block.source][j], errors[block.source][j])
            size += weight * (m + e)
            carried += weight * e
            reach += m + e
          }
        }
        let entry = rowErrors?[position][i] ?? 0
        bounds.append(gamma * (size + entry * reach) + carried + entry * reach + Double(2 * terms + 2) * tiny)
      }
      errors.append(bounds)
      sizes.append(zip(signals[position].values, signals[position].errors).map { max(0, $0 + $1) })
    }
    return errors[errors.count - 1]
  }
}
