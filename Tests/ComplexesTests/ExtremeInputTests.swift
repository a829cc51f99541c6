import Complexes
import ExactArithmetic
import Foundation
import Networks
import Polyhedra
import Testing
import _TestSupport

@Suite("Extreme inputs")
struct ExtremeInputTests {
  @Test("A sum that overflows on its way does not decide a sign")
  func overflowOnTheWay() throws {
    // 2e8 − 1.7e8 − 1.7e8 < 0, but the first product is beyond the range of doubles.
    let network = Network(weights: [[[2e8, -1.7e8, -1.7e8]], [[1]]], biases: [[0], [0]])
    try expectSlowRegions(network, on: .cube(3, 1e300, 1.0000001e300))
    let heavy = Network(weights: [[[2e298, -1.7e298, -1.7e298]], [[1]]], biases: [[0], [0]])
    try expectSlowRegions(heavy, on: .cube(3, 1e10, 1.0000001e10))
  }

  @Test("A neuron beyond the range of doubles leaves the bounds of others intact")
  func infiniteNeighbour() throws {
    // ((0.1 + 0.2) − s) + e in doubles is e > 0; exactly it is negative.
    let sum = 0.1 + 0.2
    let row = [0, 0.1, 0.2, -sum, 0x1p-56]
    let network = Network(
      weights: [[[1e308, 1e308], [1, 1], [1, 1], [1, 1], [1, 1]], [row], [[1]]],
      biases: [[0, 0, 0, 0, 0], [0], [0]])
    let complex = try expectSlowRegions(network, on: .cube(2, 1, 2))
    #expect(!complex.isActive(Neuron(layer: 2, index: 0), on: 0))
  }

  @Test("Interpolation along a very long edge bounds its error")
  func longEdge() throws {
    let far = 0x1p420
    let steep = 0x1p95
    // Exactly 2^95 x − 298: in doubles the two ones are lost beside 2^53, and it is 2^95 x − 300.
    let lossy: [Double] = [steep, 1, 1, -0x1p53, -300]
    let sharp: [Double] = [steep, -299, 0, 0, 0]
    for sign in [1.0, -1] {
      let network = Network(
        weights: [
          [[1], [0], [0], [0], [0]], [lossy.map { sign * $0 }, sharp.map { sign * $0 }], [[1, 1]],
        ],
        biases: [[0, 1, 1, 1, 1], [sign * 0x1p53, 0], [0]])
      let complex = try expectSlowRegions(network, on: .cube(1, 0, far))
      #expect(complex.regionCount == 3)
    }
  }

