import Crease
import Testing
import _TestSupport

/// Planted hidden symmetries as pairs: identical, proved, and not by permutation and rescaling.
@Suite("Pairs with a planted hidden symmetry")
struct HiddenSymmetryPairTests {
  @Test(
    "Identical, with an accepted certificate, and no standard symmetry relates them",
    arguments: HiddenSymmetryPair.all)
  func identical(_ pair: HiddenSymmetryPair) throws {
    let note = Comment(rawValue: pair.name)
    let comparison = try pair.a.checkedComparison(with: pair.b, ComparisonOptions(domain: pair.domain), note)
    #expect(comparison.verdict == .equivalent(.identical), note)
    #expect(comparison.certificate?.verify(pair.a, pair.b) == .accepted, note)
    #expect(pair.a.standardRelation(to: pair.b) == .unrelated, note)
    #expect(pair.b.standardRelation(to: pair.a) == .unrelated, note)
    var rng = SplitMix64(seed: 1)
    for x in pair.a.randomInputs(20, using: &rng) where pair.domain?.contains(x) ?? true {
      #expect(pair.a.exactGap(to: pair.b, at: x).isZero, note)
    }
  }

  @Test(
    "One parameter changed by 2^-20: different with a witness, or a parameter that is free",
    arguments: HiddenSymmetryPair.all)
  func nearMisses(_ pair: HiddenSymmetryPair) throws {
    var rng = SplitMix64(seed: 2)
    let options = ComparisonOptions(domain: pair.domain)
    var different = 0
    for index in indices(of: pair.b, using: &rng) {
      var parameters = pair.b.parameters
      parameters.values[index] = parameters.values[index] + Dyadic(0x1p-20)
      let changed = pair.b.with(parameters: parameters)
      let note = Comment(rawValue: "\(pair.name): \(parameters.layout.name(at: index))")
      let comparison = try pair.a.checkedComparison(with: changed, options, note)
      switch comparison.verdict {
      case .different(let witness):
        different += 1
        #expect(!pair.a.exactGap(to: changed, at: witness.x).isZero, note)
      case .equivalent(.identical):
        // Free: then it is free by itself too, and no input may tell.
        let alone = try pair.b.checkedComparison(with: changed, options, note)
        #expect(alone.verdict == .equivalent(.identical), note)
        pair.a.expectSound(comparison, with: changed, at: pair.a.randomInputs(50, using: &rng), note)
      default: Issue.record("\(note): \(comparison.verdict)")
      }
    }
    #expect(different >= 1, "\(pair.name)")
  }

  /// The output bias and one more parameter; all of them in the long tier.
  private func indices(of network: Network, using rng: inout SplitMix64) -> [Int] {
    let count = ParameterLayout(of: network).count
    return TestData.longTests ? Array(0..<count) : [Int.random(in: 0..<count, using: &rng), count - 1]
  }

  @Test("The ray ends at 1: beyond it the functions differ, far from the origin")
  func endOfRay() throws {
    let f = HiddenSymmetryPair.minimal(at: 0.3)
    for step in [0.2, 0x1p-10, 0x1p-20] {
      let comparison = try f.checkedComparison(with: HiddenSymmetryPair.minimal(at: 1 + step), "\(step)")
      guard case .different(let witness) = comparison.verdict else {
        Issue.record("\(step): \(comparison.verdict)")
        continue
      }
      // (1 − x₁ − x₂) + t (x₁ + x₂ − 10) > 0 for t = 1 + step.
      #expect(witness.x[0] + witness.x[1] > 10 + 9 / step)
    }
  }
}
