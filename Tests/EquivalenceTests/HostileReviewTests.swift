import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing

@testable import Equivalence

/// Cases with which an adversarial review once obtained a wrong proof, or a crash.
@Suite("Cases of the hostile review")
struct HostileReviewTests {
  @Test("Pairs that cross the order of dependency prove no false bound")
  func crossingPairs() throws {
    // A: relu(5000 relu(x + 1) - 1). B: relu(relu(x) - 1). At 0 they are 4999 and 0 apart.
    let a = Network(weights: [[[1]], [[5000]], [[1]]], biases: [[1], [-1], [0]])
    let b = Network(weights: [[[1]], [[1]], [[1]]], biases: [[0], [-1], [0]])
    let signals = Certificate.CommonSignals(factsA: [[.new], [.new]], factsB: [[.new], [.new]])
    for pairs in [[(1, 0), (0, 1)], [(0, 1), (1, 0)], [(0, 0), (1, 1)], [(1, 1)], [(1, 0)]] {
      let evidence = Certificate.Nearness.pairedSignals(
        signals, pairs: pairs.map { Certificate.Pair(a: $0.0, b: $0.1, scale: 1) })
      let certificate = Certificate(
        digestA: a.digest, digestB: b.digest, domain: nil,
        claim: .withinEpsilon(bound: 4998, evidence: evidence))
      #expect(certificate.verify(a, b) != .accepted, "\(pairs)")
    }
  }

  @Test("An entry that was rounded to zero has its error all the same")
  func droppedEntries() throws {
    let zero = Matrix(repeating: 0.0, rows: 1, columns: 1)
    let stored = Network(weights: [[[0]]], biases: [[0]])
    // The true entry is within 2^-4 of 0 and the block is not even stored.
    let rounded = Network(
      inputCount: 1, layers: [Network.Layer(blocks: [], bias: ExactMatrix(zero))],
      lowering: .rounded(rowErrors: [[0.0625]]))
    let box = InputDomain.box(.init([Interval(-1e6, 1e6)]))
    #expect(rounded.loweringBound(domain: box)[0] >= 62500)
    #expect(rounded.loweringBound(domain: nil)[0] >= 0.125)
    guard
      case .equivalent(.withinEpsilon(let bound, _)) = try stored.compared(
        with: rounded, options: ComparisonOptions(domain: box)
      ).verdict
    else {
      Issue.record("expected a bound")
      return
    }
    #expect(bound >= 62500)
  }

  @Test("Where nothing bounds the rounding of reading, no witness is accepted")
  func infiniteRounding() throws {
    let big = 0x1p1000
    let layers = [Network.Layer(weights: Matrix(rows: 1, columns: 1, elements: [big]), bias: [0], reading: 0)]
    let a = Network(inputCount: 1, layers: layers, lowering: .rounded(rowErrors: [[0x1p948]]))
    let b = Network(weights: [[[big.nextUp]]], biases: [[0]])
    let forged = Certificate(
      digestA: a.digest, digestB: b.digest, domain: nil, claim: .different(x: [big], gap: 1))
    #expect(forged.verify(a, b) != .accepted)
    if case .different(let witness) = try a.compared(with: b).verdict {
      Issue.record("different at \(witness)")
    }
  }

  @Test("Deep networks need no deep stack")
  func deepPairing() throws {
    let depth = 3000
    func chain(_ last: Double) -> Network {
      Network(
        weights: Array(repeating: [[1]], count: depth),
        biases: Array(repeating: [-0x1p-20], count: depth - 1) + [[last]],
        storage: .float32)
    }
    let comparison = try chain(1).compared(with: chain(1 + 0x1p-23))
    guard case .equivalent(.withinEpsilon) = comparison.verdict else {
      Issue.record("\(comparison.verdict)")
      return
    }
  }

