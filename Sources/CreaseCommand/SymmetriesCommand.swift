import ArgumentParser
import Crease

struct SymmetriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "symmetries",
    abstract: "Find the directions of parameters that leave the function as it is, and why.",
    discussion: """
      A hidden symmetry is a direction in which the weights and biases can move without moving the function, to first \
      order, and that does not only rescale neurons. Directions are exact, as sparse as was found, and each names the \
      mechanism that explains it. With --index and --step the network moves along one of them: on a line where that \
      keeps the function, else by mixing neurons in closed form, else along a curve followed numerically. Whether it \
      is still the same function is proved, or said not to be.

      $ crease symmetries model.onnx --box -1,1
      $ crease symmetries model.onnx --index 3 --step 0.5 -o other.onnx
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(help: ArgumentHelp("Move along the direction of this number, from 0.", valueName: "k"))
  var index: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("How far to move; 1 by default.", valueName: "t"))
  var step: Double?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write the moved network; the format is told by the extension.", valueName: "file"))
  var output: String?

  @Flag(help: "Round the moved entries to doubles before comparing, where files cannot hold them.")
  var round = false

  @Option(help: "The seed of primes and samples.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most activation regions to sample.", valueName: "n"))
  var budget = DimensionOptions().regionBudget

  @Option(help: "The number of threads; the result does not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if index == nil, step != nil || output != nil {
      throw ValidationError("--step and -o go with --index K")
    }
    if let step, !step.isFinite { throw ValidationError("--step takes a finite number") }
    if budget < 1 { throw ValidationError("--budget takes a positive number") }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let domain = try domainOptions.resolve(network)
    var options = DimensionOptions()
    options.seed = seed
    options.regionBudget = budget
    options.threads = threads
    let found = try HiddenSymmetries(of: network, on: domain, options: options, progress: line.progress)
    var move: SymmetryMove?
    if let index {
      guard found.symmetries.indices.contains(index) else {
        throw ValidationError("--index \(index): there are \(found.symmetries.count) hidden symmetries")
      }
      move = try found.moved(along: index, by: step ?? 1, rounded: round, progress: line.progress)
      if let output, let move { try move.network.writeModel(to: output, precision: nil, rounding: false) }
    }
    line.clear()
    let report = SymmetriesReport(model: model, found: found, move: move, written: output)
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
    switch move?.outcome {
    case .different: throw ExitCode(1)
    case .numerical, .undecided: throw ExitCode(2)
    case .identical, .withinEpsilon, nil: break
    }
  }
}
