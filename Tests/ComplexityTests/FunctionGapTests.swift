import Complexity
import Crease
import Foundation
import Testing
import _TestSupport

@Suite("Bounds of the difference of two networks")
struct FunctionGapTests {
  /// A network and what became of it: pruned, quantised, or disturbed.
  private func pair(_ seed: UInt64, using rng: inout SplitMix64) -> (Network, Network) {
    let shapes = [[2, 3, 1], [3, 4, 2], [2, 3, 3, 2], [1, 4, 4, 1], [2, 2, 2, 2, 1]]
    let network = Network.random(widths: shapes[Int(seed) % shapes.count], using: &rng)
    let other = network.changing { weights, biases in
      func change(_ x: Double) -> Double {
        switch seed % 3 {
        case 0: x.magnitude < 0.3 ? 0 : x
        case 1: (x * 4).rounded() / 4
        default: x + Double(Int.random(in: -8...8, using: &rng)) / 64
        }
      }
      weights = weights.map { $0.map { $0.map(change) } }
      biases = biases.map { $0.map(change) }
    }
    return (network, other)
  }

  private func domain(_ network: Network, _ seed: UInt64) -> InputDomain? {
    switch seed % 4 {
    case 0: nil
    case 1: .box(.init(Array(repeating: Interval(-1, 1), count: network.inputCount)))
    case 2: .box(.init(Array(repeating: Interval(0, 0.25), count: network.inputCount)))
    default: .box(.init(Array(repeating: Interval(2, 5), count: network.inputCount)))
    }
  }

  @Test("No bound is below the largest difference a search finds, pruned, quantised or disturbed")
  func soundness() throws {
    try forEachSeed(0..<240) { seed, rng in
      let (f, g) = pair(seed, using: &rng)
      let domain = domain(f, seed / 3)
      let found = try f.measuredGap(to: g, domain: domain, samples: 200, seed: seed)
      #expect(found.value >= found.sampledValue)
      for bound in try FunctionGap(f, g, domain: domain).bounds() {
        #expect(
          bound.log10Value >= log10(found.value),
          "seed \(seed), \(bound.name): \(pow(10, bound.log10Value)) below \(found.value)")
        #expect(bound.standing == .proved)
      }
    }
  }

  @Test("What sees less is never smaller: entries, layers, the largest parameter; layers, the comparator")
  func order() {
    forEachSeed(0..<120) { seed, rng in
      let (f, g) = pair(seed, using: &rng)
      let gap = FunctionGap(f, g, domain: domain(f, seed / 3))
      let entries = gap.entrywise.log10Value - 1e-12
      let layers = gap.layerwise.log10Value
      #expect(entries <= layers && layers - 1e-12 <= gap.largestParameter.log10Value, "seed \(seed)")
      #expect(layers - 1e-12 <= gap.uniform?.log10Value ?? -.infinity, "seed \(seed)")
    }
  }

  @Test("T-11: K(3, 4, 4) = 201 where all parameters and inputs reach 1")
  func constant() {
    func full(_ x: Double) -> Network {
      Network(
        weights: [
          [[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, x]], Array(repeating: [1, 1, 1, 1], count: 4),
          [[1, 1, 1, 1]],
        ],
        biases: [[1, 1, 1, 1], [1, 1, 1, 1], [1]])
    }
    let box = InputDomain.box(.init(Array(repeating: Interval(-1, 1), count: 3)))
    let gap = FunctionGap(full(1), full(0.5), domain: box)
    #expect(gap.parameterDistance == 0.5)
    #expect((pow(10, gap.largestParameter.log10Value) - 201 * 0.5).magnitude < 1e-9)
  }

  @Test(
    "T-12: for a pruned network the path metric is the norm lost, and it is reached where all paths agree in sign"
  )
  func pruned() throws {
    let f = Network(weights: [[[2, 1], [1, 3]], [[1, 2]]], biases: [[1, 0], [0.5]])
    let g = f.changing { weights, _ in weights[0][1][0] = 0 }
    let gap = FunctionGap(f, g, domain: nil)
    let lost =
      try PathEmbedding(of: f).norm(1).total.value.upper - PathEmbedding(of: g).norm(1).total.value.upper
    #expect(lost == 2)
    #expect((pow(10, try gap.pathMetric().log10Value) - 2).magnitude < 1e-12)
    // f(1, 1) − g(1, 1) = 2: the bound is reached.
    #expect(f.outputs(at: [1, 1])[0] - g.outputs(at: [1, 1])[0] == 2)
  }

  @Test("T-02: equal embeddings of opposite signs do not pass for equal functions")
  func signs() throws {
    let f = Network(weights: [[[1]], [[1]]], biases: [[0], [0]])
    let g = Network(weights: [[[-1]], [[-1]]], biases: [[0], [0]])
    let gap = FunctionGap(f, g, domain: nil)
    #expect(try gap.pathMetric().log10Value >= 0)
    #expect((0.999...1).contains(try f.measuredGap(to: g, domain: nil).value))
  }

  @Test("A network and itself: nothing is lost, by any bound")
  func itself() throws {
    forEachSeed(0..<5) { seed, rng in
      let f = Network.random(widths: [2, 3, 2], using: &rng)
      do {
        for bound in try FunctionGap(f, f, domain: nil).bounds() {
          #expect(bound.log10Value == -.infinity, "seed \(seed): \(bound.name)")
        }
        #expect(try f.measuredGap(to: f, domain: nil, samples: 50).value == 0)
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
  }

  @Test("Given inputs are looked at, those outside the domain are not")
  func givenInputs() throws {
    // The two differ near 3/4 alone, on a spike that random inputs seldom meet.
    let spike = Network(
      weights: [[[0x1p12], [0x1p12], [0x1p12]], [[1, -2, 1]]],
      biases: [[1 - 0.75 * 0x1p12, -0.75 * 0x1p12, -1 - 0.75 * 0x1p12], [0]])
    let flat = spike.changing { weights, _ in weights[1] = [[0, 0, 0]] }
    let box = InputDomain.box(.init([Interval(0, 1)]))
    #expect(try spike.measuredGap(to: flat, domain: box, at: [[0.75]], samples: 4).sampledValue == 1)
    let half = InputDomain.box(.init([Interval(0, 0.5)]))
    #expect(try spike.measuredGap(to: flat, domain: half, at: [[0.75]], samples: 4).value == 0)
  }

  @Test("Only the path metric forgives a rescaling")
  func rescaling() throws {
    let f = Network(weights: [[[2, 1], [1, 3]], [[1, 2]]], biases: [[1, 0], [0.5]])
    let g = Network(weights: [[[4, 2], [1, 3]], [[0.5, 2]]], biases: [[2, 0], [0.5]])
    let gap = FunctionGap(f, g, domain: nil)
    #expect(try gap.pathMetric().log10Value == -.infinity)
    #expect(gap.entrywise.log10Value > 0)
  }
}
