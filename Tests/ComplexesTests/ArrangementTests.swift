import Complexes
import Networks
import Testing
import _TestSupport

/// One hidden layer with weights in general position: the counts of Zaslavsky.
@Suite("Hyperplanes in general position")
struct ArrangementTests {
  private static func choose(_ n: Int, _ k: Int) -> Int {
    k < 0 || k > n ? 0 : (0..<k).reduce(1) { $0 * (n - $1) / ($1 + 1) }
  }

  @Test(
    "Regions, bounded regions and faces of every dimension",
    arguments: [(1, 7), (2, 2), (2, 9), (3, 3), (3, 8), (4, 4), (4, 7), (5, 5), (5, 7), (6, 6), (6, 7)])
  func counts(n: Int, m: Int) throws {
    try forEachSeed(0..<3) { seed, rng in
      // Odd numerators of a large range: in general position, as the counts then confirm.
      func entry() -> Double { Double(2 * Int.random(in: -1_000_000..<1_000_000, using: &rng) + 1) }
      let network = Network(
        weights: [(0..<m).map { _ in (0..<n).map { _ in entry() } }, [Array(repeating: 1, count: m)]],
        biases: [(0..<m).map { _ in entry() }, [0]])
      let count = try Subdivision(network, on: SubdivisionDomain(space: n)).count(allFaces: true)
      let expected = (0...n).map { k in
        (n - k...n).reduce(0) { $0 + Self.choose(m, $1) * Self.choose($1, n - k) }
      }
      #expect(count.fVector == expected, "seed \(seed), \(m) in dimension \(n)")
      #expect(count.activationRegions == (0...n).reduce(0) { $0 + Self.choose(m, $1) }, "seed \(seed)")
      let bounded = count.activationRegions - count.unboundedRegions
      #expect(bounded == Self.choose(m - 1, n), "seed \(seed), \(m) in dimension \(n)")
      #expect(count.eulerCharacteristic == (n.isMultiple(of: 2) ? 1 : -1), "seed \(seed)")
    }
  }

  @Test("All hyperplanes through one point", arguments: [(2, 7), (3, 5), (4, 5)])
  func central(n: Int, m: Int) throws {
    try forEachSeed(0..<(n > 3 ? 1 : 3)) { seed, rng in
      func entry() -> Double { Double(2 * Int.random(in: -1_000_000..<1_000_000, using: &rng) + 1) }
      let weights = (0..<m).map { _ in (0..<n).map { _ in entry() } }
      // Through (1, …, 1): the biases are exact.
      let network = Network(
        weights: [weights, [Array(repeating: 1, count: m)]],
        biases: [weights.map { -$0.reduce(0, +) }, [0]])
      let expected = 2 * (0..<n).reduce(0) { $0 + Self.choose(m - 1, $1) }
      for domain in [SubdivisionDomain(space: n), .cube(n, 0.5, 1.5), .cube(n, 0.25, 3)] {
        let count = try Subdivision(network, on: domain).count(allFaces: true)
        #expect(count.activationRegions == expected, "seed \(seed)")
        #expect(
          count.eulerCharacteristic == (domain.isBounded || n.isMultiple(of: 2) ? 1 : -1), "seed \(seed)")
      }
    }
  }
}
