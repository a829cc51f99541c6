import Crease
import Figures

/// What `--svg` and `--html` write.
protocol Drawing {
  /// The picture.
  var svg: String { get }
  /// The picture on a page with a table.
  var page: String { get }
}

/// The picture of a functional dimension: where the parameters go.
struct DimensionDrawing: Drawing {
  private let figure: DimensionFigure
  private let rows: [[String]]

  init(_ model: String, _ finding: DimensionFinding, _ network: Network) {
    let open = finding.upper - finding.lower
    let reasons = finding.bounds.filter { $0.directions > 0 }
    func kind(_ bound: DimensionBound) -> DimensionFigure.Kind {
      if bound.mechanism == .rescaling { return .rescaling }
      let number = DimensionBound.Mechanism.allCases.filter { $0 != .rescaling }.firstIndex(
        of: bound.mechanism)
      return .reason(number ?? 0)
    }
    var parts = [
      DimensionFigure.Part("move the function: the functional dimension", count: finding.lower, kind: .moving)
    ]
    parts += reasons.map { .init($0.reason, count: $0.directions, kind: kind($0)) }
    if open > 0 {
      parts.append(.init("open: neither proved to move the function nor not to", count: open, kind: .open))
    }
    // What the number of rows leaves, at few inputs.
    let rest = finding.parameters - parts.reduce(0) { $0 + $1.count }
    if rest > 0 {
      parts.append(.init("not seen: more parameters than the inputs tell apart", count: rest, kind: .unseen))
    }
    let layers = network.hiddenLayers.enumerated().map { position, layer -> DimensionFigure.Layer in
      var left = Set(0..<layer.width)
      var own: [DimensionFigure.Part] = []
      for bound in reasons where bound.mechanism != .rescaling {
        let named = left.intersection(bound.neurons.filter { $0.layer == position + 1 }.map(\.index))
        if named.isEmpty { continue }
        left.subtract(named)
        own.append(.init(bound.mechanism.words, count: named.count, kind: kind(bound)))
      }
      let plain = DimensionFigure.Part("with rescaling only", count: left.count, kind: .moving)
      return .init("layer \(position + 1)", parts: (left.isEmpty ? [] : [plain]) + own)
    }
    let size =
      finding.lower == finding.upper ? "exactly \(finding.lower)" : "\(finding.lower) to \(finding.upper)"
    figure = DimensionFigure(
      title: model.split(separator: "/").last.map(String.init) ?? model,
      caption: [
        "\(network.summary)",
        "Functional dimension \(size) of \(finding.parameters) parameters, \(finding.place), proved",
      ], parts: parts, layers: layers,
      notes: ["Each direction is counted once, with the first reason that explains it."])
    rows = parts.map { part in
      [
        part.label, "\(part.count)",
        "\((100 * Double(part.count) / Double(max(1, finding.parameters))).short) %",
      ]
    }
  }

  var svg: String { figure.svg() }

  var page: String { figure.page(columns: ["parameters that …", "directions", "share"], rows: rows) }
}

/// The picture of a numerical rank: its singular values.
struct SpectrumDrawing: Drawing {
  private let figure: SpectrumFigure
  private let rows: [[String]]

  init(_ finding: NumericalDimensionDocument, _ rank: NumericalRank) {
    let values =
      rank.method == .singularValues ? "Singular values" : "Pivots, which follow the singular values,"
    figure = SpectrumFigure(
      title: finding.file.split(separator: "/").last.map(String.init) ?? finding.file,
      caption: [
        "\(values) of the Jacobian by the parameters at \(finding.batch) inputs, rows of length 1",
        "\(rank.value) of \(finding.parameters) parameters seem to move the function; not proved",
      ], values: rank.values, rank: rank.value, tolerance: rank.tolerance,
      notes: finding.kinks > 0 ? ["\(finding.kinks) inputs on kinks are left out."] : [])
    let first = max(0, rank.value - 3)
    rows = rank.valuesAroundGap().enumerated().map { offset, value in
      ["\(first + offset + 1)", value.short, first + offset < rank.value ? "kept" : "dropped"]
    }
  }

  var svg: String { figure.svg() }

  var page: String { figure.page(columns: ["number", "value", "side of the tolerance"], rows: rows) }
}

extension NumericalDimensionDocument {
  func drawing(_ rank: NumericalRank) -> SpectrumDrawing { SpectrumDrawing(self, rank) }
}
