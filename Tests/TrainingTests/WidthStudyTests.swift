import Crease
import Synchronization
import Testing
import _TestSupport

@testable import Training

@Suite("Width studies")
struct WidthStudyTests {
  private func study(
    _ widths: [Int] = [2, 4, 8], runs: Int = 3, series: Set<WidthStudy.Series> = [.tied, .rate],
    _ change: (inout WidthStudyOrigin.Settings) -> Void = { _ in }
  ) throws -> WidthStudy {
    var rng = SplitMix64(seed: 5)
    let teacher = Initialisation.he.network(widths: [3, 3, 1], using: &rng)
    let task = try #require(TrainingTask.imitating(teacher, samples: 60, using: &rng))
    var settings = WidthStudyOrigin.Settings()
    settings.targetLoss = 0.25
    settings.maximumSteps = 300
    settings.interval = 5
    change(&settings)
    return WidthStudy(of: task, widths: widths, series: series, runs: runs, settings: settings)
  }

  private func records(_ study: WidthStudy, threads: Int) throws -> [WidthRecord] {
    let found = Mutex<[WidthStudy.Item: WidthRecord]>([:])
    try study.run(study.items, threads: threads) { record in
      found.withLock { $0[record.item] = record.timeless }
    }
    return study.items.compactMap { item in found.withLock { $0[item] } }
  }

