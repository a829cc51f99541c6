import Complexes
import ExactArithmetic
import Networks
import Polyhedra
import Testing
import _TestSupport

/// Faces collected one by one, as sets of vertices, against faces counted region by region.
@Suite("Faces")
struct FaceTests {
  /// The numbers of faces of each dimension, from the vertices of all regions and what is zero at each.
  ///
  /// A face of a region is the set of its vertices at which some constraints hold with equality; its dimension is the
  /// length of the longest chain of faces below it.
  private func fVector(_ complex: PolyhedralComplex) -> [Int] {
    var faces: [Set<Set<Int32>>] = Array(repeating: [], count: complex.dimension + 1)
    for region in 0..<complex.regionCount {
      let vertices = Array(complex.vertices(of: region))
      let zeros = vertices.map { vertex in
        Set(complex.neurons(ofVertex: Int(vertex)).map(\.description))
          .union(complex.sides(ofVertex: Int(vertex)).map { "side \($0)" })
      }
      var closed = Set(zeros)
      var fresh = closed
      while !fresh.isEmpty {
        let meets = Set(fresh.flatMap { set in zeros.map { $0.intersection(set) } })
        fresh = meets.subtracting(closed)
        closed.formUnion(fresh)
      }
      let sets = closed.map { set in
        Set(vertices.indices.filter { set.isSubset(of: zeros[$0]) }.map { vertices[$0] })
      }.sorted { $0.count < $1.count }
      var dimensions: [Int] = []
      for (position, face) in sets.enumerated() {
        let below = (0..<position).filter { sets[$0].isStrictSubset(of: face) }.map { dimensions[$0] + 1 }
        dimensions.append(below.max() ?? 0)
        // Faces at infinity do not count.
        if !face.allSatisfy({ complex.isDirection(Int($0)) }) { faces[dimensions[position]].insert(face) }
      }
    }
    return faces.map(\.count)
  }

  private func compare(_ network: Network, _ domain: SubdivisionDomain, _ comment: String) throws {
    let subdivision = Subdivision(network, on: domain)
    let complex: PolyhedralComplex
    do { complex = try subdivision.complex(threads: 1) } catch SubdivisionError.notPointed { return }
    let count = try subdivision.count(allFaces: true, threads: 1)
    let few = try subdivision.count(threads: 1)
    let d = complex.dimension
    #expect(count.activationRegions == complex.regionCount, "\(comment)")
    #expect(few.activationRegions == complex.regionCount, "\(comment)")
    // Regions on a slice of the coordinates that matter are products with whole lines.
    let isProduct = !domain.isBounded && d < domain.dimension
    let unbounded = (0..<complex.regionCount).count { isProduct || !complex.isBounded($0) }
    #expect(count.unboundedRegions == unbounded, "\(comment)")
    #expect(few.faceCounts[0] == count.faceCounts[0], "\(comment)")
    if d > 0 {
      #expect(few.faceCounts[d - 1] == count.faceCounts[d - 1], "\(comment)")
      #expect(count.faceCounts[d - 1] == complex.wallCount, "\(comment)")
    }
    #expect(count.fVector == fVector(complex), "\(comment)")
    guard complex.regionCount > 0 else { return }
    // A box is a ball; what is open at infinity has the number of a cell, (−1)^d, unless a half-space cuts it.
    if domain.isBounded { #expect(count.eulerCharacteristic == 1, "\(comment)") }
    if !domain.isBounded, domain.halfSpaces.isEmpty {
      #expect(count.eulerCharacteristic == (d.isMultiple(of: 2) ? 1 : -1), "\(comment)")
    }
  }

  @Test(
    "Counted and collected",
    arguments: [[1, 4, 2, 1], [2, 4, 3, 1], [2, 2, 2, 2, 1], [3, 3, 2, 1], [3, 4, 1], [4, 4, 1]])
  func counted(widths: [Int]) throws {
    let n = widths[0]
    try forEachSeed(0..<(n > 2 ? 4 : 12)) { seed, rng in
      let network = Network.degenerate(widths: widths, skips: seed.isMultiple(of: 2), using: &rng)
      try compare(network, .cube(n, -1, 1), "seed \(seed), box")
      try compare(network, SubdivisionDomain(space: n), "seed \(seed), space")
      let halfSpaces = (0..<2).map { _ in HalfSpace.random(dimension: n, using: &rng) }
      try compare(network, SubdivisionDomain(space: n, halfSpaces: halfSpaces), "seed \(seed), polyhedron")
      let generic = Network.random(widths: widths, denominator: 1 << 20, using: &rng)
      try compare(generic, .cube(n, -1, 1), "seed \(seed), generic box")
      try compare(generic, SubdivisionDomain(space: n), "seed \(seed), generic space")
    }
  }

  @Test(
    "Regions on the two sides of a wall",
    arguments: [[1, 4, 2, 1], [2, 5, 4, 1], [3, 4, 3, 1], [2, 12, 8, 1]])
  func walls(widths: [Int]) throws {
    try forEachSeed(0..<8) { seed, rng in
      let network =
        seed < 5
        ? Network.degenerate(widths: widths, skips: seed.isMultiple(of: 2), using: &rng)
        : .random(widths: widths, using: &rng)
      let complex = try PolyhedralComplex(network, on: .cube(widths[0], -1, 1))
      for wall in 0..<complex.wallCount {
        let vertices = complex.vertices(ofWall: wall)
        #expect(vertices.count >= complex.dimension, "seed \(seed)")
        let zeros = Set(complex.neurons(of: wall))
        for vertex in vertices { #expect(zeros.isSubset(of: complex.neurons(ofVertex: Int(vertex)))) }
        let (first, second) = complex.regions(of: wall)
        #expect(complex.walls(of: first).contains(Int32(wall)))
        guard let second else {
          // On the boundary of the domain all vertices share a side.
          let sides = vertices.map { Set(complex.sides(ofVertex: Int($0))) }
          #expect(sides.dropFirst().reduce(sides[0]) { $0.intersection($1) }.isEmpty == false, "seed \(seed)")
          #expect(complex.switchingNeurons(of: wall).isEmpty)
          continue
        }
        #expect(complex.walls(of: second).contains(Int32(wall)) && first != second)
        let switching = complex.switchingNeurons(of: wall)
        #expect(!switching.isEmpty && zeros.isSuperset(of: switching), "seed \(seed)")
        // A wall sees both its regions with the same vertices.
        for region in [first, second] {
          #expect(Set(complex.vertices(of: region)).isSuperset(of: vertices), "seed \(seed)")
        }
      }
      let incidences = (0..<complex.regionCount).reduce(0) { $0 + complex.walls(of: $1).count }
      let sided = (0..<complex.wallCount).reduce(0) { $0 + (complex.isBoundary($1) ? 1 : 2) }
      #expect(incidences == sided, "seed \(seed)")
    }
  }
}
