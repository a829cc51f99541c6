import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

/// Every range that the search or the check proves, against exact values at points chosen to leave it.
@Suite("Enclosures against exact values")
struct EnclosureFuzzTests {
  /// Points of the box that are likely to leave a range: random ones and corners, kinks between two of them, and the
  /// best of steps up and down each difference.
  private func points(_ c: HostileCase, using rng: inout SplitMix64) -> [[Double]] {
    var points = [c.point] + HostileCase.points(of: c.box, 8, using: &rng)
    for network in [c.f, c.g] where !network.hiddenLayers.isEmpty {
      let l = Int.random(in: 0..<network.hiddenLayers.count, using: &rng)
      let width = network.layers[l].width
      if width == 0 { continue }
      let i = Int.random(in: 0..<width, using: &rng)
      points += kink(network, l, i, points[0], points[1])
    }
    for k in 0..<c.f.outputCount {
      for sign in [1, -1] { points.append(climbed(c, k, sign, from: points[1], using: &rng)) }
    }
    return points
  }

  /// Both sides of the place between two points where a neuron changes sign.
  private func kink(_ network: Network, _ l: Int, _ i: Int, _ x: [Double], _ y: [Double]) -> [[Double]] {
    func sign(_ x: [Double]) -> Int { network.exactPreactivations(at: x)[l][i].sign }
    var (low, high) = (x, y)
    let first = sign(low)
    if first == sign(high) { return [] }
    for _ in 0..<40 {
      let middle = zip(low, high).map { $0 / 2 + $1 / 2 }
      if sign(middle) == first { low = middle } else { high = middle }
    }
    return [low, high]
  }

  private func climbed(
    _ c: HostileCase, _ output: Int, _ sign: Int, from start: [Double], using rng: inout SplitMix64
  ) -> [Double] {
    func height(_ x: [Double]) -> Dyadic {
      let gap = c.f.exactOutputs(at: x)[output] - c.g.exactOutputs(at: x)[output]
      return sign > 0 ? gap : -gap
    }
    var (best, value) = (start, height(start))
    for _ in 0..<6 {
      for k in best.indices {
        for place in [
          c.box[k].lower, c.box[k].upper, Double.random(in: c.box[k].lower...c.box[k].upper, using: &rng),
        ] {
          var x = best
          x[k] = place
          let new = height(x)
          if value < new { (best, value) = (x, new) }
        }
      }
    }
    return best
  }

  @Test(
    "No exact value leaves a range of the search or of the check, on whole boxes and where signs are known")
  func ranges() throws {
    var (compared, finite) = (0, 0)
    try forEachSeed(0..<(TestData.longTests ? 10_000 : 200)) { seed, rng in
      let c = HostileCase(using: &rng)
      let pair = PairedNetworks(c.f, c.g, hidden: c.pairs)
      let bounds = PairedBounds(pair, over: DomainPart(box: c.box, signs: c.knownSigns))
      let checked = try BoxReplay(c.f, c.g, pairs: c.pairs).part(c.box, signs: c.signs)
      for x in points(c, using: &rng) {
        let (z, y) = (c.f.exactPreactivations(at: x), c.g.exactPreactivations(at: x))
        let hasSigns = c.signs.allSatisfy { sign in
          let value = (sign.network == 0 ? z : y)[sign.layer][sign.index]
          return value.isZero || (value.sign > 0) == sign.isActive
        }
        if !hasSigns { continue }
        let note = Comment(rawValue: "seed \(seed) at \(x)")
        guard let bounds, !checked.isEmpty else {
          Issue.record("\(note): called empty")
          continue
        }
        for (layer, values) in z.enumerated() {
          for (i, value) in values.enumerated() {
            #expect(checked.preactivations[layer][i].holds(value), note)
          }
        }
        let (rangesF, rangesG) = (bounds.first.ranges(), bounds.second.ranges())
        for k in z[z.count - 1].indices {
          let (first, second) = (z[z.count - 1][k], y[y.count - 1][k])
          #expect(bounds.differences[k].holds(first - second), note)
          #expect(bounds.outputs.ranges()[k].holds(first - second), note)
          #expect(checked.ranges[k].holds(first - second), note)
          #expect(checked.differences[k].range.holds(first - second), note)
          #expect(rangesF[k].holds(first) && checked.first[k].range.holds(first), note)
          #expect(rangesG[k].holds(second) && checked.second[k].range.holds(second), note)
          compared += 1
          if checked.ranges[k].isFinite { finite += 1 }
        }
      }
    }
    #expect(finite > compared / 2, "\(finite) of \(compared) ranges are finite")
  }
}
