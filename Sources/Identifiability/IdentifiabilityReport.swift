import Networks

/// Whether a statement was proved, refuted, or neither.
public enum IdentifiabilityVerdict: String, Hashable, Sendable, CaseIterable {
  /// Proved.
  case proved
  /// Proved to be false.
  case refuted
  /// Neither: too much work, or nothing known applies.
  case undecided
}

/// Among which parameters a network is identified by its function.
public enum IdentifiabilityScope: String, Hashable, Sendable, CaseIterable {
  /// Among all parameters of the architecture, or all general ones, as the statement says.
  case global
  /// Among the parameters near the given ones.
  case local
}

/// One condition of a theorem on identifiability, with what was found of it.
public struct IdentifiabilityCondition: Hashable, Sendable {
  /// A short name that does not change, such as `transparent`.
  public let name: String
  /// Whether it holds.
  public let verdict: IdentifiabilityVerdict
  /// What proves or refutes it, or why it was not decided, in one line.
  public let evidence: String
  /// The theorem that asks for it: a key of the references.
  public let reference: String

  /// The condition with the given name, verdict, evidence and reference.
  public init(name: String, verdict: IdentifiabilityVerdict, evidence: String, reference: String) {
    self.name = name
    self.verdict = verdict
    self.evidence = evidence
    self.reference = reference
  }
}

/// Another parameter with the same function that is no permutation and rescaling.
public struct SecondParameter: Sendable {
  /// The network with the other parameters.
  public let network: Network
  /// How it was found and proved, in one line.
  public let evidence: String

  /// The other network and how it was found.
  public init(network: Network, evidence: String) {
    self.network = network
    self.evidence = evidence
  }
}

/// Whether the function of a network tells its parameters up to permutation and positive rescaling of hidden neurons.
///
/// The same report serves deep networks on a domain, shallow networks and finite samples: the statement says what was
/// decided, the conditions say by which theorem.
///
/// - Exactness: ``IdentifiabilityVerdict/proved`` and ``IdentifiabilityVerdict/refuted`` are theorems.
public struct IdentifiabilityReport: Sendable {
  /// The verdict.
  public let verdict: IdentifiabilityVerdict
  /// What the verdict is about.
  public let scope: IdentifiabilityScope
  /// What was proved or refuted, or why neither was, in one sentence.
  public let statement: String
  /// The conditions that were looked at.
  public let conditions: [IdentifiabilityCondition]
  /// Another parameter with the same function, if one was found.
  public let second: SecondParameter?

  /// The report of the given parts.
  public init(
    verdict: IdentifiabilityVerdict, scope: IdentifiabilityScope, statement: String,
    conditions: [IdentifiabilityCondition], second: SecondParameter? = nil
  ) {
    self.verdict = verdict
    self.scope = scope
    self.statement = statement
    self.conditions = conditions
    self.second = second
  }

  /// The condition of a name, if it was looked at.
  public subscript(_ name: String) -> IdentifiabilityCondition? { conditions.first { $0.name == name } }
}
