import Complexes
import ExactArithmetic
import Networks
import Testing
import _TestSupport

/// Two inputs, compared with polygons cut in rational arithmetic: see ``PlanarReference``.
@Suite("Linear regions in the plane")
struct LinearRegionTests {
  /// Compares patterns, maps, pieces and the area.
  private func compare(_ network: Network, size: Double, _ comment: String) throws {
    let reference = PlanarReference(network, size: size)
    #expect(reference.area == Rational(Dyadic(4 * size * size)), "the reference itself: \(comment)")
    let complex = try PolyhedralComplex(network, on: .cube(2, -size, size), threads: 1)
    let maps = Dictionary(uniqueKeysWithValues: zip(reference.cells.map(\.pattern), reference.maps))
    #expect(maps.count == complex.regionCount, "\(comment)")
    for region in 0..<complex.regionCount {
      let pattern = network.hiddenNeurons.map { complex.isActive($0, on: region) }
      let exact = complex.exactMaps(on: region)
      #expect(maps[pattern] == exact, "\(comment)")
      for (output, form) in exact.enumerated() {
        let rounded = complex.map(ofOutput: output, on: region)
        #expect(zip(rounded, form).allSatisfy { ($0 - $1.nearestDouble).magnitude < 1e-9 }, "\(comment)")
      }
    }
    let linear = complex.linearRegions()
    #expect(linear.count == reference.pieceCount, "\(comment)")
    #expect(Set(linear.ofActivationRegion) == Set(0..<linear.count), "\(comment)")
    #expect(abs(area(of: complex) - 4 * size * size) < 1e-9, "\(comment)")
  }

  /// The area of all regions: of each its vertices in the order of their angles.
  private func area(of complex: PolyhedralComplex) -> Double {
    (0..<complex.regionCount).reduce(0) { sum, region in
      let centre = complex.interiorPoint(of: region)
      let points = complex.vertices(of: region).map { vertex in
        let x = Array(complex.coordinates(of: Int(vertex)))
        return (x[0] - centre[0], x[1] - centre[1])
      }.sorted { a, b in
        // By half-plane, then by the turn from one to the other.
        let (upperA, upperB) = (a.1 > 0 || a.1 == 0 && a.0 > 0, b.1 > 0 || b.1 == 0 && b.0 > 0)
        return upperA == upperB ? a.0 * b.1 - a.1 * b.0 > 0 : upperA
      }
      let twice = points.indices.reduce(0) { twice, i in
        let (p, q) = (points[i], points[(i + 1) % points.count])
        return twice + p.0 * q.1 - q.0 * p.1
      }
      return sum + twice / 2
    }
  }

  @Test("Degenerate networks with skips", arguments: [[2, 3, 3, 1], [2, 4, 2, 2], [2, 2, 2, 2, 1]])
  func degenerate(widths: [Int]) throws {
    try forEachSeed(0..<25) { seed, rng in
      let network = Network.degenerate(widths: widths, skips: seed.isMultiple(of: 2), using: &rng)
      try compare(network, size: 2, "seed \(seed)")
    }
  }

  @Test("Larger networks in general position and with rounded thirds")
  func generic() throws {
    try forEachSeed(0..<2) { seed, rng in
      try compare(.random(widths: [2, 8, 6, 1], using: &rng), size: 1, "seed \(seed)")
      try compare(
        .random(widths: [2, 6, 6, 2], denominator: 3, using: &rng), size: 3, "seed \(seed), thirds")
    }
  }

  @Test("Walls that cancel: |x| + |y| built twice and subtracted")
  func cancellingWalls() throws {
    let axes: [[Double]] = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    let zero = Network(
      weights: [axes + axes, [[1, 1, 1, 1, -1, -1, -1, -1]]], biases: [Array(repeating: 0, count: 8), [0]])
    let complex = try PolyhedralComplex(zero, on: .cube(2, -1, 1))
    #expect(complex.regionCount == 4)
    #expect(complex.linearRegions().count == 1)
    #expect(complex.linearRegions().isVisible.allSatisfy { !$0 })
    // max(x, y) = y + relu(x − y) has two pieces; written with |x − y| it has the same two.
    let maximum = Network(
      weights: [[[1, -1], [-1, 1], [1, 1], [-1, -1]], [[0.5, 0.5, 0.5, -0.5]]], biases: [[0, 0, 0, 0], [0]])
    let regions = try PolyhedralComplex(maximum, on: .cube(2, -1, 1))
    #expect(regions.regionCount == 4 && regions.linearRegions().count == 2)
  }
}
