import Crease
import Testing
import _TestSupport

@Suite("Planted neurons lower the functional dimension by what the theory says")
struct PlantedTests {
  private static let box = InputDomain.box(InputDomain.Box([Interval(-4, 4), Interval(-4, 4)]))

  /// A network with full rank D − N, on the box: drawn until it is one.
  private func fullRank(_ widths: [Int], using rng: inout SplitMix64) throws -> Network {
    for _ in 0..<100 {
      let network = Network.random(widths: widths, using: &rng)
      let dimension = try FunctionalDimension(of: network, on: PlantedTests.box)
      if dimension.functionalDimension == dimension.parameterCount - dimension.hiddenNeuronCount {
        return network
      }
    }
    struct NoneFound: Error {}
    throw NoneFound()
  }

  private func expect(
    _ network: Network, deficit: Int, _ mechanism: DimensionBound.Mechanism, on domain: InputDomain? = box,
    _ seed: UInt64
  ) throws {
    var options = DimensionOptions()
    options.exactWork = 0
    let dimension = try FunctionalDimension(of: network, on: domain, options: options)
    let bound = dimension.parameterCount - dimension.hiddenNeuronCount
    #expect(dimension.functionalDimension == bound - deficit, "seed \(seed): \(dimension)")
    #expect(dimension.bounds.contains { $0.mechanism == mechanism }, "seed \(seed)")
  }

  @Test("A neuron that is never active: its weights and bias, its outgoing weights, less one")
  func dead() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = try fullRank([2, 3, 2], using: &rng).changing { weights, biases in
        weights[0].append([1, 0.5])
        biases[0].append(-7)
        weights[1][0].append(2)
        weights[1][1].append(-3)
      }
      try expect(network, deficit: 2 + 2, .inactive, seed)
    }
  }

  @Test("A neuron that nothing reads: its weights")
  func unread() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = try fullRank([2, 3, 2], using: &rng).changing { weights, biases in
        weights[0].append([1, 0.5])
        biases[0].append(0.25)
        weights[1][0].append(0)
        weights[1][1].append(0)
      }
      try expect(network, deficit: 2, .unread, seed)
      try expect(network, deficit: 2, .unread, on: nil, seed)
    }
  }

  @Test("Twins: a weight for each reader; where outgoing weights are parallel, the incoming weights besides")
  func twins() throws {
    try forEachSeed(0..<6) { seed, rng in
      let base = try fullRank([2, 3, 2], using: &rng)
      func twin(_ outgoing: [Double]) -> Network {
        base.changing { weights, biases in
          weights[0].append(weights[0][0].map { 3 * $0 })
          biases[0].append(3 * biases[0][0])
          for k in 0..<2 { weights[1][k].append(outgoing[k]) }
        }
      }
      let parallel = base.rows.weights[1].map { -2 * $0[0] }
      try expect(twin(parallel), deficit: 2 + 2, .twin, seed)
      try expect(twin([parallel[0] + 1, parallel[1] - 1.25]), deficit: 2, .twin, seed)
    }
  }

  @Test("An opposite neuron: one where outgoing weights are parallel, else nothing")
  func opposite() throws {
    try forEachSeed(0..<6) { seed, rng in
      let base = try fullRank([2, 3, 2], using: &rng)
      func opposite(_ outgoing: [Double]) -> Network {
        base.changing { weights, biases in
          weights[0].append(weights[0][0].map { -3 * $0 })
          biases[0].append(-3 * biases[0][0])
          for k in 0..<2 { weights[1][k].append(outgoing[k]) }
        }
      }
      let parallel = base.rows.weights[1].map { -2 * $0[0] }
      try expect(opposite(parallel), deficit: 1, .opposite, seed)
      try expect(opposite([parallel[0] + 1, parallel[1] - 1.25]), deficit: 0, .rescaling, seed)
    }
  }

  @Test(
    "k always active neurons of one layer: k(n+1+m) − r(n+m−r) − k",
    arguments: [(3, 1, 1, 1), (3, 2, 1, 5), (4, 2, 2, 4), (4, 3, 2, 10), (5, 3, 4, 9), (2, 3, 2, 8)])
  func stablyActive(_ inputs: Int, _ count: Int, _ outputs: Int, _ deficit: Int) throws {
    try forEachSeed(0..<4) { seed, rng in
      // Beside the always active ones as many ordinary neurons as show all linear maps.
      let box = InputDomain.box(InputDomain.Box(Array(repeating: Interval(-4, 4), count: inputs)))
      let network = Network.random(widths: [inputs, count + 2, outputs], using: &rng).changing {
        weights, biases in
        for i in 0..<count { biases[0][i] = 60 }
        for i in count..<count + 2 {
          weights[0][i] = weights[0][i].map { $0 + ($0 < 0 ? -1 : 1) }
          biases[0][i] = 0.125
        }
      }
      let r = min(count, inputs, outputs)
      #expect(deficit == count * (inputs + 1 + outputs) - r * (inputs + outputs - r) - count)
      try expect(network, deficit: deficit, .stablyActive, on: box, seed)
    }
  }

  @Test("A constant neuron: always active with no incoming weights")
  func constant() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = try fullRank([2, 3, 2], using: &rng).changing { weights, biases in
        weights[0].append([0, 0])
        biases[0].append(1.5)
        weights[1][0].append(2)
        weights[1][1].append(-3)
      }
      // Its outgoing weights and its bias trade with the biases; its weights bend nothing, but shift linear parts.
      let dimension = try FunctionalDimension(of: network, on: PlantedTests.box)
      #expect(dimension.bounds.contains { $0.mechanism == .constant }, "seed \(seed)")
      #expect(dimension.functionalDimension != nil, "seed \(seed)")
      #expect(
        dimension.bounds.reduce(0) { $0 + ($1.mechanism == .constant ? $1.directions : 0) } == 2,
        "seed \(seed)")
    }
  }

  @Test("Fixed inputs trade with biases")
  func fixedInput() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = try fullRank([2, 3, 2], using: &rng)
      let box = InputDomain.box(InputDomain.Box([Interval(-400, 400), Interval(0.375)]))
      let dimension = try FunctionalDimension(of: network, on: box)
      // Three of the six weights of the first layer, besides the rescalings.
      #expect(dimension.functionalDimension == 17 - 3 - 3, "seed \(seed): \(dimension)")
      #expect(dimension.bounds.contains { $0.mechanism == .fixedInput && $0.directions == 3 }, "seed \(seed)")
      let point = InputDomain.box(InputDomain.Box([Interval(1), Interval(0.375)]))
      #expect(try FunctionalDimension(of: network, on: point).functionalDimension == 2, "seed \(seed)")
    }
  }
}
