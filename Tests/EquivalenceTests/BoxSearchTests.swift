import ExactArithmetic
import Foundation
import Networks
import Synchronization
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Decisions on parts of a box")
struct BoxSearchTests {
  private static let square = InputDomain.box(.init([Interval(0, 1), Interval(0, 1)]))

  /// f, and f with two teeth of height 1/2 in x added: t − 3 relu(t − 1/2) with t = 2 relu(x) − 4 relu(x − 1/2).
  private static func toothed(using rng: inout SplitMix64) -> (Network, Network) {
    let f = Network.random(widths: [2, 6, 5, 1], using: &rng)
    let g = f.changing { weights, biases in
      weights[0] += [[1, 0], [1, 0]]
      biases[0] += [0, -0.5]
      let none = Array(repeating: 0.0, count: 6)
      weights[1] = weights[1].map { $0 + [0, 0] } + [none + [2, -4], none + [2, -4]]
      biases[1] += [0, -0.5]
      weights[2] = [weights[2][0] + [1, -3]]
    }
    return (f, g)
  }

  @Test("Teeth of height 1/2: within 0.51, not within 0.49, and the bounds close in on it")
  func teeth() throws {
    try forEachSeed(0..<6) { seed, rng in
      let (f, g) = BoxSearchTests.toothed(using: &rng)
      let note = Comment(rawValue: "seed \(seed)")
      var options = ComparisonOptions(domain: BoxSearchTests.square, epsilon: 0.51)
      let within = try f.checkedComparison(with: g, options, note)
      guard case .equivalent(.withinEpsilon(let bound, let lower)) = within.verdict else {
        Issue.record("\(note): \(within.verdict)")
        return
      }
      #expect(lower <= 0.5 && 0.5 <= bound && bound <= 0.51, note)
      options.epsilon = 0.49
      let different = try f.checkedComparison(with: g, options, note)
      guard case .different(let witness) = different.verdict else {
        Issue.record("\(note): \(different.verdict)")
        return
      }
      #expect(witness.gap > 0.49 && witness.gap <= 0.5, note)
      options.epsilon = nil
      options.boundsDifference = true
      let bounds = try #require(try f.checkedComparison(with: g, options, note).supremum, note)
      #expect(bounds.lower <= 0.5 && 0.5 <= bounds.upper && bounds.upper < 0.505, note)
    }
  }

  @Test("Few neurons behind forty inputs: their signs close the bound, no halving would")
  func signs() throws {
    // Of the mean s of the inputs: two teeth t − 3 relu(t − 1/2), t = 2 relu(s) − 4 relu(s − 1/2); at most 1/2 from 0.
    let mean = Array(repeating: 1.0 / 64, count: 64)
    let teeth = Network(
      weights: [[mean, mean], [[2, -4], [2, -4]], [[1, -3]]], biases: [[0, -0.5], [0, -0.5], [0]])
    let zero = Network.zero(inputs: 64, outputs: 1)
    let box = InputDomain.box(.init(Array(repeating: Interval(0, 1), count: 64)))
    let options = ComparisonOptions(
      domain: box, epsilon: 0.501, budget: ComparisonBudget(boxes: 100, regions: 0))
    let comparison = try teeth.checkedComparison(with: zero, options, "teeth")
    guard case .equivalent(.withinEpsilon(let bound, _)) = comparison.verdict,
      case .withinEpsilon(_, .boxes(let tree)) = comparison.certificate?.claim
    else {
      Issue.record("\(comparison.verdict)")
      return
    }
    #expect(bound >= 0.5 && bound <= 0.501)
    #expect(tree.splits.contains { $0 >= 64 } && tree.leafCount < 12)
    // Without one of its parts the tree proves nothing, and neither does one of signs that do not exist.
    for splits in [[64 + 1, -1, -1], [64 + 4, -1, -1], [64 + 4]] {
      let changed = Certificate(
        digestA: teeth.digest, digestB: zero.digest, domain: box,
        claim: .withinEpsilon(
          bound: bound, evidence: .boxes(BoxTree(pairs: tree.pairs, splits: splits))))
      #expect(changed.verify(teeth, zero) != .accepted)
    }
  }

