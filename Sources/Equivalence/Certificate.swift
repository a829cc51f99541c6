import ExactArithmetic
import Networks
import Symmetry

/// A claim about two networks with all that is needed to check it again.
///
/// A certificate names the networks by digest and holds one of three claims with its evidence. It is checked by
/// ``verify(_:_:)``, which replays the evidence in exact or outward-rounded arithmetic and never searches.
public struct Certificate: Hashable, Sendable {
  /// The version of this document's form.
  public static let schema = 1

  /// The digest of the first network.
  public let digestA: String
  /// The digest of the second network.
  public let digestB: String
  /// The inputs the claim is about; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The claim and its evidence.
  public let claim: Claim

  /// What is claimed.
  public enum Claim: Hashable, Sendable {
    /// f = g on the domain, as real functions.
    case identical(CommonSignals)
    /// |f − g|∞ ≤ bound on the domain, or ≤ bound · max(1, ‖x‖∞) on all of ℝⁿ.
    case withinEpsilon(bound: Double, evidence: Nearness)
    /// f = g on the domain: f − g in common signals is zero on each of its activation regions, of which there are
    /// `count`.
    case identicalOnRegions(count: Int)
    /// Wherever the largest output of f leads by at least `margin` in the domain, g has the same largest output.
    case sameLargest(margin: Double, tree: BoxTree)
    /// At this x in the domain the softmax of f gives its largest output more than `confidence` (0 for any), and g has
    /// a larger output there.
    case differentLargest(x: [Double], confidence: Double)
    /// |f(x) − g(x)|∞ ≥ gap > 0 at this x in the domain.
    case different(x: [Double], gap: Double)
  }

  /// Both networks told in one numbering of signals, the second continuing the first.
  public struct CommonSignals: Hashable, Sendable {
    /// What each hidden neuron of the first network computes.
    public let factsA: [[NeuronFact]]
    /// What each hidden neuron of the second network computes.
    public let factsB: [[NeuronFact]]
    /// Proofs that hidden neurons of the first network never change sign on the domain, for facts that need them.
    public let signsA: [SignProof]
    /// The same for the second network.
    public let signsB: [SignProof]

    /// The facts of the first and of the second network, with proofs of the signs they rest on.
    public init(
      factsA: [[NeuronFact]], factsB: [[NeuronFact]], signsA: [SignProof] = [], signsB: [SignProof] = []
    ) {
      self.factsA = factsA
      self.factsB = factsB
      self.signsA = signsA
      self.signsB = signsB
    }
  }

  /// Why two networks are close.
  public enum Nearness: Hashable, Sendable {
    /// The stored entries are the same function; what is left is the rounding that reading had to do.
    case sameSignals(CommonSignals)
    /// Each network told in a numbering of its own, and the signals of both paired.
    case pairedSignals(CommonSignals, pairs: [Pair])
    /// Bounds on every part of the domain.
    case boxes(BoxTree)
  }

  /// Form number `b` of the second network is close to `scale ·` form number `a` of the first.
  public struct Pair: Hashable, Sendable {
    /// The number of a form of the first network.
    public let a: Int
    /// The number of a form of the second network.
    public let b: Int
    /// The positive factor between them.
    public let scale: Double

    /// The pair of forms `a` and `b`.
    public init(a: Int, b: Int, scale: Double) {
      self.a = a
      self.b = b
      self.scale = scale
    }
  }

  /// The certificate of a claim about the networks with the given digests.
  public init(digestA: String, digestB: String, domain: InputDomain?, claim: Claim) {
    self.digestA = digestA
    self.digestB = digestB
    self.domain = domain
    self.claim = claim
  }
}
