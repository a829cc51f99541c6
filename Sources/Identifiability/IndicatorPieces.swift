import ExactArithmetic
import LinearAlgebra
import Networks

/// The affine pieces of all hidden neurons for all patterns, whether or not they occur; modulo a prime, and exactly.
///
/// Definition: a *pattern* chooses for each earlier layer the set of active neurons; the piece of a neuron is its
/// pre-activation as an affine function of the input under a pattern. Patterns with an empty layer are left out.
///
/// - Requires: a sequential network.
struct IndicatorPieces {
  let network: Network
  let field: PrimeField
  /// For each hidden layer its weights and biases modulo the prime, a row for each neuron, the bias last.
  private let residues: [[[Double]]]

  init(_ network: Network, field: PrimeField) {
    self.network = network
    self.field = field
    residues = network.hiddenLayers.map { layer in
      (0..<layer.width).map { i in
        field.residues(of: IndicatorPieces.row(layer, i))
      }
    }
  }

  /// The weights and the bias of a neuron; weights of nothing where a layer reads nothing.
  static func row(_ layer: Network.Layer, _ i: Int) -> [Dyadic] {
    (layer.blocks.first.map { block in (0..<block.weights.columns).map { block.weights[i, $0] } } ?? [])
      + [layer.bias[i, 0]]
  }

  /// The number of pieces, as a double: it may be astronomic.
  static func count(_ network: Network) -> Double {
    var patterns = 1.0
    return network.hiddenLayers.reduce(0.0) { sum, layer in
      let next = sum + patterns * Double(layer.width)
      patterns *= Double(sign: .plus, exponent: layer.width, significand: 1) - 1
      return next
    }
  }

  /// The nonempty sets of neurons of a layer, as masks.
  func masks(ofLayer layer: Int) -> Range<UInt64> { 1..<(1 << UInt64(network.layers[layer - 1].width)) }

  /// The pieces of the neurons of a layer, from those of the layer before, of which a set is active.
  func next(_ layer: Int, after pieces: [[Double]], active mask: UInt64) -> [[Double]] {
    let width = pieces.first?.count ?? 0
    return residues[layer - 1].map { row in
      var sum = Array(repeating: 0.0, count: width)
      if width > 0 { sum[width - 1] = row[row.count - 1] }
      for k in pieces.indices where mask >> UInt64(k) & 1 == 1 {
        for c in 0..<width { sum[c] = field.sum(sum[c], field.product(row[k], pieces[k][c])) }
      }
      return sum
    }
  }

  /// The pieces of the first layer.
  var first: [[Double]] { residues.first ?? [] }

  /// The exact pieces of the neurons of layer `masks.count + 1` where the sets of `masks` are active.
  func exact(_ masks: [UInt64]) -> [[Dyadic]] {
    var pieces = exactRows(1)
    for (position, mask) in masks.enumerated() {
      let width = network.inputCount + 1
      pieces = exactRows(position + 2).map { row in
        var sum = Array(repeating: Dyadic.zero, count: width)
        sum[width - 1] = row[row.count - 1]
        for k in pieces.indices where mask >> UInt64(k) & 1 == 1 && !row[k].isZero {
          for c in 0..<width { sum[c] = sum[c] + row[k] * pieces[k][c] }
        }
        return sum
      }
    }
    return pieces
  }

  private func exactRows(_ layer: Int) -> [[Dyadic]] {
    let layer = network.layers[layer - 1]
    return (0..<layer.width).map { IndicatorPieces.row(layer, $0) }
  }
}
