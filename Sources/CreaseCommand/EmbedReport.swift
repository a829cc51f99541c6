import Crease

/// What `crease embed` found, told to people.
struct EmbedReport {
  /// A comparison with another network.
  struct Comparison {
    let file: String
    let network: Network
    let metric: PathMetric
  }

  /// Path activations at the inputs of a file.
  struct Activations {
    let file: String
    let inputs: Int
    let kinks: Int
    let rank: PathActivations.Rank
    let factorizationHolds: Bool?
  }

  let model: String
  let embedding: PathEmbedding
  let entries: BigInteger
  let norms: [PathNorm]
  let largest: [PathEmbedding.Entry?]
  var comparison: Comparison?
  var activations: Activations?
  var written: [String] = []

  /// The largest entry of all outputs.
  var top: PathEmbedding.Entry? {
    largest.compactMap(\.self).reduce(nil) { best, entry in
      best.map { $0.value.magnitude >= entry.value.magnitude ? $0 : entry } ?? entry
    }
  }

  /// The most outputs that a text has columns for; the JSON document has them all.
  private static let listed = 6

  var text: String {
    let network = embedding.network
    let outputs = min(network.outputCount, EmbedReport.listed)
    var lines = [
      "\(Terminal.bold(model)): \(network.summary)\(network.isSequential ? "" : ", skip blocks")",
      "  paths                \(embedding.pathCount.readable)",
      "  without a zero       \(entries.readable), outputs counted apart",
    ]
    if let top {
      lines.append("  largest              \(top.path), product \(top.value.nearestDouble.short)")
    }
    let columns = (["norm", "log10"] + (network.outputCount > 1 ? (0..<outputs).map { "y\($0)" } : []))
      .map { $0.padded(to: 11) }.joined()
    lines.append("  path norms           \(columns)")
    for norm in norms {
      let name = norm.order == .infinity ? "inf" : norm.order.short
      let all = [norm.total.nearest.short, String(norm.total.nearestLog10.short)]
      let each = network.outputCount > 1 ? norm.outputs.prefix(outputs).map(\.nearestLog10.short) : []
      let cells = (all + each).map { $0.padded(to: 11) }.joined()
      lines.append("    q = \(name.padded(to: 15))\(cells)\(norm.isExact ? "exact" : "enclosed")")
    }
    if network.outputCount > 1 {
      let rest = network.outputCount - outputs
      lines.append("    columns of outputs are logarithms" + (rest > 0 ? "; \(rest) more in --json" : ""))
    }
    if case .rounded = network.lowering { lines.append("  of the weights as read; reading had to round") }
    lines += compared + activated
    for file in written { lines.append("  written              \(file)") }
    return lines.joined(separator: "\n")
  }

  private var compared: [String] {
    guard let comparison else { return [] }
    let metric = comparison.metric
    let verdict: String
    switch metric.rescaling {
    case .rescaling: verdict = "\(Terminal.bold("rescaling")): positive factors for the neurons, proved"
    case .none(.architecture): verdict = "\(Terminal.bold("no rescaling")): the architectures differ"
    case .none(.sign(let name)): verdict = "\(Terminal.bold("no rescaling")): the signs of \(name) differ"
    case .none(.factor(let name)):
      verdict = "\(Terminal.bold("no rescaling")): \(name) does not fit the others"
    }
    let manhattan = metric.manhattan
    let rule =
      switch manhattan.rule {
      case .ordered: "one network's parameters are smaller throughout"
      case .sameSigns: "signs agree"
      case .oppositeSigns(let count): "\(count) signs are opposite, the way leads through 0"
      }
    let fit = manhattan.isAligned && !manhattan.upper.isZero ? ", neurons rescaled to fit" : ""
    let isExact = manhattan.lower?.exactPower == manhattan.upper.exactPower && manhattan.lower != nil
    let distance =
      isExact
      ? "\(manhattan.upper.nearest.short), exact"
      : "at most \(manhattan.upper.value.upper.shortAbove)"
        + (manhattan.lower.map { ", at least \($0.value.lower.shortBelow)" } ?? "")
    return [
      "  against              \(comparison.file)",
      "    verdict            \(verdict)",
      "    embeddings         \(metric.hasEqualEmbeddings ? "equal" : "different"), proved",
      "    2-distance         \(metric.distance.nearest.short), its square exact",
      "    1-distance         \(distance) (\(rule)\(fit))",
      "    functions          |f - g|_1 at most \(metric.functionBound.value.upper.shortAbove) max(1, |x|), proved",
    ]
  }

  private var activated: [String] {
    guard let activations else { return [] }
    let rank = activations.rank
    let factorization =
      switch activations.factorizationHolds {
      case true: "f = activations times embedding, checked exactly"
      case false: "f is not activations times embedding: please report this"
      default: "f = activations times embedding not checked: more paths than --limit"
      }
    return [
      "  activations          \(activations.inputs) inputs, \(activations.kinks) on a kink",
      "    rank               "
        + (rank.value.map { "\($0), proved" } ?? "\(rank.lower) to \(rank.upper), proved bounds"),
      "    factorization      \(factorization)",
    ]
  }
}

extension BigInteger {
  /// All digits up to 15 of them, else the logarithm.
  fileprivate var readable: String {
    let digits = description
    if digits.count <= 15 { return digits }
    return "\(digits.prefix(1)).\(digits.dropFirst().prefix(2))e\(digits.count - 1)"
  }
}
