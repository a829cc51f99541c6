import ExactArithmetic
import Foundation
import LinearAlgebra
import ModelFiles
import Networks
import Testing
import _TestSupport

@testable import Equivalence

/// Real pairs with known relations: no verdict may contradict them, and most must be found.
@Suite("Pairs of the shared data", .enabled(if: TestData.isWanted))
struct TruthTests {
  /// Pairs up to this many bytes are in the quick tier.
  private static let quickBytes = 25_000
  /// Larger pairs that are in the quick tier all the same, one of each relation.
  private static let quickNames: Set<String> = [
    "acas_1_1_f32_perm_pow2", "acas_1_1_f32_perm_scale", "acas_1_1_f32_one_weight",
  ]
  private static func isQuick(_ pair: TruthPair) -> Bool {
    pair.size <= quickBytes || quickNames.contains(pair.name)
  }

  @Test("Small pairs", arguments: TruthPair.all.filter(isQuick))
  func small(_ pair: TruthPair) throws { try check(pair) }

  @Test("Large pairs", .enabled(if: TestData.longTests), arguments: TruthPair.all.filter { !isQuick($0) })
  func large(_ pair: TruthPair) throws { try check(pair) }

  @Test("All pairs are there")
  func count() throws {
    #expect(try TruthPair.loaded.get().count >= 150)
    #expect(TruthPair.all.filter(Self.isQuick).count >= 40)
  }

  private func check(_ pair: TruthPair) throws {
    let (a, b) = (try Network(contentsOf: pair.a), try Network(contentsOf: pair.b))
    let note = Comment(rawValue: pair.name)
    let comparison = try a.checkedComparison(with: b, note)
    let witness = pair.witness.map { [$0] } ?? []
    a.expectSound(comparison, with: b, at: witness, note)
    switch (pair.relation, comparison.verdict) {
    case (.identical, .equivalent(.identical)): break
    case (.rounding, .equivalent(.withinEpsilon(let bound, _))):
      let x = try #require(pair.witness)
      let size = x.reduce(1) { max($0, $1.magnitude) }
      #expect(a.exactGap(to: b, at: x) <= Dyadic(bound) * Dyadic(size), note)
    case (.different, .different), (.boxOnly, .different): break
    default: Issue.record("\(pair.name) is \(pair.relation): \(comparison.verdict)")
    }
    guard pair.relation == .boxOnly else { return }
    let box = try #require(pair.box)
    let domain = InputDomain.box(.init(box.map { Interval($0[0], $0[1]) }))
    let onBox = try a.checkedComparison(with: b, ComparisonOptions(domain: domain), note)
    #expect(onBox.verdict == .equivalent(.identical), note)
    a.expectSound(onBox, with: b, at: [box.map { $0[0] }, box.map { $0[1] }], note)
  }

  // MARK: Both ways

