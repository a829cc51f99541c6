import ExactArithmetic
import Networks
import Symmetry
import Testing
import _TestSupport

@Suite("Pairing up to rounding")
struct NearMatchingTests {
  private static let unit = StoragePrecision.float32.unitInTheLastPlace

  /// Checks that all signals are paired once, depth with depth, and that paired pre-activations agree.
  private func expectPairing(
    _ matching: NearMatching, _ a: SignalGraph, _ b: SignalGraph, tolerance: Double = 1e-4, _ note: Comment
  ) {
    #expect(matching.pairs.map(\.a).sorted() == Array(a.forms.indices), note)
    #expect(matching.pairs.map(\.b).sorted() == Array(b.forms.indices), note)
    #expect(matching.pairs.allSatisfy { a.depths[$0.a] == b.depths[$0.b] && $0.scale > 0 }, note)
    var rng = SplitMix64(seed: 1)
    for _ in 0..<3 {
      let x = (0..<a.inputCount).map { _ in Double.random(in: -1...1, using: &rng) }
      let (tA, tB) = (preactivations(a, x), preactivations(b, x))
      for pair in matching.pairs {
        let size = tB.map(\.magnitude).max() ?? 0
        #expect((tB[pair.b] - pair.scale * tA[pair.a]).magnitude <= tolerance * (1 + size), note)
      }
    }
  }

  private func preactivations(_ graph: SignalGraph, _ x: [Double]) -> [Double] {
    var signals = x
    return graph.forms.map { form in
      var t = form.constant.nearestDouble
      for position in form.signals.indices {
        t += form.coefficient(at: position).nearestDouble * signals[Int(form.signals[position])]
      }
      signals.append(max(t, 0))
      return t
    }
  }

  @Test("A planted permutation with rounded scales is recovered")
  func planted() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [4, 12, 10, 8, 3], denominator: 4096, using: &rng)
        .with(storage: .float32)
      let disguised = network.disguised(by: Disguise(permutes: true, logRange: 1), using: &rng)
      let (a, b) = (try SignalGraph(network), try SignalGraph(disguised))
      let matching = try #require(NearMatching(a, b, tolerance: 64 * Self.unit), "seed \(seed)")
      expectPairing(matching, a, b, "seed \(seed)")
      #expect(matching.componentwiseDifference > 0, "seed \(seed): the scales round")
      #expect(matching.componentwiseDifference <= 16 * Self.unit, "seed \(seed)")
    }
  }

  @Test("Exact disguises are paired without any difference")
  func exact() throws {
    try forEachSeed(0..<10) { seed, rng in
      let network = Network.random(widths: [3, 7, 5, 2], using: &rng)
      let disguised = network.disguised(
        by: Disguise(permutes: true, logRange: 2, powersOfTwo: true), using: &rng)
      let (a, b) = (try SignalGraph(network), try SignalGraph(disguised))
      let matching = try #require(NearMatching(a, b, tolerance: 1e-12), "seed \(seed)")
      #expect(matching.componentwiseDifference == 0, "seed \(seed)")
    }
  }

  @Test("Near-tied neurons are told apart by who reads them")
  func ties() throws {
    try forEachSeed(0..<30) { seed, rng in
      // Three rows that differ in the last places only, with other outgoing weights.
      let tied = (0..<3).map { k in [1, 0.5 + Double(k) * 0x1p-23, -0.25] }
      var network = Network.random(widths: [3, 8, 6, 2], denominator: 4096, using: &rng).with(
        storage: .float32)
      network = network.changing { weights, biases in
        for k in 0..<3 {
          weights[0][k] = tied[k]
          biases[0][k] = 0.125
        }
      }
      let disguised = network.disguised(by: Disguise(permutes: true), using: &rng)
      let (a, b) = (try SignalGraph(network), try SignalGraph(disguised))
      let matching = try #require(NearMatching(a, b, tolerance: 64 * Self.unit), "seed \(seed)")
      expectPairing(matching, a, b, "seed \(seed)")
    }
  }

  @Test("Near-tied neurons in front of the outputs are told apart by their columns")
  func tiesAtOutputs() throws {
    let a = try SignalGraph(
      Network(weights: [[[1, 1], [1, 1 + 0x1p-22]], [[3, -5]]], biases: [[0, 0], [0]]))
    let b = try SignalGraph(
      Network(weights: [[[1, 1], [1, 1 + 0x1p-22]], [[-5, 3]]], biases: [[0, 0], [0]]))
    let matching = try #require(NearMatching(a, b, tolerance: 64 * Self.unit))
    expectPairing(matching, a, b, "two ties")
    #expect(matching.pairs.map(\.b) == [1, 0])
    #expect(matching.componentwiseDifference <= 4 * Self.unit)
  }

  @Test("No pairing where widths, rows or patience do not fit")
  func none() throws {
    let a = try SignalGraph(Network(weights: [[[1, 2], [3, 4]], [[1, 1]]], biases: [[0, 0], [0]]))
    let narrow = try SignalGraph(Network(weights: [[[1, 2]], [[1]]], biases: [[0], [0]]))
    let far = try SignalGraph(Network(weights: [[[1, 2], [3, 5]], [[1, 1]]], biases: [[0, 0], [0]]))
    #expect(NearMatching(a, narrow, tolerance: 1e-3) == nil)
    #expect(NearMatching(a, far, tolerance: 1e-3) == nil)
    #expect(NearMatching(a, far, tolerance: 1) != nil)
    #expect(NearMatching(a, a, tolerance: 2, patience: 0) == nil)
  }
}
