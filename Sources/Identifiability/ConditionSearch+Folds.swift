import Complexes
import ExactArithmetic
import Networks

extension ConditionSearch {
  /// The conditions on regions and folds.
  mutating func addFoldConditions(_ folds: Folds, _ order: BendOrder) throws {
    addLinearRegions(folds)
    try addDistinctMaps(folds.complex)
    addPairs(folds)
    addPosition(folds)
    try addBalance(folds)
    addDepth(folds, order)
  }

  private mutating func addLinearRegions(_ folds: Folds) {
    let complex = folds.complex
    let hidden = (0..<complex.wallCount).filter { !complex.isBoundary($0) && !folds.isVisible($0) }
    guard let wall = hidden.first, case (let first, let second?) = complex.regions(of: wall) else {
      add(
        "linearRegions", .proved, "all \(complex.regionCount) activation regions are linear regions",
        "[GLR23] LRA, [GM26]")
      return
    }
    let neurons = Set(hidden.flatMap { complex.switchingNeurons(of: $0) }).sorted()
    let shown = neurons.prefix(4).map { "\($0)" }.joined(separator: ", ")
    add(
      "linearRegions", .refuted,
      "\(complex.regionCount) activation regions are \(folds.linearRegions.count) linear regions; patterns "
        + "\(complex.digits(of: first)) and \(complex.digits(of: second)) are neighbours with one affine map; hidden folds of "
        + shown + Self.more(neurons.count - 4), "[GLR23] LRA, [GM26]")
  }

  private mutating func addDistinctMaps(_ complex: PolyhedralComplex) throws {
    var known: [[[Dyadic]]: Int] = [:]
    for region in 0..<complex.regionCount {
      if region & 63 == 0 {
        try progress.step("comparing affine maps", done: region, of: complex.regionCount)
      }
      let maps = complex.exactMaps(on: region)
      if let other = known[maps] {
        add(
          "distinctMaps", .refuted,
          "patterns \(complex.digits(of: other)) and \(complex.digits(of: region)) have one affine map",
          "[GLR23] LRA")
        return
      }
      known[maps] = region
    }
    add(
      "distinctMaps", .proved, "the affine maps of all \(complex.regionCount) patterns differ", "[GLR23] LRA")
  }

  private mutating func addPairs(_ folds: Folds) {
    let widths = network.hiddenLayers.map(\.width)
    var pairs: [NeuronPair] = []
    for layer in 1..<max(1, widths.count) {
      for i in 0..<widths[layer - 1] {
        for j in 0..<widths[layer] {
          pairs.append(
            NeuronPair(earlier: Neuron(layer: layer, index: i), later: Neuron(layer: layer + 1, index: j)))
        }
      }
    }
    func list(_ pairs: [NeuronPair]) -> String {
      pairs.prefix(4).map {
        "(\($0.earlier.layer),\($0.earlier.index))->(\($0.later.layer),\($0.later.index))"
      }.joined(separator: ", ") + Self.more(pairs.count - 4)
    }
    let crossing = folds.crossings()
    let missing = pairs.filter { !crossing.contains($0) }
    add(
      "pairwiseIntersections", missing.isEmpty ? .proved : .refuted,
      missing.isEmpty
        ? "the bent hyperplanes of all \(pairs.count) pairs of neurons in adjacent layers cross"
        : "\(missing.count) of \(pairs.count) pairs in adjacent layers do not cross: \(list(missing))",
      "[GLR23] TPIC")
    let coactive = folds.coactivePairs()
    let apart = pairs.filter { !coactive.contains($0) }
    add(
      "coactive", apart.isEmpty ? .proved : .refuted,
      apart.isEmpty
        ? "all \(pairs.count) pairs of neurons in adjacent layers are somewhere active together"
        : "\(apart.count) of \(pairs.count) pairs are never active together, so the weight between is not felt: \(list(apart))",
      "[GM26]")
  }

  private mutating func addPosition(_ folds: Folds) {
    switch folds.complex.facePosition(folds.ridges) {
    case .simple:
      add(
        "supertransversal", .proved, "on every face as many neurons are zero as its codimension",
        "[Mas25] Lemma 16")
    case .excess(let neurons, let codimension):
      let names = neurons.prefix(4).map { "\($0)" }.joined(separator: ", ") + Self.more(neurons.count - 4)
      add(
        "supertransversal", .refuted,
        codimension == 0
          ? "zero on a whole region: \(names)"
          : "on a face of codimension \(codimension) \(neurons.count) neurons are zero: \(names)",
        "[Mas25] Lemma 16")
    case .unknown:
      add(
        "supertransversal", .undecided, "vertices on the boundary of the domain are in special position",
        "[Mas25] Lemma 16")
    }
  }

  private mutating func addBalance(_ folds: Folds) throws {
    let count = folds.ridges.count
    guard count <= options.ridgeLimit else {
      add("balanced", .undecided, "\(count) faces of codimension 2 were not all checked", "[GM26]")
      return
    }
    for ridge in 0..<count where folds.ridges.isInterior(ridge) {
      if ridge & 63 == 0 { try progress.step("balancing jumps", done: ridge, of: count) }
      if let violation = folds.balanceViolation(around: ridge) {
        add("balanced", .refuted, "jumps of the gradient do not balance: \(violation)", "[GM26]")
        return
      }
    }
    add("balanced", .proved, "jumps of the gradient balance around every face of codimension 2", "[GM26]")
  }

  private mutating func addDepth(_ folds: Folds, _ order: BendOrder) {
    let depth = network.hiddenLayers.count
    let peeled = layering?.order.map { "; peeled from the function alone, folds have \($0) layers" } ?? ""
    guard let bound = order.depthBound else {
      add(
        "depth", .refuted, "folds bend on one another in a cycle, so no general network has this function",
        "[PL20]")
      return
    }
    add(
      "depth", bound == depth ? .proved : .undecided,
      (bound == depth
        ? "no general network with fewer than \(depth) hidden layers, of any widths, has this function"
        : "general networks with this function have at least \(bound) hidden layers, this one has \(depth)")
        + peeled, "[PL20] [GM26]")
  }
}
