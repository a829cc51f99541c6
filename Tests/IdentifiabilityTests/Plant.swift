import Crease
import _TestSupport

/// One mechanism planted in the first layer of a random network of widths 2, 3 or 4, 1.
enum Plant: CaseIterable {
  case dead
  case zeroRow
  case unread
  case stablyActive
  case twin
  case opposite

  var mechanism: HiddenMechanism {
    switch self {
    case .dead: .inactive
    case .zeroRow: .zeroRow
    case .unread: .unread
    case .stablyActive: .stablyActive
    case .twin: .twin
    case .opposite: .opposite
    }
  }

  /// The number of hidden directions by the theory, in widths 2, 4, 1; deep ones in 2, 3, 2, 1.
  var directions: Int {
    switch self {
    case .dead: 3 + 1
    case .zeroRow: 2 + 1
    case .unread: 2
    case .stablyActive: 1
    case .twin: 2 + 1
    case .opposite: 1
    }
  }

  private var isDeep: Bool { self == .dead || self == .stablyActive }

  private static func random(_ widths: [Int], _ rng: inout SplitMix64) -> Network {
    // Weights away from 0, so that a random network has no zero weights by chance.
    Network.random(widths: widths, denominator: 1 << 20, using: &rng)
  }

  /// The random network without the planted neuron.
  func original(seed: UInt64) -> Network {
    var rng = SplitMix64(seed: seed)
    let network = Plant.random(isDeep ? [2, 3, 2, 1] : [2, 4, 1], &rng)
    return network.changing { weights, biases in
      let last = weights.count - 1
      weights[last][0].removeLast()
      weights[last - 1].removeLast()
      biases[last - 1].removeLast()
    }
  }

  /// The network with the planted neuron, the last one of the last hidden layer.
  func network(using rng: inout SplitMix64) -> Network {
    let network = Plant.random(isDeep ? [2, 3, 2, 1] : [2, 4, 1], &rng)
    return network.changing { weights, biases in
      let layer = weights.count - 2
      let last = weights[layer].count - 1
      switch self {
      case .dead:
        weights[layer][last] = weights[layer][last].map { -abs($0) }
        biases[layer][last] = -abs(biases[layer][last]) - 0.25
      case .zeroRow:
        weights[layer][last] = weights[layer][last].map { _ in 0 }
        biases[layer][last] = -1
      case .unread: weights[layer + 1][0][last] = 0
      case .stablyActive:
        weights[layer][last] = weights[layer][last].map(abs)
        biases[layer][last] = abs(biases[layer][last]) + 0.25
      case .twin:
        weights[layer][last] = weights[layer][0].map { 2 * $0 }
        biases[layer][last] = 2 * biases[layer][0]
      case .opposite:
        weights[layer][last] = weights[layer][0].map { -2 * $0 }
        biases[layer][last] = -2 * biases[layer][0]
      }
    }
  }

  /// Whether a short step along a direction keeps the function.
  func integrates(_ symmetry: HiddenSymmetry, in network: Network) -> Bool {
    guard symmetry.mechanism == mechanism else { return false }
    switch self {
    case .dead, .unread, .stablyActive: return true
    // A weight on a constant neuron's input would need the bias to outweigh it on all of ℝⁿ.
    case .zeroRow: return symmetry.layers == [2]
    // Only outgoing weights of twins may move; moving apart the half-spaces shows in second order.
    case .twin: return symmetry.layers == [2]
    case .opposite: return false
    }
  }
}
