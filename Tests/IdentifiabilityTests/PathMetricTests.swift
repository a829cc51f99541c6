import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Path metrics, costs and activations")
struct PathMetricTests {
  /// Σ over all paths of a combination of the entries of two networks.
  private func sum(_ a: Network, _ b: Network, _ combine: (Dyadic, Dyadic) -> Dyadic) -> Dyadic {
    zip(SlowPaths.entries(a), SlowPaths.entries(b)).reduce(.zero) { $0 + combine($1.0.value, $1.1.value) }
  }

  /// The network with parameters changed one by one.
  private func changed(_ network: Network, _ change: (Dyadic) -> Dyadic) -> Network {
    let parameters = network.parameters
    return network.with(
      parameters: Parameters(layout: parameters.layout, values: parameters.values.map(change)))
  }

  @Test("T-03: inner products and ℓ2 distances are the sums over paths, exactly")
  func innerProducts() throws {
    try forEachSeed(0..<30) { seed, rng in
      let a = Network.randomResidual([3, 4, 3, 2], zeros: 2, using: &rng)
      let b = changed(a) { _ in Dyadic(Int64.random(in: -8...8, using: &rng), exponent: -2) }
      let metric = try PathEmbedding(of: a).metric(to: PathEmbedding(of: b))
      #expect(metric.innerProduct == sum(a, b) { $0 * $1 }, "seed \(seed)")
      let squared = sum(a, b) { ($0 - $1) * ($0 - $1) }
      #expect(metric.squaredDistance == squared, "seed \(seed)")
      let root = metric.distance.value
      #expect(Dyadic(root.lower) * Dyadic(root.lower) <= squared, "seed \(seed)")
      #expect(squared <= Dyadic(root.upper) * Dyadic(root.upper), "seed \(seed)")
    }
  }

