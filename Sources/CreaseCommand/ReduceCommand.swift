import ArgumentParser
import Crease

struct ReduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Write a smaller network with the same function on a domain.",
    discussion: """
      Removes neurons that nothing reads, constants and multiples of others; on a box also those proved never \
      active there, and those proved always active that depend on others of the kind or fill their layer. Every \
      step is exact. Folding gives numbers that the precision of the file may not hold: then they are rounded, and \
      the proved largest difference is told; --exact leaves such folds out. Without a domain the question is about \
      all of R^n, or about the box that a .nnet file brings.

      $ crease reduce model.onnx -o smaller.onnx --box 0,1 --certificate proof.json
      $ crease verify proof.json model.onnx smaller.onnx
      """)

  @Argument(help: "The model file.")
  var model: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write; the format is told by its extension.", valueName: "file"))
  var output: String

  @Option(help: "float32 or float64; by default the precision of the input.")
  var precision: WritablePrecision?

  @Flag(help: "Leave out every fold whose result the precision does not hold.")
  var exact = false

  @OptionGroup var reading: ReadingFlags
  @OptionGroup var domainOptions: DomainOptions

  @Option(
    help: ArgumentHelp(
      "Parts of the domain to bound for neurons that may never change sign, or seconds as in 30s.",
      valueName: "parts"))
  var budget: WorkBudget?

  @Option(help: "The number of threads; answers do not depend on it.")
  var threads: Int = Concurrency.coreCount

  @Option(help: ArgumentHelp("Write the proof that both are the same function.", valueName: "file"))
  var certificate: String?

  @Option(help: "The seed of the inputs that are sampled.")
  var seed: UInt64 = 0

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let storage = precision?.storage ?? (network.storage.significantBits <= 24 ? .float32 : .float64)
    var options = NetworkReduction.Options(
      precision: exact ? storage : nil, stability: budget?.stability ?? NeuronStability.Options())
    options.stability.seed = seed
    options.stability.threads = threads
    options.stability.progress = line.progress
    let domain = try domainOptions.resolve(network)
    let reduction = try NetworkReduction(of: network, on: domain, options: options)
    let reduced: Network
    do throws(ModelFileError.Cause) {
      reduced = try reduction.network.rounded(to: storage)
    } catch {
      throw CommandFailure(ModelFileError(file: output, cause: error))
    }
    let comparison = try reduction.comparison(
      of: network, with: reduced, seed: seed, threads: threads, progress: line.progress)
    try line.progress.step("writing \(output)")
    try reduced.writeModel(
      to: output, precision: storage == .float32 ? .float32 : .float64, rounding: false)
    line.clear()
    if let file = certificate {
      if let proof = comparison.certificate {
        try OutputFile.write(try proof.json(version: Release.version), to: file)
      } else {
        Terminal.error("no proof within the budget, and \(file) is left as it was")
      }
    }
    let report = ReductionReport(self, network, reduced, reduction, comparison)
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
  }
}
