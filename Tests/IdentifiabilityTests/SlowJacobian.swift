import Crease
import _TestSupport

/// The Jacobian by its definition: with the gates held, f is affine in each parameter, so a difference is a derivative.
enum SlowJacobian {
  /// The exact rows at an input, one for each output; nil where a hidden neuron is zero.
  static func rows(of network: Network, at x: [Double]) -> [[Dyadic]]? {
    guard let gates = gates(of: network, at: x) else { return nil }
    let base = outputs(of: network, at: x, gates)
    var rows = base.map { _ in [Dyadic]() }
    let parameters = network.parameters
    for index in 0..<parameters.count {
      var moved = parameters
      moved.values[index] = moved.values[index] + .one
      let values = outputs(of: network.with(parameters: moved), at: x, gates)
      for k in base.indices { rows[k].append(values[k] - base[k]) }
    }
    return rows
  }

  /// The rank at some inputs, and how many of them have a derivative.
  static func rank(of network: Network, at inputs: [[Double]]) -> (rank: Int, used: Int) {
    let rows = inputs.compactMap { SlowJacobian.rows(of: network, at: $0) }
    return (ExactElimination.rank(of: rows.flatMap(\.self)), rows.count)
  }

  private static func gates(of network: Network, at x: [Double]) -> [[Bool]]? {
    var signals = [x.map { Dyadic($0) }]
    var gates: [[Bool]] = []
    for layer in network.hiddenLayers {
      let z = preactivations(layer, signals)
      if z.contains(where: \.isZero) { return nil }
      gates.append(z.map { $0.sign > 0 })
      signals.append(z.map { $0.sign > 0 ? $0 : .zero })
    }
    return gates
  }

  private static func outputs(of network: Network, at x: [Double], _ gates: [[Bool]]) -> [Dyadic] {
    var signals = [x.map { Dyadic($0) }]
    for (layer, open) in zip(network.hiddenLayers, gates) {
      signals.append(zip(preactivations(layer, signals), open).map { $1 ? $0 : .zero })
    }
    return preactivations(network.outputLayer, signals)
  }

  private static func preactivations(_ layer: Network.Layer, _ signals: [[Dyadic]]) -> [Dyadic] {
    (0..<layer.width).map { i in
      layer.blocks.reduce(layer.bias[i, 0]) { sum, block in
        signals[block.source].enumerated().reduce(sum) { $0 + block.weights[i, $1.offset] * $1.element }
      }
    }
  }
}

extension Network {
  /// A seeded network whose layers read every earlier layer with probability one half, on a grid of quarters.
  static func randomWithSkips(_ widths: [Int], using rng: inout some RandomNumberGenerator) -> Network {
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Double(Int.random(in: -8...8, using: &rng)) / 4 })
    }
    var layers: [Layer] = []
    for l in 1..<widths.count {
      let blocks = (0..<l).filter { _ in Bool.random(using: &rng) }.map { source in
        Block(source: source, weights: ExactMatrix(matrix(widths[l], widths[source])))
      }
      layers.append(Layer(blocks: blocks, bias: ExactMatrix(matrix(widths[l], 1))))
    }
    return Network(inputCount: widths[0], layers: layers)
  }
}
