import Crease
import Testing
import _TestSupport

@testable import Complexes

@Suite struct RegionVolumeTests {
  @Test func `Exact volumes of the regions of a box sum to its volume`() throws {
    try LawNetworks.forEach(seeds: 0..<3) { name, network in
      let complex = try FoldExamples.complex(network, size: 2)
      var sum = Rational.zero
      for region in 0..<complex.regionCount {
        let exact = try #require(complex.exactVolume(of: region))
        #expect(exact.sign > 0, "\(name)")
        let size = exact.nearestDouble
        #expect((complex.volume(of: region) - size).magnitude < 1e-9 * (1e-3 + size), "\(name)")
        sum = sum + exact
      }
      #expect(sum == Rational(Dyadic(1, exponent: 2 * complex.dimension)), "\(name)")
    }
  }

  @Test func `Exact vertices are where the rounded ones are`() throws {
    try LawNetworks.forEach(seeds: 0..<3) { name, network in
      let complex = try FoldExamples.complex(network, size: 2)
      for vertex in 0..<complex.vertexCount {
        let error = complex.coordinateError(of: vertex) * 1.000001 + 1e-300
        for (exact, rounded) in zip(complex.exactVertex(vertex), complex.coordinates(of: vertex)) {
          let difference = exact - Rational(Dyadic(rounded))
          #expect(difference.nearestDouble.magnitude <= error, "\(name)")
        }
      }
    }
  }

  @Test func `A box cut by one hyperplane has the volumes one expects`() throws {
    // x + y + z = 0 cuts [−1, 1]³ in half, along a regular hexagon of area 3√3.
    let network = Network(weights: [[[1, 1, 1]], [[1]]], biases: [[0], [0]])
    let complex = try FoldExamples.complex(network, size: 1)
    #expect(complex.regionCount == 2)
    for region in 0..<2 {
      #expect(complex.exactVolume(of: region) == Rational(Dyadic(4)))
      #expect((complex.volume(of: region) - 4).magnitude < 1e-14)
    }
    let wall = try #require((0..<complex.wallCount).first { !complex.isBoundary($0) })
    #expect((complex.volume(ofWall: wall) - 3 * 3.0.squareRoot()).magnitude < 1e-14)
    #expect(complex.ridges().count == 12 + 6 + 6)
  }

  @Test func `Unbounded regions have no exact volume`() throws {
    let network = FoldExamples.maximumOfTwo
    let complex = try PolyhedralComplex(network, on: SubdivisionDomain(space: 2), threads: 1)
    for region in 0..<complex.regionCount {
      #expect(complex.exactVolume(of: region) == nil)
      #expect(complex.volume(of: region) == .infinity)
    }
    for wall in 0..<complex.wallCount { #expect(complex.volume(ofWall: wall) == .infinity) }
    for vertex in 0..<complex.vertexCount where complex.isDirection(vertex) {
      let exact = complex.exactVertex(vertex).map(\.nearestDouble)
      let rounded = Array(complex.coordinates(of: vertex))
      let (product, cross) = (
        exact[0] * rounded[0] + exact[1] * rounded[1], exact[0] * rounded[1] - exact[1] * rounded[0]
      )
      #expect(product > 0 && cross.magnitude < 1e-15 * product)
    }
  }
}
