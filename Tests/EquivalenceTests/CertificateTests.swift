import ExactArithmetic
import Foundation
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

/// Certificates that compare gives, one of each kind, with the networks they are about.
struct CertifiedPair: Sendable, CustomTestStringConvertible {
  let name: String
  let a: Network
  let b: Network
  let certificate: Certificate

  var testDescription: String { name }

  init(_ name: String, _ pair: (Network, Network), _ options: ComparisonOptions = ComparisonOptions()) throws
  {
    self.name = name
    (a, b) = pair
    certificate = try #require(a.compared(with: b, options: options).certificate)
  }

  static let box = InputDomain.box(.init([Interval(-1, 0.5)]))

  static func all() throws -> [CertifiedPair] {
    let onBox = ComparisonOptions(domain: box)
    let (a, b) = SmallPair.absolute
    return [
      try CertifiedPair("identical", SmallPair.absolute),
      try CertifiedPair("identical with rationals", SmallPair.thirds),
      try CertifiedPair("identical on a box", SmallPair.different, onBox),
      try CertifiedPair("within epsilon", SmallPair.nearby),
      try CertifiedPair("within epsilon by reading", (a, SmallPair.rounded(b, by: 1e-9))),
      try CertifiedPair("different", SmallPair.different),
      try CertifiedPair("different on a box", SmallPair.signs, onBox),
    ]
  }

  /// Whether what a certificate claims is true, told by exact evaluation.
  func isTrue(_ certificate: Certificate) -> Bool {
    let points = (-40...40).map { k in
      (0..<a.inputCount).map { Double(k) * ($0 == 0 ? 0.125 : -0.375) }
    }.filter { certificate.domain?.contains($0) ?? true }
    switch certificate.claim {
    case .identical, .identicalOnRegions: return points.allSatisfy { a.exactGap(to: b, at: $0).isZero }
    case .sameLargest, .differentLargest: return true
    case .withinEpsilon(let bound, _):
      return bound == .infinity
        || points.allSatisfy { x in
          let size = certificate.domain == nil ? x.reduce(1) { max($0, $1.magnitude) } : 1
          return a.exactGap(to: b, at: x) <= Dyadic(bound) * Dyadic(size)
        }
    case .different(let x, let gap):
      return certificate.domain?.contains(x) ?? true && a.exactGap(to: b, at: x) >= Dyadic(gap)
    }
  }
}

@Suite("Certificates")
struct CertificateTests {
  private func pair(_ name: String) throws -> CertifiedPair {
    try #require(CertifiedPair.all().first { $0.name == name })
  }

  private func tampered(
    _ pair: CertifiedPair, domain: InputDomain?? = nil, claim: Certificate.Claim? = nil
  ) -> Certificate {
    Certificate(
      digestA: pair.certificate.digestA, digestB: pair.certificate.digestB,
      domain: domain ?? pair.certificate.domain, claim: claim ?? pair.certificate.claim)
  }

  @Test("One of each kind is what it is called, and accepted")
  func kinds() throws {
    for pair in try CertifiedPair.all() {
      #expect(pair.certificate.verify(pair.a, pair.b) == .accepted, "\(pair.name)")
      switch pair.certificate.claim {
      case .identical: #expect(pair.name.hasPrefix("identical"))
      case .withinEpsilon(_, .pairedSignals): #expect(pair.name == "within epsilon")
      case .withinEpsilon(_, .sameSignals): #expect(pair.name == "within epsilon by reading")
      case .different: #expect(pair.name.hasPrefix("different"))
      case .identicalOnRegions, .withinEpsilon(_, .boxes), .sameLargest, .differentLargest:
        Issue.record("\(pair.name): proved in another way")
      }
      #expect((pair.certificate.domain != nil) == pair.name.hasSuffix("box"), "\(pair.name)")
    }
  }

