import Crease
import LinearAlgebra
import Testing
import _TestSupport

@Suite("Norm balancing")
struct NormBalancingTests {
  private func scalars(_ weights: [Double]) -> Network {
    Network(weights: weights.map { [[$0]] }, biases: weights.map { _ in [0] })
  }

  private func weights(_ network: Network) -> [Double] {
    network.layers.map { $0.blocks[0].weights.nearest.elements[0] }
  }

  private func close(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  @Test("Three scalars: cycle by cycle, the limit, and the limit with a depth penalty")
  func scalarCycles() {
    let cycles = [
      [2.828427, 1.681793, 1.681793], [2.181015, 1.915207, 1.915207], [2.043794, 1.978456, 1.978456],
    ]
    for (k, expected) in cycles.enumerated() {
      let balanced = scalars([8, 1, 1]).balanced(tolerance: 0, maximumCycles: k + 1)
      #expect(close(weights(balanced.network), expected, 5e-7) && balanced.cycles == k + 1)
    }
    let limit = scalars([8, 1, 1]).balanced(tolerance: 1e-13)
    #expect(close(weights(limit.network), [2, 2, 2], 1e-12) && limit.imbalance < 1e-12)
    #expect(close(limit.factors.flatMap(\.self), [0.25, 0.5], 1e-12))
    let deep = scalars([8, 1, 1]).balanced(by: NormBalancing(depthPenalty: 1.2), tolerance: 1e-13)
    #expect(close(weights(deep.network), [5 / 3.0, 2, 12 / 5.0], 1e-12))
  }

  @Test("N1 with and without biases in the norms")
  func n1() {
    let n1 = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
    let plain = n1.balanced(by: NormBalancing(includesBiases: false), tolerance: 1e-13)
    #expect(close(plain.factors[0], [0.94574161, 0.56234133], 1e-8))
    #expect(plain.energyBefore == 22 && abs(plain.energyAfter - 16.479482) < 5e-7)
    let biased = n1.balanced(tolerance: 1e-13)
    #expect(close(biased.factors[0], [0.903602, 0.54910049], 1e-6))
    #expect(abs(biased.energyAfter - 16.431209) < 5e-7)
    for balanced in [plain, biased] {
      for x in [[1.0, 0], [0, 2], [-1, 1], [2, 1]] {
        #expect(close(balanced.network.outputs(at: x), n1.outputs(at: x), 1e-14))
      }
    }
  }

  @Test("The limit does not depend on the start in the rescaling orbit", arguments: [1, 2, 3.5])
  func unique(_ order: Double) {
    forEachSeed(0..<6) { seed, rng in
      let network = Initialisation.he.network(widths: [6, 10, 9, 8, 4], using: &rng)
      let start = network.disguised(by: Disguise(logRange: 1.5, powersOfTwo: true), using: &rng)
      #expect(start != network)
      for penalty in [1, 1.2] {
        let balancing = NormBalancing(order: order, depthPenalty: penalty)
        let a = network.balanced(by: balancing, tolerance: 1e-14)
        let b = start.balanced(by: balancing, tolerance: 1e-14)
        for (x, y) in zip(a.network.parameters.values, b.network.parameters.values) {
          #expect(abs(x.nearestDouble - y.nearestDouble) < 1e-12, "seed \(seed)")
        }
        #expect(a.imbalance < 1e-12 && b.imbalance < 1e-12, "seed \(seed)")
        if penalty == 1 {
          #expect(a.energyAfter < a.energyBefore, "seed \(seed)")
          // Every other network of the orbit has more.
          let moved = a.network.disguised(by: Disguise(logRange: 0.01), using: &rng)
          #expect(
            moved.balanced(by: balancing, tolerance: 1e-14).energyBefore > a.energyAfter, "seed \(seed)")
        }
      }
      let open = network.balanced(by: NormBalancing(includesOutputLayer: false), tolerance: 1e-14)
      #expect(open.imbalance < 1e-12, "seed \(seed)")
      #expect(open.factors[2].allSatisfy { $0 == 1 }, "seed \(seed)")
      #expect(!(open.network.balanced(tolerance: 0, maximumCycles: 1).residual < 1e-3), "seed \(seed)")
    }
  }

  @Test("Powers of two keep the function: proved identical, also with skip blocks")
  func exact() throws {
    try forEachSeed(0..<4) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
        .disguised(by: Disguise(logRange: 2, powersOfTwo: true), using: &rng)
      let balanced = network.balanced(tolerance: 1e-12, powersOfTwo: true)
      #expect(balanced.network != network && balanced.energyAfter < balanced.energyBefore, "seed \(seed)")
      // At most ln 4.
      #expect(balanced.imbalance <= 1.3862943611198907, "seed \(seed)")
      let verdict = try network.compared(with: balanced.network).verdict
      #expect(verdict == .equivalent(.identical), "seed \(seed)")
      #expect(network.rescaling(to: balanced.network).rescaling != nil, "seed \(seed)")
    }
    // The output reads both hidden layers: 2 + 1 neurons, a factor each.
    let skip = Network(
      inputCount: 1,
      layers: [
        Network.Layer(weights: Matrix(rows: 2, columns: 1, elements: [64, 3]), bias: [1, -2], reading: 0),
        Network.Layer(weights: Matrix(rows: 1, columns: 2, elements: [5, 0.25]), bias: [0.5], reading: 1),
        Network.Layer(
          blocks: [
            Network.Block(source: 1, weights: ExactMatrix(Matrix(rows: 1, columns: 2, elements: [1, -7]))),
            Network.Block(source: 2, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [0.125]))),
          ], bias: ExactMatrix(column: [1])),
      ])
    let near = skip.balanced(tolerance: 1e-14)
    #expect(near.imbalance < 1e-13)
    let exact = skip.balanced(tolerance: 1e-14, powersOfTwo: true)
    #expect(exact.network != skip)
    #expect(skip.rescaling(to: exact.network).rescaling != nil)
    #expect(zip(near.factors.joined(), exact.factors.joined()).allSatisfy { (0.7...1.42).contains($1 / $0) })
  }

  @Test("Neurons that nothing reads or that read nothing keep their scale; huge entries do not overflow")
  func degenerate() {
    let network = Network(
      weights: [[[1e200, 0], [0, 0], [1, 1]], [[1e-180, 1, 0]]], biases: [[0, 0, 1], [0]])
    let balanced = network.balanced(tolerance: 1e-12)
    #expect(balanced.factors[0][1] == 1 && balanced.factors[0][2] == 1)
    #expect(close(weights(balanced.network), [1e10, 1e10], 1e-9))
    #expect(balanced.network.layers[1].blocks[0].weights.nearest[0, 1] == 1)
  }
}
