import Equivalence
import ExactArithmetic
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DimensionCertificate {
  /// What the field `document` of its JSON says.
  public static let documentName = "dimension-certificate"

  /// The certificate as a versioned JSON document; doubles read back bit for bit.
  public func json(version: String) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(Document(self, version: version))) + [0x0A]
  }

  /// Reads what ``json(version:)`` writes; nil for a document of another kind.
  ///
  /// - Throws: `CertificateFormatError`. A malformed document never traps, whatever its numbers.
  public init?(json bytes: [UInt8]) throws(CertificateFormatError) {
    let decoder = JSONDecoder()
    guard let kind = try? decoder.decode(Kind.self, from: Data(bytes)),
      kind.document == DimensionCertificate.documentName
    else { return nil }
    guard let document = try? decoder.decode(Document.self, from: Data(bytes)) else {
      throw CertificateFormatError(
        place: "certificate",
        reason: "expected the fields schema, network.sha256, functionalDimension and inputs")
    }
    guard document.schema == DimensionCertificate.schema else {
      throw CertificateFormatError(
        place: "schema", reason: "expected \(DimensionCertificate.schema), found \(document.schema)")
    }
    self.init(
      digest: document.network.sha256, domain: try document.decodedDomain(),
      functionalDimension: document.functionalDimension, inputs: document.inputs)
  }
}

/// What kind of document it is.
private struct Kind: Decodable {
  let document: String
}

/// The JSON document of a certificate, field by field.
private struct Document: Codable {
  struct Party: Codable {
    var sha256: String
  }
  struct Domain: Codable {
    var box: [[Double]]
  }

  var crease: String
  var schema: Int
  var document: String
  var network: Party
  var domain: Domain?
  var functionalDimension: Int
  var inputs: [[Double]]

  init(_ certificate: DimensionCertificate, version: String) {
    crease = version
    schema = DimensionCertificate.schema
    document = DimensionCertificate.documentName
    network = Party(sha256: certificate.digest)
    domain = certificate.domain.map { Domain(box: $0.enclosure.map { [$0.lower, $0.upper] }) }
    functionalDimension = certificate.functionalDimension
    inputs = certificate.inputs
  }

  func decodedDomain() throws(CertificateFormatError) -> InputDomain? {
    guard let domain else { return nil }
    guard domain.box.allSatisfy({ $0.count == 2 && $0[0].isFinite && $0[1].isFinite && $0[0] <= $0[1] })
    else {
      throw CertificateFormatError(place: "domain", reason: "expected pairs [lower, upper]")
    }
    return .box(InputDomain.Box(domain.box.map { Interval($0[0], $0[1]) }))
  }
}
