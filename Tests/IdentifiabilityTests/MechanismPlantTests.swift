import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Planted mechanisms, disguised")
struct MechanismPlantTests {
  @Test("Every mechanism is planted but the one that has no name")
  func allMechanisms() {
    #expect(
      Set(MechanismPlant.all.map(\.mechanism)) == Set(HiddenMechanism.allCases).subtracting([.unexplained]))
  }

  @Test(
    "The dimension drops by the right amount, the mechanism is named, and a move is proved",
    arguments: MechanismPlant.all)
  func planted(_ plant: MechanismPlant) throws {
    try forEachSeed(0..<5) { seed, rng in
      let network = plant.network(using: &rng)
      let found = try HiddenSymmetries(of: network, on: plant.domain)
      let full = found.parameterCount - found.network.hiddenNeuronCount
      #expect(found.isExact, "seed \(seed)")
      #expect(found.rank == full - plant.directions, "seed \(seed): rank \(found.rank) of \(full)")
      #expect(found.symmetries.count == plant.directions, "seed \(seed): \(found.causes)")
      #expect(
        found.symmetries.allSatisfy { $0.mechanism == plant.mechanism }, "seed \(seed): \(found.causes)")
      guard let step = plant.step else {
        // Where two half-spaces would have to part, the function stays to first order only.
        for index in found.symmetries.indices {
          let move = try found.moved(along: index, by: 0x1p-8)
          #expect(
            !move.outcome.isIdentical && move.curveShare == 0,
            "seed \(seed): \(move.outcome), \(String(describing: move.curveShare))")
        }
        return
      }
      var proved = 0
      for index in found.symmetries.indices {
        for step in [step, -step] where proved == 0 {
          let move = try found.moved(along: index, by: step)
          if move.outcome.isIdentical && move.relation == .unrelated { proved += 1 }
        }
      }
      #expect(proved > 0, "seed \(seed)")
    }
  }
}
