import ExactArithmetic
import Networks
import Synchronization
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Neurons that never change sign on a box")
struct NeuronStabilityTests {
  /// relu(x + y), relu(x), relu(y), then relu(x + y) − relu(x) − relu(y) − 1/8: never positive, as parts show.
  static let subadditive = Network(
    weights: [[[1, 1], [1, 0], [0, 1]], [[1, -1, -1]], [[1]]], biases: [[0, 0, 0], [-0.125], [0]])
  private static let square = [Interval(-1, 1), Interval(-1, 1)]

  @Test("Active, inactive and unstable neurons are told apart, the last with inputs of both signs")
  func states() throws {
    let f = Network(weights: [[[1, 1], [1, -1], [-1, 0]], [[1, 1, 1]]], biases: [[1, 0, -1], [0]])
    let stability = try NeuronStability(f, on: [Interval(0, 1), Interval(0, 1)])
    #expect(stability.states[0][0] == .active && stability.states[0][2] == .inactive)
    guard case .unstable(let low, let high) = stability.states[0][1] else {
      Issue.record("\(stability.states[0][1])")
      return
    }
    #expect(low[0] < low[1] && high[0] > high[1])
  }

  @Test("Where bounds on the whole box leave a neuron open, bounds on parts settle it, within the budget")
  func parts() throws {
    let f = NeuronStabilityTests.subadditive
    let stability = try NeuronStability(f, on: NeuronStabilityTests.square)
    #expect(stability.states[1] == [.inactive] && stability.rungs.parts == 1)
    let proof = try #require(stability.proofs.last)
    #expect(proof.layer == 2 && proof.inactive == [0] && proof.splits.count > 1)
    let few = try NeuronStability(
      f, on: NeuronStabilityTests.square, options: NeuronStability.Options(boxes: 4))
    #expect(few.states[1] == [.open])
  }

  /// relu(t) − relu(t − 1/2) + 0.26 on [−1, 1]: the strips of both leave it open, their triangles do not.
  private static let step = Network(
    weights: [[[1], [1]], [[1, -1]], [[1]]], biases: [[0, -0.5], [0.26], [0]])