  @Test("Numbers that grow from layer to layer stop at the limit, in the search and in the check")
  func growingNumbers() {
    let limit = 1000
    let network = Network(
      weights: Array(repeating: [[1.5 * 0x1p-900]], count: 200), biases: Array(repeating: [1], count: 200))
    #expect(throws: NeuronNumbering<Dyadic>.Obstacle.tooLarge(words: limit)) {
      var numbering = NeuronNumbering<Dyadic>(inputCount: 1, wordLimit: limit)
      _ = try numbering.number(network)
    }
  }

  @Test("On all of R^n both answers measure by max(1, |x|)")
  func epsilonHasOneMeaning() throws {
    // The slopes differ by 2^-10: at |x| = 100 by 0.0977, which epsilon · 100 allows.
    let f = Network(weights: [[[1]]], biases: [[0]])
    let g = Network(weights: [[[1 + 0x1p-10]]], biases: [[0]])
    let wide = try f.compared(with: g, options: ComparisonOptions(epsilon: 0x1p-9)).verdict
    let narrow = try f.compared(with: g, options: ComparisonOptions(epsilon: 0x1p-11)).verdict
    if case .equivalent = wide {} else { Issue.record("\(wide)") }
    if case .different = narrow {} else { Issue.record("\(narrow)") }
  }

  @Test("A multiple of 2^61 - 1 in front of a row does not hide that two rows are one")
  func primeMultiple() throws {
    let p = Dyadic(Int64((1 << 61) - 1))
    let weights = ExactMatrix(rows: 1, columns: 2, elements: [p, .one])
    let double = ExactMatrix(rows: 1, columns: 2, elements: [p + p, Dyadic(2)])
    func network(_ matrix: ExactMatrix, _ outer: Double) -> Network {
      Network(
        inputCount: 2,
        layers: [
          Network.Layer(
            blocks: [Network.Block(source: 0, weights: matrix)], bias: ExactMatrix(column: [0])),
          Network.Layer(weights: Matrix(rows: 1, columns: 1, elements: [outer]), bias: [0], reading: 1),
        ])
    }
    #expect(try network(weights, 2).compared(with: network(double, 1)).verdict == .equivalent(.identical))
  }

  @Test("A negative bias is no reason to call a neuron active, a positive one none to call it inactive")
  func signsNeedTheBias() throws {
    // relu(h1 + h2 - 1) and relu(1 - h1 - h2) with twins h1, h2 = relu(x), 2 relu(x): neither has one sign.
    for (row, bias, fact) in [([1.0, 1], -1.0, NeuronFact.active), ([-1, -1], 1, .inactive)] {
      let f = Network(weights: [[[1], [2]], [row], [[1]]], biases: [[0, 0], [bias], [0]])
      let linear = fact == .active
      let g = Network(
        weights: [[[1]], [[linear ? 3 : 0]]], biases: [[0], [linear ? bias : 0]])
      let facts: [[NeuronFact]] = [[.new, .multiple(of: 0, scale: Rational(Dyadic(2)))], [fact]]
      let forged = Certificate(
        digestA: f.digest, digestB: g.digest, domain: nil,
        claim: .identical(
          .init(factsA: facts, factsB: [[.multiple(of: 0, scale: .one)]])))
      #expect(forged.verify(f, g) != .accepted, "\(fact)")
    }
  }

  @Test("Rounding errors meet the signals of every earlier layer, stored block or not")
  func errorsReachHiddenSignals() {
    // h = relu(x) with |x| up to 1000, read by an output whose entry was rounded to zero.
    let zero = Matrix(repeating: 0.0, rows: 1, columns: 1)
    let network = Network(
      inputCount: 1,
      layers: [
        Network.Layer(weights: Matrix(rows: 1, columns: 1, elements: [64]), bias: [0], reading: 0),
        Network.Layer(blocks: [], bias: ExactMatrix(zero)),
      ],
      lowering: .rounded(rowErrors: [[0], [0.5]]))
    // The true output may be 0.5 h, and h reaches 64 000.
    let bound = network.loweringBound(domain: .box(.init([Interval(0, 1000)])))[0]
    #expect(bound >= 32_000)
  }

  @Test("A row that reads one signal through two layers adds what it reads")
  func oneSignalThroughTwoLayers() throws {
    func block(_ source: Int, _ rows: [[Double]]) -> Network.Block {
      Network.Block(
        source: source,
        weights: ExactMatrix(
          Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap(\.self))))
    }
    func network(_ first: Double, _ second: Double) -> Network {
      // Both hidden layers read the input: the second repeats the first. The third reads both.
      Network(
        inputCount: 1,
        layers: [
          Network.Layer(blocks: [block(0, [[1]])], bias: ExactMatrix(column: [-1])),
          Network.Layer(blocks: [block(0, [[1]])], bias: ExactMatrix(column: [-1])),
          Network.Layer(
            blocks: [block(0, [[1]]), block(1, [[first]]), block(2, [[second]])],
            bias: ExactMatrix(column: [-3])),
          Network.Layer(blocks: [block(3, [[1]])], bias: ExactMatrix(column: [0])),
        ])
    }
    #expect(try network(1, 2).compared(with: network(-4, 7)).verdict == .equivalent(.identical))
    if case .different = try network(1, 2).compared(with: network(2, 2)).verdict {
    } else {
      Issue.record("1 + 2 and 2 + 2 are different")
    }
    #expect(try SignalGraph(network(1, 2)).forms.count == 2)
  }
}
