import ExactArithmetic
import Networks

/// One infinitesimal hidden symmetry: a direction v of parameters with J v = 0 that is no rescaling.
///
/// - Exactness: the entries are exact. Whether J v = 0 is proved on the whole domain is said by ``Scope``.
public struct HiddenSymmetry: Hashable, Sendable {
  /// On which inputs the direction is known to leave the function unchanged to first order.
  public enum Scope: String, Hashable, Sendable {
    /// All inputs of the domain at which the network is smooth in its parameters: proved.
    case allInputs
    /// The activation regions of the sample, but for unlucky primes.
    case sample
  }

  /// A nonzero entry.
  public struct Entry: Hashable, Sendable {
    /// The index of the parameter.
    public let index: Int
    /// The change of the parameter.
    public let value: Dyadic
  }

  /// The nonzero entries by increasing index; the largest magnitude lies in 1 ..< 2.
  public let entries: [Entry]
  /// The neurons whose weights or biases change, and those on which a changed weight reads.
  public let neurons: [Neuron]
  /// The layers whose parameters change, from 1; the output layer is the last.
  public let layers: [Int]
  /// What explains the direction.
  public let mechanism: HiddenMechanism
  /// The test of the mechanism, in one line.
  public let evidence: String
  /// On which inputs the direction is known.
  public let scope: Scope

  init(
    _ vector: [(index: Int, value: Dyadic)], layout: ParameterLayout, mechanism: HiddenMechanism,
    evidence: String, scope: Scope
  ) {
    let top = vector.compactMap(\.value.magnitudeExponent).max() ?? 0
    let one = Dyadic.one.magnitudeExponent ?? 0
    entries = vector.map { Entry(index: $0.index, value: $0.value.scaled(byPowerOfTwo: one - top)) }
    (neurons, layers) = HiddenSymmetry.place(vector.map(\.index), layout)
    self.mechanism = mechanism
    self.evidence = evidence
    self.scope = scope
  }

  /// The neurons and layers that parameters belong to.
  static func place(_ indices: [Int], _ layout: ParameterLayout) -> (neurons: [Neuron], layers: [Int]) {
    var neurons: Set<Neuron> = []
    var layers: Set<Int> = []
    for index in indices {
      switch layout.name(at: index) {
      case .bias(let layer, let row):
        layers.insert(layer)
        if layer < layout.layers.count { neurons.insert(Neuron(layer: layer, index: row)) }
      case .weight(let layer, let row, let source, let column):
        layers.insert(layer)
        if layer < layout.layers.count { neurons.insert(Neuron(layer: layer, index: row)) }
        if source > 0 { neurons.insert(Neuron(layer: source, index: column)) }
      }
    }
    return (neurons.sorted(), layers.sorted())
  }
}
