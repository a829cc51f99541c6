import Crease

/// A comparison told to people and to scripts.
struct ComparisonReport {
  private let command: CompareCommand
  private let a: Network
  private let b: Network
  private let comparison: Comparison

  init(_ command: CompareCommand, _ a: Network, _ b: Network, _ comparison: Comparison) {
    self.command = command
    self.a = a
    self.b = b
    self.comparison = comparison
  }

  // MARK: For people

  var text: String {
    var lines: [String] = []
    let place = comparison.domain.phrase(inputs: a.inputCount)
    switch comparison.verdict {
    case .equivalent(.identical):
      lines.append("\(Terminal.bold("identical")): the same function \(place), proved")
    case .equivalent(.withinEpsilon(let bound, let lower)):
      lines.append(
        "\(Terminal.bold("within epsilon")): the outputs differ by at most \(bound.shortAbove)\(factor) \(place), proved"
      )
      if lower > 0 { lines.append("  largest difference seen: \(lower.shortBelow)") }
    case .equivalent(.sameLargest(let margin)):
      let condition = margin > 0 ? " wherever A's leads by \(margin.short)" : ""
      lines.append("\(Terminal.bold("same largest output"))\(condition) \(place), proved")
    case .different(let witness):
      if case .differentLargest = comparison.certificate?.claim {
        lines.append("\(Terminal.bold("different")): at x the largest outputs are not the same, proved")
      } else {
        lines.append(
          "\(Terminal.bold("different")): at x an output differs by at least \(witness.gap.shortBelow), proved"
        )
      }
      lines.append("  at x  \(vector(witness.x))")
      lines.append("  A(x)  \(vector(witness.outputA))")
      lines.append("  B(x)  \(vector(witness.outputB))")
    case .undecided(let bounds):
      lines.append("\(Terminal.bold("undecided")): \(bounds.reason)")
      let upper = bounds.upper.isFinite ? "\(bounds.upper.shortAbove)\(factor)" : "unknown"
      lines.append(
        "  proved: largest difference \(place) at least \(bounds.lower.shortBelow)\(bounds.lower > 0 ? factor : ""), at most \(upper)"
      )
    }
    if let bounds = comparison.supremum {
      lines.append(
        "  proved: largest difference \(place) at least \(bounds.lower.shortBelow), at most \(bounds.upper.shortAbove)"
      )
      lines.append("  until \(bounds.reason)")
    }
    if let bounds = comparison.outputBounds, bounds.count > 1 {
      lines.append("  output by output at most \(outputs(bounds))\(factor)")
    }
    if let evidence { lines.append("  how   \(evidence)") }
    if let rounding { lines.append("  \(rounding)") }
    lines.append("  A     \(command.a): \(a.summary)")
    lines.append("  B     \(command.b): \(b.summary)")
    if let file = command.certificate, comparison.certificate != nil { lines.append("  proof \(file)") }
    return lines.joined(separator: "\n")
  }

  /// The unit of a bound on all of ℝⁿ.
  private var factor: String { comparison.domain == nil ? " max(1, |x|)" : "" }

  /// Up to eight numbers, then how many more; the JSON document has them all.
  private func vector(_ values: [Double]) -> String {
    let shown = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return values.count > 8 ? "\(shown), ... (\(values.count) numbers)" : shown
  }

  /// Up to ten bounds, then how many more.
  private func outputs(_ bounds: [Double]) -> String {
    let shown = bounds.prefix(10).map(\.shortAbove).joined(separator: ", ")
    return bounds.count > 10 ? "\(shown), ... (\(bounds.count) outputs)" : shown
  }

  private var rounding: String? {
    if case .withinEpsilon(_, .sameSignals) = comparison.certificate?.claim {
      return "the weights as read are the same function; reading had to round (a square root, or raw units)"
    }
    guard let ulps = comparison.backwardError, ulps.isFinite else { return nil }
    let isRounding = ulps <= Comparison.roundingUnits
    return "corresponding weights differ by at most \(ulps.short) units in the last place of "
      + "\(comparison.precision.rawValue): \(isRounding ? "rounding" : "more than rounding")"
  }

  /// How the proof goes, in neurons.
  private var evidence: String? {
    switch comparison.certificate?.claim {
    case .identical(let signals), .withinEpsilon(_, .sameSignals(let signals)):
      FactCount(signals.factsB).text
    case .withinEpsilon(_, .pairedSignals(let signals, let pairs)):
      FactCount(signals.factsB, pairs: pairs.count).text
    case .identicalOnRegions(let count):
      "f - g is zero on each of the \(count) regions on which it is affine"
    case .withinEpsilon(_, .boxes(let tree)), .sameLargest(_, let tree):
      "bounds on \(tree.leafCount) parts of the domain, \(tree.pairs.reduce(0) { $0 + $1.rows.count }) pairs of neurons"
    case .different, .differentLargest, nil: nil
    }
  }

