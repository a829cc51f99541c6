import Crease
import Testing
import _TestSupport

@Suite("Hidden symmetries")
struct HiddenSymmetryTests {
  /// The number of hidden directions of each mechanism.
  private static func counts(_ found: HiddenSymmetries) -> [HiddenMechanism: Int] {
    Dictionary(uniqueKeysWithValues: found.causes.map { ($0.mechanism, $0.directions) })
  }

  static let fixtures: [(name: String, network: Network, counts: [HiddenMechanism: Int])] = [
    ("generic", Fixtures.generic, [:]), ("dead", Fixtures.dead, [.inactive: 4]),
    ("always active", Fixtures.stable, [.stablyActive: 1]),
    ("two always active", Fixtures.twoStable, [.stablyActive: 5]),
    ("minimal", Fixtures.minimal, [.neverCoactive: 1]), ("twins", Fixtures.twins, [.twin: 3]),
    ("opposites", Fixtures.opposites, [.opposite: 1]), ("flippable", Fixtures.flippable, [:]),
    ("unread", Fixtures.unread, [.unread: 2]), ("hidden fold", Fixtures.hiddenFold, [.hiddenFold: 1]),
  ]

  @Test("Number and mechanisms are as the theory has them", arguments: HiddenSymmetryTests.fixtures.indices)
  func fixture(_ index: Int) throws {
    let (name, network, counts) = HiddenSymmetryTests.fixtures[index]
    let found = try HiddenSymmetries(of: network)
    #expect(HiddenSymmetryTests.counts(found) == counts, "\(name)")
    #expect(found.isExact && found.missing == 0, "\(name)")
    #expect(found.symmetries.allSatisfy { $0.scope == .allInputs }, "\(name)")
    #expect(found.fiber.upper == found.rescalings + found.symmetries.count, "\(name)")
    #expect(found.fiber.lower <= found.fiber.upper, "\(name)")
    for cause in found.causes {
      #expect(cause.drop.map { $0 == cause.directions } ?? true, "\(name): \(cause)")
    }
  }

