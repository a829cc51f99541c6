import ArgumentParser
import Crease

struct DisguiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disguise",
    abstract: "Write another network with the same function.",
    discussion: """
      Exact but for --rescale without --power-of-two, which rounds entries to the precision of the file. A neuron \
      whose entries a scale would push out of range, or round in spite of a power of two, keeps its scale.

      $ crease disguise model.onnx -o disguised.onnx --permute --rescale 2 --power-of-two --twins 2 --seed 7
      disguised.onnx: 5-52-52-52-52-52-52-5, float32, 312 hidden neurons
      """)

  @Argument(help: "The model file: a multilayer perceptron.")
  var model: String

  @Flag(help: "Permute the neurons of each hidden layer.")
  var permute = false

  @Option(help: ArgumentHelp("Rescale neurons by 10^u, u in -R...R.", valueName: "R"))
  var rescale: Double?

  @Flag(help: "Rescale by powers of two only: exact.")
  var powerOfTwo = false

  @Option(help: ArgumentHelp("Split this many neurons of each hidden layer in two.", valueName: "k"))
  var twins = 0

  @Option(
    help: ArgumentHelp("Add this many neurons that change nothing to each hidden layer.", valueName: "k"))
  var dead = 0

  @Flag(help: "Insert a layer of identities.")
  var identityLayer = false

  @Option(help: "The seed: the same disguise for the same seed.")
  var seed: UInt64 = 0

  @OptionGroup var reading: ReadingFlags
  @OptionGroup var writing: WritingOptions

  func validate() throws {
    if twins < 0 || dead < 0 {
      throw ValidationError("--twins and --dead take numbers that are not negative")
    }
    if let rescale, !(rescale >= 0 && rescale <= 30) {
      throw ValidationError("--rescale takes a number from 0 to 30")
    }
    if powerOfTwo, rescale == nil { throw ValidationError("--power-of-two goes with --rescale R") }
  }

  func run() throws {
    let network = try reading.network(model)
    guard network.isSequential,
      network.layers.allSatisfy({ $0.blocks.allSatisfy(\.weights.holdsDoublesOnly) })
    else {
      throw CommandFailure.badData(
        "\(model): only multilayer perceptrons can be disguised; this one has skip blocks")
    }
    var rng = SplitMix64(seed: seed)
    let disguise = Disguise(
      permutes: permute, logRange: rescale, powersOfTwo: powerOfTwo, twins: twins, dead: dead,
      identityLayer: identityLayer)
    let disguised = network.disguised(by: disguise, using: &rng)
    try writing.write(disguised)
    Terminal.print("\(writing.output): \(disguised.summary)")
  }
}
