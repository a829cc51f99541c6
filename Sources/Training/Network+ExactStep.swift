import ExactArithmetic
import Networks

extension Network {
  /// The exact gradient, in all parameters, of ½ Σ ‖f(x) − t‖² over some samples.
  ///
  /// At a kink a neuron counts as off.
  ///
  /// - Shapes: a row of n₀ inputs and one of n_L targets for each sample.
  /// - Exactness: exact.
  /// - Complexity: O(samples · parameters) products of numbers that grow by a significand with each layer.
  public func exactGradient(inputs: [[Double]], targets: [[Double]]) -> Parameters {
    precondition(inputs.count == targets.count, "\(inputs.count) inputs, \(targets.count) targets")
    var gradient = Parameters(
      layout: ParameterLayout(of: self), values: Array(repeating: .zero, count: parameterCount))
    for (x, target) in zip(inputs, targets) { addExactGradient(x, target, to: &gradient) }
    return gradient
  }

  /// The network after one plain step θ − τ g down that gradient, exactly.
  ///
  /// Each law h_v = ‖w_in‖² + b² − ‖w_out‖² has then changed by exactly τ² h_v(g); see ``Trainer``.
  ///
  /// - Exactness: exact.
  public func exactStep(rate: Dyadic, inputs: [[Double]], targets: [[Double]]) -> Network {
    let gradient = exactGradient(inputs: inputs, targets: targets)
    var moved = parameters
    for k in moved.values.indices { moved.values[k] = moved.values[k] - rate * gradient.values[k] }
    return with(parameters: moved)
  }

  private func addExactGradient(_ x: [Double], _ target: [Double], to gradient: inout Parameters) {
    precondition(
      x.count == inputCount && target.count == outputCount,
      "a sample of \(x.count) and \(target.count) numbers for \(inputCount) inputs and \(outputCount) outputs"
    )
    let signals = exactSignals(at: x)
    var errors = signals.map { Array(repeating: Dyadic.zero, count: $0.count) }
    errors[layers.count] = zip(signals[layers.count], target).map { $0 - Dyadic($1) }
    for l in stride(from: layers.count, to: 0, by: -1) {
      let shape = gradient.layout.layers[l - 1]
      for i in 0..<shape.width {
        let isOn = l == layers.count || signals[l][i].sign > 0
        let error = errors[l][i]
        if !isOn || error.isZero { continue }
        let start = shape.start + i * shape.rowLength
        for (block, source) in zip(layers[l - 1].blocks, shape.sources) {
          for j in 0..<source.width {
            let k = start + source.offset + j
            gradient.values[k] = gradient.values[k] + error * signals[source.layer][j]
            errors[source.layer][j] = errors[source.layer][j] + error * block.weights[i, j]
          }
        }
        gradient.values[start + shape.weightCount] = gradient.values[start + shape.weightCount] + error
      }
    }
  }
}
