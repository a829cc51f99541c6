import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Comparing small networks")
struct ComparisonTests {
  private func box(_ sides: (Double, Double)...) -> InputDomain {
    .box(.init(sides.map { Interval($0.0, $0.1) }))
  }

  @Test("Identical: |x|, thirds, a network and itself")
  func identical() throws {
    for (a, b) in [SmallPair.absolute, SmallPair.thirds, (SmallPair.nearby.0, SmallPair.nearby.0)] {
      let comparison = try a.checkedComparison(with: b, "\(a.widths)")
      #expect(comparison.verdict == .equivalent(.identical))
      #expect(comparison.domain == nil && comparison.backwardError == nil)
    }
  }

  @Test("Within epsilon: one unit in the last place of float32")
  func nearby() throws {
    let (a, b) = SmallPair.nearby
    let comparison = try a.checkedComparison(with: b, "nearby")
    guard case .equivalent(.withinEpsilon(let bound, let lower)) = comparison.verdict else {
      Issue.record("\(comparison.verdict)")
      return
    }
    #expect(bound > 0 && bound < 1e-6 && lower <= bound)
    let ulps = try #require(comparison.backwardError)
    #expect(ulps > 0.4 && ulps <= 1.01 && comparison.precision == .float32)
  }

  @Test("Different, with a witness")
  func different() throws {
    for (a, b) in [SmallPair.different, SmallPair.signs] {
      let comparison = try a.checkedComparison(with: b, "\(b.widths)")
      guard case .different = comparison.verdict else {
        Issue.record("\(comparison.verdict)")
        continue
      }
    }
  }

  @Test("Clip in two ways is identical on all regions, of the line and of a box")
  func clip() throws {
    let (a, b) = SmallPair.clip
    for domain in [nil, box((-2, 2))] {
      let comparison = try a.checkedComparison(with: b, ComparisonOptions(domain: domain), "clip")
      #expect(comparison.verdict == .equivalent(.identical))
      #expect(comparison.certificate?.claim == .identicalOnRegions(count: 3))
    }
  }

  @Test("Without regions it is undecided: nothing below 0 and no upper bound on the line, one on a box")
  func undecided() throws {
    let (a, b) = SmallPair.clip
    var options = ComparisonOptions(budget: ComparisonBudget(boxes: 1, regions: 1))
    guard case .undecided(let bounds) = try a.checkedComparison(with: b, options, "clip").verdict else {
      Issue.record("decided on the line")
      return
    }
    #expect(bounds.lower == 0 && bounds.upper == .infinity)
    options.domain = box((-2, 2))
    guard case .undecided(let bounds) = try a.checkedComparison(with: b, options, "clip").verdict else {
      Issue.record("decided on a box")
      return
    }
    #expect(bounds.lower == 0 && bounds.upper > 0 && bounds.upper < 10)
  }

  @Test("A box settles what is stably on or off there")
  func onBox() throws {
    let (a, b) = SmallPair.different
    // relu(x − 1) is off up to 1: identical on [−1, 1/2], different on [−1, 2].
    let inside = try a.checkedComparison(with: b, ComparisonOptions(domain: box((-1, 0.5))), "inside")
    #expect(inside.verdict == .equivalent(.identical) && inside.domain == box((-1, 0.5)))
    let across = try a.checkedComparison(with: b, ComparisonOptions(domain: box((-1, 2))), "across")
    guard case .different(let witness) = across.verdict else {
      Issue.record("\(across.verdict)")
      return
    }
    #expect(witness.x[0] > 1 && witness.x[0] <= 2)
    // Clip is the identity on [1/4, 3/4].
    let clip = SmallPair.clip
    let middle = ComparisonOptions(domain: box((0.25, 0.75)))
    #expect(try clip.0.checkedComparison(with: clip.1, middle, "clip").verdict == .equivalent(.identical))
    // What holds everywhere is said of everywhere.
    let absolute = SmallPair.absolute
    let everywhere = try absolute.0.compared(
      with: absolute.1, options: ComparisonOptions(domain: box((0, 1))))
    #expect(everywhere.verdict == .equivalent(.identical) && everywhere.domain == nil)
  }

