import ExactArithmetic
import Networks
import Symmetry

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Why a certificate cannot be read.
public struct CertificateFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place in the document.
  public let place: String
  /// What is wrong there.
  public let reason: String

  /// An error at a place of the document.
  public init(place: String, reason: String) {
    self.place = place
    self.reason = reason
  }

  /// One line for people.
  public var description: String { "\(place): \(reason)" }
}

extension Certificate {
  /// The certificate as a versioned JSON document.
  ///
  /// Facts are short words: `new`, `active`, `inactive`, `multiple R S` and `opposite R S` with the form's number R
  /// and the exact scale S as `m*2^e` or `m*2^e/d`. Doubles are written so that they read back bit for bit.
  public func json(version: String) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(Document(self, version: version))) + [0x0A]
  }

  /// Reads what ``json(version:)`` writes.
  ///
  /// - Throws: ``CertificateFormatError``. A malformed document never traps, whatever its numbers.
  public init(json bytes: [UInt8]) throws(CertificateFormatError) {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(bytes))
    } catch {
      throw CertificateFormatError(place: "certificate", reason: Certificate.firstLine(of: error))
    }
    guard document.document == "certificate" else {
      throw CertificateFormatError(
        place: "document", reason: "expected certificate, found \(document.document)")
    }
    guard document.schema == Certificate.schema else {
      throw CertificateFormatError(
        place: "schema", reason: "expected \(Certificate.schema), found \(document.schema)")
    }
    self.init(
      digestA: document.a.sha256, digestB: document.b.sha256, domain: try document.decodedDomain(),
      claim: try document.decodedClaim())
  }

  private static func firstLine(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "not JSON" }
    switch error {
    case .keyNotFound(let key, _): return "the field \(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "not a JSON document of this form" : "the field \(path) has another type"
    @unknown default: return "not a JSON document of this form"
    }
  }
}

/// The JSON document of a certificate, field by field.
private struct Document: Codable {
  struct Party: Codable {
    var sha256: String
  }
  struct Facts: Codable {
    var a: [[String]]
    var b: [[String]]
  }
  struct Signs: Codable {
    struct Proof: Codable {
      var layer: Int
      var active: [Int]
      var inactive: [Int]
      var splits: [Int]
      var triangles: Bool?
    }
    var a: [Proof]
    var b: [Proof]
  }
  struct Pair: Codable {
    var a: Int
    var b: Int
    var scale: Double
  }
  struct Layers: Codable {
    var a: Int
    var b: Int
    var neurons: [Pair]
  }
  struct Domain: Codable {
    var box: [[Double]]
  }

  var crease: String
  var schema: Int
  var document: String
  var a: Party
  var b: Party
  var domain: Domain?
  var claim: String
  var bound: Double?
  var boundIsRelative: Bool?
  var facts: Facts?
  var signs: Signs?
  var pairs: [Pair]?
  var x: [Double]?
  var gap: Double?
  var margin: Double?
  var confidence: Double?
  var regions: Int?
  var layers: [Layers]?
  var splits: [Int]?

  init(_ certificate: Certificate, version: String) {
    crease = version
    schema = Certificate.schema
    document = "certificate"
    a = Party(sha256: certificate.digestA)
    b = Party(sha256: certificate.digestB)
    domain = certificate.domain.map { Domain(box: $0.enclosure.map { [$0.lower, $0.upper] }) }
    switch certificate.claim {
    case .identical(let signals):
      claim = "identical"
      facts = Document.encode(signals)
      signs = Document.encodeSigns(signals)
    case .withinEpsilon(let bound, let evidence):
      claim = "withinEpsilon"
      self.bound = bound
      boundIsRelative = certificate.domain == nil
      switch evidence {
      case .sameSignals(let signals):
        facts = Document.encode(signals)
        signs = Document.encodeSigns(signals)
      case .pairedSignals(let signals, let pairs):
        facts = Document.encode(signals)
        signs = Document.encodeSigns(signals)
        self.pairs = pairs.map { Pair(a: $0.a, b: $0.b, scale: $0.scale) }
      case .boxes(let tree): encode(tree)
      }
    case .different(let x, let gap):
      claim = "different"
      self.x = x
      self.gap = gap
    case .identicalOnRegions(let count):
      claim = "identicalOnRegions"
      regions = count
    case .sameLargest(let margin, let tree):
      claim = "sameLargest"
      self.margin = margin
      encode(tree)
    case .differentLargest(let x, let confidence):
      claim = "differentLargest"
      self.x = x
      self.confidence = confidence
    }
  }

  private mutating func encode(_ tree: BoxTree) {
    layers = tree.pairs.map { pair in
      Layers(
        a: pair.first, b: pair.second,
        neurons: pair.rows.map { Pair(a: $0.first, b: $0.second, scale: $0.scale) })
    }
    splits = tree.splits
  }

  private func decodedTree() throws(CertificateFormatError) -> BoxTree {
    guard let layers else { throw missing("layers") }
    guard let splits else { throw missing("splits") }
    return BoxTree(
      pairs: layers.map { pair in
        LayerPairing(
          first: pair.a, second: pair.b,
          rows: pair.neurons.map { LayerPairing.Row(first: $0.a, second: $0.b, scale: $0.scale) })
      }, splits: splits)
  }

