import Crease
import LinearAlgebra
import Testing
import _TestSupport

@testable import Training

@Suite("Training")
struct TrainerTests {
  static let n1 = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])

  /// A random task for the widths of a network; distributions as targets where the loss asks for them.
  static func task(
    _ widths: [Int], samples: Int, loss: TrainingLoss = .meanSquaredError, using rng: inout SplitMix64
  ) -> TrainingTask {
    func matrix(_ columns: Int, _ range: ClosedRange<Double>) -> Matrix<Double> {
      Matrix(
        rows: samples, columns: columns,
        elements: (0..<samples * columns).map { _ in Double.random(in: range, using: &rng) })
    }
    let inputs = matrix(widths[0], -1...1)
    var targets = matrix(widths[widths.count - 1], loss == .crossEntropy ? 0...1 : -1...1)
    if loss == .crossEntropy {
      for i in 0..<samples {
        let sum = targets.row(i).reduce(0, +)
        for j in 0..<targets.columns { targets[i, j] /= sum }
      }
    }
    return TrainingTask(inputs: inputs, targets: targets)
  }

  static func options(
    _ optimiser: Optimiser = .plain, rate: Double, batch: Int = 1000, loss: TrainingLoss = .meanSquaredError
  ) -> TrainingOptions {
    var options = TrainingOptions()
    (options.optimiser, options.learningRate, options.batchSize, options.loss) = (
      optimiser, rate, batch, loss
    )
    return options
  }

  @Test("One step on N1 is the one worked by hand")
  func byHand() {
    // f(1, 0) = 2.5 and the target is 1.5: the gradient in f is 2, in the pre-activations (4, −2).
    let task = TrainingTask(
      inputs: Matrix(rows: 1, columns: 2, elements: [1, 0]),
      targets: Matrix(rows: 1, columns: 1, elements: [1.5]))
    var trainer = Trainer(TrainerTests.n1, on: task, options: TrainerTests.options(rate: 0.25))
    var rng = SplitMix64(seed: 0)
    #expect(trainer.loss == 1 && trainer.batchLoss == nil)
    trainer.step(using: &rng)
    let expected = Network(weights: [[[0, -2], [3.5, 1]], [[1, -2]]], biases: [[0, -0.5], [0]])
    #expect(trainer.network == expected && trainer.batchLoss == 1 && trainer.stepCount == 1)
  }

  @Test("Momentum and Adam take the steps of their formulas")
  func optimisers() {
    // f(x) = w x at x = 1 with target 0: the gradient is 2 w in w and in the bias.
    let task = TrainingTask(
      inputs: Matrix(rows: 1, columns: 1, elements: [1]), targets: Matrix(rows: 1, columns: 1, elements: [0]))
    let start = Network(weights: [[[1]]], biases: [[0]])
    var rng = SplitMix64(seed: 0)
    var heavy = Trainer(start, on: task, options: TrainerTests.options(.descent(momentum: 0.5), rate: 0.125))
    heavy.step(using: &rng)
    #expect(heavy.parameters == [0.75, -0.25])  // v = 2
    heavy.step(using: &rng)
    #expect(heavy.parameters == [0.5, -0.5])  // g = 1, v = 2
    var adam = Trainer(start, on: task, options: TrainerTests.options(.adam, rate: 0.125))
    adam.step(using: &rng)
    // The first step of Adam is τ g/(|g| + ε).
    #expect(abs(adam.parameters[0] - 0.875) < 1e-8 && abs(adam.parameters[1] + 0.125) < 1e-8)
    adam.step(using: &rng)
    let (m, v) = ((0.9 * 0.1 * 2 + 0.1 * 1.5) / 0.19, (0.999 * 0.001 * 4 + 0.001 * 2.25) / 0.001999)
    #expect(abs(adam.parameters[0] - (0.875 - 0.125 * m / v.squareRoot())) < 1e-8)
    var decay = TrainerTests.options(rate: 0.125)
    decay.weightDecay = 2
    var shrinking = Trainer(start, on: task, options: decay)
    shrinking.step(using: &rng)
    #expect(shrinking.parameters == [0.5, -0.25])  // g = 2 + 2 · 1 and 2 + 0
  }

  @Test("The gradient is the slope of the loss, for both losses", arguments: TrainingLoss.allCases)
  func slopes(_ loss: TrainingLoss) {
    forEachSeed(0..<6) { seed, rng in
      let widths = [[3, 4, 2], [2, 5, 3, 4], [4, 3], [3, 4, 4, 3, 1]][Int(seed) % 4]
      let task = TrainerTests.task(widths, samples: 7, loss: loss, using: &rng)
      let start = Initialisation.he.network(widths: widths, using: &rng)
      var trainer = Trainer(start, on: task, options: TrainerTests.options(rate: 0, loss: loss))
      trainer.step(using: &rng)
      #expect(abs((trainer.batchLoss ?? .nan) - trainer.loss) < 1e-14, "seed \(seed)")
      for k in trainer.parameters.indices {
        func loss(_ change: Double) -> Double {
          var moved = trainer
          moved.parameters[k] += change
          return moved.loss
        }
        let slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
        #expect(abs(slope - trainer.gradient[k]) < 1e-7, "seed \(seed), parameter \(k)")
      }
    }
  }

  @Test("The gradient is the exact one but for rounding")
  func exact() {
    forEachSeed(0..<10) { seed, rng in
      let widths = [3, 5, 4, 2]
      let network = Network.random(widths: widths, using: &rng)
      let task = TrainerTests.task(widths, samples: 6, using: &rng)
      var trainer = Trainer(network, on: task, options: TrainerTests.options(rate: 0))
      trainer.step(using: &rng)
      let exact = network.exactGradient(inputs: task.inputs.rowArrays, targets: task.targets.rowArrays)
      // ½ Σ ‖·‖² against the mean over 6 samples and 2 outputs.
      let ours = trainer.layers.network(trainer.gradient).parameters.values
      for (a, b) in zip(ours, exact.values) {
        #expect(abs(a.nearestDouble - b.nearestDouble / 6) < 1e-14, "seed \(seed)")
      }
    }
  }

  @Test("A pass goes through every sample once, and the same seed gives the same run")
  func batches() {
    forEachSeed(0..<5) { seed, rng in
      let task = TrainerTests.task([2, 4, 1], samples: 23, using: &rng)
      let network = Initialisation.he.network(widths: [2, 4, 1], using: &rng)
      var still = Trainer(network, on: task, options: TrainerTests.options(rate: 0, batch: 5))
      var total = 0.0
      for size in [5, 5, 5, 5, 3] {
        still.step(using: &rng)
        total += Double(size) * (still.batchLoss ?? .nan) / 23
      }
      #expect(abs(total - still.loss) < 1e-14, "seed \(seed)")
      let runs = Concurrency.map(count: 4, threads: 2, minimumRange: 1) { range in
        range.map { _ in
          var rng = SplitMix64(seed: seed)
          var trainer = Trainer(network, on: task, options: TrainerTests.options(.adam, rate: 0.01, batch: 5))
          for _ in 0..<50 { trainer.step(using: &rng) }
          return trainer.parameters
        }
      }
      #expect(Set(runs).count == 1, "seed \(seed)")
    }
  }

  @Test("A student of a teacher's architecture learns")
  func learns() throws {
    var rng = SplitMix64(seed: 3)
    let teacher = Initialisation.he.network(widths: [4, 6, 1], using: &rng)
    let task = try #require(TrainingTask.imitating(teacher, samples: 200, using: &rng))
    let mean = task.targets.elements.reduce(0, +) / 200
    let square = task.targets.elements.reduce(0) { $0 + $1 * $1 } / 200
    #expect(abs(mean) < 1e-12 && abs(square - 1) < 1e-12)
    for optimiser in [Optimiser.plain, .descent(momentum: 0.9), .adam] {
      let rate = optimiser == .plain ? 0.1 : 0.01
      var trainer = Trainer(
        Initialisation.he.network(widths: [4, 24, 1], using: &rng), on: task,
        options: TrainerTests.options(optimiser, rate: rate, batch: 20))
      for _ in 0..<1500 { trainer.step(using: &rng) }
      #expect(trainer.loss < 0.02, "\(optimiser)")
    }
  }

  @Test("Copies of neurons learn as the neurons they copy")
  func tied() {
    forEachSeed(0..<4) { seed, rng in
      let widths = [3, 4, 3, 2]
      let task = TrainerTests.task(widths, samples: 20, using: &rng)
      let narrow = Initialisation.he.network(widths: widths, using: &rng)
      var losses: [[Double]] = []
      for network in [narrow, narrow.tied(copies: 4), narrow.tied(copies: 3)] {
        var rng = SplitMix64(seed: seed)
        var trainer = Trainer(
          network, on: task, options: TrainerTests.options(.descent(momentum: 0.5), rate: 0.05, batch: 6))
        losses.append([trainer.loss])
        for _ in 0..<40 {
          trainer.step(using: &rng)
          losses[losses.count - 1].append(trainer.loss)
        }
      }
      #expect(losses[0][40] < losses[0][0], "seed \(seed)")
      for k in losses[0].indices {
        #expect(abs(losses[1][k] - losses[0][k]) < 1e-11, "seed \(seed), step \(k)")
        #expect(abs(losses[2][k] - losses[0][k]) < 1e-11, "seed \(seed), step \(k)")
      }
      #expect(narrow.tied(copies: 4).widths == [3, 16, 12, 2])
    }
  }

  @Test(
    "A run from permuted neurons is the permuted run: sorting neurons at the start changes no number of steps"
  )
  func permuted() {
    forEachSeed(0..<4) { seed, rng in
      let task = TrainerTests.task([3, 6, 2], samples: 20, using: &rng)
      let network = Initialisation.he.network(widths: [3, 6, 2], using: &rng)
      let sorted = network.disguised(by: Disguise(permutes: true), using: &rng)
      #expect(sorted != network)
      let losses = [network, sorted].map { start in
        var rng = SplitMix64(seed: seed)
        var trainer = Trainer(start, on: task, options: TrainerTests.options(.adam, rate: 0.01, batch: 6))
        for _ in 0..<60 { trainer.step(using: &rng) }
        return trainer.loss
      }
      #expect(abs(losses[0] - losses[1]) < 1e-10, "seed \(seed)")
    }
  }
}

extension Matrix where Scalar == Double {
  /// The rows as arrays.
  var rowArrays: [[Double]] { (0..<rows).map { Array(row($0)) } }
}
