import ExactArithmetic
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

/// All tiny networks on the line, compared by brute force.
///
/// With weights and biases in {−1, 0, 1} a network 1-1-1 or 1-2-1 breaks at −1, 0 and 1 at most, so it is known by
/// its exact values at −2, −1, 0, 1 and 2: two such networks are equal if and only if those values are.
@Suite("All tiny networks on the line")
struct BruteForceTests {
  private struct Tiny {
    let network: Network
    let values: [Dyadic]

    init(_ network: Network, at points: [Double] = [-2, -1, 0, 1, 2]) {
      self.network = network
      values = points.map { network.exactOutputs(at: [$0])[0] }
    }
  }

  /// All digits of base 3, from −1 to 1.
  private static func digits(_ count: Int) -> [[Double]] {
    (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in [-1.0, 0, 1].map { list + [$0] } } }
  }

  private static let narrow = digits(4).map {
    Tiny(Network(weights: [[[$0[0]]], [[$0[1]]]], biases: [[$0[2]], [$0[3]]]))
  }
  private static let wide = digits(7).map {
    Tiny(Network(weights: [[[$0[0]], [$0[1]]], [[$0[2], $0[3]]]], biases: [[$0[4], $0[5]], [$0[6]]]))
  }
  private static let shallow = narrow + wide

  @Test("One hidden layer: the canonical form is the function")
  func canonicalForm() throws {
    var textOf: [[Dyadic]: String] = [:]
    var valuesOf: [String: [Dyadic]] = [:]
    for tiny in Self.shallow {
      let text = try CanonicalForm(SignalGraph(tiny.network)).fingerprint
      if let known = textOf[tiny.values] { #expect(known == text, "\(tiny.network)") }
      if let known = valuesOf[text] { #expect(known == tiny.values, "\(tiny.network)") }
      textOf[tiny.values] = text
      valuesOf[text] = tiny.values
    }
    #expect(textOf.count == valuesOf.count && textOf.count > 100)
  }

  @Test("One hidden layer: identical if and only if equal")
  func verdicts() throws {
    var rng = SplitMix64(seed: 12)
    let options = ComparisonOptions(witnessSamples: 16)
    let equals = Dictionary(grouping: Self.shallow, by: \.values)
    let firsts = TestData.longTests ? Self.shallow : Self.shallow.shuffled(using: &rng).prefix(300).map { $0 }
    for (number, a) in firsts.enumerated() {
      let same = equals[a.values, default: []]
      var others = (0..<(TestData.longTests ? 60 : 3)).compactMap { _ in
        Self.shallow.randomElement(using: &rng)
      }
      others += (0..<(TestData.longTests ? 20 : 4)).compactMap { _ in same.randomElement(using: &rng) }
      for b in others {
        let verdict = try a.network.compared(with: b.network, options: options).verdict
        switch verdict {
        case .equivalent(.identical): #expect(a.values == b.values, "\(number)")
        case .different: #expect(a.values != b.values, "\(number)")
        case .equivalent, .undecided:
          #expect(a.values != b.values, "\(number): equal shallow networks are always found identical")
        }
      }
    }
  }

  @Test("Two hidden layers: equal forms have equal values, and canonical networks are fixed points")
  func deep() throws {
    // Breakpoints lie in −2 … 2, on whole numbers.
    let points = (-4...4).map { Double($0) }
    var valuesOf: [String: [Dyadic]] = [:]
    var kinds: Set<[Dyadic]> = []
    for digits in Self.digits(6) {
      let network = Network(
        weights: [[[digits[0]]], [[digits[1]]], [[digits[2]]]],
        biases: [[digits[3]], [digits[4]], [digits[5]]])
      let tiny = Tiny(network, at: points)
      let form = try CanonicalForm(SignalGraph(network))
      if let known = valuesOf[form.fingerprint] { #expect(known == tiny.values, "\(digits)") }
      valuesOf[form.fingerprint] = tiny.values
      kinds.insert(tiny.values)
      let canonical = try form.network(scaling: .powerOfTwo, storage: .float64)
      #expect(Tiny(canonical, at: points).values == tiny.values, "\(digits)")
      #expect(try CanonicalForm(SignalGraph(canonical)).fingerprint == form.fingerprint, "\(digits)")
    }
    #expect(valuesOf.count >= kinds.count)
  }
}
