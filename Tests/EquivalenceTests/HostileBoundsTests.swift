import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

/// Cases with which a review once obtained a false bound over a box, or a crash.
@Suite("Hostile numbers in bounds over boxes")
struct HostileBoundsTests {
  /// A multilayer perceptron with one neuron in each layer and no biases.
  private func chain(_ weights: Dyadic...) -> Network {
    Network(
      inputCount: 1,
      layers: weights.enumerated().map { l, weight in
        Network.Layer(
          blocks: [Network.Block(source: l, weights: ExactMatrix(rows: 1, columns: 1, elements: [weight]))],
          bias: ExactMatrix(column: [0]))
      })
  }

  private func power(_ exponent: Int) -> Dyadic { Dyadic(1, exponent: exponent) }

  private func block(_ source: Int, _ row: [Double]) -> Network.Block {
    Network.Block(source: source, weights: ExactMatrix(Matrix(rows: 1, columns: row.count, elements: row)))
  }

  /// Whether a bound of |f − g| over one part is accepted.
  private func isAccepted(_ bound: Double, _ f: Network, _ g: Network, _ box: [Interval]) -> Bool {
    Certificate(
      digestA: f.digest, digestB: g.digest, domain: .box(.init(box)),
      claim: .withinEpsilon(bound: bound, evidence: .boxes(BoxTree(pairs: [], splits: [-1])))
    ).verify(f, g) == .accepted
  }

  private func bounds(
    _ f: Network, _ g: Network, pairs: [LayerPairing] = [], _ box: [Interval]
  ) throws -> PairedBounds {
    try #require(PairedBounds(PairedNetworks(f, g, hidden: pairs), over: box))
  }

  @Test("A point between two halves of doubles is where it is")
  func subnormalPoint() throws {
    for steps in [1.0, 3, 5] {
      let x = steps * .leastNonzeroMagnitude
      let (f, g) = (chain(power(1000), power(1000), .one), Network.zero(inputs: 1, outputs: 1))
      let value = f.exactOutputs(at: [x])[0]
      #expect(try bounds(f, g, [Interval(x)]).differences[0].holds(value))
      #expect(!isAccepted(value.doubleBelow.nextDown / 2, f, g, [Interval(x)]))
    }
  }

  @Test("A weight that is rounded below the normal doubles has its error")
  func subnormalWeight() throws {
    // 1.5 and 2 units of 2^-1074, behind 2^1000 and in front of 2^200: 2^125 apart at 1.
    let unit = power(-1074)
    let f = chain(power(1000), unit * Dyadic(3, exponent: -1), power(200))
    let g = chain(power(1000), unit * Dyadic(2), power(200))
    #expect(try bounds(f, g, [Interval(1)]).differences[0].holds(-power(125)))
    #expect(!isAccepted(0x1p120, f, g, [Interval(1)]))
    #expect(!isAccepted(0x1p120, f, g, [Interval(0.5, 1)]))
  }

  @Test("A weight below all doubles is not dropped, whether its signal is paired or not")
  func weightBelowDoubles() throws {
    let f = chain(power(1000), power(-1090))
    let g = chain(.one, .zero)
    let paired = LayerPairing(first: 1, second: 1, rows: [.init(first: 0, second: 0, scale: 1)])
    let unpaired = LayerPairing(first: 1, second: 1, rows: [])
    for pairs in [[], [paired], [unpaired]] {
      #expect(try bounds(f, g, pairs: pairs, [Interval(0, 1)]).differences[0].holds(power(-90)))
    }
    #expect(!isAccepted(0x1p-91, f, g, [Interval(0, 1)]))
  }

  @Test("Products of small numbers and large weights have their error")
  func smallTimesLarge() throws {
    let x = Double(sign: .plus, exponent: -1073, significand: 1) * 0x1.0000000001p40
    let f = chain(Dyadic((1 + 0x1p-52) * 0x1p1000), power(900), .one)
    let g = Network.zero(inputs: 1, outputs: 1)
    let value = f.exactOutputs(at: [x])[0]
    let bounds = try bounds(f, g, [Interval(x)])
    #expect(bounds.first.ranges()[0].holds(value) && bounds.differences[0].holds(value))
  }

