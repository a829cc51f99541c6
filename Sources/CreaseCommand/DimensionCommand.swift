import ArgumentParser
import Crease
import Foundation

struct DimensionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dimension",
    abstract: "Tell how many parameters of a network are real: its functional dimension, proved.",
    discussion: """
      The functional dimension is the rank of the derivative of the function by its parameters. A rank modulo a prime is \
      a proved lower bound; directions that cannot move the function, each with its reason, give a proved upper bound. \
      With few inputs every activation region is looked at, otherwise regions are sampled. With --data the rank is \
      that of the given inputs; those at which a neuron is exactly zero, where the function has no derivative by its \
      parameters, are left out and named. Parameters are the entries of the normal form. --svg and --html draw where \
      the parameters go, or with --method numerical the singular values.

      $ crease dimension model.onnx
      $ crease dimension model.onnx --box -1,1 --json
      $ crease dimension model.onnx --data batch.npz
      $ crease dimension model.onnx --svg ledger.svg
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(
    help: ArgumentHelp("The rank at the inputs of a file, instead of the whole domain.", valueName: "file"))
  var data: String?

  @Option(help: "exact, or numerical: what singular values in floating point suggest of the rank at --data.")
  var method: Method = .exact

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case exact
    case numerical
  }

  @Option(help: ArgumentHelp("Draw a picture.", valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Draw the picture on a page with a table.", valueName: "file"))
  var html: String?

  @Option(help: "The seed of primes and samples.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most activation regions to sample.", valueName: "n"))
  var budget = DimensionOptions().regionBudget

  @Option(help: "The number of threads; the result does not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if budget < 1 { throw ValidationError("--budget takes a positive number") }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
    if method == .numerical, data == nil {
      throw ValidationError("--method numerical is for the inputs of --data")
    }
    if data != nil, domainOptions.isGiven {
      throw ValidationError("--data asks about the inputs of a file; leave the domain out")
    }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    var options = DimensionOptions()
    options.seed = seed
    options.regionBudget = budget
    options.threads = threads
    let finding: DimensionFinding
    if let data {
      let inputs = try PointsFile.readable(data, inputs: network.inputCount)
      try line.progress.step("looking for kinks")
      let kinks = Kinks(of: network, at: inputs, threads: threads)
      if method == .numerical {
        try line.progress.step("computing singular values")
        let rank = network.numericalBatchDimension(at: inputs)
        line.clear()
        let finding = NumericalDimensionDocument(model, network, kinks, rank)
        try write(finding.drawing(rank))
        if json { try JSONOutput.print(finding) } else { Terminal.print(finding.text(network)) }
        return
      }
      finding = DimensionFinding(
        try BatchFunctionalDimension(of: network, at: inputs, options: options, progress: line.progress),
        kinks)
    } else {
      let domain = try domainOptions.resolve(network)
      let dimension = try FunctionalDimension(
        of: network, on: domain, options: options, progress: line.progress)
      // With no region at all, some neuron is zero everywhere: a sample tells which.
      let kinks =
        dimension.coverage.regions > 0 ? nil : Kinks(of: network, sampling: domain, seed: seed)
      finding = DimensionFinding(dimension, domain.phrase(inputs: network.inputCount), kinks)
    }
    line.clear()
    try write(DimensionDrawing(model, finding, network))
    if json {
      try JSONOutput.print(DimensionDocument(model, network, finding))
    } else {
      Terminal.print(finding.text(model, network))
    }
  }

  /// Writes the pictures that were asked for.
  private func write(_ drawing: @autoclosure () -> some Drawing) throws {
    guard svg != nil || html != nil else { return }
    let drawing = drawing()
    if let svg { try OutputFile.write(Array(drawing.svg.utf8), to: svg) }
    if let html { try OutputFile.write(Array(drawing.page.utf8), to: html) }
  }
}