  @Test("Swapped or other files are rejected at the digest")
  func otherFiles() throws {
    for pair in try CertifiedPair.all() {
      let note = Comment(rawValue: pair.name)
      let (a, b) = (pair.a, pair.b)
      expectRejected(pair.certificate.verify(b, a), at: "digest", note)
      expectRejected(pair.certificate.verify(a, a), at: "digest", note)
      expectRejected(pair.certificate.verify(b, b), at: "digest", note)
      let touched = a.changing { $1[0][0] = $1[0][0].nextUp }
      expectRejected(pair.certificate.verify(touched, b), at: "digest", note)
      let lost = Certificate(
        digestA: "", digestB: pair.certificate.digestB, domain: pair.certificate.domain,
        claim: pair.certificate.claim)
      expectRejected(lost.verify(a, b), at: "digest", note)
      // Digests that fit do not help files of other shapes.
      let other = Network(weights: [[[1, 1, 1]]], biases: [[0]])
      let forged = Certificate(
        digestA: other.digest, digestB: b.digest, domain: nil, claim: pair.certificate.claim)
      expectRejected(forged.verify(other, b), at: "shapes", note)
    }
  }

  @Test("A changed fact is rejected at its neuron")
  func facts() throws {
    let pair = try pair("identical")
    guard case .identical(let signals) = pair.certificate.claim else { return }
    let two = Rational(Dyadic(2))
    #expect(signals.factsA == [[.new, .opposite(of: 0, scale: .one)]])
    #expect(
      signals.factsB == [
        [.multiple(of: 0, scale: two), .multiple(of: 0, scale: .one), .opposite(of: 0, scale: .one)]
      ])
    let third = Rational(.one, over: Dyadic(3))
    let wrong: [(Int, NeuronFact)] = [
      (0, .multiple(of: 0, scale: .one)), (0, .opposite(of: 0, scale: two)),
      (0, .multiple(of: 1, scale: two)),
      (0, .multiple(of: -1, scale: two)), (0, .multiple(of: .max, scale: two)), (0, .active), (0, .inactive),
      (1, .multiple(of: 0, scale: third)), (1, .multiple(of: 0, scale: .zero)),
      (1, .multiple(of: 0, scale: -two)),
      (2, .opposite(of: 0, scale: Rational(Dyadic(-1)))), (2, .multiple(of: 0, scale: .one)), (2, .active),
    ]
    for (i, fact) in wrong {
      var facts = signals.factsB
      facts[0][i] = fact
      let claim = Certificate.Claim.identical(.init(factsA: signals.factsA, factsB: facts))
      expectRejected(
        tampered(pair, claim: claim).verify(pair.a, pair.b),
        at: "neuron \(i) of layer 1 of the second network",
        "\(fact)")
    }
    // A signal of its own is true, but then the outputs differ.
    for i in 0..<3 {
      var facts = signals.factsB
      facts[0][i] = .new
      let claim = Certificate.Claim.identical(.init(factsA: signals.factsA, factsB: facts))
      expectRejected(tampered(pair, claim: claim).verify(pair.a, pair.b), at: "output 0", "new \(i)")
    }
    let misfits: [[[NeuronFact]]] = [[], [[]], [[.new]], signals.factsA + [[]], [signals.factsA[0] + [.new]]]
    for facts in misfits {
      let claim = Certificate.Claim.identical(.init(factsA: facts, factsB: signals.factsB))
      expectRejected(tampered(pair, claim: claim).verify(pair.a, pair.b), at: "the first network", "\(facts)")
    }
  }

  @Test("Active and inactive need their box")
  func domains() throws {
    let pair = try pair("identical on a box")
    guard case .identical(let signals) = pair.certificate.claim else { return }
    #expect(signals.factsB[0][1] == .inactive)
    let wide = InputDomain.box(.init([Interval(-1, 1.5)]))
    let two = InputDomain.box(.init([Interval(-1, 0.5), Interval(0, 1)]))
    let place = "neuron 1 of layer 1 of the second network"
    expectRejected(tampered(pair, domain: .some(wide)).verify(pair.a, pair.b), at: place)
    expectRejected(tampered(pair, domain: .some(nil)).verify(pair.a, pair.b), at: place)
    expectRejected(tampered(pair, domain: .some(two)).verify(pair.a, pair.b), at: "domain")
  }

  @Test("A bound below the proved one is rejected, above it accepted")
  func bounds() throws {
    for name in ["within epsilon", "within epsilon by reading"] {
      let pair = try pair(name)
      guard case .withinEpsilon(let bound, let evidence) = pair.certificate.claim else { continue }
      for lower in [bound.nextDown, bound / 2, 0, -1, -.infinity, .nan] {
        let claim = Certificate.Claim.withinEpsilon(bound: lower, evidence: evidence)
        expectRejected(tampered(pair, claim: claim).verify(pair.a, pair.b), at: "bound", "\(name) \(lower)")
      }
      let wider = Certificate.Claim.withinEpsilon(bound: bound * 2, evidence: evidence)
      #expect(tampered(pair, claim: wider).verify(pair.a, pair.b) == .accepted)
      // Identical is more than was proved.
      if case .sameSignals(let signals) = evidence {
        expectRejected(tampered(pair, claim: .identical(signals)).verify(pair.a, pair.b), at: "lowering")
      }
    }
  }

  @Test("A changed pairing is rejected")
  func pairings() throws {
    let pair = try pair("within epsilon")
    guard case .withinEpsilon(let bound, .pairedSignals(let signals, let pairs)) = pair.certificate.claim
    else {
      return
    }
    func verify(_ pairs: [Certificate.Pair]) -> Certificate.Verification {
      let evidence = Certificate.Nearness.pairedSignals(signals, pairs: pairs)
      return tampered(pair, claim: .withinEpsilon(bound: bound, evidence: evidence)).verify(pair.a, pair.b)
    }
    #expect(verify(pairs) == .accepted && verify(pairs.reversed()) == .accepted)
    expectRejected(verify([]), at: "form")
    expectRejected(verify(Array(pairs.dropLast())), at: "form")
    expectRejected(verify(pairs + [pairs[0]]), at: "pair")
    for k in pairs.indices {
      let old = pairs[k]
      func replaced(_ a: Int, _ b: Int, _ scale: Double) -> Certificate.Verification {
        var changed = pairs
        changed[k] = .init(a: a, b: b, scale: scale)
        return verify(changed)
      }
      for scale in [0, -old.scale, .infinity, .nan, -.infinity] {
        expectRejected(replaced(old.a, old.b, scale), at: "pair", "\(k) \(scale)")
      }
      for scale in [old.scale * 1.01, old.scale / 2, 0x1p-1074, .greatestFiniteMagnitude] {
        expectRejected(replaced(old.a, old.b, scale), at: "bound", "\(k) \(scale)")
      }
      for index in [-1, 99, Int.max, Int.min] {
        expectRejected(replaced(index, old.b, old.scale), at: "pair", "\(k) a \(index)")
        expectRejected(replaced(old.a, index, old.scale), at: "pair", "\(k) b \(index)")
      }
      for other in pairs.indices where other != k {
        var changed = pairs
        changed[k] = .init(a: pairs[other].a, b: old.b, scale: old.scale)
        changed[other] = .init(a: old.a, b: pairs[other].b, scale: pairs[other].scale)
        expectRejected(verify(changed), at: "", "\(k) and \(other)")
      }
    }
  }

  @Test("A raised gap, a moved input, a domain without it are rejected")
  func witnesses() throws {
    for name in ["different", "different on a box"] {
      let pair = try pair(name)
      guard case .different(let x, let gap) = pair.certificate.claim else { continue }
      func verify(_ x: [Double], _ gap: Double, _ domain: InputDomain?) -> Certificate.Verification {
        tampered(pair, domain: .some(domain), claim: .different(x: x, gap: gap)).verify(pair.a, pair.b)
      }
      let domain = pair.certificate.domain
      #expect(verify(x, gap / 2, domain) == .accepted)
      for wrong in [gap.nextUp, gap * 2, 0, -gap, .infinity, .nan, 0x1p-1074 * 0] {
        expectRejected(verify(x, wrong, domain), at: "witness", "\(name) \(wrong)")
      }
      for moved in [[0.0], [x[0] / 2], [], [x[0], 0], [.nan], [.infinity]] {
        expectRejected(verify(moved, gap, domain), at: "witness", "\(name) \(moved)")
      }
      let elsewhere = InputDomain.box(.init([Interval(x[0].nextUp, x[0] + 1)]))
      expectRejected(verify(x, gap, elsewhere), at: "witness", "\(name) elsewhere")
    }
  }
}

