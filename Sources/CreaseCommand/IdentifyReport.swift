import Crease

/// What `crease identify` found, told to people and to scripts.
struct IdentifyReport {
  let model: String
  let network: Network
  let place: String
  let domain: InputDomain?
  var report = IdentifiabilityReport(
    verdict: .undecided, scope: .local, statement: "not decided", conditions: [])
  var order: BendOrder?
  var layering: FoldLayering?
  var sample: SampleIdentifiability?
  var suggestion: SampleSuggestion?
  var minimal: MinimalWidth?
  var written: [String] = []

  init(model: String, network: Network, place: String, domain: InputDomain?) {
    self.model = model
    self.network = network
    self.place = place
    self.domain = domain
  }

  // MARK: For people

  var text: String {
    let scope = report.scope == .global ? "globally" : "locally"
    let verdict =
      switch report.verdict {
      case .proved: "identified \(scope), proved"
      case .refuted: "not identified \(scope), proved"
      case .undecided: "undecided"
      }
    var lines = [
      "\(Terminal.bold(model)): \(network.summary), \(place)",
      "  \(Terminal.bold(verdict)): \(report.statement)",
    ]
    if let second = report.second { lines.append("  the other network    \(second.evidence)") }
    if !report.conditions.isEmpty { lines.append("  conditions") }
    let width = report.conditions.map(\.name.count).max() ?? 0
    for condition in report.conditions {
      let mark =
        switch condition.verdict {
        case .proved: "yes"
        case .refuted: "no "
        case .undecided: "?  "
        }
      let name = condition.name + String(repeating: " ", count: width - condition.name.count)
      lines.append("    \(mark) \(name)  \(condition.evidence) (\(condition.reference))")
    }
    if let sample { lines += sample.lines }
    if let suggestion { lines += suggestion.lines }
    if let minimal { lines += minimal.lines }
    lines += written.map { "  written              \($0)" }
    return lines.joined(separator: "\n")
  }

  // MARK: For scripts

  struct Condition: Encodable {
    let name: String
    let verdict: String
    let evidence: String
    let reference: String
  }

  struct Second: Encodable {
    let evidence: String
    let written: Bool
  }

  struct Order: Encodable {
    let classes: Int
    let edges: [[Int]]
    let depthBound: Int?
    let pieces: Int?
    let apparentLayers: Int?
  }

  struct Document: Encodable {
    let crease = Release.version
    let schema = JSONOutput.schema
    let command = "identify"
    let engines = Release.engines
    let file: String
    let box: DomainDocument?
    let loweringIsExact: Bool
    let verdict: String
    let scope: String
    let statement: String
    let conditions: [Condition]
    let second: Second?
    let folds: Order?
    let sample: SampleDocument?
    let suggestion: SuggestionDocument?
    let minimal: MinimalDocument?
    let written: [String]
  }

  var document: Document {
    return Document(
      file: model, box: DomainDocument(domain), loweringIsExact: network.lowering == .exact,
      verdict: report.verdict.rawValue,
      scope: report.scope.rawValue, statement: report.statement,
      conditions: report.conditions.map {
        Condition(
          name: $0.name, verdict: $0.verdict.rawValue, evidence: $0.evidence, reference: $0.reference)
      },
      second: report.second.map { Second(evidence: $0.evidence, written: !written.isEmpty) },
      folds: order.map { order in
        Order(
          classes: order.classCount, edges: order.edges.map { [$0.lower, $0.higher] },
          depthBound: order.depthBound, pieces: layering?.pieces.count,
          apparentLayers: layering?.order)
      }, sample: sample.map(SampleDocument.init), suggestion: suggestion.map(SuggestionDocument.init),
      minimal: minimal.map(MinimalDocument.init), written: written)
  }
}