  // MARK: For scripts

  var document: ComparisonDocument {
    var document = ComparisonDocument(
      a: NetworkDocument(command.a, a), b: NetworkDocument(command.b, b), seed: command.seed)
    document.domain = DomainDocument(comparison.domain)
    document.certificate = comparison.certificate == nil ? nil : command.certificate
    if let ulps = comparison.backwardError, ulps.isFinite {
      document.backwardError = BackwardErrorDocument(
        unitsInTheLastPlace: ulps, precision: comparison.precision.rawValue)
    }
    document.boundIsRelative = comparison.domain == nil
    document.outputBounds = comparison.outputBounds?.map { $0.isFinite ? $0 : nil }
    document.parts = comparison.parts
    switch comparison.verdict {
    case .equivalent(.identical):
      document.verdict = "equivalent"
      document.kind = "identical"
      (document.epsilon, document.lowerBound, document.upperBound) = (0, 0, 0)
    case .equivalent(.withinEpsilon(let bound, let lower)):
      document.verdict = "equivalent"
      document.kind = "withinEpsilon"
      (document.epsilon, document.lowerBound, document.upperBound) = (bound, lower, bound)
    case .equivalent(.sameLargest(let margin)):
      document.verdict = "equivalent"
      document.kind = "sameLargest"
      document.margin = margin
    case .different(let witness):
      document.verdict = "different"
      document.lowerBound = max(witness.gap, comparison.supremum?.lower ?? 0)
      document.upperBound = comparison.supremum?.upper
      document.witness = WitnessDocument(
        x: witness.x, outputA: witness.outputA, outputB: witness.outputB, gap: witness.gap)
    case .undecided(let bounds):
      document.verdict = "undecided"
      document.lowerBound = bounds.lower
      document.upperBound = bounds.upper.isFinite ? bounds.upper : nil
      document.reason = bounds.reason
    }
    return document
  }
}

/// What became of the neurons of the second network.
private struct FactCount {
  private var same = 0
  private var twins = 0
  private var flipped = 0
  private var linear = 0
  private var inactive = 0
  private var unread = 0
  private var paired = 0

  init(_ facts: [[NeuronFact]], pairs: Int = 0) {
    var seen: Set<Int> = []
    var new = 0
    for fact in facts.joined() {
      switch fact {
      case .new: new += 1
      case .active: linear += 1
      case .inactive: inactive += 1
      case .multiple(let r, _): if seen.insert(r).inserted { same += 1 } else { twins += 1 }
      case .opposite(let r, _): if seen.insert(r).inserted { flipped += 1 } else { twins += 1 }
      }
    }
    paired = pairs
    unread = new - pairs
  }

  var text: String {
    let parts = [
      (paired, "pair with neurons of A"), (same, "are neurons of A, rescaled"),
      (flipped, "are neurons of A, turned around"), (twins, "repeat another"), (linear, "are linear"),
      (inactive, "are always 0"), (unread, "change nothing"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? "B has no hidden neurons" : "of B's neurons " + parts.joined(separator: ", ")
  }
}

struct NetworkDocument: Encodable {
  let file: String
  let widths: [Int]
  let storage: String

  init(_ file: String, _ network: Network) {
    self.file = file
    widths = network.widths
    storage = network.storage.rawValue
  }
}

struct WitnessDocument: Encodable {
  let x: [Double]
  let outputA: [Double]
  let outputB: [Double]
  let gap: Double
}

struct BackwardErrorDocument: Encodable {
  let unitsInTheLastPlace: Double
  let precision: String
}

struct ComparisonDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "compare"
  let engines = Release.engines
  let a: NetworkDocument
  let b: NetworkDocument
  let seed: UInt64
  var domain: DomainDocument?
  var verdict = ""
  var kind: String?
  var epsilon: Double?
  var lowerBound: Double?
  var upperBound: Double?
  var boundIsRelative = false
  /// For each output, where known; null where nothing is proved of it.
  var outputBounds: [Double?]?
  /// How many parts of the domain were bounded.
  var parts: Int?
  var margin: Double?
  var backwardError: BackwardErrorDocument?
  var witness: WitnessDocument?
  var certificate: String?
  var reason: String?

  init(a: NetworkDocument, b: NetworkDocument, seed: UInt64) {
    self.a = a
    self.b = b
    self.seed = seed
  }
}
