import ExactArithmetic
import Networks

/// A mechanism at work in a network: how many hidden directions it explains, and how many its formula gives.
///
/// Formulas count what one mechanism gives where no other is at work. Neurons of neighbouring layers share weights, so
/// with several at work the sum may exceed the number of directions.
///
/// - Reference: [GLR23] hidden symmetries.
public struct HiddenCause: Hashable, Sendable {
  /// The mechanism.
  public let mechanism: HiddenMechanism
  /// The number of directions of the basis.
  public let directions: Int
  /// The formula, in n_in and n_out, the numbers of weights into and out of a neuron.
  public let formula: String
  /// What the formula gives; nil where there is none.
  public let drop: Int?

  /// The mechanisms of a basis.
  static func causes(of symmetries: [HiddenSymmetry], in network: Network, roles: NeuronRoles)
    -> [HiddenCause]
  {
    let shapes = NeuronShapes(network)
    return HiddenMechanism.allCases.compactMap { mechanism in
      let directions = symmetries.count { $0.mechanism == mechanism }
      if directions == 0 { return nil }
      let (formula, drop) = shapes.drop(mechanism, roles, directions)
      return HiddenCause(mechanism: mechanism, directions: directions, formula: formula, drop: drop)
    }
  }
}

/// The weights into and out of the neurons of a network.
struct NeuronShapes {
  let network: Network
  let layout: ParameterLayout

  init(_ network: Network) {
    self.network = network
    layout = ParameterLayout(of: network)
  }

  /// The weights into a neuron and its bias.
  func incoming(_ neuron: Neuron) -> [Dyadic] {
    let layer = network.layers[neuron.layer - 1]
    return layer.blocks.flatMap { block in
      (0..<block.weights.columns).map { block.weights[neuron.index, $0] }
    } + [layer.bias[neuron.index, 0]]
  }

  /// The weights that read a neuron.
  func outgoing(_ neuron: Neuron) -> [Dyadic] {
    network.layers.flatMap { layer in
      layer.blocks.filter { $0.source == neuron.layer }.flatMap { block in
        (0..<layer.width).map { block.weights[$0, neuron.index] }
      }
    }
  }

  /// Whether all weights into a neuron are 0.
  func isZeroRow(_ neuron: Neuron) -> Bool { incoming(neuron).dropLast().allSatisfy(\.isZero) }

  /// Whether all weights out of a neuron are 0.
  func isUnread(_ neuron: Neuron) -> Bool { outgoing(neuron).allSatisfy(\.isZero) }

  /// Whether two vectors are parallel.
  static func areParallel(_ a: [Dyadic], _ b: [Dyadic]) -> Bool {
    guard let pivot = a.firstIndex(where: { !$0.isZero }) else { return true }
    return zip(a, b).allSatisfy { x, y in (x * b[pivot] - y * a[pivot]).isZero }
  }

  fileprivate func drop(
    _ mechanism: HiddenMechanism, _ roles: NeuronRoles, _ directions: Int
  ) -> (String, Int?) {
    let neurons = network.hiddenNeurons
    func into(_ neuron: Neuron) -> Int { layout.layers[neuron.layer - 1].weightCount }
    func outOf(_ neuron: Neuron) -> Int { outgoing(neuron).count }
    func sum(_ chosen: [Neuron], _ value: (Neuron) -> Int) -> Int { chosen.reduce(0) { $0 + value($1) } }
    switch mechanism {
    case .inactive:
      let dead = neurons.filter { roles[$0] == .inactive && !isZeroRow($0) && !isUnread($0) }
      return ("n_in + n_out for each neuron", dead.isEmpty ? nil : sum(dead) { into($0) + outOf($0) })
    case .zeroRow:
      let zero = neurons.filter { isZeroRow($0) && !isUnread($0) }
      return (
        "n_in + n_out for each neuron with signal 0, n_out with another",
        sum(zero) { outOf($0) + (roles[$0] == .inactive ? into($0) : 0) }
      )
    case .unread:
      let unread = neurons.filter(isUnread)
      return ("n_in for each neuron", unread.isEmpty ? nil : sum(unread, into))
    case .stablyActive:
      var total = 0
      for (position, layer) in roles.layers.enumerated() {
        let active = layer.indices.map { Neuron(layer: position + 1, index: $0) }.filter {
          roles[$0] == .active && !isZeroRow($0)
        }
        guard let first = active.first else { continue }
        let (k, a, b) = (active.count, into(first), outOf(first))
        let r = min(k, a, b)
        total += k * (a + 1 + b) - r * (a + b - r) - k
      }
      return (
        "k (n_in + 1 + n_out) - r (n_in + n_out - r) - k for k neurons of a layer, r = min(k, n_in, n_out)",
        total == 0 ? nil : total
      )
    case .twin, .opposite:
      var total = 0
      for neuron in neurons {
        switch (roles[neuron], mechanism) {
        case (.multiple(let other, _), .twin):
          let isParallel = NeuronShapes.areParallel(outgoing(neuron), outgoing(other))
          total += isParallel ? into(neuron) + 1 : outOf(neuron)
        case (.opposite(let other, _), .opposite):
          total += NeuronShapes.areParallel(outgoing(neuron), outgoing(other)) ? 1 : 0
        default: break
        }
      }
      return mechanism == .twin
        ? ("n_in + 1 for each twin with parallel outgoing weights, n_out for others", total)
        : ("1 for each opposite with parallel outgoing weights, 0 for others", total)
    case .neverCoactive: return ("1 for each pair", directions)
    case .incomingSpan: return ("n_in + 1 - r for each neuron whose parameters have rank r", directions)
    case .outgoingSpan: return ("n_out - r for each neuron whose outgoing weights have rank r", directions)
    case .hiddenFold: return ("at least 1", nil)
    case .narrow: return ("at least 1 for three layers", nil)
    case .fixedInput: return ("1 for each reader of the input", nil)
    case .unexplained: return ("none", nil)
    }
  }
}
