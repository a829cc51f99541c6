import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("General networks")
struct GeneralPositionTests {
  /// All patterns of nonempty sets of the first layers of the given widths.
  private static func patterns(_ widths: [Int]) -> [[UInt64]] {
    widths.reduce([[]]) { found, width in
      found.flatMap { pattern in (1..<(UInt64(1) << UInt64(width))).map { pattern + [$0] } }
    }
  }

  @Test("Ranks and pieces agree with exact arithmetic over all patterns", arguments: 0..<24)
  func exact(_ seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    // Coarse entries make special position frequent.
    let network = Network.random(
      widths: [2, 3, 2, 1], denominator: [2, 3, 64][Int(seed % 3)], using: &rng)
    var forms: [[Dyadic]] = []
    var isConstant = false
    for layer in 1...2 {
      for pattern in Self.patterns([3].prefix(layer - 1).map(\.self)) {
        for form in Self.forms(network, layer, pattern) {
          if form.dropLast().allSatisfy(\.isZero) { isConstant = true }
          forms.append(form)
        }
      }
    }
    var isProportional = false
    for (k, a) in forms.enumerated() {
      for b in forms[..<k] where ExactElimination.rank(of: [a, b]) < 2 { isProportional = true }
    }
    switch try PieceProportions(of: network).finding {
    case .distinct(let count): #expect(!isConstant && !isProportional && count == forms.count, "seed \(seed)")
    case .constant: #expect(isConstant, "seed \(seed)")
    case .proportional: #expect(isProportional, "seed \(seed)")
    case .tooMany: Issue.record("seed \(seed)")
    }

    var isDeficient = false
    func rows(_ layer: Int) -> [[Dyadic]] {
      let block = network.layers[layer - 1].blocks[0].weights
      return (0..<block.rows).map { i in (0..<block.columns).map { block[i, $0] } }
    }
    func chosen(_ rows: [[Dyadic]], _ mask: UInt64) -> [[Dyadic]] {
      rows.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { rows[$0] }
    }
    for mask in UInt64(1)..<8 {
      if ExactElimination.rank(of: chosen(rows(1), mask)) < min(2, mask.nonzeroBitCount) {
        isDeficient = true
      }
      for second in UInt64(1)..<4 {
        let product = rows(2).map { row in
          (0..<2).map { c in
            (0..<3).reduce(Dyadic.zero) { mask >> UInt64($1) & 1 == 1 ? $0 + row[$1] * rows(1)[$1][c] : $0 }
          }
        }
        let expected = min(2, mask.nonzeroBitCount, second.nonzeroBitCount)
        if ExactElimination.rank(of: chosen(product, second)) < expected { isDeficient = true }
      }
    }
    for second in UInt64(1)..<4
    where ExactElimination.rank(of: chosen(rows(2), second)) < min(3, second.nonzeroBitCount) {
      isDeficient = true
    }
    switch try IndicatorRanks(of: network).finding {
    case .full(let count): #expect(!isDeficient && count == 7 + 21 + 3, "seed \(seed)")
    case .deficient: #expect(isDeficient, "seed \(seed)")
    case .tooMany: Issue.record("seed \(seed)")
    }
  }

  /// The pre-activations of a layer as affine functions where the sets of a pattern are active.
  private static func forms(_ network: Network, _ layer: Int, _ pattern: [UInt64]) -> [[Dyadic]] {
    let block = network.layers[layer - 1].blocks[0].weights
    let below =
      layer == 1
      ? [[Dyadic(1), .zero, .zero], [.zero, Dyadic(1), .zero]]
      : forms(network, layer - 1, Array(pattern.dropLast())).enumerated().map { index, form in
        pattern[layer - 2] >> UInt64(index) & 1 == 1 ? form : form.map { _ in .zero }
      }
    return (0..<block.rows).map { i in
      (0..<3).map { c in
        below.indices.reduce(c == 2 ? network.layers[layer - 1].bias[i, 0] : .zero) {
          $0 + block[i, $1] * below[$1][c]
        }
      }
    }
  }

  @Test("Permutations and rescalings are told from other networks", arguments: 0..<20)
  func orbit(_ seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let network = Network.random(widths: [2, 3, 3, 2], using: &rng)
    // Exchange two neurons of layer 1 and scale one by 8: exact in doubles.
    let (a, b, c) = (network.layers[0], network.layers[1], network.layers[2])
    let place = [2, 1, 0]
    let scale = [1.0, 8, 1]
    func layer(_ rows: [[Double]], _ bias: [Double], _ source: Int) -> Network.Layer {
      Network.Layer(
        weights: Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap(\.self)), bias: bias,
        reading: source)
    }
    func weights(_ layer: Network.Layer) -> [[Double]] {
      let matrix = layer.blocks[0].weights.nearest
      return (0..<matrix.rows).map { Array(matrix.row($0)) }
    }
    let first = (0..<3).map { i in weights(a)[place[i]].map { $0 * scale[i] } }
    let firstBias = (0..<3).map { a.bias.nearest[place[$0], 0] * scale[$0] }
    let second = weights(b).map { row in (0..<3).map { row[place[$0]] / scale[$0] } }
    let other = Network(
      inputCount: 2,
      layers: [layer(first, firstBias, 0), layer(second, (0..<3).map { b.bias.nearest[$0, 0] }, 1), c])
    guard case .related = network.standardRelation(to: other) else {
      Issue.record("seed \(seed): a permutation and rescaling is not recognised")
      return
    }
    var changed = network.parameters
    let index = Int.random(in: 0..<changed.count, using: &rng)
    changed.values[index] = changed.values[index] + Dyadic(0.5)
    #expect(network.standardRelation(to: network.with(parameters: changed)) == .unrelated, "seed \(seed)")
  }
}
