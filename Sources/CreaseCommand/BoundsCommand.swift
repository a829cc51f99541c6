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
      $ crease bounds model.onnx --data train.npz --labels labels.npz --margin 1
      $ crease bounds model.onnx --against quantised.onnx --box -1,1
      """)

  @Argument(help: "A model file: its architecture, its own radius, its norms.")
  var model: String?

  @OptionGroup(title: "Classes of networks") var choice: ClassOptions

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
    if (model == nil) == (choice.architecture == nil) {
      throw ValidationError("give a model file, or --architecture with widths such as 784-512-512-10")
    }
    if model == nil, trained.isGiven || domain.isGiven {
      throw ValidationError("--data, --labels, --margin, --initial, --against and boxes go with a model file")
    }
    if domain.isGiven, choice.inputRadius != nil {
      throw ValidationError("a box already gives the radius of the inputs; leave out --input-radius")
    }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    var report: BoundsReport
    if let model {
      try line.progress.step("reading \(model)")
      let network = try reading.network(model)
      let domain = try domain.resolve(network)
      report = BoundsReport(
        subject: model, networks: try choice.networks(of: network, on: domain, file: model),
        epsilons: try choice.epsilons)
      report.model = try ModelBounds(
        file: model, network: network, domain: domain, options: trained, reading: reading, seed: seed,
        threads: threads
      ).findings(progress: line.progress)
    } else {
      report = BoundsReport(
        subject: choice.architecture ?? "", networks: try choice.networks(), epsilons: try choice.epsilons)
    }
    line.clear()
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
  }
}
