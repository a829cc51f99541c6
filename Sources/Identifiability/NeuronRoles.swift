import ExactArithmetic
import Networks
import Symmetry

/// What is proved of the gate and signal of a hidden neuron on the whole of a domain.
enum NeuronRole: Hashable, Sendable {
  /// Never positive: the signal is 0, and so is the gate wherever the neuron is not zero.
  case inactive
  /// Never negative: the signal is the pre-activation, and the gate 1 wherever the neuron is not zero.
  case active
  /// A signal of its own, as far as is known.
  case signal
  /// The pre-activation is `scale` > 0 times that of a signal.
  case multiple(of: Neuron, scale: Rational)
  /// The pre-activation is −`scale` < 0 times that of a signal.
  case opposite(of: Neuron, scale: Rational)
}

/// The roles of all hidden neurons of a network on a domain.
///
/// - Exactness: proved, on the domain: from value numbering, and from patterns where all of them are known.
struct NeuronRoles: Sendable {
  /// For each hidden layer the roles of its neurons.
  private(set) var layers: [[NeuronRole]]

  /// The role of a neuron.
  subscript(_ neuron: Neuron) -> NeuronRole { layers[neuron.layer - 1][neuron.index] }

  /// The roles that value numbering proves; where its forms grow too large, those that ranges prove.
  ///
  /// - Throws: `CancellationError`.
  init(_ network: Network, on domain: InputDomain?, progress: Progress) throws {
    do {
      layers = try NeuronRoles.numbered(network, domain, progress, Dyadic.self)
    } catch NeuronNumbering<Dyadic>.Obstacle.needsRationals {
      do {
        layers = try NeuronRoles.numbered(network, domain, progress, Rational.self)
      } catch is NeuronNumbering<Rational>.Obstacle {
        layers = NeuronRoles.ranged(network, domain)
      }
    } catch is NeuronNumbering<Dyadic>.Obstacle {
      layers = NeuronRoles.ranged(network, domain)
    }
  }

  private static func numbered<Scalar: ExactScalar>(
    _ network: Network, _ domain: InputDomain?, _ progress: Progress, _: Scalar.Type
  ) throws -> [[NeuronRole]] {
    var numbering = NeuronNumbering<Scalar>(inputCount: network.inputCount, domain: domain)
    let facts = try numbering.number(network, progress: progress).facts
    return facts.map { layer in
      layer.map { fact in
        switch fact {
        case .new: return .signal
        case .active: return .active
        case .inactive: return .inactive
        case .multiple(let form, let scale):
          switch numbering.kinds[form] {
          case .signal: return .multiple(of: numbering.origins[form], scale: scale)
          case .active: return .active
          case .inactive: return .inactive
          }
        case .opposite(let form, let scale):
          switch numbering.kinds[form] {
          case .signal: return .opposite(of: numbering.origins[form], scale: scale)
          case .active: return .inactive
          case .inactive: return .active
          }
        }
      }
    }
  }

  private static func ranged(_ network: Network, _ domain: InputDomain?) -> [[NeuronRole]] {
    let ranges = domain.map { network.preactivationRanges(over: $0.enclosure) }
    return network.hiddenLayers.enumerated().map { position, layer in
      (0..<layer.width).map { i in
        guard let range = ranges?[position][i] else { return .signal }
        return range.upper <= 0 ? .inactive : range.lower >= 0 ? .active : .signal
      }
    }
  }

  /// The roles where the given patterns are all there are: neurons that never change their state are active or inactive.
  ///
  /// - Requires: at least one pattern.
  func restricted(to patterns: [ActivationPattern]) -> NeuronRoles {
    precondition(!patterns.isEmpty, "no neuron has a state without a pattern")
    var result = self
    var number = 0
    for position in layers.indices {
      for i in layers[position].indices {
        let isActive = patterns[0][number]
        if patterns.allSatisfy({ $0[number] == isActive }) {
          result.layers[position][i] = isActive ? .active : .inactive
        }
        number += 1
      }
    }
    // Multiples of a neuron have its state, so they have changed together with it.
    return result
  }
}
