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
      let bounds = try #require(PairedBounds(pair, over: box))
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
      let bounds = try #require(PairedBounds(pair, over: box)).differences
      let checked = try BoxReplay(f, g, pairs: pair.pairs.dropLast()).part(box).ranges
      for (x, y) in zip(bounds, checked) {
        let size = max(x.magnitude, y.magnitude, 1e-3)
        #expect((x.lower - y.lower).magnitude < 1e-6 * size, "seed \(seed)")
        #expect((x.upper - y.upper).magnitude < 1e-6 * size, "seed \(seed)")
      }
    }
  }

  /// Some neurons of both networks with the signs they have at a point.
  private func signs(
    _ f: Network, _ g: Network, at x: [Double], count: Int, using rng: inout SplitMix64
  ) -> [DomainPart.KnownSign] {
    var all: [DomainPart.KnownSign] = []
    for (side, network) in [(DomainPart.Side.first, f), (.second, g)] {
      let traces = network.boundedPreactivations(at: x)
      for l in network.hiddenLayers.indices {
        for (i, value) in traces[l].values.enumerated() where value.magnitude > traces[l].errors[i] {
          all.append(.init(side: side, neuron: Neuron(layer: l + 1, index: i), isActive: value > 0))
        }
      }
    }
    return Array(all.shuffled(using: &rng).prefix(count))
  }

  private func replayed(_ signs: [DomainPart.KnownSign]) -> [BoxReplay.KnownSign] {
    signs.map {
      .init(
        network: $0.side.rawValue, layer: $0.neuron.layer - 1, index: $0.neuron.index, isActive: $0.isActive)
    }
  }

  private func holds(_ signs: [DomainPart.KnownSign], _ f: Network, _ g: Network, at x: [Double]) -> Bool {
    let traces = [f, g].map { $0.boundedPreactivations(at: x) }
    return signs.allSatisfy { sign in
      let layer = traces[sign.side.rawValue][sign.neuron.layer - 1]
      let (value, error) = (layer.values[sign.neuron.index], layer.errors[sign.neuron.index])
      return sign.isActive ? value > error : value < -error
    }
  }

  @Test(
    "Where signs are known, exact differences lie within the bounds, which are narrower, in search and check")
  func knownSigns() throws {
    let (seeds, count) = TestData.longTests ? (0..<UInt64(500), 4000) : (0..<UInt64(60), 150)
    var (inside, narrowed, equal, compared) = (0, 0, 0, 0)
    try forEachSeed(seeds) { seed, rng in
      let (f, g) = PairedBoundsTests.pair(Int(seed), using: &rng)
      let box = box(using: &rng)
      let pair = PairedNetworks(f, g, samples: points(box, 20, using: &rng))
      let x0 = points(box, 1, using: &rng)[0]
      let signs = signs(f, g, at: x0, count: 1 + Int(seed % 4), using: &rng)
      let bounds = try #require(PairedBounds(pair, over: DomainPart(box: box, signs: signs)))
      let whole = try #require(PairedBounds(pair, over: box))
      let checked = try BoxReplay(f, g, pairs: pair.pairs.dropLast()).part(box, signs: replayed(signs))
      #expect(!checked.isEmpty, "seed \(seed)")
      for (x, y) in zip(bounds.differences, whole.differences) {
        compared += 1
        if x.upper - x.lower < (y.upper - y.lower) * 0.999 { narrowed += 1 }
      }
      for (x, y) in zip(bounds.differences, checked.ranges) {
        if (x.magnitude - y.magnitude).magnitude <= 1e-6 * max(x.magnitude, 1e-3) { equal += 1 }
      }
      for x in [x0] + points(box, count, using: &rng) where holds(signs, f, g, at: x) {
        inside += 1
        for (k, gap) in zip(f.exactOutputs(at: x), g.exactOutputs(at: x)).map({ $0 - $1 }).enumerated() {
          for range in [bounds.differences[k], checked.ranges[k]] {
            #expect(Dyadic(range.lower) <= gap && gap <= Dyadic(range.upper), "seed \(seed) at \(x)")
          }
        }
      }
    }
    #expect(inside > 500)
    #expect(narrowed > compared / 4, "\(narrowed) of \(compared)")
    #expect(equal > compared * 9 / 10, "\(equal) of \(compared)")
  }

  @Test("Signs that no point of the box has make an empty part")
  func emptyParts() throws {
    // z₁ = x + y, z₂ = −x − y − 1: never both positive, and never both negative on x + y > 0.
    let f = Network(weights: [[[1, 1], [-1, -1]], [[1, 1]]], biases: [[0, -1], [0]])
    let g = Network(weights: [[[1, 1]], [[1]]], biases: [[0], [0]])
    let pair = PairedNetworks(f, g, samples: [[0.5, 0.5], [-1, 0.25]])
    func part(_ first: Bool, _ second: Bool, _ low: Double) -> (Bool, Bool) {
      let signs = [(0, first), (1, second)].map {
        DomainPart.KnownSign(side: .first, neuron: Neuron(layer: 1, index: $0.0), isActive: $0.1)
      }
      let box = [Interval(low, 2), Interval(low, 2)]
      let replay = try? BoxReplay(f, g, pairs: pair.pairs.dropLast()).part(box, signs: replayed(signs))
      return (PairedBounds(pair, over: DomainPart(box: box, signs: signs)) == nil, replay?.isEmpty ?? false)
    }
    #expect(part(true, true, 0.5) == (true, true))
    #expect(part(false, false, 0.5) == (true, true))
    #expect(part(true, false, 0.5) == (false, false))
    #expect(part(true, false, -2) == (false, false))
    #expect(part(false, true, -2) == (false, false))
  }

  @Test("A point has no width, and equal networks have no difference")
  func degenerate() throws {
    var rng = SplitMix64(seed: 5)
    let f = Network.random(widths: [3, 8, 8, 2], using: &rng)
    let x = [0.25, -0.5, 0.125]
    let pair = PairedNetworks(f, f.changingOneEntry(using: &rng) { $0 + 1 }, samples: [x, [1, 1, 1]])
    let atPoint = try #require(PairedBounds(pair, over: x.map { Interval($0) }))
    for range in atPoint.differences { #expect(range.upper - range.lower < 1e-12) }
    let same = PairedNetworks(
      f, f, samples: points([Interval(-1, 1), Interval(-1, 1), Interval(-1, 1)], 9, using: &rng))
    let everywhere = try #require(
      PairedBounds(same, over: [Interval(-9, 9), Interval(-9, 9), Interval(-9, 9)]))
    for range in everywhere.differences { #expect(range.magnitude < 1e-10) }
  }

  @Test("Numbers too large for doubles give no bound, and no crash")
  func overflow() throws {
    let huge = Network(weights: [[[1e300]], [[1e300]]], biases: [[0], [0]])
    let pair = PairedNetworks(huge, Network(weights: [[[1]]], biases: [[0]]), samples: [[1]])
    let box = [Interval(-1e10, 1e10)]
    #expect(try #require(PairedBounds(pair, over: box)).differences[0] == .everything)
    #expect(try BoxReplay(huge, pair.g, pairs: []).part(box).ranges[0].upper == .infinity)
  }
}
