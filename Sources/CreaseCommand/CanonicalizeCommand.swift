import ArgumentParser
import Crease
import Foundation

struct CanonicalizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canonicalize",
    abstract: "Write the canonical form of a network and print its fingerprint.",
    discussion: """
      Neurons that change nothing are dropped, twins merged, every neuron oriented, scaled and sorted in one fixed \
      way. All exact disguises of one network share the fingerprint; disguises that rounded weights are other \
      functions. Where turning a neuron around leaves a linear term, the canonical form has skip blocks (write it as \
      ONNX) and longer numbers, which are rounded to float64; --exact refuses to round unless --round is given.

      With --enorm all neurons stay in their places, and only scales change: incoming and outgoing norms of every hidden \
      neuron become equal, which makes the sum of all squares as small as rescaling can. From every rescaling of a \
      network whose hidden neurons all read and are read the same one is reached.

      $ crease canonicalize model.onnx -o canonical.onnx --exact
      $ crease canonicalize model.onnx -o balanced.onnx --enorm --exact
      """)

  @Argument(help: "The model file.")
  var model: String

  @Flag(help: "Scale rows by powers of two, so that the result is the same function exactly.")
  var exact = false

  @Flag(help: "Balance incoming and outgoing norms (ENorm) instead: rescale neurons, nothing else.")
  var enorm = false

  @OptionGroup var reading: ReadingFlags
  @OptionGroup var writing: WritingOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let network = try reading.network(model)
    if enorm { return try balance(network) }
    let line = ProgressLine()
    defer { line.clear() }
    let (graph, facts) = try SignalGraph.withFacts(network, progress: line.progress)
    let merged = NeuronInventory(of: network, graph: graph, facts: facts).total.twins
    try line.progress.step("orienting neurons")
    let form: CanonicalForm
    do {
      form = try CanonicalForm(graph, limit: 2_000_000_000)
    } catch {
      throw CommandFailure.badData(
        "\(model): the canonical form is too large: turning neurons around fills it in")
    }
    let canonical: Network
    do {
      canonical = try form.network(
        scaling: exact ? .powerOfTwo : .norm, storage: .float64, domain: network.domain)
    } catch {
      throw CommandFailure.badData("\(model): an entry of the canonical form is beyond the range of doubles")
    }
    try line.progress.step("writing \(writing.output)")
    try writing.write(canonical)
    let fingerprint = form.fingerprint
    line.clear()
    if json {
      try JSONOutput.print(
        CanonicalizationDocument(
          output: writing.output, widths: canonical.widths, fingerprint: fingerprint, flips: form.flips,
          ties: merged, exact: exact && network.lowering == .exact))
    } else {
      Terminal.print(
        """
        \(Terminal.bold(fingerprint))
          \(model): \(network.summary)
          \(writing.output): \(canonical.summary)\(canonical.isSequential ? "" : ", with skip blocks")
          \(form.flips) neurons turned around, \(merged) ties merged (twins and opposites)
        """)
    }
  }
}

extension CanonicalizeCommand {
  /// Writes the balanced network.
  private func balance(_ network: Network) throws {
    let balanced = network.balanced(tolerance: 1e-12, powersOfTwo: exact)
    try writing.write(balanced.network)
    if json {
      try JSONOutput.print(
        BalancingDocument(
          output: writing.output, widths: balanced.network.widths, cycles: balanced.cycles,
          imbalance: balanced.imbalance, energyBefore: balanced.energyBefore,
          energyAfter: balanced.energyAfter, exact: exact && network.lowering == .exact))
      return
    }
    let kept = exact ? "exactly: scales are powers of two" : "but for the rounding of entries"
    Terminal.print(
      """
      \(writing.output): \(balanced.network.summary)
        sum of squares  \(balanced.energyBefore.short) before, \(balanced.energyAfter.short) after \(balanced.cycles) cycles
        norms           incoming and outgoing within a factor of \(exp(balanced.imbalance).short) of each other
        function        the same, \(kept)
      """)
  }
}

struct BalancingDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "canonicalize"
  let output: String
  let widths: [Int]
  let cycles: Int
  let imbalance: Double
  let energyBefore: Double
  let energyAfter: Double
  let exact: Bool
}

struct CanonicalizationDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "canonicalize"
  let output: String
  let widths: [Int]
  let fingerprint: String
  let flips: Int
  let ties: Int
  let exact: Bool
}
