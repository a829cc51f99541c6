import ExactArithmetic
import Networks

/// What training by gradient flow conserves, whatever the data and the loss.
///
/// Definition: on every solution of θ̇ = −∇L(f_θ), for any loss of the outputs, each hidden neuron keeps
///
///     ‖w_in‖² + b² − ‖w_out‖²,
///
/// for its gradient is twice the neuron's rescaling, along which f does not change. Other laws are functions on
/// parameters whose gradients lie in the kernel of the Jacobian: near θ there are at most D − rank J independent ones.
/// So where that number is the number of rescalings, those of the neurons are all there are.
///
/// A plain step of gradient descent of size τ down a gradient g changes the law of a neuron by exactly τ² times the value of the
/// same form at g, its mixed term being zero; so a run drifts by O(τ). Momentum, Adam and weight decay break that.
///
/// - Exactness: exact values; ``upper`` is proved, the rank being a lower bound.
/// - Requires: every entry of the normal form is trained by itself, without weight decay or momentum.
/// - Reference: [MGP23] conservation laws; complete where the rank is full, by this library's own argument.
public struct ConservationLaws: Hashable, Sendable {
  /// The law of one neuron.
  public struct Law: Hashable, Sendable {
    /// The neuron.
    public let neuron: Neuron
    /// Its value at θ: ‖w_in‖² + b² − ‖w_out‖².
    public let value: Dyadic
  }

  /// The laws of the hidden neurons with a weight or a bias that is not 0.
  public let neurons: [Law]
  /// How many of these are independent.
  public let independent: Int
  /// A proved upper bound of the number of independent laws near θ: D less the rank.
  public let upper: Int

  /// Whether every law near θ is a function of those of the neurons: proved.
  public var isComplete: Bool { independent == upper }

  init(_ shapes: NeuronShapes, independent: Int, upper: Int) {
    func square(_ entries: [Dyadic]) -> Dyadic { entries.reduce(.zero) { $0 + $1 * $1 } }
    neurons = shapes.network.hiddenNeurons.compactMap { neuron in
      let (incoming, outgoing) = (square(shapes.incoming(neuron)), square(shapes.outgoing(neuron)))
      return incoming.isZero && outgoing.isZero ? nil : Law(neuron: neuron, value: incoming - outgoing)
    }
    self.independent = independent
    self.upper = upper
  }
}
