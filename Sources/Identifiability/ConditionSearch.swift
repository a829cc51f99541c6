import Complexes
import LinearAlgebra
import Networks

/// Looks at the conditions of the theorems, one after the other.
struct ConditionSearch {
  let network: Network
  let regions: RegionFolds
  let options: DeepOptions
  let progress: Progress
  private let field: PrimeField
  private(set) var conditions: [IdentifiabilityCondition] = []
  private(set) var order: BendOrder?
  private(set) var layering: FoldLayering?
  private(set) var layerwise: LayerwiseIdentification?

  init(_ network: Network, regions: RegionFolds, options: DeepOptions, progress: Progress) {
    self.network = network
    self.regions = regions
    self.options = options
    self.progress = progress
    var rng = SplitMix64(seed: options.seed)
    field = PrimeField.random(using: &rng)
  }

  /// Whether the theorem on layers applies to a network that is general itself.
  ///
  /// Where it applies to one that is not, no general network of the architecture has the function: nothing is identified.
  var isIdentifiedGlobally: Bool {
    layerwise?.applies == true
      && ["general.signs", "general.folds"].allSatisfy { name in
        conditions.contains { $0.name == name && $0.verdict == .proved }
      }
  }

  mutating func run() throws {
    guard network.hiddenNeuronCount > 0 else { return }
    addArchitecture()
    try addGeneral()
    guard let folds = regions.folds else {
      let obstacle = LayerwiseIdentification.algebraicObstacles(network, field: field).first
      for (name, reference) in ConditionSearch.byRegions {
        if name == "layerwise", let obstacle {
          add(name, .refuted, "\(obstacle)", reference)
        } else {
          add(name, .undecided, regions.reason, reference)
        }
      }
      return
    }
    try progress.step("ordering the folds")
    let order = folds.bendOrder()
    self.order = order
    let layering = folds.layering()
    self.layering = layering
    addTransparent(folds.complex)
    addChains(folds, layering)
    addLayerwise(folds, order)
    try addFoldConditions(folds, order)
  }

  /// The conditions that need regions, where they are not enumerated.
  private static let byRegions = [
    ("transparent", "[PL20]"), ("chains", "[PL20] Lemma 4"), ("layerwise", "[PL20] Theorem 1"),
    ("linearRegions", "[GLR23] LRA"),
    ("distinctMaps", "[GLR23] LRA"), ("pairwiseIntersections", "[GLR23] TPIC"),
    ("supertransversal", "[Mas25]"),
    ("coactive", "[GM26]"), ("balanced", "[GM26]"), ("depth", "[PL20] [GM26]"),
  ]

  mutating func add(
    _ name: String, _ verdict: IdentifiabilityVerdict, _ evidence: String, _ reference: String
  ) {
    conditions.append(
      IdentifiabilityCondition(name: name, verdict: verdict, evidence: evidence, reference: reference))
  }

  private mutating func addArchitecture() {
    let widths = network.widths
    let hidden = widths.dropLast()
    let narrows = zip(hidden, hidden.dropFirst()).allSatisfy { $0 >= $1 }
    let text = widths.map(String.init).joined(separator: "-")
    if !network.isSequential {
      add("architecture", .refuted, "\(text) with blocks that skip layers", "[PL20] Theorem 1")
    } else if !narrows || widths[widths.count - 2] < 2 || network.outputCount != 1 {
      add(
        "architecture", .refuted,
        "\(text): the theorem is stated for widths that never grow, at least 2, and one output",
        "[PL20] Theorem 1")
    } else {
      add(
        "architecture", .proved, "\(text): widths never grow, are at least 2, and one output",
        "[PL20] Theorem 1")
    }
  }

  private mutating func addTransparent(_ complex: PolyhedralComplex) {
    for layer in 1...max(1, network.hiddenLayers.count) {
      guard let face = complex.opaqueFace(ofLayer: layer) else { continue }
      let point = regions.point(inside: face)
      add("transparent", .refuted, "no neuron of layer \(layer) is active at x = \(point)", "[PL20]")
      return
    }
    add(
      "transparent", .proved,
      "every layer has an active neuron on all faces of \(complex.regionCount) regions",
      "[PL20]")
  }

  /// Paths in the dependency graph of the canonical representation, from as many pieces as layer 1 has neurons.
  private mutating func addChains(_ folds: Folds, _ layering: FoldLayering) {
    let reference = "[PL20] Lemma 4"
    guard layering.order != nil else {
      add(
        "chains", .refuted,
        "\(layering.unexplained.count) folds end with nothing to end on: no canonical representation",
        reference)
      return
    }
    let needed = network.hiddenLayers.count - 1
    let lengths = layering.pathLengths
    let starts = lengths.count { $0 >= needed }
    let agreeing = layering.pieces.count { piece in
      piece.walls.contains { folds.complex.switchingNeurons(of: $0).contains { $0.layer == piece.layer } }
    }
    let width = network.layers[0].width
    add(
      "chains", starts >= width ? .proved : .refuted,
      "\(starts) of \(layering.pieces.count) pieces of the fold set start a path of length \(needed), layer 1 has width "
        + "\(width); \(agreeing) pieces are peeled off in the layer of their neuron", reference)
  }

  private mutating func addLayerwise(_ folds: Folds, _ order: BendOrder) {
    guard regions.isOpen else {
      add("layerwise", .refuted, "the domain holds an input fixed", "[PL20] Theorem 1")
      return
    }
    let found = LayerwiseIdentification(network, folds: folds, order: order, field: field)
    layerwise = found
    let counts = zip(found.chains, network.hiddenLayers).map { "\($0) of \($1.width)" }
    add(
      "layerwise", found.applies ? .proved : .refuted,
      found.obstacles.first.map {
        "\($0)" + (found.obstacles.count > 1 ? ", and \(found.obstacles.count - 1) more" : "")
      }
        ?? "independent rows, and neurons with long enough chains of bends, by layer: \(counts.joined(separator: ", "))",
      "[PL20] Theorem 1")
  }
}

extension RegionFolds {
  /// A point inside a face of the regions given by its vertices, as an input, in digits; rounded.
  func point(inside face: [Int]) -> String {
    guard let complex = folds?.complex else { return "-" }
    var mean = Array(repeating: 0.0, count: complex.dimension)
    let finite = face.count { !complex.isDirection($0) }
    for vertex in face {
      let weight = complex.isDirection(vertex) ? 1 : 1 / Double(max(1, finite))
      for (c, x) in complex.coordinates(of: vertex).enumerated() { mean[c] += weight * x }
    }
    return slice.input(at: mean).map { "\($0)" }.joined(separator: " ")
  }
}

extension PolyhedralComplex {
  /// The activation pattern of a region in digits, layers separated by bars.
  func digits(of region: Int) -> String { patternText(of: region).joined(separator: "|") }
}