  @Test(
    "Pairs that are equal on their box differ on one that reaches an input outside",
    arguments: TruthPair.all.filter { $0.relation == .boxOnly })
  func outsideOfBox(_ pair: TruthPair) throws {
    if !TestData.longTests, !Self.isQuick(pair), pair.name != "acas_1_1_f32_silent_prop3" { return }
    let (a, b) = (try Network(contentsOf: pair.a), try Network(contentsOf: pair.b))
    let (box, x) = (try #require(pair.box), try #require(pair.outside))
    let wider = InputDomain.box(.init(zip(box, x).map { Interval(min($0[0], $1), max($0[1], $1)) }))
    let comparison = try a.checkedComparison(
      with: b, ComparisonOptions(domain: wider), "\(pair.name) beyond its box")
    if case .different = comparison.verdict { return }
    Issue.record("\(pair.name) beyond its box: \(comparison.verdict)")
  }

  @Test(
    "Pairs that differ in one corner differ on its box, and are identical on the half without it",
    arguments: TruthPair.all.filter { $0.name.hasSuffix("_corner") })
  func corner(_ pair: TruthPair) throws {
    if !TestData.longTests, pair.size > 40_000 { return }
    let (a, b) = (try Network(contentsOf: pair.a), try Network(contentsOf: pair.b))
    let corner = try #require(pair.witness)
    // The box from the corner to its opposite: the images of digits are in [0, 1], all others around 0.
    let opposite = corner.map { pair.name.hasPrefix("digits") ? 1 - $0 : -$0 }
    func box(from near: [Double]) -> InputDomain {
      .box(.init(zip(near, opposite).map { Interval(min($0, $1), max($0, $1)) }))
    }
    let whole = try a.checkedComparison(
      with: b, ComparisonOptions(domain: box(from: corner)), "\(pair.name) on its box")
    if case .different = whole.verdict {} else { Issue.record("\(pair.name) on its box: \(whole.verdict)") }
    var middle = corner
    middle[0] = (corner[0] + opposite[0]) / 2
    let half = try a.checkedComparison(
      with: b, ComparisonOptions(domain: box(from: middle)), "\(pair.name) without its corner")
    #expect(half.verdict == .equivalent(.identical), "\(pair.name) without its corner")
  }

  @Test("Pairs of at most 5 inputs and 50 hidden neurons are never undecided, on all of ℝⁿ and on boxes")
  func smallPairsAreDecided() throws {
    var compared = 0
    for pair in TruthPair.all where pair.size <= 100_000 {
      let (a, b) = (try Network(contentsOf: pair.a), try Network(contentsOf: pair.b))
      guard a.inputCount <= 5, max(a.hiddenNeuronCount, b.hiddenNeuronCount) <= 50 else { continue }
      compared += 1
      // All of ℝⁿ is also asked of each pair above.
      let sides =
        TestData.longTests ? [nil, Interval(-1, 1), Interval(0, 1), Interval(0.25, 0.5)] : [Interval(-1, 1)]
      for side in sides {
        let domain = side.map { InputDomain.box(.init(Array(repeating: $0, count: a.inputCount))) }
        let note = Comment(rawValue: "\(pair.name) on \(side.map { "\($0)" } ?? "all of ℝⁿ")")
        let comparison = try a.checkedComparison(with: b, ComparisonOptions(domain: domain), note)
        if case .undecided(let bounds) = comparison.verdict { Issue.record("\(note): \(bounds)") }
        if pair.relation == .identical { #expect(comparison.verdict == .equivalent(.identical), note) }
      }
    }
    #expect(compared >= 25)
  }

  // MARK: Constant functions

  static let twinStreams: [URL] = {
    guard let folder = TestData.folder?.appendingPathComponent("nets/twin"),
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    else { return [] }
    return names.filter { $0.hasSuffix(".onnx") }.sorted().map { folder.appendingPathComponent($0) }
  }()

  @Test("TwinStream networks are the constants they compute", arguments: TruthTests.twinStreams)
  func twinStream(_ url: URL) throws {
    if !TestData.longTests, Self.twinStreams.firstIndex(of: url).map({ $0 % 4 != 0 }) ?? false { return }
    let network = try Network(contentsOf: url)
    let value = network.exactOutputs(at: Array(repeating: 0, count: network.inputCount))
    let constant = Network(
      inputCount: network.inputCount,
      layers: [.init(blocks: [], bias: ExactMatrix(rows: value.count, columns: 1, elements: value))])
    let comparison = try network.checkedComparison(with: constant, "\(url.lastPathComponent)")
    #expect(comparison.verdict == .equivalent(.identical))
  }

  // MARK: Dialects

  private struct Groups: Decodable {
    struct Group: Decodable { var files: [String] }
    var groups: [Group]
  }

  /// Pairs of files that hold one network, the first file of a group against each other one.
  private static func dialects() throws -> [(group: Int, a: URL, b: URL)] {
    guard let folder = TestData.folder else { return [] }
    let document = try Data(contentsOf: folder.appendingPathComponent("crossformat.json"))
    return try JSONDecoder().decode(Groups.self, from: document).groups.enumerated().flatMap {
      number, group in
      group.files.dropFirst().map { file in
        (number, folder.appendingPathComponent(group.files[0]), folder.appendingPathComponent(file))
      }
    }
  }

  @Test("One network in several formats")
  func formats() throws {
    var compared = 0
    for (_, a, b) in try Self.dialects() {
      let pair = TruthPair(name: b.lastPathComponent, a: a, b: b, relation: .rounding)
      let isACAS = a.path.contains("acasxu_1_1") && b.path.contains("onnx_eran")
      if !TestData.longTests, pair.size > 80_000, !isACAS { continue }
      let (first, second) = (try Network(contentsOf: a), try Network(contentsOf: b))
      let note = Comment(rawValue: "\(a.lastPathComponent) \(b.lastPathComponent)")
      let comparison = try first.checkedComparison(with: second, note)
      var rng = SplitMix64(seed: 7)
      let points = (0..<3).map { _ in
        (0..<first.inputCount).map { _ in Double(Int.random(in: -32...32, using: &rng)) / 64 }
      }
      first.expectSound(comparison, with: second, at: points, note)
      // The last group feeds raw inputs to one, and one network of another has a ReLU behind.
      let isOther = b.path.hasSuffix("TestNetwork2.onnx") || b.path.hasSuffix("mnist_relu_9_100.onnx")
      if case .equivalent = comparison.verdict { #expect(!isOther, note) } else { #expect(isOther, note) }
      compared += 1
    }
    #expect(compared >= 8)
  }

  @Test("The ONNX dialects of ACAS Xu are identical", arguments: ["onnx_eran", "onnx_dnnv"])
  func dialects(_ folder: String) throws {
    let data = try #require(TestData.folder)
    for name in TestData.longTests ? ["1_1", "2_2", "3_3"] : ["2_2"] {
      let a = try Network(contentsOf: data.appendingPathComponent("acasxu/onnx/acasxu_\(name).onnx"))
      let b = try Network(contentsOf: data.appendingPathComponent("acasxu/\(folder)/acasxu_\(name).onnx"))
      let comparison = try a.checkedComparison(with: b, "\(folder) \(name)")
      #expect(comparison.verdict == .equivalent(.identical))
    }
  }
}
