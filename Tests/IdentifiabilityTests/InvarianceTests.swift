import Crease
import Testing
import _TestSupport

@Suite("What the functional dimension does not depend on")
struct InvarianceTests {
  @Test("Permutations and positive rescalings")
  func symmetries() throws {
    try forEachSeed(0..<8) { seed, rng in
      let network = Network.random(widths: seed % 2 == 0 ? [2, 4, 3, 1] : [3, 4, 5, 4, 1], using: &rng)
      let disguise = Disguise(permutes: true, logRange: 3, powersOfTwo: true)
      let other = network.disguised(by: disguise, using: &rng)
      let a = try FunctionalDimension(of: network)
      let b = try FunctionalDimension(of: other)
      #expect(a.functionalDimension == b.functionalDimension && a.functionalDimension != nil, "seed \(seed)")
      #expect(a.bounds.map(\.directions) == b.bounds.map(\.directions), "seed \(seed)")
      #expect(a.coverage.regions == b.coverage.regions, "seed \(seed)")
    }
  }

  @Test("The number of threads")
  func threads() throws {
    try forEachSeed(0..<3) { seed, rng in
      let network = Network.he([6, 5, 5, 2], using: &rng)
      let small = Network.he([2, 5, 4, 1], using: &rng)
      let boxed = InputDomain.box(InputDomain.Box(Array(repeating: Interval(-1, 1), count: 6)))
      let inputs = network.randomInputs(200, using: &rng)
      var results: [Set<String>] = [[], [], [], [], []]
      for threads in 1...3 {
        var options = DimensionOptions()
        options.threads = threads
        options.patience = 3
        options.seed = seed
        results[0].insert("\(try FunctionalDimension(of: network, options: options))")
        results[1].insert("\(try FunctionalDimension(of: small, options: options))")
        results[2].insert("\(try BatchFunctionalDimension(of: network, at: inputs, options: options))")
        results[3].insert("\(try FunctionalDimension(of: network, on: boxed, options: options))")
        let hidden = try HiddenSymmetries(of: network, options: options)
        results[4].insert("\(hidden.symmetries) \(hidden.coverage)")
      }
      #expect(results.allSatisfy { $0.count == 1 }, "seed \(seed)")
    }
  }

  @Test("Sampled regions of skip networks show no more than all regions, and known directions no less")
  func skips() throws {
    var sampling = DimensionOptions()
    sampling.enumerationLimit = 0
    sampling.patience = 8
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.randomWithSkips([2, 3, 3, 2], using: &rng)
      let all = try FunctionalDimension(of: network)
      let sampled = try FunctionalDimension(of: network, options: sampling)
      // A neuron that is zero everywhere leaves no input at which the network is smooth in its parameters.
      #expect(all.functionalDimension != nil || all.coverage.regions == 0, "seed \(seed): \(all)")
      #expect(sampled.lower <= all.lower && sampled.upper >= all.upper, "seed \(seed)")
      #expect(sampled.lower == all.lower, "seed \(seed)")
    }
  }

  @Test("Parameters are named, ordered, and put back")
  func parameters() {
    forEachSeed(0..<10) { seed, rng in
      let network = Network.randomWithSkips([2, 3, 2, 2], using: &rng)
      let parameters = network.parameters
      #expect(network.with(parameters: parameters) == network, "seed \(seed)")
      #expect(parameters.count == network.parameterCount, "seed \(seed)")
      for index in 0..<parameters.count {
        let name = parameters.layout.name(at: index)
        #expect(parameters.layout.index(of: name) == index, "seed \(seed): \(name)")
        var moved = parameters
        moved[name] = Dyadic(1000)
        let changed = network.with(parameters: moved)
        switch name {
        case .bias(let layer, let row): #expect(changed.layers[layer - 1].bias[row, 0] == Dyadic(1000))
        case .weight(let layer, let row, let source, let column):
          let block = changed.layers[layer - 1].blocks.first { $0.source == source }
          #expect(block?.weights[row, column] == Dyadic(1000))
        }
      }
      #expect(parameters.layout.index(of: .bias(layer: 9, row: 0)) == nil)
      #expect(parameters.layout.index(of: .weight(layer: 1, row: 0, source: 1, column: 0)) == nil)
    }
  }
}
