import Crease
import Foundation
import Testing
import _TestSupport

@testable import Identifiability

/// The net N1 of the worked examples.
private let example = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])

/// 1-1-1 with weights w, u and no biases.
private func scalar(_ w: Double, _ u: Double) -> Network {
  Network(weights: [[[w]], [[u]]], biases: [[0], [0]])
}

@Suite("Path embedding")
struct PathEmbeddingTests {
  @Test("T-01: the entries, norms and activations of N1")
  func workedExample() throws {
    let embedding = PathEmbedding(of: example)
    let entries = try embedding.entries(limit: 7)
    #expect(entries.map(\.value.nearestDouble) == [2, -3, -4, -1, 2, 1, 0.5])
    #expect(entries.map(\.path).sorted() == entries.map(\.path))
    #expect(entries[3].path.description == "x1 → h1.1 → y0")
    #expect(entries[4].path.description == "h1.0 → y0" && entries[6].path.description == "β → y0")
    #expect(embedding.pathCount == BigInteger(7))
    let norms = try [0, 1, 2, .infinity].map { try embedding.norm($0).total }
    #expect(norms[0].exactPower == Dyadic(7) && norms[1].exactPower == Dyadic(13.5))
    #expect(norms[2].exactPower == Dyadic(35.25) && norms[2].value.contains(5.937171043518958))
    #expect(norms[3].exactPower == Dyadic(4))
    #expect(try embedding.largestEntries()[0] == entries[2])

    let inputs: [[Double]] = [[1, 0], [0, 2], [-1, 1], [2, 1]]
    let alpha = PathActivations(of: example, at: inputs)
    let rows = inputs.indices.map { i in entries.map { alpha.value(of: $0.path, at: i).nearestDouble } }
    #expect(
      rows == [
        [1, 1, 0, 0, 1, 1, 1], [0, 0, 0, 2, 0, 1, 1], [0, 0, 0, 0, 0, 0, 1], [2, 2, 1, 1, 1, 1, 1],
      ])
    #expect(try alpha.product(limit: 7).map { $0[0].nearestDouble } == [2.5, -0.5, 0.5, -3.5])
    #expect(try alpha.satisfiesFactorization(limit: 7))
    // T-06: R_A = 4.
    #expect(try alpha.rank().value == 4)

