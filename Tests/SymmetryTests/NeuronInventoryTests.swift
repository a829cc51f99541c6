import Networks
@testable import Symmetry
import Testing
import _TestSupport

@Suite("Inventory of neurons")
struct NeuronInventoryTests {
  private func inventory(_ network: Network) throws -> NeuronInventory {
    let (graph, facts) = try SignalGraph.withFacts(network)
    return NeuronInventory(of: network, graph: graph, facts: facts)
  }

  @Test("Planted neurons of every kind are counted, each once")
  func planted() throws {
    let network = Network(
      weights: [
        // Live, live, twice the first, minus the second, constant on, constant off, never read.
        [[1, 2], [2, -1], [2, 4], [-2, 1], [0, 0], [0, 0], [5, 1]],
        // Linear, never on, live, constant, never read.
        [
          [1, 1, 0, 0, 0, 0, 0], [-1, 0, -1, 0, 0, 0, 0], [1, -1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0],
          [1, -2, 0, 0, 0, 0, 0],
        ],
        [[1, 1, 1, 1, 0]],
      ], biases: [[1, 0, 2, 0, 1, -1, 0], [0, -1, -1, 3, 0], [0]])
    let inventory = try inventory(network)
    typealias Layer = NeuronInventory.Layer
    let first = Layer(width: 7, constant: 2, inactive: 0, linear: 0, twins: 2, unread: 1, live: 2)
    let second = Layer(width: 5, constant: 1, inactive: 1, linear: 1, twins: 0, unread: 1, live: 1)
    #expect(inventory.layers == [first, second])
    #expect(first.dead == 1 && second.dead == 2)
    let total = Layer(width: 12, constant: 3, inactive: 1, linear: 1, twins: 2, unread: 2, live: 3)
    #expect(inventory.total == total)
  }

  @Test("What a disguise adds is what the inventory finds")
  func disguised() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [4, 6, 2], using: &rng)
      let clean = try inventory(network).total
      #expect(clean.live == 6, "seed \(seed)")
      let disguised = network.disguised(by: Disguise(permutes: true, twins: 3, dead: 2), using: &rng)
      let total = try inventory(disguised).total
      #expect(total.live == 6, "seed \(seed)")
      // Dead: one unread, one constant; a split constant is two constants, any other split neuron a twin.
      #expect(total.unread == 1, "seed \(seed)")
      #expect(total.twins + total.constant == 1 + 3 && total.constant >= 1, "seed \(seed)")
      #expect(total.width == 11 && total.linear == 0 && total.inactive == 0, "seed \(seed)")
    }
  }

  @Test("Pairs that cancel are unread, together with all that only they read")
  func cancelling() throws {
    // Layer 2 takes two equal neurons with opposite outgoing weights; the first layer's second neuron goes with them.
    let network = Network(
      weights: [[[1], [2]], [[0, 1], [0, 1], [1, 0]], [[1, -1, 1]]],
      biases: [[0, 1], [-1, -1, -1], [0]])
    let layers = try inventory(network).layers
    #expect(layers.map(\.live) == [1, 1])
    #expect(layers.map(\.unread) == [1, 1])
    #expect(layers.map(\.twins) == [0, 1])
  }
}
