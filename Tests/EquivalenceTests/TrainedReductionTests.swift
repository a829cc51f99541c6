import Crease
import Testing
import _TestSupport

/// What reduction removes from trained networks, layer by layer, and that nothing is lost.
@Suite("Reduction of trained networks", .enabled(if: TestData.isWanted))
struct TrainedReductionTests {
  /// A file, the side of its box, and for each hidden layer the neurons before and after.
  struct Row: Sendable, CustomTestStringConvertible {
    let path: String
    var side = Interval(0, 1)
    let before: [Int]
    let after: [Int]

    var testDescription: String { path }
  }

  static let table = [
    // Trained with an L1 penalty; a network of its kind with small weights cut, one with weight decay.
    Row(path: "torch/l1_wide.npz", before: [128, 64], after: [106, 56]),
    Row(path: "torch/plain_pruned.npz", before: [32, 32], after: [25, 26]),
    Row(path: "torch/wd_wide.npz", before: [96], after: [95]),
    // Trained without, for the long tier; all neurons of some are needed.
    Row(path: "torch/plain.npz", before: [32, 32], after: [32, 32]),
    Row(path: "torch/deep_f64.npz", before: [12, 12, 12], after: [12, 12, 12]),
    Row(path: "sklearn/digits_16_s0.npz", before: [16], after: [16]),
    Row(path: "sklearn/digits_64x32_s1.npz", before: [64, 32], after: [64, 31]),
  ]

  @Test(
    "The neurons that stay, by layer; the result is identical on the domain",
    arguments: TestData.longTests ? table : Array(table[..<3]))
  func removed(_ row: Row) throws {
    let f = try Network(contentsOf: #require(TestData.folder).appendingPathComponent("trained/\(row.path)"))
    let domain = InputDomain.box(.init(Array(repeating: row.side, count: f.inputCount)))
    let clock = ContinuousClock()
    let start = clock.now
    let reduction = try NetworkReduction(
      of: f, on: domain,
      options: .init(stability: .init(samples: 512, boxes: TestData.longTests ? 2_000 : 0)))
    let reduced = clock.now
    let note = Comment(rawValue: row.path)
    #expect(reduction.layers.map(\.before) == row.before, note)
    #expect(reduction.layers.map(\.kept) == row.after, note)
    #expect(reduction.network.hiddenLayers.map(\.width) == row.after, note)
    // By comparison of its own, which is told nothing of how the network was reduced.
    let comparison = try f.checkedComparison(
      with: reduction.network, ComparisonOptions(domain: domain), note)
    #expect(comparison.verdict == .equivalent(.identical), note)
    let told = try reduction.comparison(of: f, with: reduction.network)
    #expect(told.verdict == .equivalent(.identical), note)
    if TestData.longTests {
      print(
        "\(row.path): \(row.before) → \(row.after) in \(reduced - start), compared in \(clock.now - reduced)")
    }
    if row.before == row.after { return }
    // One neuron too many gone is noticed.
    let last = reduction.network.layers.count - 2
    let missing = reduction.network.changing { weights, _ in
      for k in weights[last + 1].indices { weights[last + 1][k][0] = 0 }
    }
    let verdict = try f.checkedComparison(with: missing, ComparisonOptions(domain: domain), note).verdict
    guard case .different = verdict else {
      Issue.record("\(note) without a neuron it needs: \(verdict)")
      return
    }
  }
}