@Suite("Certificate documents")
struct CertificateDocumentTests {
  @Test("Documents read back to the same certificate, byte for byte")
  func roundTrip() throws {
    for pair in try CertifiedPair.all() {
      let bytes = try pair.certificate.json(version: "1.2.3")
      let read = try Certificate(json: bytes)
      #expect(read == pair.certificate && bytes.last == 0x0A, "\(pair.name)")
      #expect(try read.json(version: "1.2.3") == bytes, "\(pair.name)")
      let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      let document = try #require(object)
      #expect(document["schema"] as? Int == 1 && document["crease"] as? String == "1.2.3")
      #expect(document["document"] as? String == "certificate")
      if case .withinEpsilon = read.claim { #expect(document["boundIsRelative"] as? Bool == true) }
    }
  }

  /// The document with one field, named by its path, replaced or removed.
  private func document(_ pair: CertifiedPair, _ path: [String], _ value: Any?) throws -> [UInt8] {
    func replaced(_ object: Any, _ path: ArraySlice<String>) -> Any? {
      guard let key = path.first else { return value }
      if var dictionary = object as? [String: Any] {
        dictionary[key] = dictionary[key].flatMap { replaced($0, path.dropFirst()) }
        return dictionary
      }
      if var array = object as? [Any], let index = Int(key), array.indices.contains(index) {
        if let element = replaced(array[index], path.dropFirst()) {
          array[index] = element
        } else {
          array.remove(at: index)
        }
        return array
      }
      return object
    }
    let object = try JSONSerialization.jsonObject(with: Data(pair.certificate.json(version: "1")))
    let changed = try #require(replaced(object, path[...]))
    return Array(try JSONSerialization.data(withJSONObject: changed))
  }

  /// Every path in a document.
  private func paths(_ object: Any) -> [[String]] {
    if let dictionary = object as? [String: Any] {
      return dictionary.sorted { $0.key < $1.key }.flatMap { key, value in
        [[key]] + paths(value).map { [key] + $0 }
      }
    }
    if let array = object as? [Any] {
      return array.enumerated().flatMap { index, value in
        [["\(index)"]] + paths(value).map { ["\(index)"] + $0 }
      }
    }
    return []
  }

  @Test("Every field removed or of another type: an error, a rejection, or a true claim")
  func fields() throws {
    let values: [Any?] = [
      nil, NSNull(), "x", "", -1, 0, 1e300, -1e-300, 0x1p-1074, 1 << 62, true, [Any](), [String: Any](),
      [1.0, 2.0],
      [[1.0]], ["new"], "multiple 0 1*2^999999999", "multiple 0 1*2^99999", "multiple 0 -1", "multiple 0 0",
      "multiple 0 1/0", "multiple -1 1", "multiple 99999999999999999999 1", "opposite 0 1/3", "new new", " ",
      "multiple 0 1*2^-100000/3",
    ]
    var refused = 0
    var rejected = 0
    for pair in try CertifiedPair.all() {
      let object = try JSONSerialization.jsonObject(with: Data(pair.certificate.json(version: "1")))
      for path in paths(object) {
        for value in values {
          let bytes = try document(pair, path, value)
          guard let certificate = try? Certificate(json: bytes) else {
            refused += 1
            continue
          }
          switch certificate.verify(pair.a, pair.b) {
          case .accepted:
            #expect(pair.isTrue(certificate), "\(pair.name) \(path) \(String(describing: value))")
          case .rejected(let failure):
            rejected += 1
            #expect(!failure.step.isEmpty, "\(pair.name) \(path)")
          }
        }
      }
    }
    #expect(refused > 1000 && rejected > 300)
  }

  @Test("What is wrong is named")
  func messages() throws {
    let pairs = try CertifiedPair.all()
    let identical = try #require(pairs.first)
    func message(_ pair: CertifiedPair, _ path: [String], _ value: Any?) throws -> String {
      do {
        _ = try Certificate(json: document(pair, path, value))
        return "read"
      } catch let error as CertificateFormatError {
        return error.description
      }
    }
    #expect(try message(identical, ["facts"], nil) == "certificate: a claim identical needs the field facts")
    #expect(try message(identical, ["a"], nil) == "certificate: the field a is missing")
    #expect(try message(identical, ["a", "sha256"], 5) == "certificate: the field a.sha256 has another type")
    #expect(try message(identical, ["schema"], 2) == "schema: expected 1, found 2")
    #expect(try message(identical, ["document"], "x") == "document: expected certificate, found x")
    #expect(try message(identical, ["claim"], "equal") == "claim: unknown claim equal")
    #expect(
      try message(identical, ["facts", "b", "0", "1"], "multiple 0 1*2^999999999")
        == "facts.b[0][1]: cannot read multiple 0 1*2^999999999")
    let near = try #require(pairs.first { $0.name == "within epsilon" })
    #expect(try message(near, ["bound"], -1).contains("needs the field bound"))
    let different = try #require(pairs.first { $0.name == "different" })
    #expect(try message(different, ["x"], nil).contains("needs the field x"))
    #expect(try message(different, ["gap"], nil).contains("needs the field gap"))
    let onBox = try #require(pairs.first { $0.name == "identical on a box" })
    #expect(
      try message(onBox, ["domain", "box", "0"], [2.0, 1.0]).hasPrefix("domain: expected [lower, upper]"))
  }

  @Test("Texts that are no documents are errors")
  func texts() throws {
    let pair = try #require(CertifiedPair.all().last)
    let text = String(decoding: try pair.certificate.json(version: "1"), as: UTF8.self)
    let gap = try #require(text.range(of: #""gap":"#))
    let numbers = ["1e400", "-1e400", "NaN", "Infinity", "0x1", "1e-400000"].map { number in
      String(text[..<gap.upperBound]) + number + ",\"unknown\":" + text[gap.upperBound...]
    }
    let deep = String(repeating: "[", count: 100_000)
    for text in ["", " ", "{", "[]", "null", "1", "\u{0}", "{}{}", "\u{FEFF}", deep] + numbers {
      do throws(CertificateFormatError) {
        let certificate = try Certificate(json: Array(text.utf8))
        if case .accepted = certificate.verify(pair.a, pair.b) { Issue.record("accepted \(text.prefix(80))") }
      } catch {
        #expect(error.description.split(whereSeparator: { $0.isNewline }).count == 1)
      }
    }
  }

  @Test("Mutated documents: an error, a rejection, or a true claim; never a trap")
  func mutations() throws {
    let pairs = try CertifiedPair.all()
    let seeds = try pairs.map { try $0.certificate.json(version: "1") }
    let rounds = TestData.longTests ? 100_000 : 2000
    var rng = SplitMix64(seed: 8)
    var read = 0
    var accepted = 0
    for round in 0..<rounds {
      let k = Int.random(in: 0..<pairs.count, using: &rng)
      let bytes = mutant(of: seeds[k], splicing: seeds, &rng)
      guard let certificate = try? Certificate(json: bytes) else { continue }
      read += 1
      if case .accepted = certificate.verify(pairs[k].a, pairs[k].b) {
        accepted += 1
        let note = Comment(rawValue: "round \(round): \(String(decoding: bytes, as: UTF8.self))")
        #expect(pairs[k].isTrue(certificate), note)
      }
    }
    // Some mutants must be read and some of those rejected, or the mutations miss the checker.
    #expect(read > rounds / 50 && accepted < read)
  }

  private func mutant(of seed: [UInt8], splicing seeds: [[UInt8]], _ rng: inout SplitMix64) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...3, using: &rng) {
      let at = Int.random(in: 0..<bytes.count, using: &rng)
      switch Int.random(in: 0..<7, using: &rng) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
      case 1, 2, 3:
        if let digit = bytes[at...].firstIndex(where: { (48...57).contains($0) }) {
          bytes[digit] = UInt8.random(in: 48...57, using: &rng)
        }
      case 4:
        let words = [
          "-", "1e9", "new", "active", "inactive", "0", "/3", "*2^9", "99999999999", "null", "e-30",
        ]
        let word = words[Int.random(in: 0..<words.count, using: &rng)]
        bytes.replaceSubrange(at..<min(bytes.count, at + Int.random(in: 0...3, using: &rng)), with: word.utf8)
      case 5:
        let other = seeds[Int.random(in: 0..<seeds.count, using: &rng)]
        let from = Int.random(in: 0..<other.count, using: &rng)
        bytes.insert(contentsOf: other[from..<min(other.count, from + 12)], at: at)
      default: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...4, using: &rng)))
      }
      if bytes.isEmpty { return bytes }
    }
    return bytes
  }
}