  @Test("Records do not depend on the number of threads, and are those of each run alone")
  func threads() throws {
    let study = try study()
    // Three widths, two of them tied and slowed, three runs each.
    #expect(study.items.count == 3 * (3 + 2 + 2))
    let one = try records(study, threads: 1)
    #expect(try records(study, threads: 3) == one && one.count == 21)
    #expect(try study.record(of: study.items[4]).timeless == one[4])
    #expect(one.contains { $0.steps != nil })
    for record in one {
      if let steps = record.steps { #expect(steps % 5 == 0 && (record.loss ?? 1) <= 0.25) }
      #expect(record.initialLoss > 0.25)
    }
  }

  @Test("Tied networks take the steps of the narrowest one")
  func tied() throws {
    let study = try study([2, 8], runs: 6, series: [.tied]) { $0.targetLoss = 0.5 }
    let found = try records(study, threads: 2)
    for index in 0..<6 {
      let narrow = found.first { $0.item == WidthStudy.Item(series: .width, width: 2, index: index) }
      let tied = found.first { $0.item == WidthStudy.Item(series: .tied, width: 8, index: index) }
      #expect(narrow?.steps == tied?.steps && narrow != nil && tied != nil, "run \(index)")
    }
    #expect(found.contains { $0.item.series == .tied && $0.steps != nil })
    #expect(study.network(study.items[2]).widths == [3, 8, 1])
  }

  @Test("Summaries count, order and compare volumes: 8 neurons have ln 1/8!")
  func summaries() throws {
    let study = try study([8], runs: 4, series: [])
    func record(_ index: Int, _ steps: Int?) -> WidthRecord {
      WidthRecord(
        origin: study.origin, item: WidthStudy.Item(series: .width, width: 8, index: index), steps: steps,
        initialLoss: 1, loss: 0.1, lawDrift: 0.5, seconds: 0)
    }
    let all = [record(0, 30), record(1, 10), record(2, 20), record(3, nil)]
    let summary = try #require(WidthSummary.summaries(all, of: study).first)
    #expect(summary.parameters == 3 * 8 + 8 + 8 + 1 && summary.runs == 4 && summary.reached == 3)
    #expect(abs(summary.logVolumeRatio + 10.604602902745251) < 1e-12)
    #expect(summary.lowerQuartile == 17.5 && summary.median == 25 && summary.upperQuartile == nil)
    let reached = try #require(WidthSummary.summaries(Array(all.dropLast()), of: study).first)
    #expect(reached.upperQuartile == 25 && reached.median == 20 && reached.reachedShare == 1)
  }

  @Test("The best rate is the one of the least median")
  func tuned() throws {
    let study = try study([8], runs: 2, series: [.tuned])
    #expect(study.items.count == 2 * (1 + 7))
    let steps: [Int: [Int?]] = [-1: [40, 60], 0: [30, 50], 1: [30, 30], 2: [30, nil]]
    let records = steps.flatMap { exponent, steps in
      steps.enumerated().map { index, steps in
        WidthRecord(
          origin: study.origin,
          item: WidthStudy.Item(series: .tuned, width: 8, index: index, rateExponent: exponent), steps: steps,
          initialLoss: 1, loss: 0.1, lawDrift: 0.5, seconds: 0)
      }
    }
    let summary = try #require(WidthSummary.summaries(records, of: study).first)
    #expect(summary.median == 30 && summary.learningRate == 0.1 && summary.series == .tuned)
    #expect(!summary.isRateAtEdge)
    // The greatest of the rates tried may not be the best there is.
    for exponent in [WidthStudy.rateExponents.lowerBound, WidthStudy.rateExponents.upperBound] {
      let item = WidthStudy.Item(series: .tuned, width: 8, index: 0, rateExponent: exponent)
      let record = WidthRecord(
        origin: study.origin, item: item, steps: 10, initialLoss: 1, loss: 0.1, lawDrift: 0.5, seconds: 0)
      #expect(WidthSummary.summaries(records + [record], of: study).first?.isRateAtEdge == true)
    }
    let item = WidthStudy.Item(series: .rate, width: 16, index: 0)
    #expect(study.learningRate(item) == 0.025)
  }

  @Test("Norm balancing within a run keeps the function and the inverse scale of momenta")
  func balancing() throws {
    forEachSeed(0..<4) { seed, rng in
      let task = TrainerTests.task([3, 5, 4, 2], samples: 20, using: &rng)
      let network = Initialisation.he.network(widths: [3, 5, 4, 2], using: &rng)
      for optimiser in [Optimiser.plain, .descent(momentum: 0.9), .adam] {
        var rng = SplitMix64(seed: seed)
        var trainer = Trainer(
          network, on: task, options: TrainerTests.options(optimiser, rate: 0.01, batch: 5))
        for _ in 0..<3 { trainer.step(using: &rng) }
        let loss = trainer.loss
        let laws = trainer.numericalLaws.map(abs).reduce(0, +)
        for _ in 0..<60 { trainer.balance(by: NormBalancing()) }
        #expect(abs(trainer.loss - loss) < 1e-12, "seed \(seed), \(optimiser)")
        // A balanced network is a zero of all laws.
        #expect(laws > 1e-2 && trainer.numericalLaws.allSatisfy { abs($0) < 1e-9 }, "seed \(seed)")
      }
    }
    // 8, 1 with momentum: the entries scale by √(1/8) and √8, the momenta inversely.
    let task = TrainingTask(
      inputs: Matrix(rows: 1, columns: 1, elements: [1]), targets: Matrix(rows: 1, columns: 1, elements: [0]))
    var trainer = Trainer(
      Network(weights: [[[8]], [[1]]], biases: [[0], [0]]), on: task,
      options: TrainerTests.options(.descent(momentum: 0.5), rate: 0))
    var rng = SplitMix64(seed: 0)
    trainer.step(using: &rng)  // f = 8: the gradient is 16 (1, 1 | 8, 1) in w₁, b₁, w₂, b₂
    trainer.balance(by: NormBalancing())
    let root = 8.0.squareRoot()
    for (a, b) in zip(trainer.parameters, [root, 0, root, 0]) { #expect(abs(a - b) < 1e-14) }
    for (a, b) in zip(trainer.moments, [16 * root, 16 * root, 128 / root, 16]) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("A study with ENorm keeps laws at zero")
  func enorm() throws {
    let study = try study([8], runs: 2, series: []) { $0.balancing = NormBalancing() }
    let plain = try self.study([8], runs: 2, series: [])
    #expect(study.origin != plain.origin)
    let balanced = try records(study, threads: 1)
    #expect(balanced.allSatisfy { $0.loss != nil })
    #expect(try balanced.map(\.steps) != records(plain, threads: 1).map(\.steps))
  }

  @Test("A task is known by its checksum")
  func checksums() throws {
    let one = try study().origin
    #expect(try study { $0.seed = 2 }.origin.checksum == one.checksum)
    var rng = SplitMix64(seed: 6)
    let other = TrainerTests.task([3, 1], samples: 60, using: &rng)
    let study = WidthStudy(of: other, widths: [2, 4, 8], runs: 1, settings: one.settings)
    #expect(study.origin.checksum != one.checksum && study.origin.samples == 60)
  }
}
