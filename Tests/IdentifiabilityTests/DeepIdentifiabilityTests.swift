import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Deep identifiability")
struct DeepIdentifiabilityTests {
  /// Two units that meet the axes, and two that bend on both: identified by hand.
  static let chained = Network(
    weights: [[[1, 0], [0, 1]], [[1, 1], [-1, -0.5]], [[1, 0.5]]], biases: [[0, 0], [-1, 2], [0.25]])

  static func box(_ size: Double, _ inputs: Int = 2) -> InputDomain {
    .box(InputDomain.Box(Array(repeating: Interval(-size, size), count: inputs)))
  }

  private static func verdicts(_ found: DeepIdentifiability) -> [String: IdentifiabilityVerdict] {
    Dictionary(uniqueKeysWithValues: found.report.conditions.map { ($0.name, $0.verdict) })
  }

  @Test("A network whose folds bend in chains is identified on the box and on the plane")
  func chained() throws {
    for domain in [Self.box(3), nil] {
      let found = try DeepIdentifiability(of: Self.chained, on: domain)
      #expect(found.report.verdict == .proved && found.report.scope == .global)
      #expect(found.order?.depthBound == 2 && found.layerwise?.chains == [2, 2])
      for name in ["general.signs", "general.ranks", "general.pieces", "layerwise", "balanced", "depth"] {
        #expect(found.report[name]?.verdict == .proved, "\(name): \(found.report[name]?.evidence ?? "-")")
      }
      // Where both inputs are negative no neuron of layer 1 is active; the theorem does not need that.
      #expect(found.report["transparent"]?.verdict == .refuted)
    }
  }

