import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

/// Every verdict against exact evaluation, over seeds.
@Suite("Soundness over seeds")
struct SoundnessTests {
  private static var seeds: Range<UInt64> { TestData.longTests ? 0..<2000 : 0..<40 }

  @Test("Nearly equal pairs: no verdict contradicts the exact outputs")
  func nearlyEqual() throws {
    var kinds: Set<String> = []
    try forEachSeed(Self.seeds) { seed, rng in
      let storage: StoragePrecision = seed % 2 == 0 ? .float32 : .float64
      let a = Network.random(widths: [3, 5, 4, 2], using: &rng).with(storage: storage)
      let step = Double(sign: .plus, exponent: -Int.random(in: 4...50, using: &rng), significand: 1)
      var b = a.changingOneEntry(using: &rng) { $0 + ($0 == 0 ? 0 : $0 * step) }
      b = b.disguised(
        by: Disguise(permutes: true, logRange: seed % 3 == 0 ? nil : 1, powersOfTwo: seed % 3 == 1),
        using: &rng)
      let points = a.randomInputs(50, using: &rng)
      var options = ComparisonOptions(seed: seed, witnessSamples: 256)
      if seed % 4 == 3 {
        options.domain = .box(.init(Array(repeating: Interval(-0.5, 1), count: 3)))
      }
      let comparison = try a.checkedComparison(with: b, options, "seed \(seed)")
      a.expectSound(comparison, with: b, at: points + points.map { $0.map { $0 / 8 } }, "seed \(seed)")
      switch comparison.verdict {
      case .equivalent(.identical): kinds.insert("identical")
      case .equivalent: kinds.insert("within")
      case .different: kinds.insert("different")
      case .undecided: kinds.insert("undecided")
      }
    }
    #expect(kinds.isSuperset(of: ["within", "different"]))
  }

  @Test("Paired signals of equal signs: the bound dominates every difference (T-12)")
  func pathMetric() throws {
    forEachSeed(Self.seeds) { seed, rng in
      // Nothing but what a checker sees: the identity pairing of two networks with far apart entries.
      let a = Network.random(widths: [2, 4, 3, 2], using: &rng)
      let oppositeSigns = seed % 2 == 1
      let b = a.changing { weights, biases in
        for l in weights.indices {
          for i in weights[l].indices {
            func moved(_ value: Double) -> Double {
              let factor = Double(Int.random(in: 0...8, using: &rng)) / 4
              return oppositeSigns && Bool.random(using: &rng) ? -value * factor : value * factor
            }
            weights[l][i] = weights[l][i].map(moved)
            biases[l][i] = moved(biases[l][i])
          }
        }
      }
      guard let bound = a.boundByIdentityPairing(to: b) else { return }
      for x in a.randomInputs(50, using: &rng) {
        let size = x.reduce(1) { max($0, $1.magnitude) }
        #expect(a.exactGap(to: b, at: x) <= Dyadic(bound) * Dyadic(size), "seed \(seed) at \(x)")
      }
    }
  }

  @Test("Shrinking towards zero: the bound is the loss of path norm (T-12)")
  func shrinking() throws {
    let a = Network(weights: [[[1, -2], [0.5, 1]], [[2, -1]]], biases: [[1, 0], [0.25]])
    let b = Network(weights: [[[1, -1], [0.5, 0.5]], [[1, -1]]], biases: [[0.5, 0], [0]])
    let bound = try #require(a.boundByIdentityPairing(to: b))
    // ‖Φ(a)‖ = 2·(1+2+1) + 1·(0.5+1) + 0.25 = 9.75; ‖Φ(b)‖ = (1+1+0.5) + (0.5+0.5) = 3.5.
    #expect((bound - 6.25).magnitude < 1e-12)
  }

  @Test("A pairing that crosses the order of the signals proves nothing too small")
  func crossedOrder() throws {
    // A: relu(x − 5 relu(x)); B: relu(x), with an idle copy. At x = 1 they differ by 1.
    func column(_ value: Double, _ source: Int) -> Network.Block {
      .init(source: source, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [value])))
    }
    let zero = ExactMatrix(column: [0])
    let a = Network(
      inputCount: 1,
      layers: [
        .init(blocks: [column(1, 0)], bias: zero), .init(blocks: [column(1, 0), column(-5, 1)], bias: zero),
        .init(blocks: [column(1, 2)], bias: zero),
      ])
    let b = Network(weights: [[[1], [1]], [[1, 0]]], biases: [[0, 0], [0]])
    #expect(a.exactGap(to: b, at: [1]) == .one)
    let facts = Certificate.CommonSignals(factsA: a.plainFacts, factsB: b.plainFacts)
    let pairs = [Certificate.Pair(a: 1, b: 0, scale: 1), Certificate.Pair(a: 0, b: 1, scale: 1)]
    for bound in [0, 0.5, 0.999] {
      let claim = Certificate.Claim.withinEpsilon(bound: bound, evidence: .pairedSignals(facts, pairs: pairs))
      let certificate = Certificate(digestA: a.digest, digestB: b.digest, domain: nil, claim: claim)
      if case .accepted = certificate.verify(a, b) { Issue.record("accepted \(bound), the gap is 1") }
    }
  }

  @Test("The bound of reading with rounding covers every network within the row errors")
  func loweringBound() throws {
    forEachSeed(Self.seeds) { seed, rng in
      let a = Network.random(widths: [2, 4, 3, 2], using: &rng)
      let slack = 0x1p-10
      let b = a.changing { weights, biases in
        for l in weights.indices {
          for i in weights[l].indices {
            weights[l][i] = weights[l][i].map { $0 + (Bool.random(using: &rng) ? slack : -slack) }
            biases[l][i] += Bool.random(using: &rng) ? slack : -slack
          }
        }
      }
      let bounds = SmallPair.rounded(a, by: slack).loweringBound(domain: nil)
      for x in a.randomInputs(20, using: &rng) {
        let size = Dyadic(x.reduce(1) { max($0, $1.magnitude) })
        for (k, (y, z)) in zip(a.exactOutputs(at: x), b.exactOutputs(at: x)).enumerated() {
          #expect((y - z).magnitude <= Dyadic(bounds[k]) * size, "seed \(seed) at \(x)")
        }
      }
    }
  }
}

extension Network {
  /// The smallest bound that a checker accepts for the pairing of each neuron with itself; nil if none.
  fileprivate func boundByIdentityPairing(to other: Network) -> Double? {
    let facts = Certificate.CommonSignals(factsA: plainFacts, factsB: other.plainFacts)
    let pairs = (0..<hiddenNeuronCount).map { Certificate.Pair(a: $0, b: $0, scale: 1) }
    let evidence = Certificate.Nearness.pairedSignals(facts, pairs: pairs)
    let probe = Certificate(
      digestA: digest, digestB: other.digest, domain: nil, claim: .withinEpsilon(bound: 0, evidence: evidence)
    )
    return try? probe.bound(by: evidence, self, other)
  }
}