    let rescaled = example.rescaled([[2, 0.5]])
    #expect(rescaled != example)
    #expect(try PathEmbedding(of: rescaled).entries(limit: 7) == entries)
  }

  @Test("T-02: equal embeddings of different functions, told apart by signs alone")
  func signs() throws {
    let (a, b) = (scalar(1, 1), scalar(-1, -1))
    let metric = try PathEmbedding(of: a).metric(to: PathEmbedding(of: b))
    #expect(metric.hasEqualEmbeddings && metric.squaredDistance.isZero)
    #expect(
      metric.rescaling == .none(.sign(.weight(layer: 1, row: 0, source: 0, column: 0))))
    #expect(try PathEmbedding(of: a).entries(limit: 3).map(\.value) == [.one])
    #expect([-1.0, 1].map { a.outputs(at: [$0]) } == [[0], [1]])
    #expect([-1.0, 1].map { b.outputs(at: [$0]) } == [[-1], [0]])
    // The distance of the embeddings is 0, the bound of the functions is not: it holds, with its way through zero.
    #expect(metric.manhattan.rule == .oppositeSigns(2) && metric.functionBound.exactPower == Dyadic(2))
  }

  @Test("Paths, counts, norms and largest entries are those of the definition, with skip blocks")
  func definition() throws {
    try forEachSeed(0..<60) { seed, rng in
      let widths = [2, 3, 2, 2, 2].prefix(Int.random(in: 2...5, using: &rng))
      let network = Network.randomResidual(Array(widths), zeros: Int(seed % 4), using: &rng)
      let slow = SlowPaths.entries(network)
      let embedding = PathEmbedding(of: network)
      #expect(
        embedding.pathCount * BigInteger(Int64(network.outputCount)) == BigInteger(Int64(slow.count)),
        "seed \(seed)")
      let nonzero = slow.filter { !$0.value.isZero }
      let entries = try embedding.entries(limit: nonzero.count)
      #expect(entries.map(\.path) == nonzero.map(\.path), "seed \(seed)")
      #expect(entries.map(\.value) == nonzero.map(\.value), "seed \(seed)")
      for q in [1, 2, 4] {
        let power = nonzero.reduce(Dyadic.zero) { sum, entry in
          sum + (0..<q).reduce(Dyadic.one) { product, _ in product * entry.value.magnitude }
        }
        #expect(try embedding.norm(Double(q)).total.exactPower == power, "seed \(seed), q = \(q)")
      }
      #expect(try embedding.norm(0).total.exactPower == Dyadic(Int64(nonzero.count)), "seed \(seed)")
      for (output, largest) in try embedding.largestEntries().enumerated() {
        let size = nonzero.filter { $0.path.output == output }.map(\.value.magnitude).max()
        #expect(largest?.value.magnitude == size, "seed \(seed), output \(output)")
        if let largest { #expect(entries.contains(largest), "seed \(seed)") }
      }
    }
  }

  @Test("Too many paths are counted, not listed")
  func limit() throws {
    var rng = SplitMix64(seed: 1)
    let network = Network.random(widths: [9, 30, 30, 30, 2], using: &rng)
    let embedding = PathEmbedding(of: network)
    #expect(embedding.pathCount == BigInteger(9 * 27_000 + 27_000 + 900 + 30 + 1))
    #expect(throws: PathEmbedding.TooManyPaths.self) { try embedding.entries(limit: 1000) }
  }

  @Test("Rounded norms enclose the exact ones for every order, and agree with the sum over paths")
  func roundedNorms() throws {
    try forEachSeed(0..<20) { seed, rng in
      let network = Network.randomResidual([3, 4, 3, 2], zeros: 1, using: &rng)
      let embedding = PathEmbedding(of: network)
      let entries = try embedding.entries(limit: 10_000).map(\.value.magnitude.nearestDouble)
      for q in [0.3, 0.5, 1, 1.5, 2, 3, 4, 7.25, 16, 100] {
        let norm = try embedding.norm(q, exactLimit: 0)
        #expect(!norm.isExact && norm.outputs.count == 2)
        // Divided by the largest, so that no power overflows.
        let top = entries.max() ?? 1
        let sum = entries.reduce(0) { $0 + pow($1 / top, q) }
        let expected = log10(top) + log10(sum) / q
        #expect(
          (norm.total.log10.lower - 1e-13...norm.total.log10.upper + 1e-13).contains(expected),
          "seed \(seed), q = \(q)")
        #expect(
          norm.total.log10.upper - norm.total.log10.lower < 1e-11 * max(1, 1 / q), "seed \(seed), q = \(q)")
        if let exact = try embedding.norm(q).total.exactPower, q == 1 {
          let value = norm.total.value
          #expect(Dyadic(value.lower) <= exact && exact <= Dyadic(value.upper), "seed \(seed)")
        }
      }
    }
  }

  @Test("Norms far beyond the range of doubles keep their logarithm")
  func hugeNorms() throws {
    let widths = Array(repeating: 3, count: 40)
    var rng = SplitMix64(seed: 5)
    let parameters = Network.random(widths: widths, using: &rng).parameters
    let network = Network.random(widths: widths, using: &rng).with(
      parameters: Parameters(
        layout: parameters.layout, values: parameters.values.map { $0.scaled(byPowerOfTwo: 300) }))
    let embedding = PathEmbedding(of: network)
    for q in [1.0, 2, 4] {
      let exact = try embedding.norm(q).total
      let rounded = try embedding.norm(q, exactLimit: 0).total
      #expect(exact.log10.lower > 3000 && exact.exactPower != nil && exact.value.upper == .infinity)
      #expect(rounded.log10.lower <= exact.log10.upper && exact.log10.lower <= rounded.log10.upper)
      #expect(rounded.log10.upper - rounded.log10.lower < 1e-10)
    }
  }

  @Test("Powers of scaled doubles are within their errors")
  func powers() {
    forEachSeed(0..<200) { seed, rng in
      let value = Double.random(in: 0.001...1000, using: &rng)
      let whole = Int.random(in: 1...40, using: &rng)
      let exact = Dyadic(value).powered(whole)
      let power = ScaledDouble(value).powered(Double(whole))
      let rounded = Dyadic(power.significand).scaled(byPowerOfTwo: power.exponent)
      let slack = exact * Dyadic(ScaledDouble.powerErrors(Double(whole)) * 0x1p-53)
      #expect((rounded - exact).magnitude <= slack, "seed \(seed): \(value)^\(whole)")
      // Eighths: the eighth power of the root is the number again.
      let root = ScaledDouble(value).powered(0.375)
      let back = Dyadic(root.significand).scaled(byPowerOfTwo: root.exponent).powered(8)
      let cube = Dyadic(value).powered(3)
      #expect((back - cube).magnitude <= cube * Dyadic(8 * 300 * 0x1p-53), "seed \(seed): \(value)^0.375")
    }
  }
}
