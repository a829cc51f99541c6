import ArgumentParser
import Crease
import Foundation

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Re-check a certificate against the networks it is about.",
    discussion: """
      Replays the proof on the exact weights; nothing is searched for. Exits 1 and names the step where the proof, \
      or the match of the files, fails.

      $ crease compare a.onnx b.onnx --certificate proof.json && crease verify proof.json a.onnx b.onnx
      accepted: the two networks are the same function on all of R^5

      The certificate of `crease construct` about a functional dimension takes one model file.

      $ crease verify proof.json model.onnx
      """)

  @Argument(help: "The certificate, as `crease compare` or `crease construct` wrote it.")
  var certificate: String

  @Argument(help: "The first model file.")
  var a: String

  @Argument(help: "The second model file; none for a certificate about one network.")
  var b: String?

  @OptionGroup var reading: ReadingFlags

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let line = ProgressLine()
    defer { line.clear() }
    let document = try OutputFile.read(certificate)
    let proof: Certificate
    do {
      if let dimension = try DimensionCertificate(json: document) {
        return try verify(dimension, line)
      }
      proof = try Certificate(json: document)
    } catch let error as CertificateFormatError {
      throw CommandFailure.badData("\(certificate): \(error)")
    }
    guard let b else { throw ValidationError("\(certificate) is about two networks: give both model files") }
    try line.progress.step("reading \(a) and \(b)")
    let (first, second) = try reading.networks(a, b)
    try line.progress.step("checking the certificate")
    let verification = proof.verify(first, second, progress: line.progress)
    line.clear()
    switch verification {
    case .accepted: try tell(nil, claim: proof.claim.name, proof.statement(inputs: first.inputCount))
    case .rejected(let failure): try tell(failure, claim: proof.claim.name, "")
    }
  }

  /// Checks a certificate about one network.
  private func verify(_ proof: DimensionCertificate, _ line: ProgressLine) throws {
    if b != nil { throw ValidationError("\(certificate) is about one network: give one model file") }
    try line.progress.step("reading \(a)")
    let network = try reading.network(a)
    try line.progress.step("checking the certificate")
    let failure = proof.verify(network)
    line.clear()
    let place = proof.domain.phrase(inputs: network.inputCount)
    try tell(
      failure, claim: "functionalDimension",
      "the functional dimension is exactly \(proof.functionalDimension) \(place)")
  }

  /// Says whether a certificate holds.
  private func tell(_ failure: ProofFailure?, claim: String, _ statement: String) throws {
    if json {
      try JSONOutput.print(
        VerificationDocument(
          accepted: failure == nil, claim: claim, step: failure?.step, reason: failure?.reason))
    } else if let failure {
      Terminal.print("\(Terminal.bold("rejected")) at \(failure)")
    } else {
      Terminal.print("\(Terminal.bold("accepted")): \(statement)")
    }
    if failure != nil { throw ExitCode(1) }
  }
}

struct VerificationDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "verify"
  let engines = Release.engines
  let accepted: Bool
  let claim: String
  let step: String?
  let reason: String?
}

extension Certificate.Claim {
  fileprivate var name: String {
    switch self {
    case .identical, .identicalOnRegions: "identical"
    case .withinEpsilon: "withinEpsilon"
    case .sameLargest: "sameLargest"
    case .differentLargest: "differentLargest"
    case .different: "different"
    }
  }
}

extension Certificate {
  /// What is proved, in one line.
  fileprivate func statement(inputs: Int) -> String {
    let place = domain.phrase(inputs: inputs)
    return switch claim {
    case .identical, .identicalOnRegions: "the two networks are the same function \(place)"
    case .sameLargest(let margin, _):
      "the largest output is the same \(place)\(margin > 0 ? ", wherever A's leads by \(margin.short)" : "")"
    case .differentLargest: "the largest outputs differ at the given input"
    case .withinEpsilon(let bound, _):
      "the outputs differ by at most \(bound.shortAbove)\(domain == nil ? " max(1, |x|)" : "") \(place)"
    case .different(_, let gap): "the two networks differ by at least \(gap.shortBelow) at the given input"
    }
  }
}