  @Test("A theorem that needs active neurons says where there are none")
  func mutated() throws {
    func report(_ second: [[Double]], _ bias: [Double], first: [[Double]] = [[1, 0], [0, 1]]) throws
      -> DeepIdentifiability
    {
      try DeepIdentifiability(
        of: Network(weights: [first, second, [[1, 0.5]]], biases: [[0, 0], bias, [0.25]]), on: Self.box(3))
    }
    // A dead neuron in layer 2.
    let dead = try report([[1, 1], [-1, -0.5]], [-1, -1])
    #expect(dead.layerwise?.obstacles.contains(.nowhereActive(layer: 2)) == true)
    #expect(dead.report.verdict == .refuted && dead.report["functionalDimension"]?.verdict == .refuted)
    // Parallel neurons in layer 2.
    let parallel = try report([[1, 1], [2, 2]], [-1, -2])
    #expect(parallel.layerwise?.obstacles.first == .dependentRows(layer: 2, rank: 1, width: 2))
    #expect(parallel.report["general.ranks"]?.verdict == .refuted)
    #expect(parallel.report["general.pieces"]?.verdict == .refuted)
    #expect(parallel.report.verdict == .refuted)
    // An always active neuron in layer 2.
    let active = try report([[1, 1], [1, 0.5]], [-1, 2])
    #expect(active.layerwise?.obstacles.contains(.unseen(Neuron(layer: 2, index: 1))) == true)
    #expect(active.report.verdict == .refuted)
    // The axes are seen on one side of the fold of layer 2 only: it could be theirs to end there.
    let open = try DeepIdentifiability(
      of: Network(weights: [[[1, 0], [0, 1]], [[1, 1]], [[1]]], biases: [[0, 0], [-1], [0.25]]),
      on: Self.box(3))
    #expect(
      open.layerwise?.obstacles
        == (0..<2).map { .shortChain(Neuron(layer: 1, index: $0), length: 0, needed: 1) })
    // An input that is held fixed.
    let flat = InputDomain.box(InputDomain.Box([Interval(-3, 3), Interval(1, 1)]))
    let fixed = try DeepIdentifiability(of: Self.chained, on: flat)
    #expect(fixed.layerwise == nil && fixed.report["layerwise"]?.verdict == .refuted)
    #expect(fixed.report.verdict != .proved)
  }

  @Test("Where random networks are identified globally, the functional dimension is full")
  func random() throws {
    var count = 0
    for seed in UInt64(0)..<24 {
      var rng = SplitMix64(seed: seed)
      let network = Network.random(widths: [2, 2, 2, 1], denominator: 1 << 10, using: &rng)
      let found = try DeepIdentifiability(of: network, on: Self.box(4))
      guard found.layerwise?.applies == true else { continue }
      count += 1
      #expect(found.report["functionalDimension"]?.verdict == .proved, "seed \(seed)")
      #expect(found.report["depth"]?.verdict == .proved, "seed \(seed)")
    }
    #expect(count > 0)
  }

  @Test("The minimal network with a free weight: one pair does not cross, and it is refuted")
  func minimal() throws {
    let found = try DeepIdentifiability(of: Fixtures.minimal)
    let pair = try #require(found.report["pairwiseIntersections"])
    #expect(pair.verdict == .refuted && pair.evidence.contains("1 of 6 pairs"))
    #expect(pair.evidence.contains("(1,2)->(2,0)"))
    let coactive = try #require(found.report["coactive"])
    #expect(coactive.verdict == .refuted && coactive.evidence.contains("(1,2)->(2,0)"))
    #expect(found.report.verdict == .refuted && found.report.scope == .global)
    let second = try #require(found.report.second)
    #expect(second.network.standardRelation(to: Fixtures.minimal) == .unrelated)
  }

  @Test(
    "Fixtures of the theory",
    arguments: [
      ("F0", Fixtures.generic, IdentifiabilityVerdict.proved, IdentifiabilityScope.local),
      ("F1", Fixtures.dead, .refuted, .global), ("F2", Fixtures.stable, .refuted, .global),
      ("F3", Fixtures.twoStable, .refuted, .global), ("F4", Fixtures.minimal, .refuted, .global),
      ("F5", Fixtures.twins, .refuted, .global), ("F6", Fixtures.opposites, .undecided, .local),
      ("F7", Fixtures.flippable, .refuted, .global), ("F8", Fixtures.unread, .refuted, .global),
      ("F9", Fixtures.hiddenFold, .refuted, .global), ("F10a", Fixtures.oneFunction[0], .refuted, .global),
      ("F10b", Fixtures.oneFunction[1], .refuted, .global),
      ("F10c", Fixtures.oneFunction[2], .refuted, .global),
    ])
  func fixtures(
    _ name: String, _ network: Network, _ verdict: IdentifiabilityVerdict, _ scope: IdentifiabilityScope
  ) throws {
    let found = try DeepIdentifiability(of: network)
    #expect(
      found.report.verdict == verdict && found.report.scope == scope, "\(name): \(found.report.statement)")
    if let second = found.report.second?.network {
      // The other network is the same function, at points where doubles are exact enough to tell.
      var rng = SplitMix64(seed: 5)
      for _ in 0..<200 {
        let x = (0..<network.inputCount).map { _ in Double.random(in: -20...20, using: &rng) }
        for (a, b) in zip(network.outputs(at: x), second.outputs(at: x)) {
          #expect(abs(a - b) < 1e-9, "\(name) at \(x)")
        }
      }
    }
  }

  @Test("Where the theorem applies to a network that is not general, nothing is identified globally")
  func notGeneral() throws {
    // Chains of bends are long enough, but a neuron of layer 2 is zero on a whole region.
    let flat = Network(
      weights: [[[-3, -2, 3], [-1, -3, 3], [-2, 1, 2]], [[-1, 3, -1], [2, -1, 2]], [[3, -3]]],
      biases: [[0, 0, 3], [3, 0], [0]])
    let found = try DeepIdentifiability(of: flat, on: Self.box(2, 3))
    #expect(found.layerwise?.applies == true && found.report["general.signs"]?.verdict == .refuted)
    #expect(found.report["general.folds"]?.verdict == .refuted)
    #expect(found.report.verdict == .proved && found.report.scope == .local, "\(found.report.statement)")
    #expect(found.report.statement.hasSuffix("no general network of this architecture has this function"))
    // Two pieces are equal under a pattern, but neither is zero there: that is general enough for the theorem.
    let equal = Network(
      weights: [
        [[-2, -3, -1], [-1, 1, -3], [3, 2, -1]], [[-3, 2, -2], [1, 3, -2], [-1, 2, 2]], [[-2, 3, 1]],
      ], biases: [[-2, 3, 3], [3, -2, 3], [-1]])
    let other = try DeepIdentifiability(of: equal, on: Self.box(4, 3))
    #expect(other.report["general.pieces"]?.verdict == .refuted)
    #expect(other.report["general.folds"]?.verdict == .proved)
    #expect(other.report.verdict == .proved && other.report.scope == .global)
  }

  @Test("Hyperplanes that hold the zeros of two neurons, or of one under two patterns, are found")
  func sharedHyperplanes() throws {
    func condition(_ weights: [[[Double]]], _ biases: [[Double]]) throws -> IdentifiabilityCondition? {
      try DeepIdentifiability(of: Network(weights: weights, biases: biases), on: Self.box(3)).report[
        "general.folds"]
    }
    // The first neuron of layer 2 does not read y: its fold x = 1 goes straight on across y = 0.
    let straight = try condition(
      [[[1, 0], [0, 1]], [[1, 0], [1, 1]], [[1, 1]]], [[0, 0], [-1, -2], [0]])
    #expect(
      straight?.verdict == .refuted
        && straight?.evidence.contains("zeros of neuron 0 of layer 2 next to patterns") == true,
      "\(straight?.evidence ?? "-")")
    // Neurons on opposite sides of x = 0.
    let opposite = try condition([[[1, 0], [-2, 0], [0, 1]], [[1, 1, 1]]], [[0, 0, 0], [0]])
    #expect(
      opposite?.verdict == .refuted
        && opposite?.evidence.contains("zeros of neuron 0 of layer 1, neuron 1 of layer 1") == true,
      "\(opposite?.evidence ?? "-")")
    #expect(
      try condition(
        [[[1, 0], [0, 1]], [[1, 1], [-1, -0.5]], [[1, 0.5]]], [[0, 0], [-1, 2], [0.25]])?.verdict == .proved)
  }

  @Test("Weights that vanish modulo the prime at hand are told from zeros")
  func unluckyPrime() throws {
    var rng = SplitMix64(seed: DeepOptions().seed)
    let prime = Double(PrimeField.random(using: &rng).prime)
    // The rows are independent, but not modulo the prime.
    let scaled = Network(
      weights: [[[prime, 0], [0, 1]], [[1, 1], [-1, -0.5]], [[1, 0.5]]], biases: [[0, 0], [-1, 2], [0.25]])
    let found = try DeepIdentifiability(of: scaled, on: Self.box(3))
    #expect(found.layerwise?.obstacles.isEmpty == true, "\(found.layerwise?.obstacles ?? [])")
    var options = DeepOptions()
    options.enumeratedDimension = 1
    let algebra = try DeepIdentifiability(of: scaled, on: Self.box(3), options: options)
    #expect(algebra.report["layerwise"]?.verdict == .undecided)
    // One row is a multiple of the other by the prime.
    let multiple = Network(
      weights: [[[1, 2], [prime, 2 * prime]], [[1, 1]]], biases: [[3, 3 * prime], [0]])
    #expect(
      try PieceProportions(of: multiple).finding
        == .proportional(
          PieceProportions.Piece(neuron: Neuron(layer: 1, index: 0), pattern: []),
          PieceProportions.Piece(neuron: Neuron(layer: 1, index: 1), pattern: [])))
  }

  @Test("T-08: full functional dimension, and yet turning all neurons gives another network")
  func turned() throws {
    let network = Network(
      weights: [[[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]]], biases: [[1, 2, 3], [0]])
    let found = try DeepIdentifiability(of: network)
    #expect(found.report.verdict == .refuted)
    #expect(found.report["functionalDimension"]?.verdict == .proved)
    #expect(found.report["orientation"]?.verdict == .refuted)
    let second = try #require(found.report.second?.network)
    #expect(second.layers[0].bias.nearest.elements == [-1, -2, -3])
    #expect(second.layers[1].bias.nearest.elements == [6])
  }

  @Test("A hidden fold leaves linear regions that are several activation regions")
  func hiddenFold() throws {
    let found = try DeepIdentifiability(of: Fixtures.hiddenFold)
    let verdicts = Self.verdicts(found)
    #expect(verdicts["linearRegions"] == .refuted && verdicts["distinctMaps"] == .refuted)
    #expect(verdicts["transparent"] == .refuted && verdicts["architecture"] == .refuted)
    #expect(found.report["linearRegions"]?.evidence.contains("3 activation regions are 2") == true)
  }

  @Test("What is too large is undecided, with the reason")
  func budget() throws {
    var options = DeepOptions()
    options.regionBudget = 3
    options.patternBudget = 2
    let found = try DeepIdentifiability(of: Fixtures.generic, on: Self.box(2), options: options)
    #expect(found.folds == nil && found.layerwise == nil)
    #expect(found.report["transparent"]?.evidence == "there are more than 3 activation regions")
    #expect(found.report["layerwise"]?.evidence == "the 3 rows of layer 1 have rank 2 only")
    #expect(found.report["general.ranks"]?.verdict == .undecided)
    #expect(found.report["general.pieces"]?.verdict == .undecided)
    options.parameterLimit = 1
    let none = try DeepIdentifiability(of: Fixtures.generic, on: Self.box(2), options: options)
    #expect(none.report.verdict == .undecided)
  }

  @Test(
    "A construction is identified; with a neuron dead, parallel or always active it is refuted, for that reason"
  )
  func mutatedConstruction() throws {
    let built = try Construction(.phuongLampert, widths: [3, 3, 2, 1], seed: 2)
    let proved = try DeepIdentifiability(of: built.network, on: built.domain).report
    #expect(proved.verdict == .proved && proved.scope == .global)
    let dead = built.network.changing { weights, biases in
      weights[1][1] = weights[1][1].map { -$0.magnitude }
      biases[1][1] = -1
    }
    let parallel = built.network.changing { weights, biases in
      weights[0][2] = weights[0][0].map { 2 * $0 }
      biases[0][2] = 2 * biases[0][0]
    }
    let active = built.network.changing { weights, biases in
      biases[1] = weights[1].map { 1000 * $0.reduce(0) { $0 + $1.magnitude } }
    }
    for (network, condition) in [
      (dead, "transparent"), (parallel, "general.folds"), (active, "functionalDimension"),
    ] {
      let found = try DeepIdentifiability(of: network, on: built.domain)
      #expect(found.report.verdict == .refuted, "\(condition)")
      #expect(
        found.report.conditions.first { $0.name == condition }?.verdict == .refuted, "\(condition)")
      let second = try #require(found.report.second, "\(condition)").network
      #expect(second.standardRelation(to: network) == .unrelated, "\(condition)")
      #expect(
        try network.compared(with: second, options: ComparisonOptions(domain: built.domain)).verdict
          == .equivalent(.identical), "\(condition)")
    }
  }

  @Test("An affine function identifies its only network")
  func affine() throws {
    let network = Network(weights: [[[1, 2]]], biases: [[3]])
    let found = try DeepIdentifiability(of: network)
    #expect(found.report.verdict == .proved && found.report.scope == .global)
  }
}
