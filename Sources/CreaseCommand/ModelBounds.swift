import ArgumentParser
import Crease
import struct Foundation.URL

/// What is given with a model file for bounds that depend on the trained network.
struct TrainedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The inputs of a sample, for bounds that depend on data.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The class of each input, a whole number from 0, one for each; by default the array y of --data.",
      valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The margin of a classification; by default the smallest on the data.", valueName: "gamma"))
  var margin: Double?

  @Option(
    help: ArgumentHelp(
      "Take the margin such that at most this fraction of the data has a smaller one.", valueName: "fraction")
  )
  var quantile = 0.0

  @Option(
    help: ArgumentHelp(
      "The network before training, for bounds by the way it went; by default all zeros.", valueName: "model")
  )
  var initial: String?

  @Option(
    help: ArgumentHelp(
      "A pruned or quantised network of the same shape: how far apart the two can be.", valueName: "model"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "With --against, also bound the difference by parts of the box, as compare does, or seconds as in 30s.",
      valueName: "parts"))
  var budget: WorkBudget?

  /// Whether any of these is given.
  var isGiven: Bool {
    data != nil || labels != nil || margin != nil || initial != nil || against != nil || quantile != 0
      || budget != nil
  }

  func validate() throws {
    if labels != nil, data == nil { throw ValidationError("--labels goes with --data") }
    if let margin, !margin.isFinite || margin <= 0 {
      throw ValidationError("--margin takes a positive number")
    }
    if !(0..<1).contains(quantile) { throw ValidationError("--quantile takes a fraction from 0 to below 1") }
    if margin != nil, quantile != 0 { throw ValidationError("give --margin or --quantile, not both") }
    if budget != nil, against == nil { throw ValidationError("--budget goes with --against") }
  }
}

/// The bounds of a trained network: what its norms, a sample, and a second network say.
///
/// The entry point of `crease bounds MODEL`, called once after the class of networks is known; what it finds is shown
/// below the table of covering numbers, and joins the JSON document.
struct ModelBounds {
  /// The model's file, as the user named it.
  let file: String
  /// The network of that file.
  let network: Network
  /// Where inputs lie, if that is known.
  let domain: InputDomain?
  /// Data, labels, margin and further networks, as the user named them.
  let options: TrainedOptions
  /// How further model files are read.
  let reading: ReadingFlags
  /// The seed of anything random.
  let seed: UInt64
  /// The number of threads, on which nothing found depends.
  let threads: Int

  /// The orders of path norms that are shown.
  static let orders: [Double] = [1, 2, 4, 8, 16]

  /// What was found about the network.
  struct Findings {
    /// Bounds by norms and data, each with its constants.
    var bounds: [ComplexityBound] = []
    /// Further lines for people, below the bounds.
    var lines: [String] = []
    /// The same for scripts.
    var document: ModelBoundsDocument?
  }

  /// Evaluates everything that the options ask for.
  ///
  /// Throws: `CommandFailure` for files that do not fit the network; `CancellationError`.
  func findings(progress: Progress) throws -> Findings {
    var report = ModelBoundsReport(network: network)
    do {
      report.norms = try NetworkNorms(of: network, initial: try initial(progress), progress: progress)
    } catch let obstacle as NetworkNorms.Obstacle {
      if case .initialDiffers = obstacle {
        throw CommandFailure.badData("\(options.initial ?? file): \(obstacle)")
      }
      report.normObstacle = obstacle.description
      report.blocks = try network.blockNorms(progress: progress)
    }
    let paths = try paths(&report, progress)
    if let data = options.data { report.sample = try sample(data, &report, paths, progress) }
    if let against = options.against { report.gap = try gap(against, progress) }
    return Findings(
      bounds: (report.sample?.bounds ?? []) + (report.gap?.bounds ?? []), lines: report.lines,
      document: report.document)
  }

  private func initial(_ progress: Progress) throws -> Network? {
    guard let file = options.initial else { return nil }
    try progress.step("reading \(file)")
    return try reading.network(file)
  }

