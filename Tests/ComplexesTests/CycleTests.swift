import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import Complexes

@Suite("Cyclic order of vertices")
struct CycleTests {
  static func box(_ dimension: Int, _ radius: Double) -> SubdivisionDomain {
    SubdivisionDomain(box: Array(repeating: Interval(-radius, radius), count: dimension))
  }

  @Test("the neighbours of a region in the plane are the ends of its walls")
  func planeCyclesFollowWalls() throws {
    try forEachSeed(0..<8) { seed, rng in
      let network = Network.random(widths: [2, 6, 5, 1], denominator: seed % 2 == 0 ? 2 : 64, using: &rng)
      let complex = try PolyhedralComplex(network, on: CycleTests.box(2, 2), threads: 1)
      for region in 0..<complex.regionCount {
        let cycle = complex.cycle(ofRegion: region)
        #expect(Set(cycle) == Set(complex.vertices(of: region)), "seed \(seed)")
        let ends = Set(complex.walls(of: region).map { Set(complex.vertices(ofWall: Int($0))) })
        #expect(Set(sides(of: cycle)) == ends, "seed \(seed), region \(region)")
        #expect(area(of: cycle, in: complex) >= 0, "seed \(seed), region \(region)")
      }
    }
  }

  @Test("unbounded regions of the plane close up at infinity")
  func unboundedRegions() throws {
    // Two crossing lines: four quadrants, each with one vertex and two directions.
    let network = Network(weights: [[[1, 0], [0, 1]], [[1, 1]]], biases: [[0, 0], [0]])
    let complex = try PolyhedralComplex(network, on: SubdivisionDomain(space: 2), threads: 1)
    #expect(complex.regionCount == 4)
    for region in 0..<4 {
      let cycle = complex.cycle(ofRegion: region)
      #expect(cycle.count == 3)
      #expect(cycle.filter { complex.isDirection(Int($0)) }.count == 2)
    }
  }

  @Test("edges of the walls of a region in space are each in two of its walls")
  func spaceCyclesAreSurfaces() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 1], denominator: seed % 2 == 0 ? 1 : 64, using: &rng)
      let complex = try PolyhedralComplex(network, on: CycleTests.box(3, 2), threads: 1)
      for region in 0..<complex.regionCount {
        var seen: [Set<Int32>: Int] = [:]
        for wall in complex.walls(of: region) {
          let cycle = complex.cycle(ofWall: Int(wall))
          #expect(Set(cycle) == Set(complex.vertices(ofWall: Int(wall))))
          for side in sides(of: cycle) { seen[side, default: 0] += 1 }
        }
        #expect(seen.values.allSatisfy { $0 == 2 }, "seed \(seed), region \(region)")
        let euler = complex.vertices(of: region).count - seen.count + complex.walls(of: region).count
        #expect(euler == 2, "seed \(seed), region \(region)")
      }
    }
  }

  @Test(
    "the walls around a region run through each edge once in each sense, and enclose volumes that fill the box"
  )
  func surfacesAreOriented() throws {
    try forEachSeed(0..<4) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 1], denominator: seed % 2 == 0 ? 1 : 64, using: &rng)
      let complex = try PolyhedralComplex(network, on: CycleTests.box(3, 2), threads: 1)
      var total = 0.0
      for region in 0..<complex.regionCount {
        var steps: Set<[Int32]> = []
        for cycle in complex.surface(ofRegion: region) {
          for k in cycle.indices {
            #expect(steps.insert([cycle[k], cycle[(k + 1) % cycle.count]]).inserted, "seed \(seed)")
          }
          let points = cycle.map { Array(complex.coordinates(of: Int($0))) }
          for k in 2..<points.count { total += determinant(points[0], points[k - 1], points[k]) / 6 }
        }
        #expect(steps.allSatisfy { steps.contains([$0[1], $0[0]]) }, "seed \(seed)")
      }
      #expect((total - 64).magnitude < 1e-9, "seed \(seed)")
    }
  }

  private func determinant(_ a: [Double], _ b: [Double], _ c: [Double]) -> Double {
    a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2]
      * (b[0] * c[1] - b[1] * c[0])
  }

  private func sides(of cycle: [Int32]) -> [Set<Int32>] {
    cycle.indices.map { [cycle[$0], cycle[($0 + 1) % cycle.count]] }
  }

  private func area(of cycle: [Int32], in complex: PolyhedralComplex) -> Double {
    let points = cycle.map { Array(complex.coordinates(of: Int($0))) }
    return points.indices.reduce(0) { sum, i in
      let (a, b) = (points[i], points[(i + 1) % points.count])
      return sum + a[0] * b[1] - a[1] * b[0]
    }
  }
}
