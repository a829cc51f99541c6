import Complexes
import Crease
import ExactArithmetic
import Foundation
import Testing

@testable import Identifiability

@Suite("Identifiability from a sample")
struct SampleIdentifiabilityTests {
  private let small = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
  private let four: [[Double]] = [[1, 0], [0, 2], [-1, 1], [2, 1]]

  private func found(
    _ network: Network, _ inputs: [[Double]], seed: UInt64 = 1
  ) throws -> SampleIdentifiability {
    var options = DimensionOptions()
    options.seed = seed
    options.threads = 2
    return try SampleIdentifiability(of: network, at: inputs, options: options)
  }

  private func normal(_ count: Int, _ dimension: Int, scale: Double, seed: UInt64) -> [[Double]] {
    var rng = SplitMix64(seed: seed)
    return InputSampling.gaussian.inputs(count: count, dimension: dimension, using: &rng).map {
      $0.map { scale * $0 }
    }
  }

  /// Whether a second parameter is what it says: the same outputs, exactly, and no permutation and rescaling.
  private func check(
    _ second: SecondParameter?, of network: Network, at inputs: [[Double]], _ note: Comment
  ) throws {
    let other = try #require(second, note).network
    #expect(other.hasArchitecture(of: network), note)
    #expect(inputs.allSatisfy { other.exactOutputs(at: $0) == network.exactOutputs(at: $0) }, note)
    guard case .none = network.rescaling(to: other) else {
      Issue.record("a rescaling: \(note)")
      return
    }
    #expect(other != network, note)
  }

