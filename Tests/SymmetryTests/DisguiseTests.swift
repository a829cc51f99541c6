import ExactArithmetic
import Networks
import Symmetry
import Testing
import _TestSupport

@Suite("Disguises")
struct DisguiseTests {
  private static let exact: [Disguise] = [
    Disguise(), Disguise(permutes: true), Disguise(logRange: 3, powersOfTwo: true), Disguise(twins: 3),
    Disguise(dead: 5), Disguise(identityLayer: true),
  ]

  @Test("Exact disguises keep the exact outputs", arguments: DisguiseTests.exact)
  func exactOutputs(_ disguise: Disguise) {
    forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let disguised = network.disguised(by: disguise, using: &rng)
      for x in network.randomInputs(5, using: &rng) {
        #expect(network.exactGap(to: disguised, at: x).isZero, "seed \(seed) at \(x)")
      }
    }
  }

  @Test("Disguises compose, in any order")
  func compose() {
    forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [2, 4, 3, 2], using: &rng)
      var disguised = network
      for disguise in Self.exact.shuffled(using: &rng) {
        disguised = disguised.disguised(by: disguise, using: &rng)
      }
      #expect(disguised.hiddenNeuronCount > network.hiddenNeuronCount, "seed \(seed)")
      for x in network.randomInputs(5, using: &rng) {
        #expect(network.exactGap(to: disguised, at: x).isZero, "seed \(seed) at \(x)")
      }
    }
  }

  @Test("Each disguise changes what it says, and only that")
  func shapes() {
    var rng = SplitMix64(seed: 0)
    let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
    #expect(network.disguised(by: Disguise(), using: &rng) == network)
    #expect(network.disguised(by: Disguise(twins: 2), using: &rng).widths == [3, 7, 6, 2])
    // The third dead neuron is a pair.
    #expect(network.disguised(by: Disguise(dead: 3), using: &rng).widths == [3, 9, 8, 2])
    #expect(network.disguised(by: Disguise(identityLayer: true), using: &rng).widths == [3, 5, 5, 4, 2])
    let permuted = network.disguised(by: Disguise(permutes: true), using: &rng)
    #expect(permuted != network && permuted.widths == network.widths)
    #expect(
      permuted.layers[0].bias.nearest.elements.sorted() == network.layers[0].bias.nearest.elements.sorted())
    let affine = Network(weights: [[[1, 2]]], biases: [[3]])
    #expect(
      affine.disguised(by: Disguise(permutes: true, twins: 2, identityLayer: true), using: &rng) == affine)
  }

  @Test("The same seed gives the same disguise, another seed another")
  func seeded() {
    let disguise = Disguise(permutes: true, logRange: 2, twins: 2, dead: 2)
    func disguised(_ seed: UInt64) -> Network {
      var rng = SplitMix64(seed: 5)
      let network = Network.random(widths: [3, 8, 2], using: &rng)
      var other = SplitMix64(seed: seed)
      return network.disguised(by: disguise, using: &other)
    }
    #expect(disguised(1) == disguised(1))
    #expect(disguised(1) != disguised(2))
  }

  @Test("Other scales round to the storage: close, of the same storage, not exact")
  func rounding() {
    var inexact = 0
    forEachSeed(0..<10) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], denominator: 4095, using: &rng).with(
        storage: .float32)
      let disguised = network.disguised(by: Disguise(logRange: 2), using: &rng)
      #expect(disguised.storage == .float32)
      for layer in disguised.layers.dropFirst() {
        #expect(
          layer.blocks[0].weights.nearest.elements.allSatisfy { Double(Float($0)) == $0 }, "seed \(seed)")
      }
      for x in network.randomInputs(3, using: &rng) {
        let gap = network.exactGap(to: disguised, at: x)
        #expect(gap.nearestDouble < 1e-4, "seed \(seed)")
        if !gap.isZero { inexact += 1 }
      }
    }
    #expect(inexact > 0)
  }

  @Test("Scales stay within 10^±R")
  func range() {
    var rng = SplitMix64(seed: 3)
    let rows = Array(repeating: [1.0], count: 200)
    let network = Network(
      weights: [rows, [Array(repeating: 1, count: 200)]], biases: [Array(repeating: 0, count: 200), [0]])
    for powersOfTwo in [true, false] {
      let scaled = network.disguised(by: Disguise(logRange: 1, powersOfTwo: powersOfTwo), using: &rng)
      let scales = scaled.layers[0].blocks[0].weights.nearest.elements
      #expect(scales.allSatisfy { $0 >= 0.0625 && $0 <= 16 } && Set(scales).count > 5)
      #expect(scales.allSatisfy { $0.significand == 1 } == powersOfTwo)
    }
  }
}