  /// The network whose path norms are shown: the file's graph, or the normal form where that has no lifting.
  private func paths(_ report: inout ModelBoundsReport, _ progress: Progress) throws -> PathNormFactor {
    try progress.step("lifting paths")
    var lifted = network
    var factor = PathNormFactor(of: network)
    do throws(ModelFileError) {
      let lifting = try PathLifting(
        contentsOf: URL(fileURLWithPath: file), options: ReadingOptions(rawInputs: reading.rawInputs))
      lifted = lifting.network
      factor = PathNormFactor(of: lifting.network, maximumSizes: lifting.maximumSizes)
      report.maximumSizes = lifting.maximumSizes
    } catch {
      report.liftingObstacle = error.cause.description
    }
    let embedding = PathEmbedding(of: lifted)
    report.pathNorms = try ModelBounds.orders.map { try embedding.norm($0, progress: progress) }
    return factor
  }

  private func sample(
    _ data: String, _ report: inout ModelBoundsReport, _ factor: PathNormFactor, _ progress: Progress
  ) throws -> ModelBoundsReport.SampleFindings {
    try progress.step("reading \(data)")
    let inputs = try PointsFile.readable(data, inputs: network.inputCount)
    if inputs.isEmpty { throw CommandFailure.badData("\(data): expected at least one input, found none") }
    let labels = try LabelsFile.readable(options.labels, besideInputsIn: data, count: inputs.count)
    let carries = report.norms?.carriesBiases ?? false
    let sample: MarginSample
    try progress.step("evaluating the sample")
    do {
      sample = try MarginSample(
        inputs, labels: labels?.classes, network: network, carriesUnit: carries)
    } catch {
      throw CommandFailure.badData("\(options.labels ?? data): \(error)")
    }
    let margin = options.margin ?? sample.margin(quantile: options.quantile)
    var bounds: [ComplexityBound] = []
    var obstacle: String?
    if let norms = report.norms {
      let comparator = Comparator(norms: norms, sample: sample, margin: margin)
      bounds = comparator.bounds
      obstacle = comparator.marginObstacle
    }
    if let norm = report.pathNorms.first {
      bounds += [false, true].compactMap {
        pathNormBound(factor, norm: norm, sample: sample, margin: margin, sharpened: $0)
      }
    }
    let origin =
      options.margin != nil
      ? "as given"
      : options.quantile == 0 ? "the smallest on the data" : "quantile \(options.quantile.short) of the data"
    return ModelBoundsReport.SampleFindings(
      file: data, sample: sample, labels: labels?.source, margin: margin, marginOrigin: origin,
      bounds: bounds,
      obstacle: margin.map { $0 > 0 } == true ? nil : obstacle ?? "there is no positive margin")
  }

  private func gap(_ other: String, _ progress: Progress) throws -> ModelBoundsReport.GapFindings {
    try progress.step("reading \(other)")
    let second = try reading.network(other)
    guard network.inputCount == second.inputCount, network.outputCount == second.outputCount else {
      throw CommandFailure.badData(
        "\(file) and \(other): expected networks of one kind of input and output, found \(network.shape) and \(second.shape)"
      )
    }
    let inputs = try options.data.map { try PointsFile.readable($0, inputs: network.inputCount) } ?? []
    let measured = try network.measuredGap(
      to: second, domain: domain, at: inputs, seed: seed, progress: progress)
    var found = ModelBoundsReport.GapFindings(file: other, domain: domain, measured: measured)
    if network.hasArchitecture(of: second) {
      try progress.step("bounding the difference")
      found.bounds = try FunctionGap(network, second, domain: domain).bounds(progress: progress)
    } else {
      found.obstacle = "widths \(network.shape) and \(second.shape) differ: parameters have no partners"
    }
    if let budget = options.budget {
      var comparing = ComparisonOptions(
        domain: domain, seed: seed, budget: budget.comparison, boundsDifference: true, threads: threads,
        progress: progress)
      comparing.epsilon = nil
      found.comparison = try network.compared(with: second, options: comparing)
    }
    return found
  }
}

extension LabelsFile {
  /// The labels of a file, or beside the inputs where none is given; as the user named the files.
  static func readable(_ file: String?, besideInputsIn data: String, count: Int) throws -> Labels? {
    do throws(ModelFileError) {
      if let file { return try labels(contentsOf: URL(fileURLWithPath: file), count: count) }
      return try labels(besideInputsIn: URL(fileURLWithPath: data), count: count)
    } catch {
      throw CommandFailure(ModelFileError(file: file ?? data, cause: error.cause))
    }
  }
}
