import ExactArithmetic
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@Suite("Evaluation")
struct EvaluationTests {
  /// Networks of several kinds, and points, for one seed.
  private func cases(using rng: inout SplitMix64) -> [(network: Network, points: [[Double]])] {
    let sequential = Network.random(widths: [3, 6, 5, 2], using: &rng)
    let tame = Network.withSkips(widths: [3, 5, 4, 4, 2], decades: 0, using: &rng)
    let wild = Network.withSkips(widths: [3, 5, 4, 4, 2], decades: 12, using: &rng)
    func points(_ scales: [Double]) -> [[Double]] {
      scales.map { scale in (0..<3).map { _ in Double.random(in: -scale...scale, using: &rng) } }
    }
    return [
      (sequential, points([0.5, 1, 100]) + [[0, 0, 0], [1, -1, 0]]),
      (tame, points([0.5, 1, 1e-30]) + [[0, 0, 0]]),
      (wild, points([1, 1e12, 1e-12, 1e100])),
    ]
  }

  @Test("Exact outputs agree with the definition evaluated in rationals")
  func exactOutputs() {
    forEachSeed(0..<40) { seed, rng in
      for (index, (network, points)) in cases(using: &rng).enumerated() {
        for x in points {
          let expected = SlowEvaluation.outputs(of: network, at: x)
          #expect(
            network.exactOutputs(at: x).map(\.rational) == expected,
            "seed \(seed), network \(index), x = \(x)")
        }
      }
    }
  }

  @Test("Enclosures at a point, and the running error bounds, hold the exact values")
  func enclosures() {
    forEachSeed(0..<40) { seed, rng in
      for (index, (network, points)) in cases(using: &rng).enumerated() {
        for x in points {
          expectBounds(network, at: x, "seed \(seed), network \(index), x = \(x)")
        }
      }
    }
  }

  private func expectBounds(_ network: Network, at x: [Double], _ note: Comment) {
    let exact = SlowEvaluation.preactivations(of: network, at: x.map { Rational(Dyadic($0)) })
    for (bounded, values) in zip(network.boundedPreactivations(at: x), exact) {
      for (k, value) in values.enumerated() where bounded.errors[k].isFinite {
        let gap = Rational(Dyadic(bounded.values[k])) - value
        let bound = Rational(Dyadic(bounded.errors[k]))
        #expect(gap <= bound && -gap <= bound, note)
      }
      #expect(!bounded.errors.contains { $0.isNaN }, note)
    }
    for (enclosure, value) in zip(network.enclosure(at: x), exact[exact.count - 1]) {
      #expect(enclosure.holds(value), note)
    }
  }

  @Test("On tame networks the enclosure is narrow")
  func narrowness() {
    forEachSeed(0..<20) { seed, rng in
      let network = Network.random(widths: [4, 20, 20, 3], using: &rng)
      let x = (0..<4).map { _ in Double.random(in: -1...1, using: &rng) }
      for enclosure in network.enclosure(at: x) {
        #expect(enclosure.upper - enclosure.lower < 1e-10, "seed \(seed)")
      }
    }
  }

  @Test("Entries too small for a double still count, in the bounds and exactly")
  func subnormalEntries() {
    // The weight 3 · 2^-1080 rounds to 0; times 2^1023 it is far from 0.
    let tiny = Dyadic(3, exponent: -1080)
    for weight in [tiny, -tiny, Dyadic(5, exponent: -1075)] {
      let network = Network(
        inputCount: 1,
        layers: [
          .init(
            blocks: [.init(source: 0, weights: ExactMatrix(rows: 1, columns: 1, elements: [weight]))],
            bias: ExactMatrix(column: [0])),
          .init(weights: Matrix(rows: 1, columns: 1, elements: [1]), bias: [0], reading: 1),
        ])
      for x in [0x1p1023, -0x1p1023, 1] {
        #expect(network.exactOutputs(at: [x]).map(\.rational) == SlowEvaluation.outputs(of: network, at: [x]))
        expectBounds(network, at: [x], "\(weight) at \(x)")
        expectRanges(
          network, over: [Interval(min(x, 0), max(x, 0))], at: [Rational(Dyadic(x))], "\(weight) at \(x)")
      }
    }
  }

  @Test("Sums that overflow on the way make bounds infinite, never wrong")
  func overflow() {
    let big = 0x1p1023
    // The first sum runs over −2^1024 on its way to a positive number; the last neuron behind it is active.
    let network = Network(
      weights: [[[-big, -big, big, big, big]], [[1], [0], [-1], [1]], [[1, 1, 1, 1]]],
      biases: [[0], [0, 1, 0x1p1000, -1], [0]])
    let x = [1.0, 1, 1, 1, 0.5]
    #expect(network.exactOutputs(at: x).map(\.rational) == SlowEvaluation.outputs(of: network, at: x))
    expectBounds(network, at: x, "overflow")
    #expect(network.enclosure(at: x) == [.everything])
  }

  private func expectRanges(_ network: Network, over box: [Interval], at x: [Rational], _ note: Comment) {
    let exact = SlowEvaluation.preactivations(of: network, at: x)
    for (ranges, values) in zip(network.preactivationRanges(over: box), exact) {
      for (range, value) in zip(ranges, values) { #expect(range.holds(value), note) }
    }
  }

  @Test("Ranges over a box hold the exact values at points of the box")
  func ranges() {
    forEachSeed(0..<40) { seed, rng in
      for (index, (network, _)) in cases(using: &rng).enumerated() {
        let box = (0..<3).map { _ in
          let centre = Double.random(in: -2...2, using: &rng)
          return Interval(centre - Double.random(in: 0...1, using: &rng), centre)
        }
        for _ in 0..<4 {
          let x = box.map { side in
            let t = Rational(Dyadic(Int64.random(in: 0...7, using: &rng)), over: Dyadic(7))
            let (low, high) = (Rational(Dyadic(side.lower)), Rational(Dyadic(side.upper)))
            return low + (high - low) * t
          }
          expectRanges(network, over: box, at: x, "seed \(seed), network \(index)")
        }
      }
    }
  }

  @Test("The ranges of |x| over a box are the hand-computed ones")
  func rangesByHand() {
    let ranges = NetworkTests.absolute.preactivationRanges(over: [Interval(-1, 2)])
    #expect(ranges[0][0].contains(-1) && ranges[0][0].contains(2))
    #expect(ranges[0][0].magnitude <= 2.0.nextUp)
    #expect(ranges[1][0].lower <= 0 && ranges[1][0].upper >= 3 && ranges[1][0].upper < 3.000_001)
  }

  @Test("A batch gives what single inputs give, within the running bound of the exact values")
  func batches() {
    forEachSeed(0..<20) { seed, rng in
      for (index, (network, points)) in cases(using: &rng).enumerated() {
        let batch = network.outputs(
          at: Matrix(rows: points.count, columns: 3, elements: points.flatMap(\.self)))
        #expect(batch.rows == points.count && batch.columns == network.outputCount)
        for (row, x) in points.enumerated() {
          let bounded = network.boundedPreactivations(at: x)[network.layers.count - 1]
          let single = network.outputs(at: x)
          for k in 0..<network.outputCount {
            let slack = 2 * bounded.errors[k]
            #expect(
              abs(batch[row, k] - bounded.values[k]) <= slack, "seed \(seed), network \(index), x = \(x)")
            #expect(abs(single[k] - batch[row, k]) <= 2 * slack, "seed \(seed), network \(index), x = \(x)")
          }
        }
      }
    }
    let empty = NetworkTests.absolute.outputs(at: Matrix(rows: 0, columns: 1, elements: []))
    #expect(empty.rows == 0 && empty.columns == 1)
  }
}
