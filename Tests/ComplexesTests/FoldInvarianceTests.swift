import Crease
import Testing
import _TestSupport

@testable import Complexes

@Suite struct FoldInvarianceTests {
  @Test func `The weighted complex and the order depend on the function alone`() throws {
    let disguises = [
      Disguise(permutes: true, logRange: 1, powersOfTwo: true),
      Disguise(permutes: true, twins: 1, dead: 1, identityLayer: true),
    ]
    try LawNetworks.forEach(seeds: 0..<3, shapes: [[2, 4, 3, 1], [2, 3, 2, 2]]) { name, network in
      let folds = try FoldExamples.folds(network, size: 2)
      let merged = folds.weights().merged()
      let layering = folds.layering()
      try forEachSeed(0..<2) { seed, rng in
        let other = try FoldExamples.folds(
          network.disguised(by: disguises[Int(seed)], using: &rng), size: 2)
        let otherMerged = other.weights().merged()
        let pairs = zip(sorted(merged, folds), sorted(otherMerged, other))
        #expect(merged.pieces.count == otherMerged.pieces.count, "\(name)")
        for (one, two) in pairs {
          #expect(one.form == two.form, "\(name)")
          for (a, b) in zip(one.weights, two.weights) {
            #expect((a - b).magnitude < 1e-9 * (1 + a.magnitude), "\(name)")
          }
        }
        #expect(merged.corners.count == otherMerged.corners.count, "\(name)")
        #expect(folds.linearRegions.count == other.linearRegions.count, "\(name)")
        let otherLayering = other.layering()
        #expect(layering.order == otherLayering.order, "\(name)")
        #expect(layering.pieces.map(\.layer) == otherLayering.pieces.map(\.layer), "\(name)")
        #expect(layering.edges.count == otherLayering.edges.count, "\(name)")
      }
    }
  }

  /// The pieces by the text of their hyperplanes, then by their weights.
  private func sorted(
    _ complex: WeightedComplex, _ folds: Folds
  ) -> [(form: String, weights: [Double])] {
    complex.pieces.map { ("\(folds.hyperplanes.forms[$0.hyperplane])", $0.weights) }.sorted { one, two in
      one.0 != two.0
        ? one.0 < two.0
        : one.1.map { ($0 * 1e9).rounded() }.lexicographicallyPrecedes(two.1.map { ($0 * 1e9).rounded() })
    }
  }

  @Test func `Later neurons bend on earlier ones only`() throws {
    try LawNetworks.forEach(seeds: 0..<3) { name, network in
      let folds = try FoldExamples.folds(network, size: 2)
      let bent = folds.bentHyperplanes()
      var bends: [[Neuron]: Int] = [:]
      for hyperplane in bent {
        for bend in hyperplane.bends {
          #expect(!bend.earlier.isEmpty, "\(name)")
          #expect(folds.ridges.neurons(of: bend.ridge).contains(hyperplane.neuron), "\(name)")
          for earlier in bend.earlier { bends[[earlier, hyperplane.neuron], default: 0] += 1 }
        }
      }
      for pair in folds.dependencies() {
        #expect(pair.earlier.layer < pair.later.layer, "\(name)")
        #expect(pair.bends <= pair.meetings, "\(name)")
        #expect(bends[[pair.earlier, pair.later], default: 0] == pair.bends, "\(name)")
      }
    }
  }
}