  @Test("Four inputs do not identify nine parameters; forty do; twins, a linear and a dead neuron are seen")
  func workedExample() throws {
    let few = try found(small, four)
    #expect(few.target == 7 && few.rank.functionalDimension == 4 && few.activationRank == 4...4)
    #expect(few.report.verdict == .refuted && few.report.scope == .local)
    #expect(few.report["necessary"]?.verdict == .refuted && few.report["sufficient"]?.verdict == .refuted)
    try check(few.report.second, of: small, at: four, "four inputs")
    #expect(few.subset?.inputs.count == 4 && few.subset?.isSmallest == true)

    let many = normal(40, 2, scale: 2, seed: 3)
    let full = try found(small, many)
    #expect(full.rank.functionalDimension == 7 && full.report.verdict == .proved)
    #expect(full.report["sufficient"]?.verdict == .proved && full.report.second == nil)
    let subset = try #require(full.subset)
    #expect(subset.inputs.count == 7 && subset.isSmallest && subset.isMinimal)
    #expect(try found(small, subset.inputs.map { many[$0] }).report.verdict == .proved)

    let twins = Network(weights: [[[1, -2], [2, -4]], [[2, -1]]], biases: [[1, 2], [0.5]])
    #expect(try found(twins, many).rank.functionalDimension == 4)
    let near = normal(40, 2, scale: 1, seed: 3)
    let linear = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, 100], [0.5]])
    #expect(try found(linear, near).rank.functionalDimension == 6)
    let dead = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -100], [0.5]])
    let foundDead = try found(dead, near)
    #expect(foundDead.rank.functionalDimension == 4 && foundDead.report.verdict == .refuted)
    for (name, network) in [("twins", twins), ("linear", linear), ("dead", dead)] {
      let inputs = name == "twins" ? many : near
      try check(try found(network, inputs).report.second, of: network, at: inputs, "\(name)")
    }
  }

  @Test("The reference architecture goes from refuted through the gap to identified as inputs are added")
  func reference() throws {
    // The first of some networks that is identified by its function.
    let network = try #require(
      try (UInt64(0)..<20).lazy.map { seed in
        var rng = SplitMix64(seed: seed)
        return Initialisation(.he, biasDeviation: 0.5).network(widths: [3, 4, 3, 2], using: &rng)
      }.first { try BatchFunctionalDimension(of: $0, at: normal(400, 3, scale: 1.5, seed: 8)).lower == 32 })
    let inputs = normal(400, 3, scale: 1.5, seed: 8)
    let five = try found(network, Array(inputs.prefix(5)))
    #expect(five.target == 32 && five.rank.functionalDimension == 10 && five.activationRank == 10...10)
    #expect(five.report.verdict == .refuted)
    try check(five.report.second, of: network, at: Array(inputs.prefix(5)), "five")
    let all = try found(network, inputs)
    #expect(all.rank.functionalDimension == 32 && all.report.verdict == .proved)
    #expect((all.activationRank?.upperBound ?? 0) <= 104)
    let subset = try #require(all.subset)
    #expect(subset.rank == 32 && subset.lowerBound == 16 && subset.isMinimal)
    // Without any one of its inputs the rank falls.
    for dropped in subset.inputs {
      let rest = subset.inputs.filter { $0 != dropped }.map { inputs[$0] }
      #expect(try BatchFunctionalDimension(of: network, at: rest).lower < 32, "without \(dropped)")
    }
  }

  @Test("Degenerate neurons and inputs on kinks are named", arguments: [0, 1])
  func degenerate(kind: Int) throws {
    let network =
      kind == 0
      ? Network(weights: [[[1, -2], [3, 1]], [[2, 0]]], biases: [[1, -1], [0.5]])
      : Network(weights: [[[1, -2], [0, 0]], [[2, 1]]], biases: [[1, 0], [0.5]])
    let inputs = normal(30, 2, scale: 2, seed: 1)
    let report = try found(network, inputs)
    #expect(report.degenerate == [Neuron(layer: 1, index: 1)])
    #expect(report.report.verdict == .refuted && report.report["nondegenerate"]?.verdict == .refuted)
    if kind == 0 { try check(report.report.second, of: network, at: inputs, "not read") }

    let kinks = try found(small, four + [[0, 3], [-1, 0]])
    #expect(kinks.kinks.inputs == [5] && kinks.kinks.neurons.map(\.neuron) == [Neuron(layer: 1, index: 0)])
    #expect(kinks.report["smooth"]?.verdict == .refuted && kinks.rank.inputCount == 5)
  }

  @Test("A planted lack of inputs is refuted with another network, over seeds")
  func planted() throws {
    for seed in UInt64(0)..<12 {
      var rng = SplitMix64(seed: seed)
      let network = Initialisation.he.network(widths: [2, 4, 3, 1], using: &rng)
      let inputs = normal(6, 2, scale: 2, seed: seed + 100)
      let found = try found(network, inputs, seed: seed)
      #expect(found.report.verdict == .refuted, "seed \(seed)")
      try check(found.report.second, of: network, at: inputs, "seed \(seed)")
    }
  }

  @Test(
    "Within the pattern radius signs stay and f is linear in the embedding; beyond it some vertex changes a sign"
  )
  func radii() throws {
    var rng = SplitMix64(seed: 11)
    let network = Initialisation(.he, biasDeviation: 0.5).network(widths: [3, 4, 3, 2], using: &rng)
    let inputs = normal(12, 3, scale: 1, seed: 2)
    let radii = try #require(try found(network, inputs).radii)
    #expect(radii.patternRadius > 0 && radii.patternRadius < radii.margin)
    let patterns = inputs.map { network.activationPattern(at: $0) }
    let alpha = PathActivations(of: network, at: inputs)
    for trial in 0..<500 {
      var moved = network.parameters
      for index in moved.values.indices {
        let step = Dyadic(Bool.random(using: &rng) ? radii.patternRadius : -radii.patternRadius)
        moved.values[index] = moved.values[index] + step
      }
      let other = network.with(parameters: moved)
      #expect(inputs.map { other.activationPattern(at: $0) } == patterns, "trial \(trial)")
      // α(X, θ) Φ(θ'), with the activations of θ.
      if trial < 20 {
        let product = try PathActivations(of: other, at: inputs).product(limit: 1000)
        #expect(product == inputs.map { other.exactOutputs(at: $0) }, "trial \(trial)")
        #expect(PathActivations(of: other, at: inputs).patterns == alpha.patterns, "trial \(trial)")
      }
    }
    // The bound is one of a few layers: it is not absurdly small.
    #expect(radii.patternRadius > 1e-3 * radii.margin)
    #expect(radii.numericalSingularValue == nil)
    let many = try #require(try found(network, normal(300, 3, scale: 1.5, seed: 5)).radii)
    let identified = try #require(many.numericalIdentificationRadius)
    #expect(identified > 0 && identified <= many.patternRadius)
  }

  @Test(
    "Suggested inputs identify networks that can be identified, with few more inputs than any choice needs")
  func suggestions() throws {
    let long = ProcessInfo.processInfo.environment["CREASE_LONG_TESTS"] == "1"
    for widths in long ? [[3, 4, 3, 2], [5, 10, 10, 1]] : [[3, 4, 3, 2]] {
      for seed in UInt64(0)..<(long ? 10 : 3) {
        var rng = SplitMix64(seed: seed)
        let network = Initialisation.he.network(widths: widths, using: &rng)
        let whole = try FunctionalDimension(of: network)
        let found = try SampleSuggestion(for: network, count: 1000)
        #expect(found.rank == whole.lower, "widths \(widths), seed \(seed)")
        #expect(
          Double(found.inputs.count) <= 1.2 * Double(found.lowerBound),
          "widths \(widths), seed \(seed): \(found.inputs.count) for \(found.lowerBound)")
        let batch = try BatchFunctionalDimension(of: network, at: found.inputs)
        #expect(batch.lower == found.rank && batch.kinks == 0, "widths \(widths), seed \(seed)")
        if found.isIdentifying {
          let check = try SampleIdentifiability(of: network, at: found.inputs)
          #expect(check.report.verdict == .proved, "widths \(widths), seed \(seed)")
        }
      }
    }
  }

  @Test("Suggestions add to the inputs there are")
  func suggestionsBeside() throws {
    let found = try SampleSuggestion(for: small, beside: four, count: 10)
    #expect(found.rankBefore == 4 && found.isIdentifying && found.inputs.count == 3)
    #expect(try self.found(small, four + found.inputs).report.verdict == .proved)
    let two = try SampleSuggestion(for: small, beside: four, count: 2)
    #expect(two.rank == 6 && two.inputs.count == 2 && !two.isIdentifying)
  }
}
