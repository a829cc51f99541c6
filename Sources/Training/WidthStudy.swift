import Foundation
import Networks
import Symmetry

/// How many steps networks of several widths take to reach a loss.
///
/// Every run trains a multilayer perceptron with ``depth`` hidden layers of one width from He's initialisation, until the loss of the
/// whole task is at most ``WidthStudyOrigin/targetLoss``. Runs of one index see the same batches in the same order, whatever
/// the width and the series.
///
///     let study = WidthStudy(of: task, widths: [4, 8, 16], runs: 10, origin: origin)
///     try study.run(study.items) { record in print(record.item.width, record.steps ?? -1) }
///
/// - Reference: [Shen24] on wide networks and the volume of representative parameters; the controls are this library's.
public struct WidthStudy: Sendable {
  /// What changes with the width.
  public enum Series: String, Hashable, Sendable, Codable, CaseIterable {
    /// The width alone, as it is usually changed: at one learning rate.
    case width
    /// Copies of the narrowest network's neurons, by ``Networks/Network/tied(copies:)``: as wide, and as good as the narrowest.
    case tied
    /// The width, at a learning rate of τ · narrowest/width. At one rate the outputs of a wide network move faster: what a step of
    /// the output layer changes grows as the sum of all squared signals.
    case rate
    /// The width, at the best of the rates τ · 2^k with k in ``WidthStudy/rateExponents``: the one of the least median.
    case tuned
  }

  /// The rates that ``Series/tuned`` tries, as powers of two of the study's own.
  public static let rateExponents = -3...3

  /// One run.
  public struct Item: Hashable, Sendable, Codable {
    /// What changes with the width.
    public let series: Series
    /// The width of the hidden layers.
    public let width: Int
    /// The number of the run, from 0.
    public let index: Int
    /// k, where the learning rate is τ · 2^k; 0 but for ``Series/tuned``.
    public let rateExponent: Int

    init(series: Series, width: Int, index: Int, rateExponent: Int = 0) {
      (self.series, self.width, self.index, self.rateExponent) = (series, width, index, rateExponent)
    }
  }

  /// What is learned.
  public let task: TrainingTask
  /// The widths of the hidden layers, increasing.
  public let widths: [Int]
  /// What is varied; always with ``Series/width``.
  public let series: [Series]
  /// How many runs of each width.
  public let runCount: Int
  /// The settings, as every record has them.
  public let origin: WidthStudyOrigin

  /// A study of some widths.
  ///
  /// - Requires: positive widths, at least one; positive numbers of runs, hidden layers, steps and steps between evaluations.
  public init(
    of task: TrainingTask, widths: [Int], series: Set<Series> = [.width], runs: Int,
    settings: WidthStudyOrigin.Settings
  ) {
    precondition(!widths.isEmpty && widths.allSatisfy { $0 > 0 }, "widths \(widths)")
    precondition(runs > 0, "\(runs) runs")
    self.task = task
    self.widths = Set(widths).sorted()
    self.series = Series.allCases.filter { $0 == .width || series.contains($0) }
    runCount = runs
    origin = WidthStudyOrigin(settings, narrowest: self.widths[0], task: task)
  }

  /// The widths n₀, …, n_L of the networks of a width.
  public func architecture(width: Int) -> [Int] {
    [task.inputs.columns] + Array(repeating: width, count: origin.settings.depth) + [task.targets.columns]
  }

  /// All runs; those of one index lie together, so that a study that is stopped has some of every width.
  ///
  /// Tied networks exist only for multiples of the narrowest width, and are that network itself there.
  public var items: [Item] {
    (0..<runCount).flatMap { index in
      series.flatMap { series in
        widths.flatMap { width -> [Item] in
          let isDifferent = width > widths[0]
          return switch series {
          case .width: [Item(series: series, width: width, index: index)]
          case .tied where isDifferent && width % widths[0] == 0, .rate where isDifferent:
            [Item(series: series, width: width, index: index)]
          case .tied, .rate: []
          case .tuned:
            WidthStudy.rateExponents.map {
              Item(series: series, width: width, index: index, rateExponent: $0)
            }
          }
        }
      }
    }
  }

  /// The learning rate of a run.
  public func learningRate(_ item: Item) -> Double {
    let rate = origin.settings.options.learningRate
    switch item.series {
    case .width, .tied: return rate
    case .rate: return rate * Double(origin.narrowest) / Double(item.width)
    case .tuned: return rate * Double(sign: .plus, exponent: item.rateExponent, significand: 1)
    }
  }

  /// The network a run starts from.
  public func network(_ item: Item) -> Network {
    let width = item.series == .tied ? origin.narrowest : item.width
    var rng = SplitMix64(seed: seed([0, width, item.index]))
    let network = Initialisation(.he, biasDeviation: origin.settings.biasDeviation).network(
      widths: architecture(width: width), using: &rng)
    return item.series == .tied ? network.tied(copies: item.width / width) : network
  }

  /// Trains one network, on one thread.
  ///
  /// - Throws: `CancellationError`.
  public func record(of item: Item, progress: Networks.Progress = Progress()) throws -> WidthRecord {
    let start = ContinuousClock.now
    let settings = origin.settings
    var options = settings.options
    options.learningRate = learningRate(item)
    var trainer = Trainer(network(item), on: task, options: options)
    var rng = SplitMix64(seed: seed([1, item.index]))
    let laws = trainer.numericalLaws
    let initialLoss = trainer.loss
    var loss = initialLoss
    while loss > settings.targetLoss, trainer.stepCount < settings.maximumSteps {
      try progress.step("training", done: trainer.stepCount, of: settings.maximumSteps)
      let count = min(settings.interval, settings.maximumSteps - trainer.stepCount)
      for _ in 0..<count {
        trainer.step(using: &rng)
        if let balancing = settings.balancing { trainer.balance(by: balancing) }
      }
      loss = trainer.loss
      if !loss.isFinite { break }
    }
    let drifts = zip(trainer.numericalLaws, laws).map { abs($0 - $1) }
    let time = (ContinuousClock.now - start).components
    return WidthRecord(
      origin: origin, item: item, steps: loss <= settings.targetLoss ? trainer.stepCount : nil,
      initialLoss: initialLoss, loss: loss.isFinite ? loss : nil,
      lawDrift: drifts.allSatisfy(\.isFinite) ? drifts.max() : nil,
      seconds: Double(time.seconds) + Double(time.attoseconds / 1_000_000_000_000_000) / 1000)
  }

  /// Trains networks in parallel, one on a thread, and hands over each record as soon as it is there.
  ///
  /// The records do not depend on the number of threads; their order does.
  ///
  /// - Parameter take: Called for one record at a time.
  /// - Throws: what `take` throws; `CancellationError`. Records not yet handed over are lost.
  public func run(
    _ items: [Item], threads: Int = Concurrency.coreCount, progress: Networks.Progress = Progress(),
    take: @Sendable (WidthRecord) throws -> Void
  ) throws {
    let quiet = progress.silent
    try Concurrency.handOver(
      count: items.count, threads: threads, make: { try record(of: items[$0], progress: quiet) }, take: take)
  }

  private func seed(_ numbers: [Int]) -> UInt64 {
    numbers.reduce(origin.settings.seed) { state, number in
      var rng = SplitMix64(seed: state ^ UInt64(number))
      return rng.next()
    }
  }
}
