import ExactArithmetic
import Networks
import Symmetry
import Testing
import _TestSupport

@Suite("Reduced networks")
struct SignalGraphTests {
  @Test("|x| in two ways reduces to one neuron, column 2 and skip block −1")
  func absolute() throws {
    for network in [WorkedExample.absolute, WorkedExample.absoluteWithSkip] {
      let reduced = Network(try SignalGraph(network), storage: .float64)
      #expect(reduced.widths == [1, 1, 1])
      #expect(reduced.outputLayer.blocks.map(\.source) == [0, 1])
      #expect(reduced.outputLayer.blocks.map { $0.weights[0, 0] } == [Dyadic(-1), Dyadic(2)])
    }
  }

  @Test("relu(x) − relu(−x) reduces to no neuron")
  func identity() throws {
    let graph = try SignalGraph(WorkedExample.identity)
    #expect(graph.forms.isEmpty && graph.outputs.map(\.signals) == [[0]])
    let reduced = Network(graph, storage: .float64)
    #expect(reduced.widths == [1, 1])
    #expect(reduced.exactOutputs(at: [-0.1]) == [Dyadic(-0.1)])
  }

  @Test("The reduced network has the exact outputs of the original")
  func sameFunction() throws {
    let disguise = Disguise(
      permutes: true, logRange: 2, powersOfTwo: true, twins: 2, dead: 3, identityLayer: true)
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], denominator: seed < 15 ? 64 : 2, using: &rng)
        .disguised(by: disguise, using: &rng)
      let input = seed % 2 == 0 ? network : network.splittingInputs.splittingOutputs
      let graph = try SignalGraph(input)
      let reduced = Network(graph, storage: .float64)
      // Coarse networks have opposite rows by chance, which the numbering may leave.
      if seed < 15 { #expect(graph.forms.count <= 9, "seed \(seed): nothing of the disguise is left") }
      for x in input.randomInputs(10, using: &rng) {
        #expect(reduced.exactOutputs(at: x) == input.exactOutputs(at: x), "seed \(seed) at \(x)")
      }
    }
  }

  @Test("Scales by 1/3, 3/5 and their opposites leave dyadic entries and the same function")
  func rationalScales() throws {
    try forEachSeed(0..<30) { seed, rng in
      var base = Network.random(widths: [2, 3, 3, 2], denominator: 8, using: &rng)
      base = base.changing { weights, biases in
        for l in 0..<2 {
          // Row 0 times 15, then copies times 1/15, −1/3 and 3/5 of it.
          let (row, bias) = (weights[l][0], biases[l][0])
          for factor in [1.0, -5, 9] {
            weights[l].append(row.map { factor * $0 })
            biases[l].append(factor * bias)
          }
          weights[l][0] = row.map { 15 * $0 }
          biases[l][0] = 15 * bias
          for i in weights[l + 1].indices { weights[l + 1][i] += [0.5, -0.25, 1] }
        }
      }
      let (graph, facts) = try SignalGraph.withFacts(base)
      let scales = facts.joined().compactMap { fact -> Rational? in
        switch fact {
        case .multiple(_, let scale), .opposite(_, let scale): scale.dyadic == nil ? scale : nil
        case .new, .active, .inactive: nil
        }
      }
      if graph.forms.count > 4 {
        #expect(!scales.isEmpty, "seed \(seed)")
        #expect(graph.units.contains(Dyadic(15)), "seed \(seed)")
      }
      let reduced = Network(graph, storage: .float64)
      for x in base.randomInputs(10, using: &rng) {
        #expect(reduced.exactOutputs(at: x) == base.exactOutputs(at: x), "seed \(seed) at \(x)")
      }
    }
  }

  @Test("On a box the reduced network has the outputs of the original there")
  func onBox() throws {
    try forEachSeed(0..<20) { seed, rng in
      let network = Network.random(widths: [2, 6, 5, 2], using: &rng)
      let corner = network.randomInputs(1, using: &rng)[0]
      let box = InputDomain.box(.init(corner.map { Interval($0, $0 + 0.5) }))
      let reduced = Network(try SignalGraph(network, on: box), storage: .float64)
      #expect(reduced.hiddenNeuronCount < 11, "seed \(seed)")
      for _ in 0..<10 {
        let x = corner.map { $0 + Double(Int.random(in: 0...32, using: &rng)) / 64 }
        #expect(reduced.exactOutputs(at: x) == network.exactOutputs(at: x), "seed \(seed) at \(x)")
      }
    }
  }

  @Test("Depth is the longest chain, and origins name the neurons met first")
  func depths() throws {
    // Layer 2: a linear neuron, and one of depth 2.
    let network = Network(
      weights: [[[1], [-1]], [[1, 2], [1, -1]], [[1, 1]]], biases: [[0, 1], [0, -1], [0]])
    let graph = try SignalGraph(network)
    #expect(graph.depths == [1, 1, 2])
    #expect(
      graph.origins
        == [Neuron(layer: 1, index: 0), Neuron(layer: 1, index: 1), Neuron(layer: 2, index: 1)])
    #expect(graph.units == [.one, .one, .one])
  }
}