  @Test("Neurons of layers that read only the input have symbols of their own")
  func parallelLayers() throws {
    // |x|/2 − |y|/2 = relu(x) − relu(y) − x/2 + y/2, the two ReLUs in layers that do not read each other.
    let f = Network(
      inputCount: 2,
      layers: [
        Network.Layer(blocks: [block(0, [1, 0])], bias: ExactMatrix(column: [0])),
        Network.Layer(blocks: [block(0, [0, 1])], bias: ExactMatrix(column: [0])),
        Network.Layer(
          blocks: [block(0, [-0.5, 0.5]), block(1, [1]), block(2, [-1])], bias: ExactMatrix(column: [0])),
      ])
    let square = [Interval(-1, 1), Interval(-1, 1)]
    let zero = Network.zero(inputs: 2, outputs: 1)
    for (first, second) in [(f, zero), (zero, f)] {
      let range = try bounds(first, second, square).differences[0]
      #expect(range.upper >= 0.5 && range.lower <= -0.5, "\(range)")
    }
    // The same of differences: pairs in layers that do not read each other.
    let g = Network(
      inputCount: 2,
      layers: f.layers.dropLast() + [
        Network.Layer(blocks: [block(1, [1]), block(2, [-1])], bias: ExactMatrix(column: [0]))
      ])
    let pairs = (1...2).map {
      LayerPairing(first: $0, second: $0, rows: [.init(first: 0, second: 0, scale: 0.5)])
    }
    var rng = SplitMix64(seed: 1)
    for range in [
      try bounds(f, g, pairs: pairs, square).differences[0],
      try bounds(g, f, pairs: pairs, square).differences[0],
    ] {
      for x in f.randomInputs(200, using: &rng) where x.allSatisfy({ $0.magnitude <= 1 }) {
        let gap = f.exactOutputs(at: x)[0] - g.exactOutputs(at: x)[0]
        #expect(range.holds(gap) || range.holds(-gap))
      }
    }
  }

  @Test("A layer of many blocks rounds once for each")
  func manyBlocks() throws {
    let count = 60
    let tiny = 0x1p-53 * (1 + 0x1p-40)
    let hidden = (0..<count).map { _ in
      Network.Layer(blocks: [block(0, [1])], bias: ExactMatrix(column: [0]))
    }
    let output = Network.Layer(
      blocks: (1...count).map { block($0, [$0 == 1 ? 1 : tiny]) }, bias: ExactMatrix(column: [0]))
    let f = Network(inputCount: 1, layers: hidden + [output])
    let value = f.exactOutputs(at: [1])[0]
    let bounds = try bounds(f, .zero(inputs: 1, outputs: 1), [Interval(1)])
    #expect(bounds.first.ranges()[0].holds(value))
    #expect(bounds.differences[0].holds(value))
  }

  @Test("Signals of very different size are no pair")
  func hugeScale() throws {
    let f = Network(weights: [[[1e150]], [[1e-150]]], biases: [[1e150], [0]])
    let g = Network(weights: [[[1e-160]], [[1e160]]], biases: [[1e-160], [0]])
    for (a, b) in [(f, g), (g, f)] {
      let pair = PairedNetworks(a, b, samples: [[1], [-0.5], [2]])
      #expect(pair.pairs.count == 1 || pair.pairs[0].rows.isEmpty)
    }
  }

  @Test("A box that reaches as far as doubles do is reduced on")
  func hugeBox() throws {
    // Two active neurons, no dyadic multiples, that read one input: a neuron for the input carries both.
    let f = Network(
      weights: [[[0.3], [0.5], [1]], [[1e-300, 1e-300, 1]]], biases: [[1e308, 1e308, 0], [0]])
    let side = Interval(-.greatestFiniteMagnitude, .greatestFiniteMagnitude)
    let reduced = try NetworkReduction(of: f, on: .box(.init([side]))).network
    #expect(reduced.widths == [1, 2, 1])
    for x in [side.lower, -1, 0, 1, side.upper] {
      #expect(f.exactOutputs(at: [x]) == reduced.exactOutputs(at: [x]))
    }
  }

