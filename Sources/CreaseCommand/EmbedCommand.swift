import ArgumentParser
import Crease

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Show a network in its path embedding: what no rescaling of neurons can change.",
    discussion: """
      A path leads from an input, or from a neuron's bias, along weights to an output; the path embedding has the product \
      of the parameters on every path. Norms, distances and costs of paths come from passes over the weights, so the \
      number of paths does not matter; only --paths lists them.

      With --against, the exit code is 0 when the second network is a rescaling of the first, and 1 when it is not.

      $ crease embed model.onnx --norms 1,2,inf
      $ crease embed model.onnx --against other.onnx
      $ crease embed small.npz --paths -o paths.csv
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags

  @Option(
    help: ArgumentHelp("The orders of path norms; 0 counts paths, inf takes the largest.", valueName: "q,...")
  )
  var norms = "0,1,2,inf"

  @Option(help: ArgumentHelp("Compare with another network of the same architecture.", valueName: "model"))
  var against: String?

  @Option(
    help: ArgumentHelp("The path activations at the inputs of a file, and their rank.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("Write the path cost of every weight as CSV, for pruning.", valueName: "file"))
  var scores: String?

  @Flag(help: "List every path without a zero and its product as CSV.")
  var paths = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file for --paths, instead of standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("The most paths to list, or to multiply with activations.", valueName: "n"))
  var limit = 1_000_000

  @Option(
    help: ArgumentHelp("Up to how many products sums are exact; beyond, they are enclosures.", valueName: "n")
  )
  var budget = PathEmbedding.exactLimit

  @Option(help: "The seed of primes.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    _ = try orders
    if output != nil, !paths { throw ValidationError("-o goes with --paths") }
    if paths, output == nil, json || against != nil || data != nil || scores != nil {
      throw ValidationError("--paths fills standard output; give it a file with -o, or nothing else to do")
    }
    if limit < 1 { throw ValidationError("--limit takes a positive number") }
    if budget < 0 { throw ValidationError("--budget takes a number of at least 0") }
  }

  /// The orders asked for, each once.
  private var orders: [Double] {
    get throws {
      var seen: Set<Double> = []
      return try norms.split(separator: ",", omittingEmptySubsequences: false).compactMap { word in
        let text = word.filter { $0 != " " }
        guard let order = text == "inf" ? .infinity : Double(text),
          order == 0 || order == .infinity || PathEmbedding.orders.contains(order)
        else {
          throw ValidationError(
            "--norms takes 0, inf, or orders between 2^-20 and 2^20, such as 1,2,inf; got '\(text)'")
        }
        return seen.insert(order).inserted ? order : nil
      }
    }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let embedding = PathEmbedding(of: network)
    if paths { try list(embedding, line) }
    if paths, output == nil { return }
    var report = EmbedReport(
      model: model, embedding: embedding,
      entries: try embedding.entryCounts(progress: line.progress).reduce(BigInteger(0), +),
      norms: try orders.map { try embedding.norm($0, exactLimit: budget, progress: line.progress) },
      largest: try embedding.largestEntries(progress: line.progress))
    if let against { report.comparison = try comparison(embedding, against, line.progress) }
    if let data { report.activations = try activations(network, data, line.progress) }
    if let scores {
      let costs = try embedding.costs(exactLimit: budget, progress: line.progress)
      try OutputFile.write(Array(PathTable.scores(costs).utf8), to: scores)
    }
    report.written = [output, scores].compactMap(\.self)
    line.clear()
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
    if let comparison = report.comparison, comparison.metric.rescaling.rescaling == nil { throw ExitCode(1) }
  }

  private func list(_ embedding: PathEmbedding, _ line: ProgressLine) throws {
    do {
      if let output {
        var table = PathTable.header
        try PathTable.forEachChunk(embedding, limit: limit, progress: line.progress) { table += $0 }
        try OutputFile.write(Array(table.utf8), to: output)
      } else {
        var isFirst = true
        try PathTable.forEachChunk(embedding, limit: limit, progress: line.progress) { chunk in
          // The terminal ends each text with a line break of its own.
          line.clear()
          Terminal.print(String(((isFirst ? PathTable.header : "") + chunk).dropLast()))
          isFirst = false
        }
        if isFirst { Terminal.print(String(PathTable.header.dropLast())) }
      }
    } catch let error as PathEmbedding.TooManyPaths {
      throw CommandFailure.badData("\(model): \(error); --limit raises that")
    }
  }

  private func comparison(
    _ embedding: PathEmbedding, _ file: String, _ progress: Progress
  ) throws -> EmbedReport.Comparison {
    try progress.step("reading \(file)")
    let other = try reading.network(file)
    guard embedding.network.hasArchitecture(of: other) else {
      throw CommandFailure.badData(
        "\(model) and \(file): paths compare within one architecture, found \(embedding.network.shape) and \(other.shape)"
      )
    }
    let metric = try embedding.metric(to: PathEmbedding(of: other), exactLimit: budget, progress: progress)
    return EmbedReport.Comparison(file: file, network: other, metric: metric)
  }

  private func activations(
    _ network: Network, _ file: String, _ progress: Progress
  ) throws -> EmbedReport.Activations {
    let inputs = try PointsFile.readable(file, inputs: network.inputCount)
    try progress.step("deciding activations")
    let alpha = PathActivations(of: network, at: inputs)
    var holds: Bool?
    do {
      holds = try alpha.satisfiesFactorization(limit: limit, progress: progress)
    } catch is PathEmbedding.TooManyPaths {}
    return EmbedReport.Activations(
      file: file, inputs: inputs.count, kinks: alpha.kinks,
      rank: try alpha.rank(seed: seed, progress: progress), factorizationHolds: holds)
  }
}

extension Network {
  /// Widths and what layers read: `2-3-3-1`, or `2-3-3-1 with skip blocks`.
  var shape: String {
    widths.shape + (isSequential ? "" : " with skip blocks")
  }
}

extension [Int] {
  /// Widths on one line: `2-3-3-1`, and of many layers only the outer ones, `10-10-10-...-10-1 (1000 layers)`.
  var shape: String {
    func joined(_ widths: some Sequence<Int>) -> String { widths.map(String.init).joined(separator: "-") }
    return count <= 16 ? joined(self) : "\(joined(prefix(3)))-...-\(joined(suffix(2))) (\(count - 1) layers)"
  }
}
