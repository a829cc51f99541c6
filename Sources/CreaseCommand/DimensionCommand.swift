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
      that of the given inputs. Parameters are the entries of the normal form.

      $ crease dimension model.onnx
      $ crease dimension model.onnx --box -1,1 --json
      $ crease dimension model.onnx --data batch.npz
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
      if method == .numerical {
        let rank = network.numericalBatchDimension(at: inputs)
        line.clear()
        let finding = NumericalDimensionDocument(model, network, inputs.count, rank)
        if json { try JSONOutput.print(finding) } else { Terminal.print(finding.text(network)) }
        return
      }
      finding = DimensionFinding(
        try BatchFunctionalDimension(of: network, at: inputs, options: options, progress: line.progress))
    } else {
      let domain = try domainOptions.resolve(network)
      finding = DimensionFinding(
        try FunctionalDimension(of: network, on: domain, options: options, progress: line.progress),
        domain.phrase(inputs: network.inputCount))
    }
    line.clear()
    if json {
      try JSONOutput.print(DimensionDocument(model, finding))
    } else {
      Terminal.print(finding.text(model, network))
    }
  }
}