  @Test("The free weight of the minimal network is found, and may go down without end but not above 1")
  func minimal() throws {
    let found = try HiddenSymmetries(of: Fixtures.minimal)
    let symmetry = try #require(found.symmetries.first)
    let layout = Fixtures.minimal.parameters.layout
    #expect(
      symmetry.entries.map { layout.name(at: $0.index) } == [.weight(layer: 2, row: 0, source: 1, column: 2)])
    #expect(symmetry.neurons == [Neuron(layer: 1, index: 2), Neuron(layer: 2, index: 0)])
    #expect(symmetry.layers == [2] && symmetry.evidence.contains("never active together"))
    for step in [0.7, -5.3, -100.3] {
      // The weight is 0.3 in binary, so that 0.7 more is 1 but for rounding: stay below.
      let move = try found.moved(along: 0, by: step.nextDown)
      guard case .identical(.regions) = move.outcome else {
        Issue.record("step \(step): \(move.outcome)")
        continue
      }
      #expect(move.isRescaling == false)
    }
    guard case .different = try found.moved(along: 0, by: 0.9).outcome else {
      Issue.record("t = 1.2 is another function")
      return
    }
  }

  @Test("A hidden fold: the biases trade, on a ray only")
  func hiddenFold() throws {
    let found = try HiddenSymmetries(of: Fixtures.hiddenFold)
    let symmetry = try #require(found.symmetries.first)
    #expect(symmetry.mechanism == .hiddenFold && symmetry.neurons.contains(Neuron(layer: 1, index: 0)))
    let outcomes = try [0.25, -0.25].map { try found.moved(along: 0, by: $0).outcome }
    #expect(outcomes.allSatisfy { $0.isIdentical }, "\(outcomes)")
  }

  @Test("Planted neurons: the number of directions, their mechanism, and networks that are the same function")
  func planted() throws {
    for plant in Plant.allCases {
      try forEachSeed(0..<6) { seed, rng in
        let network = plant.network(using: &rng)
        let found = try HiddenSymmetries(of: network)
        let generic = try HiddenSymmetries(of: plant.original(seed: seed))
        #expect(found.isExact, "\(plant), seed \(seed)")
        #expect(generic.isExact, "\(plant), seed \(seed)")
        // What is planted comes on top of what the generic part may have.
        let planted = found.symmetries.filter { $0.mechanism == plant.mechanism }
        #expect(planted.count >= plant.directions, "\(plant), seed \(seed): \(found.causes)")
        if generic.symmetries.isEmpty {
          #expect(planted.count == plant.directions, "\(plant), seed \(seed): \(found.causes)")
          #expect(
            !found.symmetries.contains { $0.mechanism == .unexplained },
            "\(plant), seed \(seed): \(found.causes)")
        }
        for (k, symmetry) in found.symmetries.enumerated() where plant.integrates(symmetry, in: network) {
          let move = try found.moved(along: k, by: 0x1p-10)
          #expect(move.outcome.isIdentical, "\(plant), seed \(seed), \(k): \(move.outcome)")
          #expect(move.isRescaling != true, "\(plant), seed \(seed), \(k)")
        }
      }
    }
  }

  @Test("Sampled regions find the same directions, and say what is not proved")
  func sampled() throws {
    var options = DimensionOptions()
    options.enumerationLimit = 0
    let found = try HiddenSymmetries(of: Fixtures.minimal, options: options)
    #expect(HiddenSymmetryTests.counts(found) == [.neverCoactive: 1])
    #expect(!found.isExact && found.provedCount == 0 && found.symmetries[0].scope == .sample)
    let dead = try HiddenSymmetries(of: Fixtures.dead, options: options)
    #expect(dead.isExact && HiddenSymmetryTests.counts(dead) == [.inactive: 4])
  }

  @Test("Three consecutive layers of width 1 always have a hidden symmetry")
  func narrow() throws {
    try forEachSeed(0..<10) { seed, rng in
      let found = try HiddenSymmetries(of: Network.random(widths: [2, 1, 1, 1, 1], using: &rng))
      #expect(found.isExact && !found.symmetries.isEmpty, "seed \(seed)")
      #expect(!found.symmetries.contains { $0.mechanism == .unexplained }, "seed \(seed): \(found.causes)")
    }
  }

  @Test("Deep random networks: all directions are proved and explained, and short steps keep the function")
  func random() throws {
    try forEachSeed(0..<10) { seed, rng in
      let found = try HiddenSymmetries(of: Network.he([2, 3, 3, 3, 1], using: &rng))
      #expect(found.isExact && found.missing == 0, "seed \(seed)")
      #expect(found.rank + found.rescalings + found.symmetries.count == found.parameterCount, "seed \(seed)")
      let dimension = try FunctionalDimension(of: found.network).functionalDimension
      #expect(found.rank == dimension, "seed \(seed)")
      for (k, symmetry) in found.symmetries.enumerated() {
        #expect(symmetry.mechanism != .unexplained && symmetry.scope == .allInputs, "seed \(seed), \(k)")
        let move = try found.moved(along: k, by: 0x1p-12)
        #expect(move.outcome.isIdentical && move.isRescaling != true, "seed \(seed), \(k): \(move.outcome)")
      }
    }
  }

  @Test("The same seed gives the same answer for any number of threads")
  func threads() throws {
    var rng = SplitMix64(seed: 3)
    let network = Network.he([3, 5, 5, 1], using: &rng)
    var options = DimensionOptions()
    options.threads = 1
    let one = try HiddenSymmetries(of: network, options: options)
    options.threads = 3
    let three = try HiddenSymmetries(of: network, options: options)
    #expect(one.symmetries == three.symmetries && one.fiber == three.fiber && one.rank == three.rank)
  }

  @Test("Interchangeable neurons make the orbit of the permutations smaller")
  func orbit() throws {
    let network = Network(weights: [[[1], [2], [-1]], [[2, 1, 1]]], biases: [[1, 2, 3], [0]])
    let facts = try HiddenSymmetries(of: network).fiber
    #expect(facts.permutations?.description == "6" && facts.orbit?.description == "3")
    #expect(facts.interchangeable == [[Neuron(layer: 1, index: 0), Neuron(layer: 1, index: 1)]])
  }
}

extension SymmetryMove.Outcome {
  var isIdentical: Bool {
    if case .identical = self { return true }
    return false
  }
}
