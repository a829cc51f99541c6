import ArgumentParser
import Crease

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a model file, and what of it the function needs.",
    discussion: """
      $ crease inspect Examples/acasxu_1_1_disguised.onnx
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup var domainOptions: DomainOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let domain = try domainOptions.resolve(network)
    try line.progress.step("numbering neurons")
    let inspection = try Inspection(network, domain: domain, progress: line.progress)
    line.clear()
    if json {
      try JSONOutput.print(InspectionDocument(model, inspection))
    } else {
      Terminal.print(inspection.text(model))
    }
  }
}

/// What `crease inspect` finds out.
struct Inspection {
  let network: Network
  let domain: InputDomain?
  let inventory: NeuronInventory
  /// The share of weights that are zero.
  let sparsity: Double
  /// Enclosures of the outputs on the domain; nil on all of ℝⁿ.
  let outputs: [Interval]?
  /// nil where the canonical form is too large to write out.
  let fingerprint: String?

  /// The most multiplications to spend on a fingerprint: about a second.
  private static let fingerprintLimit = 10_000_000

  init(_ network: Network, domain: InputDomain?, progress: Progress) throws {
    self.network = network
    self.domain = domain
    let (graph, facts) = try SignalGraph.withFacts(network, progress: progress)
    inventory = NeuronInventory(of: network, graph: graph, facts: facts)
    let weights = network.layers.flatMap { $0.blocks.map(\.weights.nearest.elements) }
    let count = weights.reduce(0) { $0 + $1.count }
    let zeros = weights.reduce(0) { total, block in total + block.reduce(0) { $0 + ($1 == 0 ? 1 : 0) } }
    sparsity = count == 0 ? 0 : Double(zeros) / Double(count)
    outputs = domain.map { network.preactivationRanges(over: $0.enclosure)[network.layers.count - 1] }
    fingerprint = try? CanonicalForm(graph, limit: Inspection.fingerprintLimit).fingerprint
  }

  func text(_ file: String) -> String {
    let total = inventory.total
    var lines = [
      Terminal.bold(file),
      "  widths        \(network.widths.map(String.init).joined(separator: "-"))"
        + (network.isSequential ? "" : " with skip blocks"),
      "  parameters    \(network.parameterCount), \(network.storage.rawValue)",
      "  weights zero  \((sparsity * 100).short) %",
      "  hidden        \(total.width) neurons: \(total.live) live, \(total.dead) dead, \(total.constant) constant, "
        + "\(total.twins) twins, \(total.linear) linear",
    ]
    for (position, layer) in inventory.layers.enumerated() where layer.live < layer.width {
      lines.append(
        "    layer \(position + 1): \(layer.width) neurons, \(layer.live) live, \(layer.inactive) never on, "
          + "\(layer.unread) unread, \(layer.constant) constant, \(layer.twins) twins, \(layer.linear) linear"
      )
    }
    switch network.lowering {
    case .exact: break
    case .rounded: lines.append("  lowering      rounded, with a proved bound (a square root, or raw units)")
    }
    if let domain, let outputs {
      let sides = domain.enclosure.prefix(6).map { "[\($0.lower.short), \($0.upper.short)]" }
      let more = domain.dimension > 6 ? " ... (\(domain.dimension) inputs)" : ""
      lines.append("  domain        \(sides.joined(separator: " "))\(more)")
      let ranges = outputs.prefix(6).map { "[\($0.lower.shortBelow), \($0.upper.shortAbove)]" }
      let rest = outputs.count > 6 ? " ... (\(outputs.count) outputs)" : ""
      lines.append("  outputs in    \(ranges.joined(separator: " "))\(rest), proved")
    } else {
      lines.append("  domain        all of R^\(network.inputCount)")
    }
    lines.append("  fingerprint   \(fingerprint ?? "not computed: the canonical form is too large")")
    return lines.joined(separator: "\n")
  }
}

struct InspectionDocument: Encodable {
  struct Layer: Encodable {
    let width: Int
    let live: Int
    let inactive: Int
    let unread: Int
    let constant: Int
    let twins: Int
    let linear: Int
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "inspect"
  let engines = Release.engines
  let file: String
  let widths: [Int]
  let isSequential: Bool
  let parameters: Int
  let hiddenNeurons: Int
  let storage: String
  let exact: Bool
  let dead: Int
  let constant: Int
  let twins: Int
  let linear: Int
  let live: Int
  let layers: [Layer]
  let sparsity: Double
  let domain: DomainDocument?
  let outputRange: [[Double]]?
  let fingerprint: String?

  init(_ file: String, _ inspection: Inspection) {
    let network = inspection.network
    let total = inspection.inventory.total
    self.file = file
    widths = network.widths
    isSequential = network.isSequential
    parameters = network.parameterCount
    hiddenNeurons = network.hiddenNeuronCount
    storage = network.storage.rawValue
    exact = network.lowering == .exact
    dead = total.dead
    constant = total.constant
    twins = total.twins
    linear = total.linear
    live = total.live
    layers = inspection.inventory.layers.map {
      Layer(
        width: $0.width, live: $0.live, inactive: $0.inactive, unread: $0.unread, constant: $0.constant,
        twins: $0.twins, linear: $0.linear)
    }
    sparsity = inspection.sparsity
    domain = DomainDocument(inspection.domain)
    outputRange = inspection.outputs?.map { [$0.lower, $0.upper] }
    fingerprint = inspection.fingerprint
  }
}
