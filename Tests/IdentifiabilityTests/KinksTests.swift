import Crease
import Testing
import _TestSupport

@Suite("Inputs on kinks")
struct KinksTests {
  private let network = Network(
    weights: [[[1, 1], [1, -1]], [[1, 0]], [[1]]], biases: [[-0.75, 0], [-1], [0]])

  @Test("Inputs and neurons are named, decided exactly")
  func named() {
    // 0.5 + 0.25 − 0.75 is 0; the next double is not. 2 − 0.25 − 0.75 − 1 is 0 in layer 2.
    let kinks = Kinks(of: network, at: [[0.5, 0.25], [0.5, 0.25.nextUp], [2, -0.25], [0.375, 0.375]])
    #expect(kinks.inputs == [0, 2, 3] && kinks.inputCount == 4)
    let first = Neuron(layer: 1, index: 0)
    #expect(kinks.neurons.map(\.neuron) == [first, Neuron(layer: 1, index: 1), Neuron(layer: 2, index: 0)])
    #expect(kinks.neurons.map(\.inputs) == [2, 1, 1] && kinks.alwaysZero.isEmpty)
  }

  @Test("The inputs on kinks are those without an activation pattern")
  func patterns() {
    forEachSeed(0..<50) { seed, rng in
      let network = Network.randomWithSkips([2, 3, 2, 1], using: &rng)
      let inputs = (0..<20).map { _ in (0..<2).map { _ in Double(Int.random(in: -3...3, using: &rng)) } }
      let expected = inputs.indices.filter { network.activationPattern(at: inputs[$0]) == nil }
      #expect(Kinks(of: network, at: inputs).inputs == expected, "seed \(seed)")
      #expect(Kinks(of: network, at: inputs, threads: 3).inputs == expected, "seed \(seed)")
    }
  }

  @Test("A neuron that is zero everywhere leaves no input with a derivative")
  func nowhere() throws {
    let network = Network(weights: [[[1, 2], [0, 0]], [[1, 1]]], biases: [[1, 0], [0]])
    let kinks = Kinks(of: network, sampling: nil, seed: 1)
    #expect(kinks.inputs.count == kinks.inputCount && kinks.alwaysZero == [Neuron(layer: 1, index: 1)])
    #expect(try FunctionalDimension(of: network).coverage.regions == 0)
    let plain = Network(weights: [[[1, 2]], [[1]]], biases: [[1], [0]])
    #expect(Kinks(of: plain, sampling: nil, seed: 1).inputs.isEmpty)
  }
}
