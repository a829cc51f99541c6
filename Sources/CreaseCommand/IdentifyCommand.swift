import ArgumentParser
import Crease

struct IdentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Tell whether the function of a network tells its weights.",
    discussion: """
      A network is identified by its function if every other with the same function is a permutation and positive \
      rescaling of its hidden neurons. Proved: globally, among general networks of the architecture, from the way \
      folds bend on one another; or locally, among all parameters nearby, from the functional dimension. Refuted: by \
      another network with the same function, which -o writes. The conditions of the literature are listed with what \
      proves or refutes each. Exit code 0 proved, 1 refuted, 2 undecided.

      $ crease identify model.onnx --box -1,1
      $ crease identify model.onnx --box -1,1 --svg folds.svg --graph bends.svg
      $ crease identify model.onnx -o other.onnx
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(
    help: ArgumentHelp(
      "Draw the folds of a network of two inputs, coloured by the layer the function gives them.",
      valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Draw which folds bend on which.", valueName: "file.svg"))
  var graph: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write another network with the same function, if there is one.", valueName: "file"))
  var output: String?

  @Option(help: "The seed of primes and samples.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most activation regions to enumerate or sample.", valueName: "n"))
  var budget = DeepOptions().regionBudget

  @Option(help: "The number of threads; the result does not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if budget < 1 { throw ValidationError("--budget takes a positive number") }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let domain = try domainOptions.resolve(network)
    if svg != nil, network.inputCount != 2 {
      throw ValidationError("--svg draws networks of two inputs; this one has \(network.inputCount)")
    }
    var options = DeepOptions()
    options.seed = seed
    options.regionBudget = budget
    options.threads = threads
    let found = try DeepIdentifiability(of: network, on: domain, options: options, progress: line.progress)
    var written: [String] = []
    if let second = found.report.second, let output {
      try second.network.writeModel(to: output, precision: nil, rounding: false)
      written.append(output)
    }
    let isPlanar = found.folds?.complex.dimension == 2
    if let folds = found.folds, let order = found.order, isPlanar || svg == nil {
      let drawing = BendDrawing(folds, order, network, title: model)
      if let svg {
        try OutputFile.write(Array(try drawing.folds(threads: threads).utf8), to: svg)
        written.append(svg)
      }
      if let graph {
        try OutputFile.write(Array(drawing.graph.utf8), to: graph)
        written.append(graph)
      }
    }
    line.clear()
    for file in [svg, graph, output].compactMap(\.self) where !written.contains(file) {
      Terminal.error("\(file): not written, there is nothing to put there")
    }
    let report = IdentifyReport(model: model, found: found, written: written)
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
    switch found.report.verdict {
    case .proved: break
    case .refuted: throw ExitCode(1)
    case .undecided: throw ExitCode(2)
    }
  }
}