  @Test("Each output has a bound of its own, and the parts are counted")
  func outputs() throws {
    // The outputs differ by relu(x)/4, by nothing, and by |relu(y) − 1/2| = 1/2 at most.
    let f = Network(
      weights: [[[1, 0], [0, 1]], [[1, 0], [1, 1], [0, 1]]], biases: [[0, 0], [0, 0, 0]])
    let g = Network(
      weights: [[[1, 0], [0, 1]], [[0.75, 0], [1, 1], [0, 0]]], biases: [[0, 0], [0, 0, 0.5]])
    let options = ComparisonOptions(domain: BoxSearchTests.square, epsilon: 0.6)
    let within = try f.checkedComparison(with: g, options, "three outputs")
    let bounds = try #require(within.outputBounds)
    #expect(zip(bounds, [0.25, 0, 0.5]).allSatisfy { $0 >= $1 && $0 < $1 + 1e-9 }, "\(bounds)")
    #expect(within.parts == 1)
    var asked = ComparisonOptions(domain: BoxSearchTests.square, boundsDifference: true)
    asked.tolerance = 1e-6
    let different = try f.checkedComparison(with: g, asked, "three outputs")
    let known = try #require(different.outputBounds)
    #expect(zip(known, [0.25, 0, 0.5]).allSatisfy { $0 >= $1 && $0 < $1 + 1e-5 }, "\(known)")
    #expect((different.parts ?? 0) >= 1)
  }

  @Test("Answers do not depend on the number of threads")
  func threads() throws {
    var rng = SplitMix64(seed: 3)
    let (f, g) = BoxSearchTests.toothed(using: &rng)
    let results = try [1, 2, 5].map { threads in
      try f.compared(
        with: g,
        options: ComparisonOptions(
          domain: BoxSearchTests.square, epsilon: 0.52, threads: threads))
    }
    #expect(Set(results.map(\.certificate)).count == 1)
    #expect(Set(results.map(\.verdict)).count == 1)
  }

  @Test("A spent budget leaves proved bounds; being told to stop too")
  func budget() throws {
    var rng = SplitMix64(seed: 4)
    let (f, g) = BoxSearchTests.toothed(using: &rng)
    var options = ComparisonOptions(
      domain: BoxSearchTests.square, epsilon: 0.5001, budget: ComparisonBudget(boxes: 3))
    guard case .undecided(let bounds) = try f.checkedComparison(with: g, options, "").verdict else {
      Issue.record("decided with three boxes")
      return
    }
    #expect(bounds.lower <= 0.5 && bounds.upper >= 0.5 && bounds.upper.isFinite)
    let isBounding = Atomic(false)
    options.progress = Progress(
      report: { if $0.name.contains("boxes") { isBounding.store(true, ordering: .relaxed) } },
      isCancelled: { isBounding.load(ordering: .relaxed) })
    #expect(throws: ComparisonInterrupted.self) { try f.compared(with: g, options: options) }
  }

  @Test("Largest outputs: settled by a lead, refuted at a point, undecided at a tie")
  func largest() throws {
    // f = (x, -x), g = (x, 0.1 - x): they disagree for 0 < x < 0.05.
    let f = Network(weights: [[[1], [-1]]], biases: [[0, 0]])
    let g = Network(weights: [[[1], [-1]]], biases: [[0, 0.1]])
    func compared(_ low: Double, _ high: Double, _ confidence: Double = 0) throws -> Comparison {
      try f.compared(
        with: g,
        options: ComparisonOptions(
          domain: .box(.init([Interval(low, high)])), question: .largestOutput(confidence: confidence)))
    }
    let settled = try compared(0.06, 1)
    #expect(settled.verdict == .equivalent(.sameLargest(margin: 0)))
    let certificate = try #require(settled.certificate)
    #expect(try Certificate(json: certificate.json(version: "test")) == certificate)
    #expect(certificate.verify(f, g) == .accepted)
    let refuted = try compared(-1, 1)
    guard case .different(let witness) = refuted.verdict else {
      Issue.record("\(refuted.verdict)")
      return
    }
    #expect(witness.x[0] > 0 && witness.x[0] < 0.05)
    #expect(refuted.certificate?.verify(f, g) == .accepted)
    // softmax(2x) > 0.55 only where x > 0.1.
    guard case .equivalent(.sameLargest(let margin)) = try compared(-1, 1, 0.55).verdict else {
      Issue.record("not settled by confidence")
      return
    }
    #expect((margin - 0.2006706954621511).magnitude < 1e-9)
    guard case .undecided = try compared(-1, 0, 0).verdict else {
      Issue.record("decided at a tie")
      return
    }
  }