  @Test("Weights, biases and boxes of every size", arguments: [1, 2])
  func everySize(dimension: Int) throws {
    let sizes = [0x1p-1074, 1e-308, 1e-300, 0x1p-537, 1e-160, 1e-30, 1, 1e30, 1e150, 1e160, 1e300, 1e308]
    try forEachSeed(0..<40) { seed, rng in
      func entry() -> Double {
        Double(Int.random(in: -2...2, using: &rng)) / 2 * sizes[Int.random(in: 0..<sizes.count, using: &rng)]
      }
      let widths = [dimension, 3, 2, 1]
      let network = Network(
        weights: (1...3).map { l in (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in entry() } } },
        biases: (1...3).map { l in (0..<widths[l]).map { _ in entry() } })
      let size = sizes[Int.random(in: 0..<sizes.count, using: &rng)]
      try expectSlowRegions(network, on: .cube(dimension, -size, size), "seed \(seed)")
      try expectSlowRegions(network, on: .cube(dimension, size, size.nextUp), "seed \(seed), narrow")
    }
  }

  @Test("A box that is a point, and a network without hidden layers")
  func points() throws {
    let network = Network(weights: [[[1, 1], [1, -1]], [[1, 1]]], biases: [[0, 0], [0]])
    let point = SubdivisionDomain(box: [Interval(1), Interval(2)])
    let subdivision = Subdivision(network, on: point)
    #expect(subdivision.domain.dimension == 0)
    #expect(try subdivision.count(allFaces: true).fVector == [1])
    let complex = try subdivision.complex()
    #expect(complex.regionCount == 1 && complex.vertexCount == 1 && complex.wallCount == 0)
    #expect(complex.isActive(Neuron(layer: 1, index: 0), on: 0))
    #expect(!complex.isActive(Neuron(layer: 1, index: 1), on: 0))

    let linear = Network(weights: [[[1, 2]]], biases: [[3]])
    #expect(try Subdivision(linear, on: .cube(2, -1, 1)).count(allFaces: true).fVector == [4, 4, 1])
    #expect(try Subdivision(linear, on: SubdivisionDomain(space: 2)).count().activationRegions == 1)
    let whole = try Subdivision(linear, on: .cube(2, -1, 1)).complex()
    #expect(whole.regionCount == 1 && whole.linearRegions().count == 1)
    #expect(Array(whole.map(ofOutput: 0, on: 0)) == [1, 2, 3])
  }

  @Test("All of space where no neuron depends on the input")
  func constantOnSpace() throws {
    let zero = Network(weights: [[[0, 0], [0, 0]], [[1, 1]]], biases: [[1, -1], [0]])
    #expect(try Subdivision(zero, on: SubdivisionDomain(space: 2)).count().activationRegions == 1)
    // Three parallel strips: none of them is bounded.
    let strips = Network(weights: [[[1, 0], [1, 0]], [[1, 1]]], biases: [[0, -1], [0]])
    let count = try Subdivision(strips, on: SubdivisionDomain(space: 2)).count()
    #expect(count.activationRegions == 3 && count.unboundedRegions == 3)
    try expectSlowRegions(zero, on: .cube(2, -1, 1))
    let nothing = Network(weights: [[[0, 0], [0, 0]], [[0, 0]]], biases: [[0, 0], [0]])
    let complex = try expectSlowRegions(nothing, on: .cube(2, -1, 1))
    #expect(complex.vanishingNeurons(of: 0).count == 2)
  }

  @Test("A half-space that is no constraint, or leaves nothing")
  func trivialHalfSpaces() throws {
    let network = Network(weights: [[[1, 1], [1, -1]], [[1, 1]]], biases: [[0, 0], [0]])
    let square = [Interval(-1, 1), Interval(-1, 1)]
    func regions(_ halfSpaces: [HalfSpace], _ box: [Interval] = square) throws -> Int {
      try Subdivision(network, on: SubdivisionDomain(box: box, halfSpaces: halfSpaces)).count()
        .activationRegions
    }
    #expect(try regions([HalfSpace(normal: [0.0, 0], offset: 0)]) == 4)
    #expect(try regions([HalfSpace(normal: [0.0, 0], offset: 1)]) == 4)
    #expect(try regions([HalfSpace(normal: [0.0, 0], offset: -1)]) == 0)
    #expect(try regions([HalfSpace(normal: [1.0, 0], offset: 1)]) == 4)
    #expect(try regions([HalfSpace(normal: [1.0, 0], offset: -1)]) == 0)
    // On the segment x = 1 the half-space x ≥ 1 says nothing.
    #expect(try regions([HalfSpace(normal: [1.0, 0], offset: -1)], [Interval(1), Interval(-2, 2)]) == 3)
    let slivers = [HalfSpace(normal: [1.0, 0], offset: 0), HalfSpace(normal: [-1.0, 0], offset: 0)]
    #expect(try regions(slivers) == 0)
  }

  @Test("More facets than a word has bits", arguments: [63, 64, 65, 129])
  func manyFacets(lines: Int) throws {
    // Tangents of the unit circle, rounded: all of them bound the innermost cell.
    let normals = (0..<lines).map { k in
      let angle = 2 * Double.pi * (Double(k) + 0.3) / Double(lines)
      return [cos(angle), cos(angle - .pi / 2)]
    }
    let network = Network(
      weights: [normals, [Array(repeating: 1, count: lines)]],
      biases: [Array(repeating: -1, count: lines), [0]])
    let box = SubdivisionDomain.cube(2, -1.01, 1.01)
    let complex = try Subdivision(network, on: box).complex(threads: 1)
    let inner = try #require(
      (0..<complex.regionCount).first { region in
        complex.network.hiddenNeurons.allSatisfy { !complex.isActive($0, on: region) }
      })
    #expect(complex.walls(of: inner).count == lines && complex.vertices(of: inner).count == lines)
    let counted = try Subdivision(network, on: box).count(allFaces: true)
    #expect(counted.faceCounts == [complex.vertexCount, complex.wallCount, complex.regionCount])
    #expect(counted.eulerCharacteristic == 1)
  }

  @Test("Cubes of dimension 7 and 8, cut once or at every coordinate", arguments: [1, 7, 8])
  func cubes(dimension d: Int) throws {
    let axes = (0..<d).map { c in (0..<d).map { $0 == c ? 1.0 : 0 } }
    let network = Network(
      weights: [axes, [Array(repeating: 1, count: d)]], biases: [Array(repeating: 0, count: d), [0]])
    let box = try Subdivision(network, on: .cube(d, -1, 1)).count(allFaces: d < 8, algorithm: .vertices)
    #expect(box.activationRegions == 1 << d)
    #expect(box.faceCounts[0] == (0..<d).reduce(1) { product, _ in product * 3 })
    #expect(try Subdivision(network, on: SubdivisionDomain(space: d)).count().unboundedRegions == 1 << d)
  }
}
