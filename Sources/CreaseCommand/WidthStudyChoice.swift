import ArgumentParser
import Crease
import Foundation

/// What is learned in a width study, by which networks and how.
struct WidthStudyChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "An .npz file with inputs x and targets or classes y, instead of a teacher.", valueName: "file.npz"))
  var data: String?

  @Option(
    help: ArgumentHelp("A network to imitate; by default a random one of widths 8-8-1.", valueName: "model"))
  var teacher: String?

  @Option(help: "How many inputs, normal ones, a teacher is imitated at.")
  var samples = 1000

  @Option(help: ArgumentHelp("Widths of the hidden layers.", valueName: "d,…"))
  var widths = "4,8,16,32,64,128"

  @Option(help: "The number of hidden layers.")
  var depth = 1

  @Option(help: "How many runs of each width.")
  var runs = 10

  @Option(
    help: ArgumentHelp(
      "Series beside the width itself: tied (copies of the narrowest network's neurons), rate (a learning rate "
        + "that falls as the width grows), tuned (the best of seven rates at each width), or none.",
      valueName: "series,…"))
  var controls = "tied,rate,tuned"

  @Option(help: "sgd or adam.")
  var optimiser = OptimiserChoice.sgd

  @Option(help: "The learning rate; 0.02 unless given, 0.002 for adam.")
  var rate: Double?

  @Option(help: "The momentum of sgd.")
  var momentum = 0.0

  @Option(help: "The samples of a batch.")
  var batch = 32

  @Option(help: "The factor of θ that is added to gradients.")
  var decay = 0.0

  @Option(
    help: "The loss of the whole task to reach: mean squared error, or cross-entropy (nats) for classes.")
  var target = 0.1

  @Option(help: "The steps after which a run is given up.")
  var steps = 20_000

  @Option(help: "The steps between two evaluations of the loss.")
  var every = 10

  @Flag(help: "Balance norms by one cycle after every step (ENorm).")
  var enorm = false

  @Option(help: ArgumentHelp("ENorm's depth penalty c.", valueName: "c"))
  var enormPenalty = 1.0

  @Option(help: "The seed of teacher, networks and batches.")
  var seed: UInt64 = 1

  func validate() throws {
    for (name, value) in [
      ("samples", samples), ("depth", depth), ("runs", runs), ("batch", batch), ("steps", steps),
      ("every", every),
    ] where value < 1 { throw ValidationError("--\(name) takes a positive number") }
    if data != nil, teacher != nil { throw ValidationError("give --data or --teacher, not both") }
    if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("--rate takes a positive number") }
    guard (0..<1).contains(momentum) else {
      throw ValidationError("--momentum takes a number from 0 to below 1")
    }
    if momentum > 0, optimiser == .adam { throw ValidationError("--momentum goes with --optimiser sgd") }
    guard decay >= 0, decay.isFinite else { throw ValidationError("--decay takes a number of at least 0") }
    guard target > 0, target.isFinite else { throw ValidationError("--target takes a positive number") }
    guard enormPenalty > 0, enormPenalty.isFinite else {
      throw ValidationError("--enorm-penalty takes a positive number")
    }
    _ = try (parsedWidths(), series())
  }

  /// The study, with its task read or made.
  func study() throws -> WidthStudy {
    let (task, loss) = try task()
    var settings = WidthStudyOrigin.Settings()
    settings.depth = depth
    settings.options.loss = loss
    settings.options.optimiser = optimiser == .adam ? .adam : .descent(momentum: momentum)
    settings.options.learningRate = learningRate
    settings.options.batchSize = batch
    settings.options.weightDecay = decay
    settings.targetLoss = target
    settings.maximumSteps = steps
    settings.interval = every
    settings.balancing = enorm ? NormBalancing(depthPenalty: enormPenalty) : nil
    settings.seed = seed
    return WidthStudy(
      of: task, widths: try parsedWidths(), series: try series(), runs: runs, settings: settings)
  }

  /// What is learned, in a few words.
  var taskName: String {
    if let data { return data }
    return teacher.map { "imitating \($0)" } ?? "imitating a random network of widths 8-8-1"
  }

  private var learningRate: Double { rate ?? (optimiser == .adam ? 0.002 : 0.02) }

  private func task() throws -> (TrainingTask, TrainingLoss) {
    if let data {
      let file: SamplesFile
      do throws(ModelFileError) {
        file = try SamplesFile(contentsOf: URL(fileURLWithPath: data))
      } catch {
        throw CommandFailure(ModelFileError(file: data, cause: error.cause))
      }
      switch file.targets {
      case .values(let values): return (TrainingTask(inputs: file.inputs, targets: values), .meanSquaredError)
      case .labels(let labels):
        let classes = (labels.max() ?? 0) + 1
        return (TrainingTask(inputs: file.inputs, labels: labels, classes: classes), .crossEntropy)
      }
    }
    var rng = SplitMix64(seed: seed ^ 0x7EAC_4E12)
    let network =
      try teacher.map { try ReadingFlags.parse([]).network($0) }
      ?? Initialisation.he.network(widths: [8, 8, 1], using: &rng)
    guard let task = TrainingTask.imitating(network, samples: samples, using: &rng) else {
      throw CommandFailure.badData(
        "\(teacher ?? "the teacher"): gives the same outputs at all \(samples) inputs; there is nothing to learn"
      )
    }
    return (task, .meanSquaredError)
  }

  private func parsedWidths() throws -> [Int] {
    try widths.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let width = Int(part), (1...4096).contains(width) else {
        throw ValidationError("--widths takes whole numbers from 1 to 4096, such as 4,8,16; got \(widths)")
      }
      return width
    }
  }

  private func series() throws -> Set<WidthStudy.Series> {
    if controls == "none" { return [] }
    return Set(
      try controls.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let series = WidthStudy.Series(rawValue: String(part)), series != .width else {
          throw ValidationError(
            "--controls takes tied, rate and tuned, with commas between, or none; got \(controls)")
        }
        return series
      })
  }
}

/// The optimisers by name.
enum OptimiserChoice: String, ExpressibleByArgument, CaseIterable {
  case sgd
  case adam
}