  @Test("A tie of outputs that never lead is no disagreement")
  func tieBehindTheLead() throws {
    // The third output leads by at least 1; the first two change places, at 2^-20 apart in the two networks.
    let f = Network(weights: [[[1, 0], [0, 1], [2, 2]]], biases: [[0, 0, 4]])
    let g = Network(weights: [[[1, 0], [0, 1], [2, 2]]], biases: [[0, 0x1p-20, 4]])
    let options = ComparisonOptions(
      domain: .box(.init([Interval(-1, 1), Interval(-1, 1)])), question: .largestOutput(confidence: 0),
      budget: ComparisonBudget(boxes: 4))
    let comparison = try f.compared(with: g, options: options)
    #expect(comparison.verdict == .equivalent(.sameLargest(margin: 0)))
    #expect(comparison.certificate?.verify(f, g) == .accepted)
    // Where the third no longer leads, the first two do disagree.
    let low = Network(weights: [[[1, 0], [0, 1], [2, 2]]], biases: [[0, 0, -9]])
    let changed = Network(weights: [[[1, 0], [0, 1], [2, 2]]], biases: [[0, 0x1p-20, -9]])
    guard case .different = try low.compared(with: changed, options: options).verdict else {
      Issue.record("no disagreement found")
      return
    }
  }

  @Test("Largest outputs that disagree only on a thin sliver are found between points on both sides of it")
  func sliver() throws {
    // The second network switches 2^-30 beside the first, on a plane through a box of 30 dimensions.
    let n = 30
    let row = (0..<n).map { 1 + Double($0) / 64 }
    let f = Network(weights: [[row, row.map { -$0 }]], biases: [[-0.375, 0.375]])
    let g = Network(weights: [[row, row.map { -$0 }]], biases: [[-0.375, 0.375 + 0x1p-30]])
    let options = ComparisonOptions(
      domain: .box(.init(Array(repeating: Interval(-1, 1), count: n))),
      question: .largestOutput(confidence: 0), budget: ComparisonBudget(boxes: 4))
    let comparison = try f.compared(with: g, options: options)
    guard case .different(let witness) = comparison.verdict else {
      Issue.record("\(comparison.verdict)")
      return
    }
    #expect(witness.outputA[0] > witness.outputA[1] && witness.outputB[0] < witness.outputB[1])
    #expect(comparison.certificate?.verify(f, g) == .accepted)
  }

  @Test("Changed trees are rejected")
  func tampered() throws {
    var rng = SplitMix64(seed: 3)
    let (f, g) = BoxSearchTests.toothed(using: &rng)
    let options = ComparisonOptions(domain: BoxSearchTests.square, epsilon: 0.505)
    let certificate = try #require(try f.compared(with: g, options: options).certificate)
    guard case .withinEpsilon(let bound, .boxes(let tree)) = certificate.claim else {
      Issue.record("\(certificate.claim)")
      return
    }
    func verified(_ bound: Double, _ splits: [Int], _ pairs: [LayerPairing]? = nil)
      -> Certificate.Verification
    {
      Certificate(
        digestA: certificate.digestA, digestB: certificate.digestB, domain: certificate.domain,
        claim: .withinEpsilon(
          bound: bound, evidence: .boxes(BoxTree(pairs: pairs ?? tree.pairs, splits: splits)))
      ).verify(f, g)
    }
    #expect(verified(bound, tree.splits) == .accepted)
    #expect(verified(bound.nextDown, tree.splits) != .accepted)
    #expect(verified(0.499, tree.splits) != .accepted)
    #expect(tree.splits.count > 3)
    #expect(verified(bound, [-1]) != .accepted)
    #expect(verified(bound, []) != .accepted)
    #expect(verified(bound, Array(tree.splits.dropLast())) != .accepted)
    #expect(verified(bound, tree.splits + [-1]) != .accepted)
    #expect(verified(bound, [999] + tree.splits.dropFirst()) != .accepted)
    let twice = tree.pairs.map { pair in
      LayerPairing(first: pair.first, second: pair.second, rows: pair.rows + pair.rows)
    }
    #expect(verified(bound, tree.splits, twice) != .accepted)
    let beyond = [LayerPairing(first: 9, second: 1, rows: [])]
    #expect(verified(bound, tree.splits, beyond) != .accepted)
  }
}
