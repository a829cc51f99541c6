import ArgumentParser
import Crease
import Foundation

/// How models are read.
struct ReadingFlags: ParsableArguments, Sendable {
  @Flag(help: "For .nnet files: fold the file's normalisation in, so that inputs are in physical units.")
  var rawInputs = false

  func network(_ path: String) throws -> Network {
    do throws(ModelFileError) {
      return try Network(
        contentsOf: URL(fileURLWithPath: path), options: ReadingOptions(rawInputs: rawInputs))
    } catch {
      throw CommandFailure(ModelFileError(file: path, cause: error.cause))
    }
  }

  /// Two networks, read at the same time; of two failures the first file's is told.
  func networks(_ first: String, _ second: String) throws -> (Network, Network) {
    let paths = [first, second]
    let flags = self
    let read = Concurrency.map(count: 2, threads: 2, minimumRange: 1) { range in
      range.map { k in Result { try flags.network(paths[k]) } }
    }
    return (try read[0].get(), try read[1].get())
  }
}

/// Where a question is asked.
struct DomainOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The same interval for every input.", valueName: "lo,hi"))
  var box: String?

  @Option(help: ArgumentHelp("A file with one `lo hi` per line and input.", valueName: "file"))
  var boxFile: String?

  @Option(help: ArgumentHelp("The input box of a VNN-LIB file.", valueName: "file.vnnlib"))
  var domain: String?

  @Flag(help: "All of R^n, also where a model file brings a box.")
  var everywhere = false

  func validate() throws {
    if [box != nil, boxFile != nil, domain != nil, everywhere].filter(\.self).count > 1 {
      throw ValidationError("give at most one of --box, --box-file, --domain and --everywhere")
    }
  }

  /// Whether a domain is asked for.
  var isGiven: Bool { box != nil || boxFile != nil || domain != nil || everywhere }

  /// The domain asked for, else the box that holds those of the model files, else all of ℝⁿ (nil).
  func resolve(_ networks: Network...) throws -> InputDomain? {
    let inputs = networks[0].inputCount
    do throws(ModelFileError) {
      if let box { return try .box(box, inputs: inputs) }
      if let boxFile { return try InputDomain(boxFile: URL(fileURLWithPath: boxFile), inputs: inputs) }
      if let domain { return try InputDomain(vnnlib: URL(fileURLWithPath: domain), inputs: inputs) }
    } catch {
      if box != nil { throw ValidationError(error.cause.description) }
      throw CommandFailure(ModelFileError(file: boxFile ?? domain ?? error.file, cause: error.cause))
    }
    if everywhere { return nil }
    let boxes = networks.compactMap { $0.domain?.enclosure }.filter { $0.count == inputs }
    guard let first = boxes.first else { return nil }
    return .box(
      InputDomain.Box(
        first.indices.map { i in
          Interval(boxes.map { $0[i].lower }.min() ?? 0, boxes.map { $0[i].upper }.max() ?? 0)
        }))
  }
}

/// Where and how a network is written.
struct WritingOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write; the format is told by its extension.", valueName: "file"))
  var output: String

  @Option(help: "float32 or float64; by default the precision of the input, float64 where that would round.")
  var precision: WritablePrecision?

  @Flag(help: "Round entries that the precision does not hold, instead of refusing.")
  var round = false

  func write(_ network: Network) throws {
    try network.writeModel(to: output, precision: precision, rounding: round)
  }
}

/// A precision networks can be written in.
enum WritablePrecision: String, ExpressibleByArgument, CaseIterable {
  case float32
  case float64

  var storage: StoragePrecision { self == .float32 ? .float32 : .float64 }
}

extension Network {
  /// Writes the network to a path as the user gave it.
  func writeModel(to path: String, precision: WritablePrecision?, rounding: Bool) throws {
    do throws(ModelFileError) {
      try write(to: URL(fileURLWithPath: path), precision: precision?.storage ?? natural, rounding: rounding)
    } catch {
      throw CommandFailure(ModelFileError(file: path, cause: error.cause))
    }
  }

  /// float32 where every entry is one, else float64.
  fileprivate var natural: StoragePrecision {
    let isSingle = layers.allSatisfy { layer in
      (layer.blocks.map(\.weights) + [layer.bias]).allSatisfy { matrix in
        matrix.holdsDoublesOnly && matrix.nearest.elements.allSatisfy { Double(Float($0)) == $0 }
      }
    }
    return isSingle && storage.significantBits <= 24 ? .float32 : .float64
  }

  /// One line about the shape: `5-50-50-5, float32, 100 hidden neurons`; exact results are about these weights, also where
  /// reading had to round.
  var summary: String {
    "\(widths.map(String.init).joined(separator: "-")), \(storage.rawValue), \(hiddenNeuronCount) hidden neurons"
      + (lowering == .exact ? "" : ", rounded when read")
  }
}

/// The versioned JSON documents of the commands.
enum JSONOutput {
  /// The schema version of all command documents.
  static let schema = 1

  /// A large document, without line breaks.
  static func compact(_ document: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(document)
  }

  static func print(_ document: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    Terminal.print(String(decoding: try encoder.encode(document), as: UTF8.self))
  }
}

/// The interval ends of a domain, as JSON has them.
struct DomainDocument: Encodable {
  let box: [[Double]]

  init?(_ domain: InputDomain?) {
    guard let domain else { return nil }
    box = domain.enclosure.map { [$0.lower, $0.upper] }
  }
}

extension PointsFile {
  /// The points of a file, as the user named it.
  static func readable(_ file: String, inputs: Int) throws -> [[Double]] {
    do throws(ModelFileError) {
      return try points(contentsOf: URL(fileURLWithPath: file), inputs: inputs)
    } catch {
      throw CommandFailure(ModelFileError(file: file, cause: error.cause))
    }
  }
}

extension PointsFile {
  /// Writes points to a path as the user gave it.
  static func write(_ points: [[Double]], inputs: Int, toPath file: String) throws {
    do throws(ModelFileError) {
      try write(points, inputs: inputs, to: URL(fileURLWithPath: file))
    } catch {
      throw CommandFailure(ModelFileError(file: file, cause: error.cause))
    }
  }
}

extension InputDomain? {
  /// `on all of R^5` or `on the box`.
  func phrase(inputs: Int) -> String { self == nil ? "on all of R^\(inputs)" : "on the box" }
}

extension Double {
  /// Three significant digits, or all where there are no more.
  var short: String { String(format: "%.3g", self) }

  /// Three significant digits of a number not below this one, for upper bounds.
  var shortAbove: String { above(digits: 3) }

  /// Three significant digits of a number not above this one, for lower bounds.
  var shortBelow: String { rounded(.down, digits: 3) }

  /// A few significant digits of a number not below this one, for upper bounds.
  func above(digits: Int) -> String { rounded(.up, digits: digits) }

  private func rounded(_ rule: FloatingPointRoundingRule, digits: Int) -> String {
    guard isFinite, self != 0 else { return short }
    let unit = pow(10, (log10(magnitude)).rounded(.down) - Double(digits - 1))
    var count = (self / unit).rounded(rule)
    // The unit is itself rounded: go on until the text, read back, is on the right side.
    while true {
      let text = String(format: "%.\(digits)g", count * unit)
      guard let value = Double(text), rule == .up ? value < self : value > self else { return text }
      count += rule == .up ? 1 : -1
    }
  }
}
