import Networks

/// One reason why the functional dimension is smaller than the number of parameters, and by how much.
///
/// Reasons are counted one after another, in the order of ``Mechanism``: each counts the directions in parameter space
/// that leave the function unchanged to first order and that no earlier reason explains. So the upper bound is exactly
/// the number of parameters minus the sum of the counts.
///
/// - Exactness: every direction is a proved vector of the kernel of ∂f_θ(x)/∂θ for all x in the domain at which f is
///   smooth in θ; their independence is proved modulo a prime.
public struct DimensionBound: Hashable, Sendable {
  /// Why a direction of parameters does not move the function.
  public enum Mechanism: String, Hashable, Sendable, CaseIterable {
    /// A neuron that is never active on the domain: its weights, its bias, and the weights of its readers on it.
    case inactive
    /// A neuron whose signal reaches no output: its weights and its bias.
    case unread
    /// A hidden neuron may be multiplied, and the weights of its readers divided, by any positive number.
    case rescaling
    /// A neuron with a constant positive signal: it trades with the biases of its readers.
    case constant
    /// Always active neurons: their biases trade with those of their readers, and they mix among one another.
    case stablyActive
    /// Neurons on the same half-space: outgoing weights may be redistributed, and incoming ones where the former are
    /// parallel.
    case twin
    /// Neurons on opposite half-spaces: together they are linear.
    case opposite
    /// An input that the domain holds fixed: its weights trade with biases.
    case fixedInput
    /// A direction that only the exact kernel over all activation regions shows.
    case regions
  }

  /// The reason.
  public let mechanism: Mechanism
  /// The neurons concerned; empty for ``Mechanism/regions`` and ``Mechanism/fixedInput``.
  public let neurons: [Neuron]
  /// The number of independent directions that no earlier reason explains.
  public let directions: Int
}

extension DimensionBound: CustomStringConvertible {
  /// `rescaling of 5 neurons: 5 directions`.
  public var description: String {
    let what = neurons.isEmpty ? "" : " of \(neurons.count) neurons"
    return "\(mechanism.rawValue)\(what): \(directions) directions"
  }
}
