import ExactArithmetic
import Networks

/// Sums over paths that permutations and rescalings leave alone.
///
/// Definition: for each output and each start, an input or the biases of a layer, the sum over all paths from there of the
/// products of weights, and of their squares. Networks with different sums are no permutation and rescaling of one
/// another; equal sums tell nothing.
///
/// - Exactness: exact.
struct PathSums: Hashable {
  private let sums: [Dyadic]

  init(_ network: Network) {
    sums = PathSums.sums(network) { $0 } + PathSums.sums(network) { $0 * $0 }
  }

  private static func sums(_ network: Network, _ power: (Dyadic) -> Dyadic) -> [Dyadic] {
    (0..<network.outputCount).flatMap { output in
      var effects = network.widths.map { Array(repeating: Dyadic.zero, count: $0) }
      effects[network.layers.count][output] = .one
      var starts: [Dyadic] = []
      for (position, layer) in network.layers.enumerated().reversed() {
        let effect = effects[position + 1]
        starts.append((0..<layer.width).reduce(.zero) { $0 + effect[$1] * power(layer.bias[$1, 0]) })
        for block in layer.blocks {
          for i in 0..<layer.width where !effect[i].isZero {
            for j in 0..<block.weights.columns {
              effects[block.source][j] = effects[block.source][j] + effect[i] * power(block.weights[i, j])
            }
          }
        }
      }
      return starts + effects[0]
    }
  }
}

extension Network {
  /// Whether another network is told from all permutations and rescalings of this one; false tells nothing.
  ///
  /// By sums over paths, or because the neurons of the first layer have other half-spaces.
  ///
  /// - Requires: the same widths.
  func isToldFromOrbit(of other: Network) -> Bool {
    if PathSums(self) != PathSums(other) { return true }
    let rows = NeuronShapes(self)
    let others = NeuronShapes(other)
    var unmatched = Array(0..<other.layers[0].width)
    for i in 0..<layers[0].width {
      let row = rows.incoming(Neuron(layer: 1, index: i))
      let match = unmatched.firstIndex {
        row.isPositiveMultiple(of: others.incoming(Neuron(layer: 1, index: $0)))
      }
      guard let match else { return true }
      unmatched.remove(at: match)
    }
    return false
  }
}

extension [Dyadic] {
  /// Whether two rows are positive multiples of one another, or both zero.
  fileprivate func isPositiveMultiple(of other: [Dyadic]) -> Bool {
    guard let pivot = indices.first(where: { !self[$0].isZero }) else { return other.allSatisfy(\.isZero) }
    return self[pivot].sign * other[pivot].sign > 0
      && indices.allSatisfy { (self[$0] * other[pivot] - other[$0] * self[pivot]).isZero }
  }
}
