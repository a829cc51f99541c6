import Crease

/// The JSON document of `crease embed`.
struct EmbedDocument: Encodable {
  /// A magnitude: its logarithm between bounds, and exactly what it is the root of.
  struct Magnitude: Encodable {
    let log10: Double
    let log10Lower: Double
    let log10Upper: Double
    let value: Double
    let exactPower: String?

    init(_ magnitude: PathMagnitude) {
      log10 = magnitude.nearestLog10
      log10Lower = magnitude.log10.lower
      log10Upper = magnitude.log10.upper
      value = magnitude.nearest
      exactPower = magnitude.exactPower?.description
    }
  }

  struct Norm: Encodable {
    let q: String
    let exact: Bool
    let total: Magnitude
    let outputs: [Magnitude]
  }

  struct Largest: Encodable {
    let path: String
    let value: Double
    let exact: String
  }

  struct Against: Encodable {
    let file: String
    let verdict: String
    let obstacle: String?
    let factors: [[String]]?
    let embeddingsEqual: Bool
    let innerProduct: String
    let squaredDistance: String
    let distance2: Magnitude
    let rule: String
    let oppositeSigns: Int
    let aligned: Bool
    let distance1Lower: Magnitude?
    let distance1Upper: Magnitude
    let functionBound: Magnitude
  }

  struct Activations: Encodable {
    let file: String
    let inputs: Int
    let kinks: Int
    let rank: Int?
    let rankLower: Int
    let rankUpper: Int
    let factorizationHolds: Bool?
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "embed"
  let engines = Release.engines
  let file: String
  let widths: [Int]
  let isSequential: Bool
  let exactWeights: Bool
  let paths: String
  let nonzeroEntries: String
  let pathNorm: [String: Double]
  let norms: [Norm]
  let largest: [Largest?]
  let against: Against?
  let activations: Activations?
  let written: [String]
}

extension EmbedReport {
  var document: EmbedDocument {
    let network = embedding.network
    return EmbedDocument(
      file: model, widths: network.widths, isSequential: network.isSequential,
      exactWeights: network.lowering == .exact, paths: embedding.pathCount.description,
      nonzeroEntries: entries.description,
      pathNorm: Dictionary(
        norms.map { (name(of: $0.order), $0.total.nearestLog10) }, uniquingKeysWith: { first, _ in first }),
      norms: norms.map { norm in
        EmbedDocument.Norm(
          q: name(of: norm.order), exact: norm.isExact, total: EmbedDocument.Magnitude(norm.total),
          outputs: norm.outputs.map { EmbedDocument.Magnitude($0) })
      },
      largest: largest.map { entry in
        entry.map {
          EmbedDocument.Largest(
            path: "\($0.path)", value: $0.value.nearestDouble, exact: $0.value.description)
        }
      },
      against: comparison.map { against($0) },
      activations: activations.map {
        EmbedDocument.Activations(
          file: $0.file, inputs: $0.inputs, kinks: $0.kinks, rank: $0.rank.value, rankLower: $0.rank.lower,
          rankUpper: $0.rank.upper, factorizationHolds: $0.factorizationHolds)
      }, written: written)
  }

  /// `1`, `0.5` or `inf`.
  private func name(of order: Double) -> String {
    order == .infinity ? "inf" : order == order.rounded() ? "\(Int(order))" : "\(order)"
  }

  private func against(_ comparison: Comparison) -> EmbedDocument.Against {
    let metric = comparison.metric
    var obstacle: String?
    switch metric.rescaling {
    case .rescaling: break
    case .none(.architecture): obstacle = "architecture"
    case .none(.sign(let name)): obstacle = "sign of \(name)"
    case .none(.factor(let name)): obstacle = "factor of \(name)"
    }
    var opposite = 0
    let rule: String
    switch metric.manhattan.rule {
    case .ordered: rule = "ordered"
    case .sameSigns: rule = "sameSigns"
    case .oppositeSigns(let count): (rule, opposite) = ("oppositeSigns", count)
    }
    return EmbedDocument.Against(
      file: comparison.file, verdict: obstacle == nil ? "rescaling" : "different", obstacle: obstacle,
      factors: metric.rescaling.rescaling?.factors.map { $0.map(\.description) },
      embeddingsEqual: metric.hasEqualEmbeddings, innerProduct: metric.innerProduct.description,
      squaredDistance: metric.squaredDistance.description,
      distance2: EmbedDocument.Magnitude(metric.distance), rule: rule, oppositeSigns: opposite,
      aligned: metric.manhattan.isAligned,
      distance1Lower: metric.manhattan.lower.map { EmbedDocument.Magnitude($0) },
      distance1Upper: EmbedDocument.Magnitude(metric.manhattan.upper),
      functionBound: EmbedDocument.Magnitude(metric.functionBound))
  }
}
