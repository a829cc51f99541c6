import Crease
import Foundation
import Testing
import _TestSupport

@testable import Equivalence

/// A network of the shared data and a box.
struct RealNetwork: Sendable, CustomTestStringConvertible {
  let path: String
  let centre: Double
  let radius: Double

  init(_ path: String, around centre: Double = 0, radius: Double) {
    self.path = path
    self.centre = centre
    self.radius = radius
  }

  var testDescription: String { path }

  func network() throws -> Network {
    try Network(contentsOf: #require(TestData.folder).appendingPathComponent(path))
  }

  func box(of network: Network) -> [Interval] {
    Array(repeating: Interval(centre - radius, centre + radius), count: network.inputCount)
  }

  static let all = [
    RealNetwork("trained/torch/plain.npz", around: 0.5, radius: 0.125),
    RealNetwork("trained/torch/l1_wide.npz", around: 0.5, radius: 0.5),
    RealNetwork("trained/torch/wd_wide.npz", around: 0.5, radius: 0.125),
    RealNetwork("trained/sklearn/iris_6x6_s5.npz", radius: 0.25),
    RealNetwork("trained/sklearn/breast_cancer_20x10_s11.npz", radius: 0.03125),
    RealNetwork("nets/eran_mnist/mnist_relu_3_50.onnx", around: 0.5, radius: 0.03125),
    RealNetwork("acasxu/onnx/acasxu_1_1.onnx", radius: 0.05),
    RealNetwork("acasxu/onnx/acasxu_2_3.onnx", radius: 0.05),
    RealNetwork("acasxu/nnet/acasxu_2_2.nnet", radius: 0.1),
    RealNetwork("nets/hcas/HCAS_rect_v6_pra0_tau00_25HU_3000.nnet", radius: 0.1),
    RealNetwork("nets/control/VerticalCAS_controller_1.npz", radius: 0.1),
    RealNetwork("nets/control/InvertedPendulum_controller.npz", around: 0.5, radius: 0.125),
    RealNetwork("nets/control/ACC_controller_relu.npz", radius: 0.5),
  ]
}

/// What is proved of real networks on boxes, against many inputs that try to refute it.
///
/// Each check is also fed claims that are false, and must refute them.
@Suite("Proved ranges hold at many inputs", .enabled(if: TestData.isWanted))
struct RangeSoundnessTests {
  /// The inputs for each network.
  private static let points = TestData.longTests ? 1_000_000 : 2_000
  /// The inputs a false claim must fall at.
  private static let fewPoints = TestData.longTests ? 50_000 : 2_000
  /// The networks of the quick tier.
  private static let networks = RealNetwork.all.filter { real in
    TestData.longTests
      || ["HCAS", "ACC", "iris"].contains { real.path.contains($0) }
  }

  @Test("At least twelve networks are there")
  func count() throws {
    #expect(RealNetwork.all.count >= 12)
    for real in RealNetwork.all { _ = try real.network() }
  }