  @Test("T-12: ordered parameters give the ℓ1 metric exactly, others a bound above it")
  func manhattan() throws {
    var rules: Set<String> = []
    try forEachSeed(0..<60) { seed, rng in
      let a = Network.randomResidual([2, 3, 3, 2], using: &rng)
      let b = changed(a) { value in
        let share = Dyadic(Int64.random(in: 0...4, using: &rng), exponent: -2)
        switch seed % 3 {
        case 0: return value * share
        case 1: return value * share.scaled(byPowerOfTwo: 1)
        default: return Int.random(in: 0..<5, using: &rng) == 0 ? -value * share : value * share
        }
      }
      let truth = sum(a, b) { ($0 - $1).magnitude }
      let (first, second) = (PathEmbedding(of: a), PathEmbedding(of: b))
      for metric in [try first.metric(to: second), try second.metric(to: first)] {
        let lower = try #require(metric.manhattan.lower?.exactPower)
        let upper = metric.manhattan.upper.exactPower ?? Dyadic(metric.manhattan.upper.value.upper)
        #expect(lower <= truth && truth <= upper, "seed \(seed)")
        if case .ordered = metric.manhattan.rule { #expect(lower == upper, "seed \(seed)") }
        rules.insert("\(metric.manhattan.rule)".prefix(4).description)
        // The bound of the functions, at inputs.
        for x in a.randomInputs(5, using: &rng) {
          let gap = zip(a.exactOutputs(at: x), b.exactOutputs(at: x)).reduce(Dyadic.zero) {
            $0 + ($1.0 - $1.1).magnitude
          }
          let size = x.reduce(1) { max($0, $1.magnitude) }
          #expect(gap <= upper * Dyadic(size), "seed \(seed)")
        }
        // Rounded up, with the sums that comparisons use.
        let rounded = try first.metric(to: second, exactLimit: 0).manhattan
        let best = try first.metric(to: second).manhattan.upper
        let exact = best.exactPower ?? Dyadic(best.value.upper)
        #expect(rounded.lower == nil)
        let above = rounded.upper.value.upper
        #expect(Dyadic(above) >= exact && above <= 1e-9 + 1.000001 * exact.nearestDouble, "seed \(seed)")
      }
    }
    #expect(rules == ["orde", "same", "oppo"])
  }

  @Test("Φ and the signs together decide rescaling, and Φ alone does not")
  func completeInvariant() throws {
    try forEachSeed(0..<60) { seed, rng in
      // No zeros: the parameters are not degenerate.
      let a = changed(Network.randomResidual([2, 3, 3, 2], using: &rng)) { $0.isZero ? .one : $0 }
      let factors = a.randomFactors(using: &rng)
      let b = a.rescaled(factors)
      let same = try PathEmbedding(of: a).metric(to: PathEmbedding(of: b))
      #expect(same.hasEqualEmbeddings, "seed \(seed)")
      let found = try #require(same.rescaling.rescaling, "seed \(seed)")
      #expect(found.factors == factors.map { $0.map { Rational(Dyadic($0)) } }, "seed \(seed)")
      #expect(same.functionBound.isZero && same.distance.isZero, "seed \(seed)")

      // A negative factor leaves Φ, not the signs.
      var negative = factors
      negative[1][0] *= -1
      let turned = try PathEmbedding(of: a).metric(to: PathEmbedding(of: a.rescaled(negative)))
      #expect(turned.hasEqualEmbeddings && turned.rescaling.rescaling == nil, "seed \(seed)")

      // Another value leaves signs, not Φ.
      var parameters = b.parameters
      let index = Int.random(in: 0..<parameters.count, using: &rng)
      parameters.values[index] = parameters.values[index] * Dyadic(3)
      let other = try PathEmbedding(of: a).metric(to: PathEmbedding(of: b.with(parameters: parameters)))
      #expect(!other.hasEqualEmbeddings && other.rescaling.rescaling == nil, "seed \(seed), \(index)")
    }
  }

  @Test("The bound of the functions does not mind rescaling, up to rounding")
  func alignedBound() throws {
    try forEachSeed(0..<20) { seed, rng in
      let a = changed(Network.randomResidual([3, 4, 4, 2], using: &rng)) { $0.isZero ? .one : $0 }
      // Thirds: entries are rounded, so this is no rescaling, but nearly one.
      let b = a.rescaled(a.randomFactors(using: &rng).map { $0.map { ($0 / 3) } })
      let metric = try PathEmbedding(of: a).metric(to: PathEmbedding(of: b))
      #expect(metric.manhattan.isAligned && metric.rescaling.rescaling == nil, "seed \(seed)")
      let norm = try PathEmbedding(of: a).norm(1).total.value.upper
      let bound = metric.functionBound.value.upper
      #expect(bound > 0 && bound < 1e-12 * norm, "seed \(seed)")
      #expect(Dyadic(bound) >= sum(a, b) { ($0 - $1).magnitude }, "seed \(seed)")
      // One entry off: the bound sees that entry, not the scales.
      var parameters = a.parameters
      let index = Int.random(in: 0..<parameters.count, using: &rng)
      parameters.values[index] = parameters.values[index] * Dyadic(1.0625)
      let c = a.with(parameters: parameters)
      let d = c.rescaled(a.randomFactors(using: &rng))
      let plain = try PathEmbedding(of: a).metric(to: PathEmbedding(of: d))
      let truth = sum(a, c) { ($0 - $1).magnitude }
      let upper = plain.functionBound.value.upper
      #expect(Dyadic(upper) >= truth && upper <= 0.5 * norm, "seed \(seed)")
    }
  }

  @Test("T-04: the Gram matrix without paths is that of the rows, and its rank that of the rows")
  func gram() throws {
    try forEachSeed(0..<30) { seed, rng in
      let network = Network.randomResidual(
        [2, 3, 3, 2].prefix(Int.random(in: 2...4, using: &rng)).map { $0 }, zeros: 1, using: &rng)
      let inputs = (0..<Int.random(in: 1...24, using: &rng)).map { _ in
        (0..<2).map { _ in Double(Int.random(in: -3...3, using: &rng)) }
      }
      let alpha = PathActivations(of: network, at: inputs)
      let paths = SlowPaths.entries(network, output: 0).map(\.path)
      let rows = inputs.indices.map { i in paths.map { alpha.value(of: $0, at: i) } }
      let gram = rows.map { a in rows.map { b in zip(a, b).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 } } }
      let found = try alpha.gram()
      #expect(found == gram, "seed \(seed)")
      #expect(try alpha.rank().value == ExactElimination.rank(of: rows), "seed \(seed)")
      #expect(try alpha.satisfiesFactorization(limit: 10_000), "seed \(seed)")
    }
  }

