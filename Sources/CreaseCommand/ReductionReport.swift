import Crease

/// A reduction told to people and to scripts.
struct ReductionReport {
  private let command: ReduceCommand
  private let original: Network
  private let reduced: Network
  private let reduction: NetworkReduction
  private let comparison: Comparison

  init(
    _ command: ReduceCommand, _ original: Network, _ reduced: Network, _ reduction: NetworkReduction,
    _ comparison: Comparison
  ) {
    self.command = command
    self.original = original
    self.reduced = reduced
    self.reduction = reduction
    self.comparison = comparison
  }

  /// The proved bound of |f − g|; nil where there is none.
  private var epsilon: Double? {
    switch comparison.verdict {
    case .equivalent(.identical): 0
    case .equivalent(.withinEpsilon(let bound, _)): bound
    case .undecided(let bounds): bounds.upper.isFinite ? bounds.upper : nil
    case .equivalent(.sameLargest), .different: comparison.supremum?.upper
    }
  }

  // MARK: For people

  var text: String {
    let place = comparison.domain.phrase(inputs: original.inputCount)
    let headline =
      switch epsilon {
      case .some(0): "\(Terminal.bold("identical")): the same function \(place), proved"
      case .some(let bound):
        "\(Terminal.bold("within epsilon")): rounding to \(reduced.storage.rawValue) changes the outputs by at most "
          + "\(bound.shortAbove)\(comparison.domain == nil ? " max(1, |x|)" : "") \(place), proved"
      case nil:
        "\(Terminal.bold("rounded")): the reduction is exact, but nothing bounds its rounding \(place)"
      }
    var lines = [headline, table]
    if let stability = reduction.stability {
      let rungs = stability.rungs
      let open = stability.states.joined().count { $0 == .open }
      lines.append(
        "  signs on the box: \(rungs.weights + rungs.bounds + rungs.programs + rungs.parts) neurons proved stable"
          + " (\(rungs.programs) by linear programs, \(rungs.parts) by parts of it), \(rungs.samples + rungs.ascent + rungs.search) of both signs,"
          + " \(open) open")
    }
    if reduction.skipped > 0 {
      let reason =
        command.exact
        ? "\(reduced.storage.rawValue) does not hold their results" : "their factors are not dyadic"
      lines.append("  folds left out: \(reduction.skipped), since \(reason)")
    }
    lines.append("  \(command.model): \(original.summary), \(original.parameterCount) parameters")
    lines.append("  \(command.output): \(reduced.summary), \(reduced.parameterCount) parameters")
    if let file = command.certificate, comparison.certificate != nil { lines.append("  proof \(file)") }
    return lines.joined(separator: "\n")
  }

  /// A row for each layer of the model, and a column for each reason that occurs.
  private var table: String {
    typealias Layer = NetworkReduction.Layer
    let columns: [(name: String, count: (Layer) -> Int)] = [
      ("unread", { $0.unread }), ("constant", { $0.constant }), ("twin", { $0.twins }),
      ("inactive", { $0.inactive }), ("active", { $0.folded }), ("opposite", { $0.opposite }),
      ("linear", { $0.linear }),
    ]
    let shown =
      [("before", { (layer: Layer) in layer.before }), ("kept", { $0.kept })]
      + columns.filter { column in reduction.layers.contains { column.count($0) > 0 } }
    func row(_ cells: [String]) -> String {
      "  "
        + zip(cells, ["layer"] + shown.map(\.0)).map { cell, name in
          String(repeating: " ", count: max(0, max(name.count, 5) - cell.count)) + cell
        }.joined(separator: "  ")
    }
    let rows = reduction.layers.enumerated().map { l, layer in
      row(["\(l + 1)"] + shown.map { "\($0.1(layer))" })
    }
    return ([row(["layer"] + shown.map(\.0))] + rows).joined(separator: "\n")
  }

  // MARK: For scripts

  var document: ReductionDocument {
    ReductionDocument(
      model: command.model, output: command.output, widths: reduced.widths,
      hiddenNeuronsBefore: original.hiddenNeuronCount, hiddenNeuronsAfter: reduced.hiddenNeuronCount,
      parametersBefore: original.parameterCount, parametersAfter: reduced.parameterCount, epsilon: epsilon,
      epsilonIsRelative: comparison.domain == nil, domain: DomainDocument(comparison.domain),
      precision: reduced.storage.rawValue,
      layers: reduction.layers.map { layer in
        ReductionDocument.Layer(
          before: layer.before, kept: layer.kept, unread: layer.unread, constant: layer.constant,
          twins: layer.twins, inactive: layer.inactive, activeFolded: layer.folded, opposite: layer.opposite,
          linear: layer.linear)
      },
      openNeurons: reduction.stability.map { $0.states.joined().count { $0 == .open } },
      skipped: reduction.skipped,
      certificate: comparison.certificate == nil ? nil : command.certificate, seed: command.seed)
  }
}

struct ReductionDocument: Encodable {
  struct Layer: Encodable {
    let before: Int
    let kept: Int
    let unread: Int
    let constant: Int
    let twins: Int
    let inactive: Int
    let activeFolded: Int
    let opposite: Int
    let linear: Int
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "reduce"
  let model: String
  let output: String
  let widths: [Int]
  let hiddenNeuronsBefore: Int
  let hiddenNeuronsAfter: Int
  let parametersBefore: Int
  let parametersAfter: Int
  /// The proved bound of |f − g|, null where there is none.
  let epsilon: Double?
  let epsilonIsRelative: Bool
  let domain: DomainDocument?
  let precision: String
  let layers: [Layer]
  let openNeurons: Int?
  let skipped: Int
  let certificate: String?
  let seed: UInt64
}
