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
