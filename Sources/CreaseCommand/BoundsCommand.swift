import ArgumentParser
import Crease

struct BoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract:
      "Evaluate what theory says of a class of networks or of a trained network: covering numbers, volumes, norms.",
    discussion: """
      With --architecture, the class is all networks of these widths with parameters of at most --radius, on inputs of at \
      most --input-radius. The table has the decimal logarithms of bounds of its covering numbers in the maximum norm: \
      how many balls of radius epsilon hold it. With a model file, the class is the smallest that holds the network, and \
      bounds that depend on its norms, on --data and on a second network --against come along.

      $ crease bounds --architecture 784-512-512-10 --radius 1 --input-radius 1
      $ crease bounds --architecture 2-10-1 --epsilon 0.1,0.01 --svg cover.svg
      $ crease bounds --symmetries '64*2,128*2,256*3,512*6,4096*2'
      $ crease bounds model.onnx --data train.npz --labels labels.npz --margin 1
      $ crease bounds model.onnx --against quantised.onnx --box -1,1
      """)

  @Argument(help: "A model file: its architecture, its own radius, its norms.")
  var model: String?

  @OptionGroup(title: "Classes of networks") var choice: ClassOptions

  @Option(
    help: ArgumentHelp(
      "Only count symmetries: layers of neurons or channels (512*3), shared streams (stream:256), channels normalised in "
        + "groups (groups:64/8), heads of attention with keys and values (heads:12x64x64).",
      valueName: "parts"))
  var symmetries: String?

  @OptionGroup var reading: ReadingFlags

  @OptionGroup(title: "A trained network") var trained: TrainedOptions

  @OptionGroup(title: "Its inputs") var domain: DomainOptions

  @Option(help: ArgumentHelp("Draw the covering numbers as SVG.", valueName: "file"))
  var svg: String?

  @Option(
    help: ArgumentHelp("Draw the covering numbers as a self-contained page with a table.", valueName: "file"))
  var html: String?

  @Option(help: "The seed of random parameters.")
  var seed: UInt64 = 1

  @Option(help: "The number of threads; results do not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    let subjects = [model, choice.architecture, symmetries].compactMap(\.self)
    guard subjects.count == 1 else {
      throw ValidationError(
        "give a model file, or --architecture with widths such as 784-512-512-10, or --symmetries")
    }
    _ = try symmetries.map { try SymmetryParts($0) }
    if symmetries != nil, svg != nil || html != nil {
      throw ValidationError("--svg and --html draw covering numbers; --symmetries has none")
    }
    if model == nil, trained.isGiven || domain.isGiven {
      throw ValidationError("--data, --labels, --margin, --initial, --against and boxes go with a model file")
    }
    if model != nil, choice.activationLipschitz != nil {
      throw ValidationError(
        "--activation-lipschitz goes with --architecture: the neurons of a model are ReLUs")
    }
    if domain.isGiven, choice.inputRadius != nil {
      throw ValidationError("a box already gives the radius of the inputs; leave out --input-radius")
    }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    if let symmetries {
      let parts = try SymmetryParts(symmetries)
      if json { try JSONOutput.print(parts.document) } else { Terminal.print(parts.report) }
      return
    }
    let line = ProgressLine()
    defer { line.clear() }
    var network: Network?
    var domain: InputDomain?
    let networks: NetworkClass
    if let model {
      try line.progress.step("reading \(model)")
      let found = try reading.network(model)
      domain = try self.domain.resolve(found)
      networks = try choice.networks(of: found, on: domain, file: model)
      network = found
    } else {
      networks = try choice.networks()
    }
    var report = try BoundsReport(
      subject: model, networks: networks, epsilons: try choice.epsilons, points: choice.points,
      progress: line.progress)
    if let samples = choice.samples {
      var rng = SplitMix64(seed: seed)
      report.volumeEstimate = try report.volume.estimate(
        samples: samples, using: &rng, progress: line.progress)
    }
    if let model, let network {
      report.stabiliser = try ParameterStabiliser(of: network, progress: line.progress)
      report.model = try ModelBounds(
        file: model, network: network, domain: domain, options: trained, reading: reading, seed: seed,
        threads: threads
      ).findings(progress: line.progress)
    }
    if let svg { try OutputFile.write(Array(report.figure.svg().utf8), to: svg) }
    if let html { try OutputFile.write(Array(report.page.utf8), to: html) }
    report.written = [svg, html].compactMap(\.self)
    line.clear()
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
  }
}