  @Test("Stable neurons keep their sign, and reductions their function", arguments: networks)
  func stability(_ real: RealNetwork) throws {
    let f = try real.network()
    let box = real.box(of: f)
    let note = Comment(rawValue: real.path)
    var rng = SplitMix64(seed: 1)
    let clock = ContinuousClock()
    let start = clock.now
    let reduction = try NetworkReduction(
      of: f, on: .box(InputDomain.Box(box)),
      options: .init(stability: .init(samples: 128, boxes: TestData.longTests ? 1_000 : 20, seconds: 60)))
    let states = try #require(reduction.stability).states
    // Without samples to rule unstable neurons out first, the bounds are on their own.
    let bare = try NeuronStability(f, on: box, options: .init(samples: 0, boxes: 0)).states
    func neurons(
      of states: [[NeuronStability.State]], _ isWanted: (NeuronStability.State) -> Bool
    ) -> [Neuron] {
      states.enumerated().flatMap { l, layer in
        layer.indices.filter { isWanted(layer[$0]) }.map { Neuron(layer: l + 1, index: $0) }
      }
    }
    func stable(_ state: NeuronStability.State) -> [Neuron] {
      Set(neurons(of: states) { $0 == state } + neurons(of: bare) { $0 == state }).sorted()
    }
    let (active, inactive) = (stable(.active), stable(.inactive))
    let unstable = neurons(of: states) { if case .unstable = $0 { true } else { false } }
    let searched = clock.now
    #expect(!active.isEmpty || !inactive.isEmpty, note)
    #expect(!unstable.isEmpty, note)

    let signs = RangeCheck(
      quantity: .preactivations(f, active + inactive),
      ranges: active.map { _ in 0...Double.infinity } + inactive.map { _ in -Double.infinity...0 }, box: box
    ).report(points: Self.points, using: &rng)
    #expect(signs.violations.isEmpty, note)
    #expect(signs.evaluated >= Self.points, note)
    let same = RangeCheck(sameOutputsOf: f, and: reduction.network, on: box)
      .report(points: max(2_000, Self.points / 4), using: &rng)
    #expect(same.violations.isEmpty, note)
    let checked = clock.now

    // False claims: unstable neurons are active, or inactive.
    for range in [0...Double.infinity, -Double.infinity...0] {
      let claims = RangeCheck(
        quantity: .preactivations(f, unstable), ranges: unstable.map { _ in range }, box: box)
      let refuted = claims.report(points: Self.fewPoints, using: &rng).violations.count
      #expect(Double(refuted) >= 0.9 * Double(unstable.count), note)
    }
    // Ranges that hold what one search met, but for 1 % of their width at both ends: another search leaves them.
    let all = neurons(of: states) { _ in true }.filter { $0.layer == f.layers.count - 1 }
    let everything = all.map { _ in -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude }
    let met = RangeCheck(quantity: .preactivations(f, all), ranges: everything, box: box)
      .report(points: Self.fewPoints, using: &rng).attained
    let shrunk = met.map { range in
      let part = (range.upperBound - range.lowerBound) / 100
      return range.lowerBound + part...range.upperBound - part
    }
    let left = RangeCheck(quantity: .preactivations(f, all), ranges: shrunk, box: box)
      .report(points: Self.fewPoints, using: &rng).violations
    let changing = met.filter { $0.lowerBound < $0.upperBound }.count
    #expect(2 * left.count >= changing && changing > 0, note)
    // A reduction that takes an unstable neuron of the last layer for inactive.
    var wrongSigns = states.map { $0.map { _ in Sign.open } }
    let wrong = try #require(
      unstable.last { neuron in
        (0..<f.outputCount).contains { !f.outputLayer.blocks[0].weights[$0, neuron.index].isZero }
          && neuron.layer == f.layers.count - 1
      }, note)
    wrongSigns[wrong.layer - 1][wrong.index] = .nonpositive
    var reducer = LayerReducer(f, signs: wrongSigns, box: box, precision: nil)
    try reducer.run(progress: Progress())
    let other = RangeCheck(
      sameOutputsOf: f, and: reducer.network(storage: f.storage, domain: f.domain), on: box)
    #expect(!other.report(points: Self.fewPoints, using: &rng).violations.isEmpty, note)
    if TestData.longTests {
      print(
        "\(real.path): \(active.count) active, \(inactive.count) inactive, \(unstable.count) unstable of",
        "\(f.hiddenNeuronCount), reduced to \(reduction.network.widths);",
        "\(signs.evaluated) + \(same.evaluated) inputs; search \(searched - start), check \(checked - searched)"
      )
    }
  }

  /// A network, its 16-bit version, and a box; the first is in the quick tier.
  private static let halved: [(String, String, RealNetwork)] =
    ["1_1", "1_4", "2_1", "2_5", "3_3", "3_9"].map { name in
      (
        "acasxu/nnet/acasxu_\(name).nnet", "pairs/neurodiff/acasxu_\(name)_16bit.nnet",
        RealNetwork("acasxu_\(name)", radius: 0.015625)
      )
    } + [
      (
        "pairs/neurodiff/mnist_relu_3_100.nnet", "pairs/neurodiff/mnist_relu_3_100_16bit.nnet",
        RealNetwork("mnist", around: 0.5, radius: 0.015625)
      )
    ]

  @Test("Networks and their 16-bit versions differ by no more than the proved bound", arguments: 0..<7)
  func halfPrecision(_ number: Int) throws {
    if number > 0, !TestData.longTests { return }
    let (pathA, pathB, real) = Self.halved[number]
    let folder = try #require(TestData.folder)
    let f = try Network(contentsOf: folder.appendingPathComponent(pathA))
    let g = try Network(contentsOf: folder.appendingPathComponent(pathB))
    let note = Comment(rawValue: pathB)
    let box = real.box(of: f)
    let comparison = try f.compared(
      with: g,
      options: ComparisonOptions(
        domain: .box(InputDomain.Box(box)), witnessSamples: 512,
        budget: ComparisonBudget(boxes: TestData.longTests ? 200 : 8, regions: 0), boundsDifference: true))
    let bounds = try #require(comparison.supremum, note)
    #expect(bounds.lower > 0 && bounds.lower <= bounds.upper && bounds.upper.isFinite, note)
    var rng = SplitMix64(seed: 2)
    func report(_ bound: Double, _ points: Int) -> RangeCheck.Report {
      RangeCheck(
        quantity: .differences(f, g), ranges: Array(repeating: -bound...bound, count: f.outputCount), box: box
      ).report(points: points, using: &rng)
    }
    #expect(report(bounds.upper, Self.points).violations.isEmpty, note)
    // One per cent below a gap that was met.
    #expect(!report(0.99 * bounds.lower, Self.fewPoints).violations.isEmpty, note)
    if TestData.longTests { print("\(pathB): \(bounds.lower) … \(bounds.upper)") }
  }
}

extension RangeCheck {
  /// The claim that two networks have the same outputs on a box.
  init(sameOutputsOf f: Network, and g: Network, on box: [Interval]) {
    self.init(
      quantity: .differences(f, g), ranges: Array(repeating: 0...0, count: f.outputCount), box: box)
  }
}
