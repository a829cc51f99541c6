import ExactArithmetic
import Networks
@testable import Symmetry
import Testing
import _TestSupport

@Suite("Canonical form")
struct CanonicalFormTests {
  @Test("The worked examples: |x|, x, and all neurons turned around")
  func workedExamples() throws {
    let absolute = try CanonicalForm.text(of: WorkedExample.absolute)
    #expect(absolute == "crease-canonical-1 1\nsignal 1 0:1 +0\noutput 0:-1 1:1*2^1 +0\n")
    #expect(try CanonicalForm.text(of: WorkedExample.absoluteWithSkip) == absolute)
    let line = try CanonicalForm.text(of: WorkedExample.affine)
    #expect(try CanonicalForm.text(of: WorkedExample.identity) == line)
    let flip = try CanonicalForm.text(of: WorkedExample.flip)
    #expect(try CanonicalForm.text(of: WorkedExample.flipped) == flip)
    let clip = try CanonicalForm.text(of: WorkedExample.clip)
    #expect(try CanonicalForm.text(of: WorkedExample.deepClip) != clip)
  }

  @Test("All exact disguises share the form; one changed weight does not")
  func disguises() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let form = try CanonicalForm.text(of: network)
      let disguise = Disguise(
        permutes: true, logRange: 2, powersOfTwo: true, twins: 2, dead: 3, identityLayer: seed % 2 == 0)
      let disguised = network.disguised(by: disguise, using: &rng)
      #expect(try CanonicalForm.text(of: disguised) == form, "seed \(seed)")
      #expect(try CanonicalForm.text(of: network.splittingInputs.splittingOutputs) == form, "seed \(seed)")
      let other = network.changingOneEntry(using: &rng) { $0 + 0x1p-30 }
      let differs = network.randomInputs(40, using: &rng).contains {
        !network.exactGap(to: other, at: $0).isZero
      }
      if differs { #expect(try CanonicalForm.text(of: other) != form, "seed \(seed)") }
    }
  }

  @Test("Flipped networks with one hidden layer share the form")
  func flipped() throws {
    try forEachSeed(0..<30) { seed, rng in
      // Rows that cancel under the outgoing weights, so that turning all around leaves a constant.
      var network = Network.random(widths: [3, 6, 1], using: &rng)
      network = network.changing { weights, _ in
        weights[1] = [[1, 1, 1, 1, 1, 1]]
        weights[0][5] = (0..<3).map { j in -(0..<5).reduce(0) { $0 + weights[0][$1][j] } }
      }
      let flipped = network.changing { weights, biases in
        biases[1][0] += biases[0].reduce(0, +)
        weights[0] = weights[0].map { $0.map { -$0 } }
        biases[0] = biases[0].map { -$0 }
      }
      for x in network.randomInputs(5, using: &rng) {
        #expect(network.exactGap(to: flipped, at: x).isZero, "seed \(seed)")
      }
      let form = try CanonicalForm.text(of: network)
      #expect(try CanonicalForm.text(of: flipped) == form, "seed \(seed)")
      let wrong = flipped.changing { $1[1][0] += 0x1p-40 }
      #expect(try CanonicalForm.text(of: wrong) != form, "seed \(seed)")
    }
  }

  @Test("Rows scaled by 3 and by 1/3 share the form")
  func oddScales() throws {
    let plain = Network(
      weights: [[[1, 2], [3, -1]], [[1, 1], [2, -1]], [[1, 1]]], biases: [[1, 0], [-1, 0], [0]])
    let scaled = plain.changing { weights, biases in
      weights[1][0] = [3, 3]
      biases[1][0] = -3
      weights[0].append([3, 6])
      biases[0].append(3)
      // 3 = 6/2: half of the outgoing weight moves to the threefold twin of neuron 0.
      weights[0][0] = [2, 4]
      biases[0][0] = 2
      weights[1] = [[0, 3, 1], [-0.5, -1, 1]]
      weights[2] = [[1, 1]]
    }
    let expected = plain.changing { weights, biases in
      weights[1] = [[3, 3], [2, -1]]
      biases[1][0] = -3
    }
    for x in [[0.5, 1.0], [-2, 1], [3, -0.25]] {
      #expect(scaled.exactOutputs(at: x) == expected.exactOutputs(at: x))
    }
    #expect(try CanonicalForm.text(of: scaled) == CanonicalForm.text(of: expected))
  }

  @Test("The canonical network has the exact outputs, and its own form is the same")
  func idempotent() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let form = try CanonicalForm(SignalGraph(network))
      let canonical = try form.network(scaling: .powerOfTwo, storage: .float64)
      for x in network.randomInputs(5, using: &rng) {
        #expect(canonical.exactOutputs(at: x) == network.exactOutputs(at: x), "seed \(seed) at \(x)")
      }
      let again = try CanonicalForm(SignalGraph(canonical))
      #expect(again.text == form.text && again.flips == 0, "seed \(seed)")
      #expect(
        try again.network(scaling: .powerOfTwo, storage: .float64) == canonical, "seed \(seed): a fixed point"
      )
    }
  }

  @Test("Scaling by the norm gives rows of 1-norm 1 and nearly the same outputs")
  func norms() throws {
    try forEachSeed(0..<20) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let canonical = try CanonicalForm(SignalGraph(network)).network(scaling: .norm, storage: .float64)
      for layer in canonical.hiddenLayers {
        for i in 0..<layer.width {
          let norm = layer.blocks.reduce(0) { $0 + $1.weights.nearest.row(i).reduce(0) { $0 + $1.magnitude } }
          #expect((norm - 1).magnitude < 1e-14, "seed \(seed)")
        }
      }
      for x in network.randomInputs(3, using: &rng) {
        #expect(network.exactGap(to: canonical, at: x).nearestDouble < 1e-12, "seed \(seed)")
      }
    }
  }

  @Test("Every row of the canonical network begins with a positive entry, and rows are sorted")
  func oriented() throws {
    try forEachSeed(0..<10) { seed, rng in
      let form = try CanonicalForm(SignalGraph(.random(widths: [2, 6, 5, 1], using: &rng)))
      #expect(form.forms.allSatisfy { $0.coefficient(at: 0).sign > 0 }, "seed \(seed)")
      #expect(form.flips > 0 && form.depths == form.depths.sorted(), "seed \(seed)")
      for k in 1..<form.forms.count where form.depths[k - 1] == form.depths[k] {
        let (x, y) = (form.forms[k - 1], form.forms[k])
        if x.signals.first != y.signals.first { continue }
        let left = x.coefficient(at: 0) * form.norms[k]
        #expect(left <= y.coefficient(at: 0) * form.norms[k - 1], "seed \(seed)")
      }
    }
  }

  @Test("The limit of multiplications stops the work")
  func limit() throws {
    let graph = try SignalGraph(Network(weights: [[[-1, 2]], [[1]]], biases: [[0], [0]]))
    #expect(throws: CanonicalForm.TooLarge(limit: 1)) { _ = try CanonicalForm(graph, limit: 1) }
    #expect(try CanonicalForm(graph, limit: 2).flips == 1)
  }
}
