import ArgumentParser
import Crease
import Foundation

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Decide whether two networks are the same function.",
    discussion: """
      Answers identical, within epsilon, different (with an input that shows it) or undecided (with bounds). Every \
      answer but the last is proved and can be written as a certificate that `crease verify` re-checks. Formats: \
      ONNX, .nnet, safetensors, .npz. Without a domain the question is about all of R^n, or about the box that a \
      .nnet file brings.

      $ crease compare Examples/acasxu_1_1.onnx Examples/acasxu_1_1_disguised.onnx
      identical: the same function on all of R^5, proved
      $ crease compare model.onnx exported.onnx --box -1,1 --epsilon 1e-3 --json
      """)

  @Argument(help: "The first model file.")
  var a: String

  @Argument(help: "The second model file.")
  var b: String

  @OptionGroup var reading: ReadingFlags
  @OptionGroup var domainOptions: DomainOptions

  @Option(help: "Accept differences up to this much in any output; times max(1, |x|) on all of R^n.")
  var epsilon: Double?

  @Flag(help: "Ask only whether the largest output is the same, at every input of the domain.")
  var top1 = false

  @Option(
    help: ArgumentHelp(
      "As --top1, where A's softmax gives its largest output more than this confidence.",
      valueName: "confidence"))
  var top1Delta: Double?

  @Option(
    help: ArgumentHelp(
      "Parts of the domain to bound, or seconds as in 30s; with it, differences are bounded from above too.",
      valueName: "parts"))
  var budget: WorkBudget?

  @Option(help: "The number of threads; answers do not depend on it.")
  var threads: Int = Concurrency.coreCount

  @Option(help: ArgumentHelp("Write the proof to a file.", valueName: "file"))
  var certificate: String?

  @Option(help: "The seed of the search for a witness.")
  var seed: UInt64 = 0

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if let epsilon, !(epsilon >= 0) { throw ValidationError("--epsilon takes a number that is not negative") }
    if let top1Delta, !(top1Delta >= 0.5 && top1Delta < 1) {
      throw ValidationError("--top1-delta takes a confidence from 0.5 to below 1")
    }
    if epsilon != nil, top1 || top1Delta != nil {
      throw ValidationError("--epsilon and --top1 are two questions: ask one at a time")
    }
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    try line.progress.step("reading \(a) and \(b)")
    let (first, second) = try reading.networks(a, b)
    var options = ComparisonOptions(
      domain: try domainOptions.resolve(first, second), epsilon: epsilon, question: question, seed: seed,
      boundsDifference: budget != nil, threads: threads, progress: line.progress)
    if let budget { options.budget = budget.comparison }
    let comparison: Comparison
    do {
      comparison = try first.compared(with: second, options: options)
    } catch let error as ComparisonError {
      throw CommandFailure.badData("\(a) and \(b): \(error)")
    } catch let interrupted as ComparisonInterrupted {
      line.clear()
      let bounds = interrupted.bounds
      Terminal.error(
        "\(bounds.reason): the largest difference is at least \(bounds.lower.shortBelow), at most \(bounds.upper.shortAbove)"
      )
      throw CancellationError()
    }
    line.clear()
    if let file = certificate {
      if let proof = comparison.certificate {
        try OutputFile.write(try proof.json(version: Release.version), to: file)
      } else {
        Terminal.error("undecided: there is no proof to write, and \(file) is left as it was")
      }
    }
    let report = ComparisonReport(self, first, second, comparison)
    if json { try JSONOutput.print(report.document) } else { Terminal.print(report.text) }
    switch comparison.verdict {
    case .equivalent: return
    case .different: throw ExitCode(1)
    case .undecided: throw ExitCode(2)
    }
  }
}

extension CompareCommand {
  private var question: ComparisonOptions.Question {
    top1 || top1Delta != nil ? .largestOutput(confidence: top1Delta ?? 0) : .outputs
  }
}

/// A number of parts, or of seconds.
struct WorkBudget: ExpressibleByArgument {
  let comparison: ComparisonBudget

  /// The same work spent on the neurons of one network.
  var stability: NeuronStability.Options {
    NeuronStability.Options(boxes: comparison.boxes, seconds: comparison.seconds)
  }

  init?(argument: String) {
    if argument.hasSuffix("s"), let seconds = Double(argument.dropLast()), seconds > 0, seconds.isFinite {
      comparison = ComparisonBudget(boxes: .max, seconds: seconds)
    } else if let boxes = Int(argument), boxes > 0 {
      let usual = ComparisonBudget()
      comparison = ComparisonBudget(boxes: boxes, regions: max(usual.regions, min(boxes, 100_000_000)))
    } else {
      return nil
    }
  }
}
