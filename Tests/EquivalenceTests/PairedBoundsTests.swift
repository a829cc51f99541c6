import ExactArithmetic
import Foundation
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Bounds of two networks at once")
struct PairedBoundsTests {
  /// Pairs of every kind: nearly equal, rescaled, of different depth, unrelated, one of them with a skip block.
  static func pair(_ kind: Int, using rng: inout SplitMix64) -> (Network, Network) {
    let f = Network.random(widths: [3, 5, 6, 2], using: &rng)
    switch kind % 5 {
    case 0: return (f, f.changingOneEntry(using: &rng) { $0 + 0x1p-6 })
    case 1:
      return (
        f,
        f.changing { weights, biases in
          for i in 0..<5 {
            let scale = [0.5, 3, 0.7][i % 3]
            weights[0][i] = weights[0][i].map { $0 * scale }
            biases[0][i] *= scale
            for k in 0..<6 { weights[1][k][i] /= scale }
          }
        }
      )
    case 2: return (f, Network.random(widths: [3, 4, 2], using: &rng))
    case 3:
      return (Network.difference(f, f.splittingInputs), Network.random(widths: [3, 7, 3, 2], using: &rng))
    default: return (f, f.splittingInputs)
    }
  }

  private func box(using rng: inout SplitMix64) -> [Interval] {
    (0..<3).map { _ in
      let centre = Double.random(in: -1...1, using: &rng)
      let radius = Bool.random(using: &rng) ? Double.random(in: 0...1, using: &rng) : 0.03
      return Interval(centre - radius, centre + radius)
    }
  }

  private func points(_ box: [Interval], _ count: Int, using rng: inout SplitMix64) -> [[Double]] {
    (0..<count).map { _ in
      box.map { side in
        switch Int.random(in: 0...3, using: &rng) {
        case 0: side.lower
        case 1: side.upper
        default: Double.random(in: side.lower...side.upper, using: &rng)
        }
      }
    }
  }

  @Test("Exact differences lie within the bounds of the search and of the check")
  func areSound() throws {
    let (seeds, count) = TestData.longTests ? (0..<UInt64(500), 2000) : (0..<UInt64(40), 40)
    try forEachSeed(seeds) { seed, rng in
      let (f, g) = PairedBoundsTests.pair(Int(seed), using: &rng)
      let box = box(using: &rng)
      let pair = PairedNetworks(f, g, samples: points(box, 20, using: &rng))
      let bounds = PairedBounds(pair, over: box)
      let replay = try BoxReplay(f, g, pairs: pair.pairs.dropLast())
      let checked = replay.part(box)
      let (rangesF, rangesG) = (bounds.first.ranges(), bounds.second.ranges())
      for x in points(box, count, using: &rng) {
        let (y, z) = (f.exactOutputs(at: x), g.exactOutputs(at: x))
        for k in y.indices {
          let gap = y[k] - z[k]
          for range in [bounds.differences[k], checked.ranges[k], checked.differences[k].range] {
            #expect(Dyadic(range.lower) <= gap && gap <= Dyadic(range.upper), "seed \(seed) at \(x)")
          }
          #expect(Dyadic(rangesF[k].lower) <= y[k] && y[k] <= Dyadic(rangesF[k].upper), "seed \(seed)")
          #expect(Dyadic(rangesG[k].lower) <= z[k] && z[k] <= Dyadic(rangesG[k].upper), "seed \(seed)")
        }
      }
    }
  }

  @Test("The check, which shares no code with the search, comes to the same bounds")
  func agree() throws {
    try forEachSeed(0..<40) { seed, rng in
      let (f, g) = PairedBoundsTests.pair(Int(seed), using: &rng)
      let box = box(using: &rng)
      let pair = PairedNetworks(f, g, samples: points(box, 20, using: &rng))
      let bounds = PairedBounds(pair, over: box).differences
      let checked = try BoxReplay(f, g, pairs: pair.pairs.dropLast()).part(box).ranges
      for (x, y) in zip(bounds, checked) {
        let size = max(x.magnitude, y.magnitude, 1e-3)
        #expect((x.lower - y.lower).magnitude < 1e-6 * size, "seed \(seed)")
        #expect((x.upper - y.upper).magnitude < 1e-6 * size, "seed \(seed)")
      }
    }
  }

  @Test("A point has no width, and equal networks have no difference")
  func degenerate() throws {
    var rng = SplitMix64(seed: 5)
    let f = Network.random(widths: [3, 8, 8, 2], using: &rng)
    let x = [0.25, -0.5, 0.125]
    let pair = PairedNetworks(f, f.changingOneEntry(using: &rng) { $0 + 1 }, samples: [x, [1, 1, 1]])
    let atPoint = PairedBounds(pair, over: x.map { Interval($0) })
    for range in atPoint.differences { #expect(range.upper - range.lower < 1e-12) }
    let same = PairedNetworks(
      f, f, samples: points([Interval(-1, 1), Interval(-1, 1), Interval(-1, 1)], 9, using: &rng))
    let everywhere = PairedBounds(same, over: [Interval(-9, 9), Interval(-9, 9), Interval(-9, 9)])
    for range in everywhere.differences { #expect(range.magnitude < 1e-10) }
  }

  @Test("Numbers too large for doubles give no bound, and no crash")
  func overflow() throws {
    let huge = Network(weights: [[[1e300]], [[1e300]]], biases: [[0], [0]])
    let pair = PairedNetworks(huge, Network(weights: [[[1]]], biases: [[0]]), samples: [[1]])
    let box = [Interval(-1e10, 1e10)]
    #expect(PairedBounds(pair, over: box).differences[0] == .everything)
    #expect(try BoxReplay(huge, pair.g, pairs: []).part(box).ranges[0].upper == .infinity)
  }
}