  @Test("T-05: path costs of N1, and what comes in equals what goes out")
  func costs() throws {
    let example = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
    let found = try PathEmbedding(of: example).costs()
    #expect(found.weights.map(\.magnitude.value.lower) == [2, 4, 3, 1, 8, 5])
    #expect(found.biases.map(\.magnitude.value.lower) == [2, 1, 0.5])
    #expect(found.ranking == [4, 5, 1, 2, 0, 3])

    try forEachSeed(0..<30) { seed, rng in
      let network = Network.randomResidual([3, 4, 3, 2], zeros: 2, using: &rng)
      let embedding = PathEmbedding(of: network)
      let costs = try embedding.costs()
      var incoming: [Neuron: Dyadic] = [:]
      var outgoing: [Neuron: Dyadic] = [:]
      for cost in costs.weights + costs.biases {
        let size = try #require(cost.magnitude.exactPower)
        switch cost.name {
        case .weight(let layer, let row, let source, let column):
          incoming[Neuron(layer: layer, index: row), default: .zero] =
            size + incoming[Neuron(layer: layer, index: row), default: .zero]
          outgoing[Neuron(layer: source, index: column), default: .zero] =
            size + outgoing[Neuron(layer: source, index: column), default: .zero]
        case .bias(let layer, let row):
          incoming[Neuron(layer: layer, index: row), default: .zero] =
            size + incoming[Neuron(layer: layer, index: row), default: .zero]
        }
      }
      for (position, layer) in network.hiddenLayers.enumerated() {
        for index in 0..<layer.width {
          let neuron = Neuron(layer: position + 1, index: index)
          #expect(incoming[neuron] ?? .zero == outgoing[neuron] ?? .zero, "seed \(seed): \(neuron)")
        }
      }
      // By the definition: the paths that use the weight.
      let entries = try embedding.entries(limit: 10_000)
      for cost in costs.weights {
        guard case .weight(let layer, let row, let source, let column) = cost.name else { continue }
        let through = entries.filter { entry in
          let places =
            (entry.path.input.map { [Neuron(layer: 0, index: $0)] } ?? []) + entry.path.neurons
            + [Neuron(layer: 3, index: entry.path.output)]
          return zip(places, places.dropFirst()).contains {
            $0 == (Neuron(layer: source, index: column), Neuron(layer: layer, index: row))
          }
        }
        #expect(
          cost.magnitude.exactPower == through.reduce(.zero) { $0 + $1.value.magnitude }, "seed \(seed)")
      }
      // Rescaling moves no cost; rounding encloses it.
      let moved = try PathEmbedding(of: network.rescaled(network.randomFactors(using: &rng))).costs()
      let rounded = try embedding.costs(exactLimit: 0)
      for (k, cost) in costs.weights.enumerated() {
        #expect(cost.magnitude == moved.weights[k].magnitude, "seed \(seed)")
        let exact = try #require(cost.magnitude.exactPower)
        if exact.isZero {
          #expect(rounded.weights[k].magnitude.isZero)
        } else {
          let value = rounded.weights[k].magnitude.value
          #expect(Dyadic(value.lower) <= exact && exact <= Dyadic(value.upper), "seed \(seed)")
          #expect(value.upper - value.lower < 1e-12 * value.upper, "seed \(seed)")
        }
      }
      #expect(costs.ranking == moved.ranking, "seed \(seed)")
    }
  }

  @Test("Neurons on a kink count as not active, and the product is the same")
  func kinks() throws {
    let network = Network(weights: [[[1, 1], [1, 0]], [[1, 2]]], biases: [[-0.75, 0], [0.5]])
    let alpha = PathActivations(of: network, at: [[0.5, 0.25], [-1, 0], [0, 1]])
    #expect(alpha.kinks == 2)
    #expect(try alpha.satisfiesFactorization(limit: 100))
  }
}
