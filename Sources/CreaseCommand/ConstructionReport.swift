import Crease

extension ConstructionProof {
  /// What was written and proved, for people.
  func text(of built: Construction, written: String, second: String?) -> String {
    var lines = ["\(Terminal.bold(written)): \(built.network.summary)"]
    for (promise, finding) in findings {
      lines.append("  \(finding.word.padded(to: 10))  \(promise.words): \(finding.reason)")
    }
    let most = built.network.parameterCount - built.network.hiddenNeuronCount
    if let functionalDimension {
      lines.append("  functional dimension  \(functionalDimension); at most \(most) for these widths")
    }
    lines.append("  domain                \(built.place)")
    if let second { lines.append("  the same function     \(second)") }
    return lines.joined(separator: "\n")
  }
}

extension Construction {
  /// Where the promises hold.
  fileprivate var place: String {
    if let batch { return "at the \(batch.count) inputs of the batch" }
    guard let domain else { return "on all of R^\(network.inputCount)" }
    return domain.enclosure.allSatisfy { $0.lower == -1 && $0.upper == 1 }
      ? "on the box [-1,1]^\(network.inputCount)"
      : "on the box "
        + domain.enclosure.map { "[\($0.lower.short),\($0.upper.short)]" }.joined(separator: "x")
  }
}

extension Construction.Promise {
  /// The promise in words.
  fileprivate var words: String {
    switch self {
    case .noHiddenSymmetry: "no hidden symmetry"
    case .transparent: "transparent"
    case .crossingFolds: "folds of neighbouring layers cross"
    case .foldOrder(let order): "the fold set has order \(order)"
    case .secondParameters: "the same function by other parameters"
    }
  }

  /// The promise for scripts.
  fileprivate var name: String {
    switch self {
    case .noHiddenSymmetry: "noHiddenSymmetry"
    case .transparent: "transparent"
    case .crossingFolds: "crossingFolds"
    case .foldOrder: "foldOrder"
    case .secondParameters: "secondParameters"
    }
  }
}

extension ConstructionProof.Finding {
  fileprivate var word: String {
    switch self {
    case .proved: "proved"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }

  fileprivate var reason: String {
    switch self {
    case .proved(let reason), .refuted(let reason), .undecided(let reason): reason
    }
  }
}

struct ConstructionDocument: Encodable {
  struct Promise: Encodable {
    let promise: String
    let order: Int?
    let verdict: String
    let reason: String
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "construct"
  let engines = Release.engines
  let by: String
  let seed: UInt64
  let file: String
  let second: String?
  let widths: [Int]
  let box: DomainDocument?
  let parameters: Int
  let hiddenNeurons: Int
  let functionalDimension: Int?
  let proved: Bool
  let promises: [Promise]
  let certificateInputs: Int?

  init(_ built: Construction, _ proof: ConstructionProof, command: ConstructCommand) {
    by = built.method.name
    seed = command.seed
    file = command.writing.output
    second = command.second
    widths = built.network.widths
    box = DomainDocument(built.domain)
    parameters = built.network.parameterCount
    hiddenNeurons = built.network.hiddenNeuronCount
    functionalDimension = proof.functionalDimension
    proved = proof.isProved
    promises = proof.findings.map { promise, finding in
      var order: Int?
      if case .foldOrder(let number) = promise { order = number }
      return Promise(promise: promise.name, order: order, verdict: finding.word, reason: finding.reason)
    }
    certificateInputs = proof.dimension?.inputs.count
  }
}
