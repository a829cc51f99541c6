import ArgumentParser
import Crease

struct RegionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regions",
    abstract: "Find every linear region of a network, exactly, and draw them.",
    discussion: """
      Activation regions are where every hidden neuron keeps its sign; linear regions are the maximal pieces on which \
      the function is affine. All signs are proved: what floating point cannot decide is computed exactly. Without a \
      domain the question is about all of R^n, or about the box that a .nnet file brings. Networks with many inputs are \
      looked at on slices.

      $ crease regions model.onnx --box -1,1 --html regions.html
      $ crease regions acasxu.nnet --axes 0,1 --svg slice.svg
      $ crease regions mnist.onnx --box 0,1 --slice images.npz --rows 0,1,2
      $ crease regions model.onnx --box -1,1 --count
      """)

  @Argument(help: "The model file.")
  var model: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup(title: "Domain") var domainOptions: DomainOptions
  @OptionGroup(title: "Slice") var slice: SliceOptions

  @Flag(help: "Only count: nothing is kept in memory.")
  var count = false

  @Flag(help: "Count faces of every dimension; always done up to dimension 3.")
  var faces = false

  @Option(help: ArgumentHelp("Stop when there are more activation regions.", valueName: "n"))
  var limit: Int?

  @Option(help: "Enumerate by vertices or by linear programs; by default what suits the dimension.")
  var algorithm: Subdivision.Algorithm?

  @OptionGroup(title: "Results") var results: RegionResults

  @OptionGroup(title: "Topology") var topology: TopologyOptions

  @Option(help: "The number of threads; the result does not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a positive number") }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
    if count, results.needsComplex || topology.isWanted {
      throw ValidationError("--count keeps no regions to write or draw; leave it out")
    }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(model)")
    let network = try reading.network(model)
    let domain = try domainOptions.resolve(network)
    let view = try slice.view(of: network, on: domain)
    try results.check(view, network, model)
    try topology.check(view, network)
    let report: RegionsReport
    do {
      report = try self.report(network, view, line.progress)
    } catch let error as RegionLimitExceeded {
      line.clear()
      let advice = limit == nil ? "; count them with --count, or raise --limit" : ""
      Terminal.error("undecided: more than \(error.limit) activation regions\(advice)")
      throw ExitCode(2)
    } catch SubdivisionError.notPointed {
      throw ValidationError(
        "on all of R^n the cells of this network contain whole lines and have no vertices; give a box, or count with --algorithm programs"
      )
    }
    line.clear()
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
  }

  private func report(_ network: Network, _ view: SliceView, _ progress: Progress) throws -> RegionsReport {
    let subdivision = view.subdivision
    let isLow = subdivision.domain.dimension <= 3
    let algorithm = self.algorithm ?? subdivision.algorithm
    if algorithm == .programs, results.needsComplex || topology.isWanted {
      throw ValidationError(
        "here regions are counted by linear programs, which keep none to write or draw; give a box or --algorithm vertices"
      )
    }
    if count || algorithm == .programs {
      let counted = try subdivision.count(
        allFaces: faces || isLow, algorithm: algorithm, threads: threads, limit: limit ?? .max,
        progress: progress)
      return RegionsReport(self, network, view, counted, nil)
    }
    let complex = try subdivision.complex(
      allFaces: faces || isLow, threads: threads, limit: limit ?? RegionsCommand.storedLimit,
      progress: progress)
    try progress.step("comparing affine maps")
    let linear = complex.linearRegions()
    let findings = try topology.findings(
      view, network, output: results.output, threads: threads, progress: progress)
    var folds: FoldFindings?
    if results.neurons {
      try progress.step("following the folds of neurons")
      folds = FoldFindings(Folds(complex, threads: threads))
    }
    let written = try results.write(
      complex, linear, findings, view, network, model, threads: threads, progress: progress)
    return RegionsReport(self, network, view, complex.count, (complex, linear, findings, folds, written))
  }

  /// The most regions that are kept without being asked: some gigabytes.
  private static let storedLimit = 4_000_000
}

extension Subdivision.Algorithm: ExpressibleByArgument {}