  private static func encode(_ signals: Certificate.CommonSignals) -> Facts {
    Facts(a: signals.factsA.map { $0.map(\.text) }, b: signals.factsB.map { $0.map(\.text) })
  }

  private static func encodeSigns(_ signals: Certificate.CommonSignals) -> Signs? {
    if signals.signsA.isEmpty, signals.signsB.isEmpty { return nil }
    func proofs(_ proofs: [SignProof]) -> [Signs.Proof] {
      proofs.map {
        Signs.Proof(
          layer: $0.layer, active: $0.active, inactive: $0.inactive, splits: $0.splits,
          triangles: $0.usesTriangles ? true : nil)
      }
    }
    return Signs(a: proofs(signals.signsA), b: proofs(signals.signsB))
  }

  private static func decode(_ proofs: [Signs.Proof]?) -> [SignProof] {
    (proofs ?? []).map {
      SignProof(
        layer: $0.layer, active: $0.active, inactive: $0.inactive, splits: $0.splits,
        usesTriangles: $0.triangles ?? false)
    }
  }

  func decodedDomain() throws(CertificateFormatError) -> InputDomain? {
    guard let domain else { return nil }
    var sides: [Interval] = []
    for side in domain.box {
      guard side.count == 2, side[0].isFinite, side[1].isFinite, side[0] <= side[1] else {
        throw CertificateFormatError(place: "domain", reason: "expected [lower, upper], found \(side)")
      }
      sides.append(Interval(side[0], side[1]))
    }
    return .box(InputDomain.Box(sides))
  }

  func decodedClaim() throws(CertificateFormatError) -> Certificate.Claim {
    switch claim {
    case "identical": return .identical(try decodedFacts())
    case "withinEpsilon":
      guard let bound, bound >= 0 else { throw missing("bound") }
      if splits != nil { return .withinEpsilon(bound: bound, evidence: .boxes(try decodedTree())) }
      let signals = try decodedFacts()
      guard let pairs else { return .withinEpsilon(bound: bound, evidence: .sameSignals(signals)) }
      let decoded = pairs.map { Certificate.Pair(a: $0.a, b: $0.b, scale: $0.scale) }
      return .withinEpsilon(bound: bound, evidence: .pairedSignals(signals, pairs: decoded))
    case "different":
      guard let x else { throw missing("x") }
      guard let gap else { throw missing("gap") }
      return .different(x: x, gap: gap)
    case "identicalOnRegions":
      guard let regions, regions >= 0 else { throw missing("regions") }
      return .identicalOnRegions(count: regions)
    case "sameLargest":
      guard let margin else { throw missing("margin") }
      return .sameLargest(margin: margin, tree: try decodedTree())
    case "differentLargest":
      guard let x else { throw missing("x") }
      guard let confidence else { throw missing("confidence") }
      return .differentLargest(x: x, confidence: confidence)
    default: throw CertificateFormatError(place: "claim", reason: "unknown claim \(claim)")
    }
  }

  private func decodedFacts() throws(CertificateFormatError) -> Certificate.CommonSignals {
    guard let facts else { throw missing("facts") }
    return Certificate.CommonSignals(
      factsA: try Document.decode(facts.a, "a"), factsB: try Document.decode(facts.b, "b"),
      signsA: Document.decode(signs?.a), signsB: Document.decode(signs?.b))
  }

  private static func decode(_ layers: [[String]], _ name: String) throws(CertificateFormatError)
    -> [[NeuronFact]]
  {
    var result: [[NeuronFact]] = []
    for (l, layer) in layers.enumerated() {
      var facts: [NeuronFact] = []
      for (i, text) in layer.enumerated() {
        guard let fact = NeuronFact(text) else {
          throw CertificateFormatError(
            place: "facts.\(name)[\(l)][\(i)]", reason: "cannot read \(text.prefix(40))")
        }
        facts.append(fact)
      }
      result.append(facts)
    }
    return result
  }

  private func missing(_ field: String) -> CertificateFormatError {
    CertificateFormatError(place: "certificate", reason: "a claim \(claim) needs the field \(field)")
  }
}

extension NeuronFact {
  /// The fact as one short text, read back by ``init(_:)``.
  fileprivate var text: String {
    switch self {
    case .new: "new"
    case .active: "active"
    case .inactive: "inactive"
    case .multiple(let r, let scale): "multiple \(r) \(scale)"
    case .opposite(let r, let scale): "opposite \(r) \(scale)"
    }
  }

  fileprivate init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    switch (words[0], words.count) {
    case ("new", 1): self = .new
    case ("active", 1): self = .active
    case ("inactive", 1): self = .inactive
    case ("multiple", 3), ("opposite", 3):
      guard let r = Int(words[1]), let scale = Rational(String(words[2])) else { return nil }
      self = words[0] == "multiple" ? .multiple(of: r, scale: scale) : .opposite(of: r, scale: scale)
    default: return nil
    }
  }
}
