import ExactArithmetic
import Foundation
import LinearAlgebra
import ModelFiles
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Reduction of networks")
struct NetworkReductionTests {
  @Test("The worked example: active 0, 1, 2, of which 2 is the sum of the others; 4 inactive")
  func workedExample() throws {
    let f = Network(
      weights: [
        [[1, 0, 2, 1], [1, 1, 0, 0], [2, 1, 2, 1], [1, 2, 3, 0], [11, 12, 13, 0]],
        [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]],
      ], biases: [[0, 1, 2, 3, 4], [11, 12]])
    var reducer = LayerReducer(
      f, signs: [[.nonnegative, .nonnegative, .nonnegative, .open, .nonpositive]], box: nil, precision: nil)
    try reducer.run(progress: Progress())
    #expect(
      reducer.network()
        == Network(
          weights: [[[1, 0, 2, 1], [1, 1, 0, 0], [1, 2, 3, 0]], [[2, 3, 3], [12, 13, 8]]],
          biases: [[0, 1, 3], [13, 19]]))
    #expect(
      reducer.counts == [NetworkReduction.Layer(before: 5, kept: 3, inactive: 1, folded: 1)])
  }

  @Test("A layer that is active everywhere goes, and with it all that was before it")
  func linearLayers() throws {
    let f = Network(weights: [[[1, 1], [1, -1]], [[1, 2]]], biases: [[1, 0], [0.5]])
    let on = InputDomain.box(.init([Interval(2, 3), Interval(0, 1)]))
    let reduction = try NetworkReduction(of: f, on: on)
    #expect(reduction.network == Network(weights: [[[3, -1]]], biases: [[1.5]]))
    #expect(reduction.layers == [NetworkReduction.Layer(before: 2, linear: 2)])
    // Everything inactive: a constant.
    let off = InputDomain.box(.init([Interval(-3, -2), Interval(-1, 0)]))
    let constant = try NetworkReduction(of: f, on: off).network
    #expect(constant.widths == [2, 1] && constant.exactOutputs(at: [-2, 0]) == f.exactOutputs(at: [-2, 0]))
    // Everywhere, nothing can go.
    #expect(try NetworkReduction(of: f).network.widths == [2, 2, 1])
  }

  @Test("relu(t) − relu(−t) takes one neuron on a box; |t| keeps two, unless an active neuron has its row")
  func oppositePairs() throws {
    let box = InputDomain.box(.init([Interval(-1, 1), Interval(-1, 1)]))
    // A bend elsewhere keeps the layer from being linear.
    func network(_ second: Double, active: Bool) -> Network {
      Network(
        weights: [
          [[1, 2], [-1, -2], [0, 1]] + (active ? [[1, 2]] : []), [[1, second, 1] + (active ? [3] : [])],
        ], biases: [[0.5, -0.5, 0] + (active ? [4] : []), [0]])
    }
    for (second, active, width) in [(-1.0, false, 2), (-1, true, 2), (1, false, 3), (1, true, 3)] {
      let f = network(second, active: active)
      let reduction = try NetworkReduction(of: f, on: box)
      let note = Comment(rawValue: "second \(second), active \(active)")
      #expect(reduction.network.widths == [2, width, 1], note)
      let comparison = try reduction.comparison(of: f, with: reduction.network)
      #expect(comparison.verdict == .equivalent(.identical), note)
      #expect(comparison.certificate?.verify(f, reduction.network) == .accepted, note)
      #expect(try NetworkReduction(of: f).network.widths == f.widths, note)
    }
  }

  @Test("Twins by a third, which no dyadic number is")
  func twinsByThirds() throws {
    let f = Network(weights: [[[3, 6], [1, 2], [5, 10]], [[1, 1, 1]]], biases: [[3, 1, 5], [0]])
    let reduction = try NetworkReduction(of: f)
    #expect(reduction.network.widths == [2, 1, 1])
    for x in [[1.0, 2], [-3, 0.5], [0, 0]] {
      #expect(reduction.network.exactOutputs(at: x) == f.exactOutputs(at: x))
    }
    #expect(reduction.layers == [NetworkReduction.Layer(before: 3, kept: 1, twins: 2)])
  }

  @Test("Many active neurons with factors that are not dyadic: one for each input carries them")
  func coordinates() throws {
    let f = Network(
      weights: [[[3, 0], [0, 3], [1, 1], [2, -1], [1, -1]], [[1, 2, 3, 4, 5]]],
      biases: [[8, 8, 8, 8, 0], [0]])
    let box = InputDomain.box(.init([Interval(-1, 1), Interval(-1, 1)]))
    let reduction = try NetworkReduction(of: f, on: box)
    #expect(reduction.network.widths == [2, 3, 1] && reduction.layers[0].folded == 2)
    let comparison = try reduction.comparison(of: f, with: reduction.network)
    #expect(comparison.verdict == .equivalent(.identical))
  }

  @Test("Folds that a precision does not hold are left out, or rounded with a proved bound")
  func precision() throws {
    let (a, b) = (1 + 0x1p-23, 1 - 0x1p-23)
    let f = Network(
      weights: [[[a, 0], [0, b]], [[a, b]]], biases: [[2, 2], [0]], storage: .float32)
    let box = InputDomain.box(.init([Interval(0, 1), Interval(0, 1)]))
    let exact = try NetworkReduction(of: f, on: box, options: .init(precision: .float32))
    #expect(exact.network.widths == [2, 2, 1] && exact.skipped == 1)
    let folded = try NetworkReduction(of: f, on: box)
    #expect(folded.network.widths == [2, 1])
    let rounded = try folded.network.rounded(to: .float32)
    let comparison = try folded.comparison(of: f, with: rounded)
    guard case .equivalent(.withinEpsilon(let bound, _)) = comparison.verdict else {
      Issue.record("\(comparison.verdict)")
      return
    }
    #expect(bound < 1e-6 && f.exactGap(to: rounded, at: [1, 1]) <= Dyadic(bound))
    #expect(comparison.certificate?.verify(f, rounded) == .accepted)
  }

  @Test("Signs that only parts of the box prove are part of the certificate")
  func certificate() throws {
    let f = NeuronStabilityTests.subadditive
    let domain = InputDomain.box(.init([Interval(-1, 1), Interval(-1, 1)]))
    let reduction = try NetworkReduction(of: f, on: domain)
    #expect(reduction.network.widths == [2, 1])
    let comparison = try reduction.comparison(of: f, with: reduction.network)
    let certificate = try #require(comparison.certificate)
    let read = try Certificate(json: certificate.json(version: "test"))
    #expect(read == certificate && read.verify(f, reduction.network) == .accepted)
    guard case .identical(let signals) = read.claim else {
      Issue.record("\(read.claim)")
      return
    }
    let bare = Certificate(
      digestA: read.digestA, digestB: read.digestB, domain: read.domain,
      claim: .identical(.init(factsA: signals.factsA, factsB: signals.factsB)))
    #expect(bare.verify(f, reduction.network) != .accepted)
  }

  @Test("Planted neurons of all kinds go, and no others: the width is the original one")
  func planted() throws {
    let wanted = TestData.longTests ? 100 : 12
    var found = 0
    try forEachSeed(0..<1000) { seed, rng in
      if found == wanted { return }
      guard let plant = ReductionPlant(using: &rng) else { return }
      found += 1
      let note = Comment(rawValue: "seed \(seed)")
      let reduction = try NetworkReduction(
        of: plant.planted, on: plant.domain, options: .init(stability: .init(boxes: 200)))
      #expect(
        plant.planted.hiddenNeuronCount == plant.base.hiddenNeuronCount + 2 * ReductionPlant.added, note)
      #expect(reduction.network.widths == plant.base.widths, note)
      #expect(reduction.layers.allSatisfy { $0.before == $0.kept + $0.removed }, note)
      let comparison = try reduction.comparison(of: plant.planted, with: reduction.network)
      #expect(comparison.verdict == .equivalent(.identical), note)
      #expect(comparison.certificate?.verify(plant.planted, reduction.network) == .accepted, note)
      for x in plant.base.randomInputs(5, using: &rng) where plant.domain.contains(x) {
        #expect(plant.planted.exactGap(to: plant.base, at: x).isZero, note)
        #expect(plant.planted.exactGap(to: reduction.network, at: x).isZero, note)
      }
    }
    #expect(found == wanted)
  }

  @Test("Networks with skip blocks lose their linear neurons too")
  func skips() throws {
    let layer = Network.Layer(
      weights: Matrix(rows: 2, columns: 1, elements: [1, 1]), bias: [2, 0], reading: 0)
    let output = Network.Layer(
      blocks: [
        .init(source: 0, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [1]))),
        .init(source: 1, weights: ExactMatrix(Matrix(rows: 1, columns: 2, elements: [1, 1]))),
      ], bias: ExactMatrix(column: [0]))
    let f = Network(inputCount: 1, layers: [layer, output])
    let reduction = try NetworkReduction(of: f, on: .box(.init([Interval(-1, 1)])))
    #expect(reduction.network.hiddenNeuronCount == 1 && reduction.layers[0].linear == 1)
    #expect(
      try reduction.comparison(of: f, with: reduction.network).verdict == .equivalent(.identical))
  }

  @Test("A network trained with a penalty on its weights loses neurons", .enabled(if: TestData.isWanted))
  func trained() throws {
    let folder = try #require(TestData.folder)
    let f = try Network(contentsOf: folder.appendingPathComponent("trained/torch/l1_wide.npz"))
    let domain = InputDomain.box(.init(Array(repeating: Interval(0, 1), count: f.inputCount)))
    let reduction = try NetworkReduction(
      of: f, on: domain, options: .init(stability: .init(samples: 128, boxes: 0)))
    #expect(f.widths == [64, 128, 64, 10] && reduction.network.widths == [64, 106, 56, 10])
    let rounded = try reduction.network.rounded(to: .float32)
    let comparison = try reduction.comparison(of: f, with: rounded)
    #expect(comparison.certificate?.verify(f, rounded) == .accepted)
  }
}
