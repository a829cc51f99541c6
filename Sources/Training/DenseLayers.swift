import LinearAlgebra
import Networks

/// The shape of a multilayer perceptron whose parameters lie in one buffer, and the passes through it.
///
/// Layer l keeps its weights, row by row, and behind them its biases. Signals of a batch lie layer after layer, a row for
/// each sample, the inputs first. Nothing here allocates: buffers belong to the caller.
struct DenseLayers: Hashable, Sendable {
  /// The widths n₀, …, n_L.
  let widths: [Int]
  /// Where the weights of each layer start; the number of parameters is behind the last.
  let starts: [Int]

  init(widths: [Int]) {
    self.widths = widths
    var starts = [0]
    for (columns, rows) in zip(widths, widths.dropFirst()) {
      starts.append((starts.last ?? 0) + rows * (columns + 1))
    }
    self.starts = starts
  }

  /// The number of layers of weights.
  var count: Int { widths.count - 1 }
  /// The number of parameters D.
  var parameterCount: Int { starts[count] }
  /// Where the biases of layer `l`, from 0, start.
  func biasStart(_ l: Int) -> Int { starts[l] + widths[l] * widths[l + 1] }
  /// The size of a buffer of signals for a batch.
  func signalCount(rows: Int) -> Int { rows * widths.reduce(0, +) }

  // MARK: Networks

  /// The parameters of a network in this order.
  func parameters(of network: Network) -> [Double] {
    network.layers.enumerated().flatMap { l, layer in
      let weights = layer.blocks.first?.weights.nearest.elements
      return (weights ?? Array(repeating: 0, count: widths[l] * widths[l + 1])) + layer.bias.nearest.elements
    }
  }

  /// The network with these parameters.
  func network(_ parameters: [Double]) -> Network {
    Network(
      inputCount: widths[0],
      layers: (0..<count).map { l in
        Network.Layer(
          weights: Matrix(
            rows: widths[l + 1], columns: widths[l], elements: Array(parameters[starts[l]..<biasStart(l)])),
          bias: Array(parameters[biasStart(l)..<starts[l + 1]]), reading: l)
      })
  }

  // MARK: Passes

  /// Fills the signals behind the inputs of a batch.
  func forward(_ theta: UnsafePointer<Double>, rows: Int, signals: UnsafeMutablePointer<Double>) {
    var source = signals
    for l in 0..<count {
      let (columns, width) = (widths[l], widths[l + 1])
      let target = source + rows * columns
      let bias = theta + biasStart(l)
      for i in 0..<rows { (target + i * width).update(from: bias, count: width) }
      BLAS.product(
        source, theta + starts[l], rightTransposed: true, rows: rows, inner: columns, columns: width,
        keeping: 1,
        to: target)
      if l < count - 1 {
        for k in 0..<rows * width { target[k] = target[k] > 0 ? target[k] : 0 }
      }
      source = target
    }
  }

  /// Writes the gradient of the parameters.
  ///
  /// - Parameters:
  ///   - signals: what ``forward(_:rows:signals:)`` left; the outputs are replaced by the gradient of the loss in them, and
  ///     the hidden signals by the gradients in their pre-activations.
  func backward(
    _ theta: UnsafePointer<Double>, rows: Int, signals: UnsafeMutablePointer<Double>,
    gradient: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    var end = signals + signalCount(rows: rows)
    for l in stride(from: count - 1, through: 0, by: -1) {
      let (columns, width) = (widths[l], widths[l + 1])
      let errors = end - rows * width
      let source = errors - rows * columns
      BLAS.product(
        errors, leftTransposed: true, source, rows: width, inner: rows, columns: columns, keeping: 0,
        to: gradient + starts[l])
      let bias = gradient + biasStart(l)
      bias.update(repeating: 0, count: width)
      for i in 0..<rows {
        let row = errors + i * width
        for j in 0..<width { bias[j] += row[j] }
      }
      if l > 0 {
        BLAS.product(
          errors, theta + starts[l], rows: rows, inner: width, columns: columns, keeping: 0, to: scratch)
        // A neuron is on where its signal is positive; at the kink it counts as off.
        for k in 0..<rows * columns { source[k] = source[k] > 0 ? scratch[k] : 0 }
      }
      end = errors
    }
  }
}
