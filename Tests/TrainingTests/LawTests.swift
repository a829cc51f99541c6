import Crease
import LinearAlgebra
import Testing
import _TestSupport

@testable import Training

@Suite("Conservation laws in discrete time")
struct LawTests {
  /// ‖w_in‖² + b² − ‖w_out‖² of every hidden neuron, exactly, by its definition.
  private func laws(_ parameters: Parameters, of network: Network) -> [Dyadic] {
    var sums: [Neuron: Dyadic] = [:]
    func add(_ value: Dyadic, _ neuron: Neuron) { sums[neuron] = (sums[neuron] ?? .zero) + value }
    for (k, value) in parameters.values.enumerated() {
      switch parameters.layout.name(at: k) {
      case .bias(let layer, let row): add(value * value, Neuron(layer: layer, index: row))
      case .weight(let layer, let row, let source, let column):
        add(value * value, Neuron(layer: layer, index: row))
        add(-(value * value), Neuron(layer: source, index: column))
      }
    }
    return (1..<network.layers.count).flatMap { layer in
      (0..<network.layers[layer - 1].width).map { sums[Neuron(layer: layer, index: $0)] ?? .zero }
    }
  }

  /// A small network in which the output layer reads the first hidden layer too, and the second the input.
  private func skipping(using rng: inout SplitMix64) -> Network {
    let widths = [2, 3, 2, 2]
    func matrix(_ rows: Int, _ columns: Int) -> ExactMatrix {
      ExactMatrix(
        Matrix(
          rows: rows, columns: columns,
          elements: (0..<rows * columns).map { _ in Double(Int.random(in: -9...9, using: &rng)) / 8 }))
    }
    let sources = [[0], [0, 1], [1, 2]]
    return Network(
      inputCount: 2,
      layers: sources.enumerated().map { l, sources in
        Network.Layer(
          blocks: sources.map { Network.Block(source: $0, weights: matrix(widths[l + 1], widths[$0])) },
          bias: matrix(widths[l + 1], 1))
      })
  }

  @Test("A plain step changes each law by exactly τ² h(g), in exact arithmetic")
  func exactIdentity() {
    forEachSeed(0..<12) { seed, rng in
      let network =
        seed % 2 == 0
        ? Network.random(widths: [2, 3, 3, 2], denominator: 8, using: &rng) : skipping(using: &rng)
      func rows(_ count: Int) -> [[Double]] {
        (0..<count).map { _ in (0..<2).map { _ in Double(Int.random(in: -16...16, using: &rng)) / 8 } }
      }
      let (inputs, targets) = (rows(4), rows(4))
      let rate = Dyadic(3, exponent: -5)
      let gradient = network.exactGradient(inputs: inputs, targets: targets)
      let stepped = network.exactStep(rate: rate, inputs: inputs, targets: targets)
      let before = laws(network.parameters, of: network)
      let after = laws(stepped.parameters, of: network)
      let square = laws(gradient, of: network)
      #expect(gradient.values.contains { !$0.isZero }, "seed \(seed)")
      for v in before.indices {
        #expect(after[v] - before[v] == rate * rate * square[v], "seed \(seed), neuron \(v)")
      }
    }
  }

  private static let widths = [3, 5, 4, 2]

  private func trainer(_ seed: UInt64, _ options: TrainingOptions) -> Trainer {
    var rng = SplitMix64(seed: seed)
    let task = TrainerTests.task(LawTests.widths, samples: 40, using: &rng)
    return Trainer(
      Initialisation.he.network(widths: LawTests.widths, using: &rng), on: task, options: options)
  }

  /// By how much a step misses the identity at most.
  private func miss(_ seed: UInt64, _ options: TrainingOptions, steps: Int = 1) -> Double {
    var trainer = trainer(seed, options)
    var rng = SplitMix64(seed: seed)
    var largest = 0.0
    for _ in 0..<steps {
      let before = trainer.numericalLaws
      trainer.step(using: &rng)
      let change = zip(trainer.numericalLaws, before).map { $0 - $1 }
      let rate = options.learningRate
      for (a, b) in zip(change, trainer.numericalGradientLaws) {
        largest = max(largest, abs(a - rate * rate * b))
      }
    }
    return largest
  }

  @Test("The identity holds to rounding for batches of any size, and ⟨∇h, ∇L⟩ vanishes")
  func identity() {
    forEachSeed(0..<10) { seed, _ in
      for loss in TrainingLoss.allCases {
        let options = TrainerTests.options(rate: 0.1, batch: 7, loss: loss)
        #expect(miss(seed, options, steps: 30) < 1e-14, "seed \(seed), \(loss)")
        var rng = SplitMix64(seed: seed)
        let start = trainer(seed, options)
        var next = start
        next.step(using: &rng)
        let products = start.numericalLawProducts(withGradientOf: next)
        #expect(products.allSatisfy { abs($0) <= 1.5e-14 }, "seed \(seed), \(loss)")
        #expect(next.numericalGradientLaws.contains { abs($0) > 1e-4 }, "seed \(seed), \(loss)")
      }
    }
  }

  @Test("Momentum, Adam and weight decay break it")
  func broken() {
    forEachSeed(0..<5) { seed, _ in
      #expect(miss(seed, TrainerTests.options(.descent(momentum: 0.9), rate: 0.1), steps: 5) > 1e-4)
      #expect(miss(seed, TrainerTests.options(.adam, rate: 0.01), steps: 5) > 1e-4)
      var decay = TrainerTests.options(rate: 0.1)
      decay.weightDecay = 0.01
      #expect(miss(seed, decay) > 1e-4, "seed \(seed)")
    }
  }

  @Test("At the same progress half the learning rate gives half the drift")
  func drift() {
    forEachSeed(0..<3) { seed, _ in
      let drifts = [0.1, 0.05, 0.025, 0.0125].map { rate in
        var trainer = trainer(seed, TrainerTests.options(rate: rate))
        var rng = SplitMix64(seed: seed)
        let laws = trainer.numericalLaws
        for _ in 0..<Int(20 / rate) { trainer.step(using: &rng) }
        return zip(trainer.numericalLaws, laws).reduce(0) { max($0, abs($1.0 - $1.1)) }
      }
      for (coarse, fine) in zip(drifts, drifts.dropFirst()) {
        #expect((1.7...2.6).contains(coarse / fine), "seed \(seed): \(drifts)")
      }
    }
  }

  @Test("3-5-4-2 has nine laws, one for each hidden neuron: parameters less rank, where the rank is full")
  func number() throws {
    var ranks: [Int] = []
    for seed in UInt64(0)..<12 {
      var rng = SplitMix64(seed: seed)
      let network = Initialisation.he.network(widths: LawTests.widths, using: &rng)
      let inputs = InputSampling.gaussian.inputs(count: 540, dimension: 3, using: &rng)
      ranks.append(try BatchFunctionalDimension(of: network, at: inputs).lower)
      let start = Trainer(network, on: TrainerTests.task(LawTests.widths, samples: 3, using: &rng))
      #expect(network.parameterCount - start.numericalLaws.count == 45, "seed \(seed)")
    }
    #expect(ranks.max() == 45, "ranks \(ranks)")
  }
}
