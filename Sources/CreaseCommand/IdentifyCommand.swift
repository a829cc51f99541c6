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

      With one hidden layer the question is decided in full on a box; --minimal writes a network of the same function \
      with the fewest hidden neurons. With --data the question is whether the outputs at the inputs of a file tell the \
      weights, locally; inputs at which a neuron is exactly zero are left out and named. --suggest adds inputs until \
      they do.

      $ crease identify model.onnx --box -1,1
      $ crease identify model.onnx --box -1,1 --svg folds.svg --graph bends.svg
      $ crease identify model.onnx -o other.onnx
      $ crease identify model.onnx --data batch.npz --subset few.npz
      $ crease identify model.onnx --suggest 100 --suggest-out inputs.npz
      $ crease identify shallow.onnx --box -1,1 --minimal least.onnx
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(
    help: ArgumentHelp("Ask about the outputs at the inputs of a file, not on a domain.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp("Write the inputs of --data that suffice, as few as are found.", valueName: "file"))
  var subset: String?

  @Option(
    help: ArgumentHelp("Suggest at most so many inputs that tell the weights locally.", valueName: "count"))
  var suggest: Int?

  @Option(help: ArgumentHelp("Write the suggested inputs.", valueName: "file"))
  var suggestOut: String?

  @Option(
    help: ArgumentHelp(
      "One hidden layer: write a network of the same function with the fewest hidden neurons.",
      valueName: "file"))
  var minimal: String?

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
    if let suggest, suggest < 1 { throw ValidationError("--suggest takes a positive number") }
    if subset != nil, data == nil { throw ValidationError("--subset is a part of --data, which is missing") }
    if suggestOut != nil, suggest == nil {
      throw ValidationError("--suggest-out writes what --suggest finds; say how many inputs")
    }
    if data != nil || suggest != nil, minimal != nil || svg != nil || graph != nil {
      throw ValidationError("--minimal, --svg and --graph are about a domain; leave --data and --suggest out")
    }
    if data != nil, suggest == nil, domainOptions.isGiven {
      throw ValidationError("--data asks about the inputs of a file; leave the domain out")
    }
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
    let answer =
      data != nil || suggest != nil
      ? try askSample(network, domain, line) : try askDomain(network, domain, line)
    line.clear()
    if json { try JSONOutput.print(answer.document) } else { Terminal.print(answer.text) }
    switch answer.report.verdict {
    case .proved: break
    case .refuted: throw ExitCode(1)
    case .undecided: throw ExitCode(2)
    }
  }

  // MARK: On a domain

  private func askDomain(
    _ network: Network, _ domain: InputDomain?, _ line: ProgressLine
  ) throws -> IdentifyReport {
    var answer = IdentifyReport(
      model: model, network: network, place: domain.phrase(inputs: network.inputCount), domain: domain)
    let isShallow = ShallowIdentifiability.applies(to: network)
    let shallow =
      isShallow
      ? try ShallowIdentifiability(of: network, on: domain, seed: seed, progress: line.progress) : nil
    if let minimal { answer.minimal = try leastWidth(network, domain, to: minimal, line) }
    let isDecided = shallow.map { $0.report.verdict != .undecided } ?? false
    var found: DeepIdentifiability?
    if !isDecided || svg != nil || graph != nil {
      var options = DeepOptions()
      options.seed = seed
      options.regionBudget = budget
      options.threads = threads
      found = try DeepIdentifiability(of: network, on: domain, options: options, progress: line.progress)
    }
    answer.report = (isDecided ? shallow?.report : found?.report) ?? answer.report
    answer.order = found?.order
    answer.layering = found?.layering
    var written = try writeSecond(answer.report)
    let isPlanar = found?.folds?.complex.dimension == 2
    if let folds = found?.folds, let order = found?.order, isPlanar || svg == nil {
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
    if let minimal, answer.minimal?.network != nil { written.append(minimal) }
    tellMissing([svg, graph, output, minimal], written, line)
    answer.written = written
    return answer
  }

  private func leastWidth(
    _ network: Network, _ domain: InputDomain?, to file: String, _ line: ProgressLine
  ) throws -> MinimalWidth {
    guard ShallowIdentifiability.applies(to: network) else {
      throw ValidationError(
        "--minimal is for one hidden layer; this network has \(network.hiddenLayers.count)")
    }
    guard domain?.enclosure.allSatisfy({ $0.lower < $0.upper }) ?? true else {
      throw ValidationError("--minimal needs a box that holds no input fixed")
    }
    let found = try MinimalWidth(of: network, on: domain, progress: line.progress)
    try found.network?.writeModel(to: file, precision: nil, rounding: false)
    return found
  }

  // MARK: From a sample

  private func askSample(
    _ network: Network, _ domain: InputDomain?, _ line: ProgressLine
  ) throws -> IdentifyReport {
    var options = DimensionOptions()
    options.seed = seed
    options.regionBudget = budget
    options.threads = threads
    let inputs = try data.map { try PointsFile.readable($0, inputs: network.inputCount) } ?? []
    var answer = IdentifyReport(
      model: model, network: network,
      place: data == nil ? domain.phrase(inputs: network.inputCount) : "at \(inputs.count) inputs",
      domain: data == nil ? domain : nil)
    var written: [String] = []
    if data != nil {
      let found = try SampleIdentifiability(
        of: network, at: inputs, options: options, progress: line.progress)
      answer.sample = found
      answer.report = found.report
      written = try writeSecond(found.report)
      if let subset, let part = found.subset {
        try PointsFile.write(part.inputs.map { inputs[$0] }, inputs: network.inputCount, toPath: subset)
        written.append(subset)
      }
    }
    if let suggest {
      let found = try SampleSuggestion(
        for: network, beside: inputs, on: domain, count: suggest, options: options, progress: line.progress)
      answer.suggestion = found
      if data == nil { answer.report = found.report }
      if let suggestOut {
        try PointsFile.write(found.inputs, inputs: network.inputCount, toPath: suggestOut)
        written.append(suggestOut)
      }
    }
    tellMissing([output, subset, suggestOut], written, line)
    answer.written = written
    return answer
  }

  // MARK: Files

  private func writeSecond(_ report: IdentifiabilityReport) throws -> [String] {
    guard let second = report.second, let output else { return [] }
    try second.network.writeModel(to: output, precision: nil, rounding: false)
    return [output]
  }

  private func tellMissing(_ files: [String?], _ written: [String], _ line: ProgressLine) {
    line.clear()
    for file in files.compactMap(\.self) where !written.contains(file) {
      Terminal.error("\(file): not written, there is nothing to put there")
    }
  }
}
