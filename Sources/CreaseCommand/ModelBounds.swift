import ArgumentParser
import Crease

/// What is given with a model file for bounds that depend on the trained network.
struct TrainedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The inputs of a sample, for bounds that depend on data.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp("The class of each input, a whole number from 0, one for each.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The margin of a classification; by default the smallest on the data.", valueName: "gamma"))
  var margin: Double?

  @Option(
    help: ArgumentHelp(
      "The network before training, for bounds by the way it went; by default all zeros.", valueName: "model")
  )
  var initial: String?

  @Option(
    help: ArgumentHelp(
      "A pruned or quantised network of the same shape: how far apart the two can be.", valueName: "model"))
  var against: String?

  /// Whether any of these is given.
  var isGiven: Bool { data != nil || labels != nil || margin != nil || initial != nil || against != nil }

  func validate() throws {
    if labels != nil, data == nil { throw ValidationError("--labels goes with --data") }
    if let margin, !margin.isFinite || margin <= 0 {
      throw ValidationError("--margin takes a positive number")
    }
  }
}

/// The bounds of a trained network: what its norms, a sample, and a second network say.
///
/// The entry point of `crease bounds MODEL`, called once after the class of networks is known; what it finds is shown
/// below the table of covering numbers, and joins the JSON document.
struct ModelBounds {
  /// The model's file, as the user named it.
  let file: String
  /// The network of that file.
  let network: Network
  /// Where inputs lie, if that is known.
  let domain: InputDomain?
  /// Data, labels, margin and further networks, as the user named them.
  let options: TrainedOptions
  /// How further model files are read.
  let reading: ReadingFlags
  /// The seed of anything random.
  let seed: UInt64
  /// The number of threads, on which nothing found depends.
  let threads: Int

  /// What was found about the network.
  struct Findings {
    /// Bounds by norms and data, each with its constants.
    var bounds: [ComplexityBound] = []
    /// Further lines for people, below the bounds.
    var lines: [String] = []
  }

  /// Evaluates everything that the options ask for.
  ///
  /// Throws: `CommandFailure` for files that do not fit the network; `CancellationError`.
  func findings(progress: Progress) throws -> Findings {
    Findings()
  }
}
