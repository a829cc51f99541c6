import Crease
import _TestSupport

/// Paths by their definition: every choice of places, one after the other, zeros included.
enum SlowPaths {
  /// Every path of the architecture with its product, for one output.
  static func entries(_ network: Network, output: Int) -> [(path: NetworkPath, value: Dyadic)] {
    let last = network.layers.count
    func weight(_ layer: Int, _ row: Int, _ source: Int, _ column: Int) -> Dyadic? {
      network.layers[layer - 1].blocks.first { $0.source == source }.map { $0.weights[row, column] }
    }
    // All ways from a place to the output: later neurons and the product.
    func ways(from layer: Int, _ index: Int) -> [(neurons: [Neuron], value: Dyadic)] {
      var result: [(neurons: [Neuron], value: Dyadic)] = []
      for next in (layer + 1)..<last {
        for row in 0..<network.layers[next - 1].width {
          guard let first = weight(next, row, layer, index) else { continue }
          result += ways(from: next, row).map {
            ([Neuron(layer: next, index: row)] + $0.neurons, first * $0.value)
          }
        }
      }
      if let direct = weight(last, output, layer, index) { result.append(([], direct)) }
      return result
    }
    var all: [(path: NetworkPath, value: Dyadic)] = []
    for input in 0..<network.inputCount {
      all += ways(from: 0, input).map {
        (NetworkPath(input: input, neurons: $0.neurons, output: output), $0.value)
      }
    }
    for layer in 1..<last {
      for index in 0..<network.layers[layer - 1].width {
        let bias = network.layers[layer - 1].bias[index, 0]
        all += ways(from: layer, index).map {
          (
            NetworkPath(
              input: nil, neurons: [Neuron(layer: layer, index: index)] + $0.neurons, output: output),
            bias * $0.value
          )
        }
      }
    }
    all.append((NetworkPath(input: nil, neurons: [], output: output), network.outputLayer.bias[output, 0]))
    return all
  }

  /// Every path of every output, in the order of paths.
  static func entries(_ network: Network) -> [(path: NetworkPath, value: Dyadic)] {
    (0..<network.outputCount).flatMap { entries(network, output: $0) }.sorted { $0.path < $1.path }
  }
}

extension Network {
  /// A network with some skip blocks in which every layer reads the one before it, entries quarters in −2 … 2.
  static func randomResidual(_ widths: [Int], zeros: Int = 0, using rng: inout some RandomNumberGenerator)
    -> Network
  {
    func matrix(_ rows: Int, _ columns: Int) -> ExactMatrix {
      ExactMatrix(
        Matrix(
          rows: rows, columns: columns,
          elements: (0..<rows * columns).map { _ in
            Int.random(in: 0..<10, using: &rng) < zeros ? 0 : Double(Int.random(in: -8...8, using: &rng)) / 4
          }))
    }
    return Network(
      inputCount: widths[0],
      layers: (1..<widths.count).map { l in
        let sources = (0..<l).filter { $0 == l - 1 || Bool.random(using: &rng) }
        return Layer(
          blocks: sources.map { Block(source: $0, weights: matrix(widths[l], widths[$0])) },
          bias: matrix(widths[l], 1))
      })
  }

  /// The network with each hidden neuron multiplied by a factor, exactly for powers of two.
  func rescaled(_ factors: [[Double]]) -> Network {
    let all = [Array(repeating: 1, count: inputCount)] + factors + [Array(repeating: 1, count: outputCount)]
    var parameters = self.parameters
    for index in parameters.values.indices {
      switch parameters.layout.name(at: index) {
      case .bias(let layer, let row):
        parameters.values[index] = parameters.values[index] * Dyadic(all[layer][row])
      case .weight(let layer, let row, let source, let column):
        parameters.values[index] =
          parameters.values[index] * Dyadic(all[layer][row]) * Dyadic(1 / all[source][column])
      }
    }
    return with(parameters: parameters)
  }

  /// Random powers of two for ``rescaled(_:)``.
  func randomFactors(using rng: inout some RandomNumberGenerator) -> [[Double]] {
    hiddenLayers.map { layer in
      (0..<layer.width).map { _ in
        Double(sign: .plus, exponent: Int.random(in: -9...9, using: &rng), significand: 1)
      }
    }
  }
}