  @Test("Equal on the square only")
  func square() throws {
    // max(x, 0) + max(y, 0) + max(−x − y, 0) against x + y as one neuron, equal where x, y ≥ 0.
    let a = Network(weights: [[[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]]], biases: [[0, 0, 0], [0]])
    let b = Network(weights: [[[1, 1]], [[1]]], biases: [[0], [0]])
    let square = ComparisonOptions(domain: box((0, 1), (0, 1)))
    #expect(try a.checkedComparison(with: b, square, "square").verdict == .equivalent(.identical))
    guard case .different = try a.checkedComparison(with: b, "plane").verdict else {
      Issue.record("not different on the plane")
      return
    }
  }

  @Test("An epsilon makes it another question")
  func epsilon() throws {
    let (a, b) = SmallPair.nearby
    let plain = try a.compared(with: b)
    guard case .equivalent(.withinEpsilon(let bound, let lower)) = plain.verdict else {
      Issue.record("\(plain.verdict)")
      return
    }
    #expect(lower > 0)
    let wide = try a.checkedComparison(with: b, ComparisonOptions(epsilon: bound), "at the bound")
    #expect(wide.certificate == plain.certificate)
    let between = try a.checkedComparison(
      with: b, ComparisonOptions(epsilon: bound.nextDown), "below the bound")
    if case .equivalent = between.verdict { Issue.record("below the proved bound") }
    let narrow = try a.checkedComparison(with: b, ComparisonOptions(epsilon: lower / 2), "below the gap")
    guard case .different(let witness) = narrow.verdict else {
      Issue.record("\(narrow.verdict)")
      return
    }
    #expect(witness.gap > lower / 2)
    // The gap of a large difference is above small epsilons only, and a bound is no use above it.
    let (c, d) = SmallPair.different
    let small = ComparisonOptions(domain: box((-1, 2)), epsilon: 0.25)
    let large = ComparisonOptions(domain: box((-1, 2)), epsilon: 0.75)
    if case .different(let witness) = try c.checkedComparison(with: d, small, "small").verdict {
      #expect(witness.gap > 0.25 && witness.gap <= 0.5)
    } else {
      Issue.record("not different by a quarter")
    }
    if case .different = try c.checkedComparison(with: d, large, "large").verdict {
      Issue.record("different by more than it is")
    }
  }

  @Test("Opposite signs: equal path embeddings are no equality (T-12, T-02)")
  func oppositeSigns() throws {
    let (a, b) = SmallPair.signs
    // Paired by hand: form 0 with form 0. The path metric between them is 0, the functions differ.
    let facts = Certificate.CommonSignals(factsA: [[.new]], factsB: [[.new]])
    for bound in [0, 0.5, 0.99] {
      let evidence = Certificate.Nearness.pairedSignals(facts, pairs: [.init(a: 0, b: 0, scale: 1)])
      let claim = Certificate.Claim.withinEpsilon(bound: bound, evidence: evidence)
      let certificate = Certificate(digestA: a.digest, digestB: b.digest, domain: nil, claim: claim)
      expectRejected(certificate.verify(a, b), at: "bound")
    }
  }

  @Test("A network read with rounding is never identical")
  func rounded() throws {
    let (a, b) = SmallPair.absolute
    let rounded = SmallPair.rounded(b, by: 1e-12)
    for (x, y) in [(a, rounded), (rounded, a), (rounded, rounded)] {
      let comparison = try x.checkedComparison(with: y, "rounded")
      guard case .equivalent(.withinEpsilon(let bound, _)) = comparison.verdict else {
        Issue.record("\(comparison.verdict)")
        continue
      }
      #expect(bound > 1e-12 && bound < 1e-10)
      let claimed = Certificate(
        digestA: x.digest, digestB: y.digest, domain: nil,
        claim: .identical(.init(factsA: x.plainFacts, factsB: y.plainFacts)))
      expectRejected(claimed.verify(x, y), at: "lowering")
    }
    // A gap within the rounding is none.
    let (c, d) = SmallPair.different
    let coarse = try SmallPair.rounded(c, by: 1).compared(with: SmallPair.rounded(d, by: 1))
    if case .different = coarse.verdict { Issue.record("a difference within the rounding") }
    let fine = try SmallPair.rounded(c, by: 1e-9).checkedComparison(
      with: SmallPair.rounded(d, by: 1e-9), "fine")
    guard case .different = fine.verdict else {
      Issue.record("\(fine.verdict)")
      return
    }
  }