  @Test("Linear programs over triangles settle what strips leave open, and their proof is re-checked")
  func programs() throws {
    let f = NeuronStabilityTests.step
    let box = [Interval(-1, 1)]
    let stability = try NeuronStability(f, on: box, options: NeuronStability.Options(boxes: 2))
    #expect(stability.states[1] == [.active] && stability.rungs.programs == 1)
    let proof = try #require(stability.proofs.last)
    #expect(proof.usesTriangles && proof.splits == [-1])
    let range = try proof.ranges(of: f, over: box)[0]
    // By hand: h₁ ≥ 0 and h₂ ≤ t/4 + 1/4, so at least −1/4 + 0.26, at t = 0.
    #expect(range.lower <= 0.01 && range.lower > 0.01 - 1e-12)
    let strips = SignProof(layer: 2, active: [0], inactive: [], splits: [-1])
    #expect(try strips.ranges(of: f, over: box)[0].lower < -0.2)
    #expect(throws: ProofFailure.self) {
      _ = try SignProof.checkedSigns([strips], f, on: .box(.init(box)), named: "the network")
    }
    // Less by 0.02, and a program over the whole box is not enough, though it is still true.
    let less = f.changing { _, biases in biases[1][0] = 0.24 }
    let parts = try NeuronStability(less, on: box)
    #expect(parts.states[1] == [.active] && parts.rungs.programs == 0 && parts.rungs.parts == 1)
    let reduction = try NetworkReduction(of: f, on: .box(.init(box)))
    let certificate = try #require(
      try reduction.comparison(of: f, with: reduction.network)
        .certificate)
    #expect(try Certificate(json: certificate.json(version: "test")) == certificate)
    #expect(certificate.verify(f, reduction.network) == .accepted)
  }

  @Test("Triangles are sound: neurons of random networks never leave the ranges they give")
  func trianglesAreSound() throws {
    try forEachSeed(0..<20) { seed, rng in
      let f = Network.random(widths: [3, 6, 6, 4, 1], using: &rng)
      let box = (0..<3).map { _ in
        let centre = Double.random(in: -1...1, using: &rng)
        return Interval(centre - 0.5, centre + 0.5)
      }
      for layer in 2...3 {
        let proof = SignProof(layer: layer, active: [], inactive: [], splits: [-1], usesTriangles: true)
        let plain = SignProof(layer: layer, active: [], inactive: [], splits: [-1])
        let (ranges, wide) = (try proof.ranges(of: f, over: box), try plain.ranges(of: f, over: box))
        // Deeper, narrower ranges may come with other chords.
        for (x, y) in zip(ranges, wide) where layer == 2 {
          #expect(x.upper - x.lower <= (y.upper - y.lower) * (1 + 1e-9), "seed \(seed)")
        }
        for _ in 0..<50 {
          let x = box.map { Double.random(in: $0.lower...$0.upper, using: &rng) }
          let values = f.boundedPreactivations(at: x)[layer - 1]
          for (i, value) in values.values.enumerated() {
            #expect(ranges[i].lower - values.errors[i] <= value, "seed \(seed)")
            #expect(value <= ranges[i].upper + values.errors[i], "seed \(seed)")
          }
        }
      }
    }
  }

  @Test("A proof with a part less, or about another sign, is rejected")
  func hostileProofs() throws {
    let f = NeuronStabilityTests.subadditive
    let domain = InputDomain.box(.init(NeuronStabilityTests.square))
    let splits = try #require(try NeuronStability(f, on: domain.enclosure).proofs.last).splits
    func check(_ proof: SignProof) throws(ProofFailure) {
      _ = try SignProof.checkedSigns([proof], f, on: domain, named: "the network")
    }
    #expect(throws: Never.self) {
      try check(SignProof(layer: 2, active: [], inactive: [0], splits: splits))
    }
    for proof in [
      SignProof(layer: 2, active: [0], inactive: [], splits: splits),
      SignProof(layer: 2, active: [], inactive: [0], splits: [-1]),
      SignProof(layer: 2, active: [], inactive: [0], splits: Array(splits.dropLast())),
      SignProof(layer: 2, active: [], inactive: [1], splits: splits),
      SignProof(layer: 2, active: [], inactive: [-1], splits: splits),
      SignProof(layer: 3, active: [], inactive: [0], splits: splits),
      SignProof(layer: 0, active: [], inactive: [0], splits: splits),
      SignProof(layer: 2, active: [], inactive: [0], splits: []),
      SignProof(layer: 2, active: [], inactive: [0], splits: [7, -1, -1]),
    ] {
      #expect(throws: ProofFailure.self) { try check(proof) }
    }
    #expect(throws: ProofFailure.self) {
      _ = try SignProof.checkedSigns(
        [SignProof(layer: 2, active: [], inactive: [0], splits: splits)], f, on: nil, named: "the network")
    }
  }

  @Test("Answers do not depend on the number of threads, and being told to stop ends the search")
  func threads() throws {
    var rng = SplitMix64(seed: 5)
    let f = Network.random(widths: [3, 10, 10, 2], using: &rng)
    let box = Array(repeating: Interval(-0.25, 0.25), count: 3)
    let all = try [1, 2, 5].map { threads in
      try NeuronStability(f, on: box, options: NeuronStability.Options(boxes: 500, threads: threads))
    }
    #expect(Set(all.map(\.states)).count == 1 && Set(all.map(\.proofs)).count == 1)
    #expect(throws: CancellationError.self) {
      try NeuronStability(
        f, on: box, options: NeuronStability.Options(progress: Progress(isCancelled: { true })))
    }
  }

  @Test("No sampled input contradicts what is proved, and both signs of unstable neurons are exact")
  func soundness() throws {
    let samples = TestData.longTests ? 1_000_000 : 10_000
    var stable = 0
    try forEachSeed(0..<3) { seed, rng in
      let f = Network.random(widths: [3, 8, 8, 6, 2], using: &rng)
      let box = (0..<3).map { _ in
        let centre = Double.random(in: -1...1, using: &rng)
        return Interval(centre - 0.375, centre + 0.375)
      }
      let note = Comment(rawValue: "seed \(seed)")
      // Without samples to rule unstable neurons out first, the bounds are on their own.
      let stability = try NeuronStability(
        f, on: box, options: NeuronStability.Options(samples: 0, boxes: 300))
      stable += stability.proofs.reduce(0) { $0 + $1.active.count + $1.inactive.count }
      for (l, layer) in stability.states.enumerated() {
        for (i, state) in layer.enumerated() {
          guard case .unstable(let low, let high) = state else { continue }
          let z = f.preactivations(ofLayer: l + 1, [i])
          #expect(z.exactOutputs(at: low)[0].sign < 0 && z.exactOutputs(at: high)[0].sign > 0, note)
        }
      }
      var contradictions = 0
      for k in 0..<samples {
        let x = box.map { side in
          k % 4 == 0
            ? (Bool.random(using: &rng) ? side.lower : side.upper)
            : Double.random(in: side.lower...side.upper, using: &rng)
        }
        let values = f.boundedPreactivations(at: x)
        for (l, layer) in stability.states.enumerated() {
          for (i, state) in layer.enumerated() {
            let (value, error) = (values[l].values[i], values[l].errors[i])
            if state == .active, value < -error { contradictions += 1 }
            if state == .inactive, value > error { contradictions += 1 }
          }
        }
      }
      #expect(contradictions == 0, note)
    }
    #expect(stable >= 8)
  }
}
