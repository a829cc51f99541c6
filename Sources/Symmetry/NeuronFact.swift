import ExactArithmetic

/// What a neuron computes, told by the signals numbered before it: one line of a proof.
///
/// Let t be the neuron's pre-activation as an affine form in the inputs and the signals already numbered. Each
/// neuron with a t that is not constant, and is not a multiple of a form met before, gets the next number r and
/// defines t_r.
///
/// - Reference: the guide "The same function?".
public enum NeuronFact: Hashable, Sendable {
  /// A form met for the first time, and the neuron is a signal of its own: t_r = t, e_r = max(t, 0).
  case new
  /// t ≥ 0 on the domain, so max(t, 0) = t.
  case active
  /// t ≤ 0 on the domain, so max(t, 0) = 0.
  case inactive
  /// t = scale · t_r with scale > 0, so max(t, 0) = scale · max(t_r, 0).
  case multiple(of: Int, scale: Rational)
  /// t = −scale · t_r with scale > 0, so max(t, 0) = scale · max(−t_r, 0) = scale · (max(t_r, 0) − t_r).
  case opposite(of: Int, scale: Rational)
}
