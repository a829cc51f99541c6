import ExactArithmetic
import Networks

/// The exact rows of the Jacobian on an activation region, never written out: only products with sparse vectors.
///
/// - Exactness: exact.
/// - Complexity: O(D) exact multiplications for each homogeneous input and each output.
struct ExactRows: Sendable {
  /// A parameter by the layer (from 0) and the row whose sensitivity, and the place whose signal it multiplies.
  struct Entry: Sendable {
    let layer: Int
    let row: Int
    let place: Int
    let value: Dyadic
  }

  /// For each homogeneous input and layer what the layer's neurons read.
  private let read: [[[Dyadic]]]
  /// For each output and layer the sensitivities.
  private let sensitivities: [[[Dyadic]]]

  /// The rows at homogeneous inputs (x, t) of the region of a pattern.
  init(_ network: Network, layout: ParameterLayout, at inputs: [[Dyadic]], on pattern: ActivationPattern) {
    read = inputs.map { ExactRows.readSignals(network, layout, $0, pattern) }
    sensitivities = (0..<network.outputCount).map { ExactRows.sensitivities(network, $0, pattern) }
  }

  /// The sparse vector in parameter space, for products.
  static func entries(_ vector: [(index: Int, value: Dyadic)], _ layout: ParameterLayout) -> [Entry] {
    vector.map { index, value in
      let position = (layout.layers.firstIndex { $0.start > index } ?? layout.layers.count) - 1
      let layer = layout.layers[position]
      let (row, place) = (index - layer.start).quotientAndRemainder(dividingBy: layer.rowLength)
      return Entry(layer: position, row: row, place: place, value: value)
    }
  }

  /// Whether a vector is orthogonal to all rows.
  func areOrthogonal(to vector: [Entry]) -> Bool {
    sensitivities.allSatisfy { delta in
      let weighted = vector.map { $0.value * delta[$0.layer][$0.row] }
      return read.allSatisfy { signals in
        var sum = Dyadic.zero
        for (entry, factor) in zip(vector, weighted) where !factor.isZero {
          sum = sum + factor * signals[entry.layer][entry.place]
        }
        return sum.isZero
      }
    }
  }

  private static func readSignals(
    _ network: Network, _ layout: ParameterLayout, _ input: [Dyadic], _ pattern: ActivationPattern
  ) -> [[Dyadic]] {
    let t = input[network.inputCount]
    var signals = [Array(input.dropLast())]
    var read: [[Dyadic]] = []
    var number = 0
    for (layer, shape) in zip(network.layers, layout.layers) {
      read.append(shape.sources.flatMap { signals[$0.layer] } + [t])
      if read.count == network.layers.count { break }
      signals.append(
        (0..<layer.width).map { i in
          guard pattern[number + i] else { return .zero }
          var sum = layer.bias[i, 0] * t
          for block in layer.blocks {
            let source = signals[block.source]
            for j in source.indices where !source[j].isZero { sum = sum + block.weights[i, j] * source[j] }
          }
          return sum
        })
      number += layer.width
    }
    return read
  }

  private static func sensitivities(
    _ network: Network, _ output: Int, _ pattern: ActivationPattern
  ) -> [[Dyadic]] {
    var delta = network.layers.map { Array(repeating: Dyadic.zero, count: $0.width) }
    delta[network.layers.count - 1][output] = .one
    var first = network.hiddenNeuronCount
    for position in network.layers.indices.reversed() {
      let layer = network.layers[position]
      if position < network.layers.count - 1 {
        first -= layer.width
        for i in 0..<layer.width where !pattern[first + i] { delta[position][i] = .zero }
      }
      for block in layer.blocks where block.source > 0 {
        for k in 0..<layer.width where !delta[position][k].isZero {
          for j in 0..<block.weights.columns where block.weights.sign(k, j) != 0 {
            delta[block.source - 1][j] = delta[block.source - 1][j] + delta[position][k] * block.weights[k, j]
          }
        }
      }
    }
    return delta
  }
}

extension HomogeneousChart {
  /// A basis of the homogeneous inputs: the free coordinates' directions, then a point.
  var exactBasis: [[Dyadic]] {
    let n = fixed.count
    let directions = fixed.indices.filter { fixed[$0] == nil }.map { c in
      (0...n).map { $0 == c ? Dyadic.one : .zero }
    }
    return directions + [fixed.map { Dyadic($0 ?? 0) } + [.one]]
  }
}
