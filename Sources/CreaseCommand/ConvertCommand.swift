import ArgumentParser
import Crease
import Foundation

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a network in another format.",
    discussion: """
      The format is told by the extension: .onnx, .nnet, .safetensors or .npz. Entries that the precision does not \
      hold are an error unless --round is given.

      $ crease convert model.nnet model.onnx
      """)

  @Argument(help: "The model file to read.")
  var input: String

  @Argument(help: "The model file to write.")
  var output: String

  @OptionGroup var reading: ReadingFlags

  @Option(help: "float32 or float64; by default the precision of the input, float64 where that would round.")
  var precision: WritablePrecision?

  @Flag(help: "Round entries that the precision does not hold, instead of refusing.")
  var round = false

  func run() throws {
    let network = try reading.network(input)
    try network.writeModel(to: output, precision: precision, rounding: round)
    Terminal.print("\(output): \(network.summary)")
  }
}
