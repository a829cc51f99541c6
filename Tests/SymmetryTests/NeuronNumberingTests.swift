import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@Suite("Numbering neurons")
struct NeuronNumberingTests {
  @Test("|x| in two ways: one signal, column 2, skip block −1")
  func absolute() throws {
    #expect(try NumberedPair(WorkedExample.absolute, WorkedExample.absoluteWithSkip).agree)
    for network in [WorkedExample.absolute, WorkedExample.absoluteWithSkip] {
      var numbering = NeuronNumbering<Dyadic>(inputCount: 1)
      let numbered = try numbering.number(network)
      #expect(numbering.forms.count == 1)
      let output = try #require(numbered.outputs.first)
      #expect(output.signals == [0, 1])
      #expect(output.coefficient(at: 0) == Dyadic(-1))
      #expect(output.coefficient(at: 1) == Dyadic(2))
      #expect(output.constant.isZero)
    }
  }

  @Test("relu(x) − relu(−x) is x, without a signal")
  func identity() throws {
    #expect(try NumberedPair(WorkedExample.identity, WorkedExample.affine).agree)
    let facts = try NumberedPair(WorkedExample.identity, WorkedExample.affine).factsA
    #expect(facts == [[.new, .opposite(of: 0, scale: .one)]])
  }

  @Test("T-08: all neurons turned around")
  func flip() throws {
    let pair = try NumberedPair(WorkedExample.flip, WorkedExample.flipped)
    #expect(pair.agree)
    #expect(pair.factsB == [(0..<3).map { .opposite(of: $0, scale: .one) }])
    let wrong = WorkedExample.flipped.changing { $1[1][0] = 5 }
    #expect(try NumberedPair(WorkedExample.flip, wrong).differ)
  }

  @Test("Clip in two ways stays unequal: that needs regions")
  func clip() throws {
    #expect(try NumberedPair(WorkedExample.clip, WorkedExample.deepClip).differ)
  }

  @Test("relu(x) − relu(−x) in front and behind disappears")
  func split() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let both = network.splittingInputs.splittingOutputs
      for split in [network.splittingInputs, network.splittingOutputs, both] {
        let pair = try NumberedPair(network, split)
        #expect(pair.agree, "seed \(seed)")
      }
      let pair = try NumberedPair(network.splittingOutputs, both)
      #expect(pair.agree, "seed \(seed)")
    }
  }

  @Test("Disguises are seen through, in either order")
  func disguises() throws {
    let disguise = Disguise(
      permutes: true, logRange: 2, powersOfTwo: true, twins: 2, dead: 4, identityLayer: true)
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 6, 5, 4, 2], using: &rng)
      let disguised = network.disguised(by: disguise, using: &rng)
      let pairs = [try NumberedPair(network, disguised), try NumberedPair(disguised, network)]
      #expect(pairs.allSatisfy { $0.agree }, "seed \(seed)")
    }
  }

  @Test("One changed entry that changes the function is never overlooked")
  func oneEntry() throws {
    var changed = 0
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 6, 5, 2], using: &rng)
      let other = network.changingOneEntry(using: &rng) { $0 + 0x1p-20 }
        .disguised(by: Disguise(permutes: true, logRange: 2, powersOfTwo: true, twins: 1), using: &rng)
      let differs = network.randomInputs(40, using: &rng).contains {
        !network.exactGap(to: other, at: $0).isZero
      }
      if differs {
        changed += 1
        let pair = try NumberedPair(network, other)
        #expect(pair.differ, "seed \(seed)")
      }
    }
    #expect(changed > 20)
  }

  @Test("Rows that are multiples by 3 and by 1/3")
  func rationals() throws {
    let threefold = Network(weights: [[[3, 6], [1, 2]], [[1, 1]]], biases: [[3, 1], [0]])
    let onefold = Network(weights: [[[1, 2], [3, 6]], [[1, 1]]], biases: [[1, 3], [0]])
    #expect(throws: NeuronNumbering<Dyadic>.Obstacle.needsRationals) {
      var numbering = NeuronNumbering<Dyadic>(inputCount: 2)
      _ = try numbering.number(threefold)
    }
    var numbering = NeuronNumbering<Rational>(inputCount: 2)
    let facts = try numbering.number(threefold).facts
    let third = Rational(.one, over: Dyadic(3))
    #expect(facts == [[.new, .multiple(of: 0, scale: third)]])
    var dyadic = NeuronNumbering<Dyadic>(inputCount: 2)
    #expect(try dyadic.number(onefold).facts == [[.new, .multiple(of: 0, scale: Rational(Dyadic(3)))]])
    #expect(try NumberedPair(threefold, onefold).agree)
    #expect(try NumberedPair(onefold, threefold).agree)
    let opposite = Network(weights: [[[3, 6], [-1, -2]], [[1, 1]]], biases: [[3, -1], [0]])
    #expect(try NumberedPair(opposite, opposite).factsA == [[.new, .opposite(of: 0, scale: third)]])
  }

  @Test("Signs on hidden neurons: linear, constant and never active")
  func signs() throws {
    // Layer 2 reads relu(x) and relu(x + 1): a nonnegative row, a nonpositive row, mixed, constants 2 and −2.
    let network = Network(
      weights: [[[1], [1]], [[1, 2], [-1, -2], [1, -1], [0, 0], [0, 0]], [[1, 1, 1, 1, 1]]],
      biases: [[0, 1], [3, -1, 0, 2, -2], [0]])
    var numbering = NeuronNumbering<Dyadic>(inputCount: 1)
    let facts = try numbering.number(network).facts
    #expect(facts[1] == [.active, .inactive, .new, .active, .inactive])
    // A bias of the other sign leaves it open; so does reading an input.
    let open = network.changing { $1[1] = [-3, 1, 0, 2, -2] }
    var other = NeuronNumbering<Dyadic>(inputCount: 1)
    #expect(try other.number(open).facts[1] == [.new, .new, .new, .active, .inactive])
  }

  @Test("On a box neurons that are always on or always off are linear or zero")
  func domain() throws {
    let box = InputDomain.box(.init([Interval(1, 2)]))
    let network = Network(weights: [[[1], [-2], [1]], [[1, 1, 1]]], biases: [[0, 1, -0.5], [0]])
    let line = Network(weights: [[[2]]], biases: [[-0.5]])
    #expect(try NumberedPair(network, line, on: box).agree)
    #expect(try NumberedPair(network, line).differ)
    let half = Rational(Dyadic(0.5))
    let facts = try NumberedPair(network, line, on: box).factsA
    #expect(facts == [[.active, .inactive, .opposite(of: 1, scale: half)]])
    let wider = InputDomain.box(.init([Interval(0.25, 2)]))
    #expect(try NumberedPair(network, line, on: wider).differ)
  }

  @Test("The limit of words stops the work")
  func limit() {
    let network = Network(weights: [[[1, 2], [3, 4]], [[1, 1]]], biases: [[0, 0], [0]])
    #expect(throws: NeuronNumbering<Dyadic>.Obstacle.tooLarge(words: 1)) {
      var numbering = NeuronNumbering<Dyadic>(inputCount: 2, wordLimit: 1)
      _ = try numbering.number(network)
    }
  }
}