  @Test("Signs of layers and neurons that do not exist are rejected")
  func numbersOutOfRange() {
    let f = Network(weights: [[[1]], [[1]]], biases: [[1], [0]])
    for layer in [Int.min, -1, 0, 2, Int.max] {
      let proof = SignProof(layer: layer, active: [0], inactive: [], splits: [-1])
      #expect(throws: ProofFailure.self) { try proof.ranges(of: f, over: [Interval(0, 1)]) }
    }
    for neuron in [Int.min, -1, 1, Int.max] {
      let proof = SignProof(layer: 1, active: [neuron], inactive: [], splits: [-1])
      #expect(throws: ProofFailure.self) {
        try SignProof.checkedSigns([proof], f, on: .box(.init([Interval(0, 1)])), named: "f")
      }
    }
    for split in [Int.max, 2, 3] {
      let proof = SignProof(layer: 1, active: [0], inactive: [], splits: [split, -1, -1])
      #expect(throws: ProofFailure.self) { try proof.ranges(of: f, over: [Interval(0, 1)]) }
    }
  }

  @Test("A tree that divides by one neuron again and again is rejected at once")
  func oneNeuronTwice() {
    let f = Network(weights: [[[1], [-1]], [[1, 1]], [[1]]], biases: [[0, 0], [1], [0]])
    let depth = 200_000
    let splits = Array(repeating: [1, -1], count: depth).flatMap(\.self) + [-1]
    let proof = SignProof(layer: 2, active: [0], inactive: [], splits: splits)
    #expect(throws: ProofFailure.self) { try proof.ranges(of: f, over: [Interval(-1, 1)]) }
    let tree = BoxTree(pairs: [], splits: splits)
    #expect(throws: ProofFailure.self) {
      try tree.bounds(f, f, over: [Interval(-1, 1)], threads: 2, progress: Progress())
    }
  }

  @Test("Pairings that are none are rejected, whatever their numbers")
  func badPairings() {
    let f = Network(
      weights: [[[1], [1]], [[1, 0], [0, 1]], [[1, -1]]], biases: [[0, 1], [0, 0], [0]])
    typealias Row = LayerPairing.Row
    func pair(_ first: Int, _ second: Int, _ rows: [Row] = [Row(first: 0, second: 0, scale: 1)])
      -> LayerPairing
    {
      LayerPairing(first: first, second: second, rows: rows)
    }
    var pairings = [[pair(1, 2), pair(2, 1)], [pair(1, 1), pair(1, 2)], [pair(1, 1), pair(2, 1)]]
    for layer in [Int.min, -1, 0, 3, Int.max] { pairings += [[pair(layer, 1)], [pair(1, layer)]] }
    let scales: [Double] = [0, -0.0, -1, .nan, .infinity, -.infinity, -1e-308]
    for scale in scales {
      pairings.append([pair(1, 1, [Row(first: 0, second: 0, scale: scale)])])
    }
    for number in [Int.min, -1, 2, Int.max] {
      pairings.append([pair(1, 1, [Row(first: number, second: 0, scale: 1)])])
      pairings.append([pair(1, 1, [Row(first: 0, second: number, scale: 1)])])
    }
    pairings.append([pair(1, 1, [Row(first: 0, second: 0, scale: 1), Row(first: 0, second: 1, scale: 1)])])
    pairings.append([pair(1, 1, [Row(first: 0, second: 0, scale: 1), Row(first: 1, second: 0, scale: 1)])])
    for pairs in pairings {
      #expect(throws: ProofFailure.self, "\(pairs)") { try BoxReplay(f, f, pairs: pairs) }
    }
    #expect(throws: Never.self) { try BoxReplay(f, f, pairs: [pair(1, 1), pair(2, 2)]) }
  }

  @Test("A lead that suffices is needed in search and check")
  func largestAtTheMargin() {
    // f = (x, -x), g = (x, 0.1 - x): for 0.03 < x < 0.05 they disagree, and f leads by 0.06 to 0.1.
    let f = Network(weights: [[[1], [-1]]], biases: [[0, 0]])
    let g = Network(weights: [[[1], [-1]]], biases: [[0, 0.1]])
    func isAccepted(_ margin: Double, _ low: Double) -> Bool {
      Certificate(
        digestA: f.digest, digestB: g.digest, domain: .box(.init([Interval(low, 1)])),
        claim: .sameLargest(margin: margin, tree: BoxTree(pairs: [], splits: [-1]))
      ).verify(f, g) == .accepted
    }
    func isProved(_ margin: Double, _ low: Double, _ high: Double) -> Bool {
      BoxAnswer(
        .sameLargest(margin: margin, confidence: 0), PairedNetworks(f, g, hidden: []),
        over: DomainPart(box: [Interval(low, high)])
      ).upper < 0
    }
    let margins: [Double] = [0.06, 0.09, 0, -1, -.infinity]
    for margin in margins {
      #expect(!isAccepted(margin, 0.03), "\(margin)")
      #expect(!isProved(margin, 0.03, 1) && !isProved(margin, 0.03, 0.05), "\(margin)")
    }
    #expect(isAccepted(0.11, 0.03) && isProved(0.11, 0.03, 1))
    #expect(isAccepted(0, 0.051) && isProved(0, 0.051, 1))
    #expect(!isAccepted(.nan, 0.03))
  }

  @Test("Signs have to hold on every part")
  func signsOnEveryPart() throws {
    let f = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
    let box = InputDomain.box(.init([Interval(-1, 1)]))
    for (active, inactive) in [([0], []), ([1], []), ([], [0]), ([], [1])] {
      for splits in [[-1], [0, -1, -1], [1, -1, -1], [2, -1, -1]] {
        let proof = SignProof(layer: 1, active: active, inactive: inactive, splits: splits)
        #expect(throws: ProofFailure.self, "\(proof)") {
          try SignProof.checkedSigns([proof], f, on: box, named: "f")
        }
      }
    }
  }

  @Test("What a search is done with stays in its bound, divided or not")
  func settledParts() throws {
    let (f, zero) = (chain(Dyadic(0.5)), Network.zero(inputs: 1, outputs: 1))
    func search(_ side: Interval, _ target: Double) throws -> (BoxSearch.End, Double) {
      var search = BoxSearch(
        PairedNetworks(f, zero, hidden: []), .difference, on: [side],
        limits: .init(
          target: target, stopsAtWitness: false, tolerance: 0, boxes: 100, isOver: { false }, threads: 2))
      return (try search.run { _ in }, search.upper)
    }
    let settled = try search(Interval(-1, 1), 1)
    #expect(settled.0 == .proved && settled.1 >= 0.5)
    for side in [Interval(1), Interval(1, (1.0).nextUp)] {
      let point = try search(side, 0)
      #expect(point.0 == .exhausted && point.1 >= 0.5)
    }
  }

  @Test("Regions of networks that differ prove nothing")
  func regionsOfDifferentNetworks() throws {
    let (f, g) = (
      Network(weights: [[[1]], [[1]]], biases: [[0], [0]]),
      Network(weights: [[[1]], [[2]]], biases: [[0], [0]])
    )
    let count = try #require(try RegionwiseDifference(f, g, on: nil)).zeros.regions
    for count in [count, 0, -1, Int.min, Int.max] {
      let forged = Certificate(
        digestA: f.digest, digestB: g.digest, domain: nil, claim: .identicalOnRegions(count: count))
      #expect(forged.verify(f, g) != .accepted)
    }
  }

  @Test("Numbers that a precision does not hold are no biases")
  func shiftsOfAPrecision() throws {
    // 3x + 8 and 5x + 8 on x >= -1.001: x + 1.00390625 would carry both, but has nine bits.
    let f = Network(weights: [[[3], [5], [1]], [[1, 1, 1]]], biases: [[8, 8, 0], [0]])
    let box = InputDomain.box(.init([Interval(-1.001, 1)]))
    func widths(_ precision: StoragePrecision?) throws -> [Int] {
      try NetworkReduction(of: f, on: box, options: .init(precision: precision)).network.widths
    }
    #expect(try widths(nil) == [1, 2, 1])
    #expect(try widths(.float16) == [1, 2, 1])
    #expect(try widths(.bfloat16) == [1, 3, 1])
  }

  @Test("What rounding left of a number that cancels is carried on")
  func residues() throws {
    try forEachSeed(0..<40) { seed, rng in
      let (a, x) = (Double.random(in: 1...2, using: &rng), Double.random(in: 1...2, using: &rng))
      // relu(a x) − fl(a x) and its negative: nothing in doubles, a residue in truth; then enlarged.
      let f = Network(
        weights: [[[a]], [[1], [-1]], [[0x1p60, -0x1p60]]], biases: [[0], [-(a * x), a * x], [0]])
      let zero = Network.zero(inputs: 1, outputs: 1)
      let value = f.exactOutputs(at: [x])[0]
      #expect(!value.isZero, "seed \(seed)")
      for box in [[Interval(x)], [Interval(x, x.nextUp)]] {
        let checked = try BoxReplay(f, zero, pairs: []).part(box)
        for (g, h, value) in [(f, zero, value), (zero, f, -value)] {
          #expect(try bounds(g, h, box).differences[0].holds(value), "seed \(seed)")
        }
        #expect(checked.ranges[0].holds(value) && checked.first[0].range.holds(value), "seed \(seed)")
        #expect(!isAccepted(value.magnitude.doubleBelow.nextDown, f, zero, box), "seed \(seed)")
      }
    }
  }

  @Test("Differences of layers that do not read each other have symbols of their own")
  func parallelDifferences() throws {
    func network(_ first: Double, _ second: Double, _ shift: Double) -> Network {
      Network(
        inputCount: 2,
        layers: [
          Network.Layer(blocks: [block(0, [1, 0])], bias: ExactMatrix(column: [shift])),
          Network.Layer(blocks: [block(0, [0, 1])], bias: ExactMatrix(column: [shift])),
          Network.Layer(blocks: [block(1, [first]), block(2, [second])], bias: ExactMatrix(column: [0])),
        ])
    }
    // relu(x + s) − relu(x) − (relu(y + s) − relu(y)): s where x ≥ 0 and y ≤ −s.
    let (f, g) = (network(1, -1, 0.125), network(1, -1, 0))
    let pairs = (1...2).map {
      LayerPairing(first: $0, second: $0, rows: [.init(first: 0, second: 0, scale: 1)])
    }
    for (a, b) in [(f, g), (g, f)] {
      let range = try bounds(a, b, pairs: pairs, [Interval(-1, 1), Interval(-1, 1)]).differences[0]
      #expect(range.lower <= -0.125 && range.upper >= 0.125 && range.upper < 0.5, "\(range)")
    }
  }
}
