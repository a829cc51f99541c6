import ExactArithmetic
import Networks
import Polyhedra
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Equality on all regions")
struct RegionwiseTests {
  @Test("f − g in one network is f − g")
  func difference() {
    forEachSeed(0..<40) { seed, rng in
      let (f, g) = PairedBoundsTests.pair(Int(seed), using: &rng)
      let joint = Network.difference(f, g)
      for x in f.randomInputs(10, using: &rng) {
        let expected = zip(f.exactOutputs(at: x), g.exactOutputs(at: x)).map { $0 - $1 }
        #expect(joint.exactOutputs(at: x) == expected, "seed \(seed)")
      }
    }
  }

  /// The maximum of two pre-activations, written in two ways that no symmetry relates.
  private func hidden(using rng: inout SplitMix64) -> (Network, Network) {
    let f = Network.random(widths: [2, 3, 2, 1], using: &rng)
    let (weights, biases) = f.rows
    // relu(max(a, b)) as relu(b + relu(a - b)) and as relu(a + relu(b - a)), with a, b ≥ 0 read from the layer before.
    func with(_ first: Int, _ second: Int) -> Network {
      let difference = zip(weights[1][first], weights[1][second]).map { $0 - $1 }
      let keep = weights[1][second].map { max($0, 0) }
      let drop = weights[1][second].map { max(-$0, 0) }
      return Network(
        weights: [
          weights[0], [difference, keep, drop], [[1, 1, -1]],
        ],
        biases: [
          biases[0], [biases[1][first] - biases[1][second], 0, 0],
          [biases[1][second]],
        ])
    }
    return (with(0, 1), with(1, 0))
  }

  @Test("Maxima in two ways are identical; with one entry changed they are not, or not by much")
  func planted() throws {
    try forEachSeed(0..<12) { seed, rng in
      let (f, g) = hidden(using: &rng)
      let note = Comment(rawValue: "seed \(seed)")
      for domain in [nil, InputDomain.box(.init([Interval(-2, 1), Interval(-1, 2)]))] {
        let options = ComparisonOptions(domain: domain)
        let comparison = try f.checkedComparison(with: g, options, note)
        #expect(comparison.verdict == .equivalent(.identical), note)
        let changed = g.changing { _, biases in biases[2][0] += 0x1p-40 }
        guard case .different = try f.checkedComparison(with: changed, options, note).verdict else {
          Issue.record("\(note): not told apart")
          return
        }
      }
    }
  }

  @Test("Both algorithms count the same regions, and a wrong count is rejected")
  func counts() throws {
    try forEachSeed(0..<6) { seed, rng in
      let (f, g) = hidden(using: &rng)
      let note = Comment(rawValue: "seed \(seed)")
      let byVertices = try #require(try RegionwiseDifference(f, g, on: nil, algorithm: .vertices), note)
      let byPrograms = try #require(try RegionwiseDifference(f, g, on: nil, algorithm: .programs), note)
      #expect(byVertices.zeros == byPrograms.zeros && byVertices.zeros.areZero, note)
      let certificate = try #require(try f.compared(with: g).certificate, note)
      guard case .identicalOnRegions(let count) = certificate.claim else { return }
      #expect(count == byVertices.zeros.regions, note)
      for wrong in [count - 1, count + 1] {
        let other = Certificate(
          digestA: certificate.digestA, digestB: certificate.digestB, domain: nil,
          claim: .identicalOnRegions(count: wrong))
        #expect(other.verify(f, g) != .accepted, note)
      }
    }
  }

  @Test("A difference in a tiny region gives a witness there")
  func tiny() throws {
    // g adds max(x + y - (2 - 2^-20), 0): not 0 only in a corner of [-1, 1]^2.
    let f = Network(weights: [[[1, -1]], [[1]]], biases: [[0], [0]])
    let g = Network(weights: [[[1, -1], [1, 1]], [[1, 1]]], biases: [[0, -2 + 0x1p-20], [0]])
    let box = InputDomain.box(.init([Interval(-1, 1), Interval(-1, 1)]))
    let found = try #require(try RegionwiseDifference(f, g, on: box))
    #expect(found.zeros.nonzeroRegions == 1)
    guard case .found(let x) = found.zeros.example else {
      Issue.record("no point")
      return
    }
    #expect(x[0] + x[1] > 2 - 0x1p-20)
    let smaller = InputDomain.box(.init([Interval(-1, 0.5), Interval(-1, 1)]))
    #expect(try RegionwiseDifference(f, g, on: smaller)?.zeros.areZero == true)
  }
}