  @Test("The same seed gives the same comparison")
  func deterministic() throws {
    try forEachSeed(0..<5) { seed, rng in
      let a = Network.random(widths: [3, 8, 8, 2], using: &rng)
      let b = a.changingOneEntry(using: &rng) { $0 + 0.125 }
      let options = ComparisonOptions(seed: seed)
      let (first, second) = (
        try a.compared(with: b, options: options), try a.compared(with: b, options: options)
      )
      #expect(first.verdict == second.verdict && first.certificate == second.certificate, "seed \(seed)")
    }
  }

  @Test("Shapes and domains that do not fit are errors")
  func misfits() throws {
    let (a, b) = (SmallPair.absolute.0, SmallPair.thirds.0)
    #expect(throws: ComparisonError.shapesDiffer(inputs: 1, outputs: 1, otherInputs: 2, otherOutputs: 1)) {
      try a.compared(with: b)
    }
    #expect(throws: ComparisonError.domainDiffers(dimension: 2, inputs: 1)) {
      try a.compared(with: a, options: ComparisonOptions(domain: box((0, 1), (0, 1))))
    }
  }

  @Test("A comparison that is told to stop stops")
  func cancelled() {
    let (a, b) = SmallPair.different
    let options = ComparisonOptions(progress: Progress(isCancelled: { true }))
    #expect(throws: CancellationError.self) { try a.compared(with: b, options: options) }
  }

  @Test("Networks without hidden neurons, without blocks, and constants")
  func affine() throws {
    let line = Network(weights: [[[2, -1]]], biases: [[0.5]])
    let other = Network(weights: [[[2, -1]]], biases: [[0.75]])
    #expect(try line.checkedComparison(with: line, "line").verdict == .equivalent(.identical))
    if case .different(let witness) = try line.checkedComparison(with: other, "lines").verdict {
      #expect(witness.gap == 0.25)
    } else {
      Issue.record("two lines")
    }
    let constant = Network(inputCount: 2, layers: [.init(blocks: [], bias: ExactMatrix(column: [1]))])
    let hidden = Network(weights: [[[0, 0]], [[2]]], biases: [[0.5], [0]])
    #expect(try constant.checkedComparison(with: hidden, "constant").verdict == .equivalent(.identical))
  }

  @Test("Huge boxes and huge weights do not trap")
  func extremes() throws {
    let top = Double.greatestFiniteMagnitude
    let (a, b) = SmallPair.different
    for domain in [box((-top, top)), box((0, 0)), box((top, top)), box((-0.0, 0x1p-1074))] {
      let comparison = try a.checkedComparison(with: b, ComparisonOptions(domain: domain), "\(domain)")
      a.expectSound(comparison, with: b, at: [[0], [top], [-top]], "\(domain)")
    }
    let huge = Network(weights: [[[top], [top]], [[top, -top]], [[1]]], biases: [[top, 0], [0], [0]])
    let tiny = Network(weights: [[[0x1p-1074]], [[top]], [[1]]], biases: [[0], [0], [0]])
    for pair in [(huge, huge), (huge, tiny), (tiny, huge), (tiny, a)] {
      for domain in [nil, box((-1, 1)), box((-top, top))] {
        _ = try pair.0.checkedComparison(with: pair.1, ComparisonOptions(domain: domain), "extremes")
      }
    }
  }
}

extension Network {
  /// Every hidden neuron told as a form of its own: of the right shape, for claims that fail for other reasons.
  var plainFacts: [[NeuronFact]] { hiddenLayers.map { Array(repeating: .new, count: $0.width) } }
}

/// Expects a rejection at a step whose name begins so.
func expectRejected(
  _ verification: Certificate.Verification, at step: String, _ note: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard case .rejected(let failure) = verification else {
    Issue.record(note ?? "accepted", sourceLocation: sourceLocation)
    return
  }
  #expect(failure.step.hasPrefix(step), note, sourceLocation: sourceLocation)
  #expect(!failure.reason.isEmpty, sourceLocation: sourceLocation)
}
