import ExactArithmetic
import LinearAlgebra
import Networks

/// Neurons of a layer that can all be turned around without changing the function.
///
/// Definition: because max(z, 0) = max(−z, 0) + z, the signs of the rows and biases of a set S of neurons of layer l may be
/// turned where Σ_{j∈S} w_{l+1}(·, j) w_l(j, ·) = 0; then the biases of layer l + 1 take up Σ_{j∈S} w_{l+1}(·, j) b_l(j).
///
/// - Exactness: exact.
/// - Reference: [PL20] scaling by positive numbers only; the theory of shallow networks asks that no partial sum vanishes.
public struct OrientationFlip: Hashable, Sendable {
  /// The layer, from 1.
  public let layer: Int
  /// The neurons that are turned, by index.
  public let neurons: [Int]

  /// What was found of a layer.
  enum Finding {
    case none
    case flip(OrientationFlip)
    case tooWide
  }

  /// The smallest set of a layer that can be turned.
  ///
  /// - Requires: a sequential network.
  static func find(in network: Network, layer: Int, field: PrimeField) -> Finding {
    let (own, next) = (network.layers[layer - 1], network.layers[layer])
    let products = (0..<own.width).map { j in
      let row = IndicatorPieces.row(own, j).dropLast()
      let column = (0..<next.width).map { next.blocks.first?.weights[$0, j] ?? .zero }
      return column.flatMap { weight in row.map { weight * $0 } }
    }
    if field.areIndependent(products) { return .none }
    switch VanishingSum.find(
      products, target: Array(repeating: .zero, count: products.first?.count ?? 0))
    {
    case .none: return .none
    case .tooMany: return .tooWide
    case .set(let neurons): return .flip(OrientationFlip(layer: layer, neurons: neurons))
    }
  }

  /// The network with the neurons turned.
  func applied(to network: Network) -> Network {
    var layers = network.layers
    let (own, next) = (layers[layer - 1], layers[layer])
    layers[layer - 1] = Network.Layer(
      blocks: own.blocks.map { block in
        Network.Block(
          source: block.source,
          weights: ExactMatrix(
            rows: own.width, columns: block.weights.columns,
            elements: (0..<own.width).flatMap { i in
              (0..<block.weights.columns).map {
                neurons.contains(i) ? -block.weights[i, $0] : block.weights[i, $0]
              }
            }))
      },
      bias: ExactMatrix(
        rows: own.width, columns: 1,
        elements: (0..<own.width).map { neurons.contains($0) ? -own.bias[$0, 0] : own.bias[$0, 0] }))
    layers[layer] = Network.Layer(
      blocks: next.blocks,
      bias: ExactMatrix(
        rows: next.width, columns: 1,
        elements: (0..<next.width).map { i in
          neurons.reduce(next.bias[i, 0]) { sum, j in
            sum + (next.blocks.first?.weights[i, j] ?? .zero) * own.bias[j, 0]
          }
        }))
    return Network(
      inputCount: network.inputCount, layers: layers, storage: network.storage, lowering: network.lowering,
      domain: network.domain)
  }
}
