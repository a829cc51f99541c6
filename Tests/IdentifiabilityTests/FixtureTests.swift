import Crease
import Testing
import _TestSupport

@Suite("Functional dimension of the worked examples")
struct FixtureTests {
  static let ranks: [(name: String, network: Network, parameters: Int, rank: Int)] = [
    ("generic", Fixtures.generic, 20, 15), ("dead", Fixtures.dead, 20, 11),
    ("always active", Fixtures.stable, 20, 14), ("two always active", Fixtures.twoStable, 25, 14),
    ("minimal", Fixtures.minimal, 20, 14), ("twins", Fixtures.twins, 13, 7),
    ("opposites", Fixtures.opposites, 13, 9), ("flippable", Fixtures.flippable, 13, 10),
    ("unread", Fixtures.unread, 9, 5), ("hidden fold", Fixtures.hiddenFold, 6, 3),
    ("dead ReLU", Fixtures.oneFunction[0], 7, 3), ("unread ReLU", Fixtures.oneFunction[1], 7, 4),
    ("split ReLU", Fixtures.oneFunction[2], 7, 3),
  ]

  @Test("The functional dimension is proved and as the theory has it", arguments: FixtureTests.ranks.indices)
  func fixture(_ index: Int) throws {
    let (name, network, parameters, rank) = FixtureTests.ranks[index]
    let dimension = try FunctionalDimension(of: network)
    #expect(dimension.parameterCount == parameters, "\(name)")
    #expect(dimension.functionalDimension == rank, "\(name): \(dimension)")
    #expect(dimension.coverage.isComplete && dimension.coverage.excludedRegions == 0, "\(name)")
    #expect(dimension.bounds.reduce(0) { $0 + $1.directions } == parameters - rank, "\(name)")
  }

  @Test("Sampling regions finds the same lower bound, and never more", arguments: FixtureTests.ranks.indices)
  func sampled(_ index: Int) throws {
    let (name, network, _, rank) = FixtureTests.ranks[index]
    var options = DimensionOptions()
    options.enumerationLimit = 0
    let dimension = try FunctionalDimension(of: network, options: options)
    #expect(!dimension.coverage.isComplete, "\(name)")
    #expect(dimension.lower == rank, "\(name)")
    #expect(dimension.upper >= rank, "\(name)")
    // These two need the regions; all other mechanisms are proved without them.
    if name != "minimal", name != "hidden fold" { #expect(dimension.upper == rank, "\(name)") }
  }

  @Test("Each mechanism is named, with its neurons and its count")
  func named() throws {
    func bounds(_ network: Network) throws -> [DimensionBound.Mechanism: DimensionBound] {
      let bounds = try FunctionalDimension(of: network).bounds
      return Dictionary(uniqueKeysWithValues: bounds.map { ($0.mechanism, $0) })
    }
    let second = Neuron(layer: 2, index: 1)
    #expect(try bounds(Fixtures.generic).mapValues(\.directions) == [.rescaling: 5])
    // Four weights, of which one is the outgoing one, and the bias.
    let dead = try bounds(Fixtures.dead)
    #expect(dead.mapValues(\.directions) == [.inactive: 5, .rescaling: 4])
    #expect(dead[.inactive]?.neurons == [second])
    let stable = try bounds(Fixtures.stable)
    #expect(stable.mapValues(\.directions) == [.rescaling: 5, .stablyActive: 1])
    #expect(stable[.stablyActive]?.neurons == [second])
    #expect(try bounds(Fixtures.twoStable).mapValues(\.directions) == [.rescaling: 6, .stablyActive: 5])
    #expect(try bounds(Fixtures.twins).mapValues(\.directions) == [.rescaling: 3, .twin: 3])
    #expect(try bounds(Fixtures.opposites).mapValues(\.directions) == [.rescaling: 3, .opposite: 1])
    #expect(try bounds(Fixtures.unread).mapValues(\.directions) == [.unread: 3, .rescaling: 1])
    #expect(try bounds(Fixtures.minimal).mapValues(\.directions) == [.rescaling: 5, .regions: 1])
    #expect(try bounds(Fixtures.hiddenFold).mapValues(\.directions) == [.rescaling: 2, .regions: 1])
  }

  @Test("Three consecutive layers of width 1 never attain the bound")
  func narrow() throws {
    var largest = 0
    try forEachSeed(0..<40) { seed, rng in
      let network = Network.random(widths: [2, 1, 1, 1, 1], using: &rng)
      let dimension = try FunctionalDimension(of: network)
      #expect(dimension.parameterCount - dimension.hiddenNeuronCount == 5 + 1, "seed \(seed)")
      largest = max(largest, dimension.upper)
    }
    #expect(largest == 5)
  }

  @Test("The small example on few inputs and on all: a batch of four, twins, always active, dead")
  func smallExample() throws {
    let few = [[1.0, 0], [0, 2], [-1, 1], [2, 1]]
    let batch = try BatchFunctionalDimension(of: Fixtures.small, at: few)
    #expect(batch.functionalDimension == 4 && batch.inputCount == 4 && batch.kinks == 0)
    #expect(try FunctionalDimension(of: Fixtures.small).functionalDimension == 7)
    var rng = SplitMix64(seed: 6)
    let many = Fixtures.small.randomInputs(40, using: &rng)
    #expect(try BatchFunctionalDimension(of: Fixtures.small, at: many).functionalDimension == 7)
    let twins = Fixtures.small.changing { weights, biases in
      weights[0][1] = weights[0][0].map { 2 * $0 }
      biases[0][1] = 2 * biases[0][0]
    }
    #expect(try FunctionalDimension(of: twins).functionalDimension == 4)
    // On a box the second neuron is always active, or never.
    let box = InputDomain.box(InputDomain.Box([Interval(-4, 4), Interval(-4, 4)]))
    let active = Fixtures.small.changing { $1[0][1] = 100 }
    #expect(try FunctionalDimension(of: active, on: box).functionalDimension == 6)
    #expect(try FunctionalDimension(of: active).functionalDimension == 7)
    let dead = Fixtures.small.changing { $1[0][1] = -100 }
    #expect(try FunctionalDimension(of: dead, on: box).functionalDimension == 4)
    #expect(try BatchFunctionalDimension(of: dead, at: many).functionalDimension == 4)
  }

  @Test("6-8-7-4: the logits have full rank")
  func logits() throws {
    for seed in [0, 2, 3, 4] as [UInt64] {
      var rng = SplitMix64(seed: seed)
      let network = Network.he([6, 8, 7, 4], bias: 1, using: &rng)
      let inputs = (0..<800).map { _ in (0..<6).map { _ in Double.random(in: -3...3, using: &rng) } }
      let batch = try BatchFunctionalDimension(of: network, at: inputs)
      #expect(batch.parameterCount == 151 && batch.functionalDimension == 136, "seed \(seed)")
      #expect(try FunctionalDimension(of: network).functionalDimension == 136, "seed \(seed)")
    }
  }

  @Test("Two networks with one function and different paths have full rank, both of them")
  func twoRepresentations() throws {
    let rows = [[1.0, 0], [0, 1], [-1, -1]]
    let a = Network(weights: [rows, [[1, 1, 1]]], biases: [[1, 2, 3], [0]])
    let b = Network(weights: [rows.map { $0.map { -$0 } }, [[1, 1, 1]]], biases: [[-1, -2, -3], [6]])
    #expect(try FunctionalDimension(of: a).functionalDimension == 10)
    #expect(try FunctionalDimension(of: b).functionalDimension == 10)
  }
}
