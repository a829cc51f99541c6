import ExactArithmetic
import Networks
import Symmetry

/// Two networks told in one numbering.
struct NumberedPair {
  let factsA: [[NeuronFact]]
  let factsB: [[NeuronFact]]
  /// Whether the outputs became the same forms, which proves the functions equal.
  let agree: Bool
  /// Whether they did not.
  var differ: Bool { !agree }

  /// Numbers both, with rationals where dyadics do not hold a scale.
  init(_ a: Network, _ b: Network, on domain: InputDomain? = nil) throws {
    do {
      self = try NumberedPair(a, b, domain, Dyadic.self)
    } catch NeuronNumbering<Dyadic>.Obstacle.needsRationals {
      self = try NumberedPair(a, b, domain, Rational.self)
    }
  }

  private init<Scalar: ExactScalar>(
    _ a: Network, _ b: Network, _ domain: InputDomain?, _: Scalar.Type
  ) throws {
    var numbering = NeuronNumbering<Scalar>(inputCount: a.inputCount, domain: domain)
    let first = try numbering.number(a)
    let second = try numbering.number(b)
    factsA = first.facts
    factsB = second.facts
    agree = first.outputs == second.outputs
  }
}

extension CanonicalForm {
  /// The form as text: what its fingerprint is taken of.
  var text: String {
    var text = ""
    forEachLine { text += $0 }
    return text
  }

  /// The canonical text of a network.
  static func text(of network: Network) throws -> String { try CanonicalForm(SignalGraph(network)).text }
}
