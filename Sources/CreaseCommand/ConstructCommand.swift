import ArgumentParser
import Crease
import Foundation

struct ConstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "construct",
    abstract: "Write a network with a property that a theorem promises, and prove the property.",
    discussion: """
      phuong-lampert            layers that do not widen, on the box [-1,1]: transparent, no hidden symmetry
      grigsby-lindsey-rolnick   no layer narrower than the input: all folds of neighbouring layers cross
      grillo-montufar           any layers of two or more neurons: no hidden symmetry
      minimal-redundant         widths 2,3,2,m: no smaller network, yet a ray of other parameters
      depth-hierarchy           the order of the fold set is the number of hidden layers
      hidden-symmetry:KIND      random, with one mechanism planted and a second network of the same function; KIND is \
      \(PlantedSymmetry.allCases.map(\.rawValue).joined(separator: ", "))

      The promise is proved on the very weights written; exit code 2 tells that it was not. --certificate keeps \
      the proof of the functional dimension, or of the second network, for `crease verify`.

      $ crease construct --architecture 4,6,3,5,2,1 --by grillo-montufar -o net.onnx --certificate proof.json
      $ crease verify proof.json net.onnx
      """)

  @Option(
    help: ArgumentHelp("The widths, from the input to the output.", valueName: "n0,...,nL"),
    transform: { text in
      let widths = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
      guard widths.count == text.split(separator: ",", omittingEmptySubsequences: false).count,
        widths.count >= 3, widths.allSatisfy({ (1...4096).contains($0) })
      else {
        throw ValidationError(
          "--architecture takes three or more widths from 1 to 4096, as in 2,3,2,1; found \(text)")
      }
      return widths
    })
  var architecture: [Int]

  @Option(
    help: ArgumentHelp("The construction.", valueName: "name"),
    transform: { name in
      guard let method = ConstructionMethod(name) else {
        throw ValidationError(
          "--by takes \(ConstructionMethod.allCases.map(\.name).joined(separator: ", ")); found \(name)")
      }
      return method
    })
  var by: ConstructionMethod

  @OptionGroup var writing: WritingOptions

  @Option(help: ArgumentHelp("Write the second network, where there is one.", valueName: "file"))
  var second: String?

  @Option(help: ArgumentHelp("Write the inputs of hidden-symmetry:batch as text.", valueName: "file"))
  var batch: String?

  @Option(help: ArgumentHelp("Write the proof, for `crease verify`.", valueName: "file"))
  var certificate: String?

  @Option(help: "The seed: the same network for the same seed.")
  var seed: UInt64 = 1

  @Option(help: "The number of threads; the result does not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    let built: Construction
    do {
      built = try Construction(by, widths: architecture, seed: seed, progress: line.progress)
    } catch let error as ConstructionFailure {
      throw ValidationError("\(error)")
    }
    if second != nil, built.second == nil {
      throw ValidationError("--second goes with minimal-redundant and hidden-symmetry:KIND")
    }
    if batch != nil, built.batch == nil { throw ValidationError("--batch goes with hidden-symmetry:batch") }
    var options = DimensionOptions()
    options.seed = seed
    options.threads = threads
    let proof = try ConstructionProof(of: built, options: options, progress: line.progress)
    line.clear()
    if let certificate {
      guard let bytes = try proof.certificate else {
        throw CommandFailure(
          message: "\(certificate): not written, there is no proof of a form that `crease verify` checks",
          code: ExitCode(2))
      }
      try OutputFile.write(bytes, to: certificate)
    }
    try writing.write(built.network)
    if let second, let network = built.second {
      try network.writeModel(to: second, precision: writing.precision, rounding: writing.round)
    }
    if let batch, let inputs = built.batch {
      let text = inputs.map { $0.map { "\($0)" }.joined(separator: " ") + "\n" }.joined()
      try OutputFile.write(Array(text.utf8), to: batch)
    }
    if json {
      try JSONOutput.print(ConstructionDocument(built, proof, command: self))
    } else {
      Terminal.print(proof.text(of: built, written: writing.output, second: second))
    }
    if !proof.isProved { throw ExitCode(2) }
  }
}

extension ConstructionProof {
  /// The proof as a document, where it has such a form.
  fileprivate var certificate: [UInt8]? {
    get throws {
      if let dimension { return try dimension.json(version: Release.version) }
      return try sameFunction?.json(version: Release.version)
    }
  }
}
