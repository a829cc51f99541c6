import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import Complexes

@Suite("Laws of topology")
struct TopologyLawTests {
  /// Random networks in two and three dimensions, half of them on a coarse grid, so in degenerate position.
  static func forEachExample(_ body: (_ name: String, _ levels: LevelSets) throws -> Void) throws {
    for dimension in 1...3 {
      try forEachSeed(0..<8) { seed, rng in
        let widths = [dimension, dimension == 3 ? 5 : 8, 4, 1]
        let network = Network.random(widths: widths, denominator: seed % 2 == 0 ? 1 : 64, using: &rng)
        let domain =
          seed % 4 == 3 ? SubdivisionDomain(space: dimension) : TopologyExamples.box(dimension, 2)
        // The level of the centre cuts through the box; that of the grid passes through vertices.
        let centre = network.exactOutputs(at: Array(repeating: 0, count: dimension))[0].nearestDouble
        let levels = try? TopologyExamples.levels(of: network, at: [centre], on: domain)
        if let levels { try body("dimension \(dimension), seed \(seed)", levels) }
      }
    }
  }

  @Test("the box is contractible, and its f-vector agrees with the counts of the search")
  func wholeDomain() throws {
    try TopologyLawTests.forEachExample { name, levels in
      let whole = Subcomplex(of: levels.complex, faces: levels.faces, where: [])
      let topology = whole.topology()
      #expect(topology.components.count == 1, "\(name)")
      #expect(topology.bettiNumbers.dropFirst().allSatisfy { $0 == 0 }, "\(name)")
      let counts = try Subdivision(levels.complex.network, on: levels.complex.domain)
        .count(allFaces: true, threads: 1)
      #expect(counts.fVector == levels.faces.fVector, "\(name)")
    }
  }

  @Test("the boundary of a boundary is zero")
  func boundaryOfBoundary() throws {
    try TopologyLawTests.forEachExample { name, levels in
      let faces = levels.faces
      for k in 2..<max(2, faces.dimension + 1) {
        for face in 0..<faces.count(ofDimension: k) where faces.isBounded(face, dimension: k) {
          var odd: Set<Int32> = []
          for side in faces.boundary(of: face, dimension: k) {
            odd.formSymmetricDifference(faces.boundary(of: Int(side), dimension: k - 1))
          }
          #expect(odd.isEmpty, "\(name)")
        }
      }
    }
  }

  @Test("the sets below and above glue to the contractible domain along the level set")
  func mayerVietoris() throws {
    var fullDimensional = 0
    var disconnected = 0
    try TopologyLawTests.forEachExample { name, levels in
      let (below, level, above) = (
        levels.sublevelSet(0).topology(), levels.levelSet(0).topology(), levels.superlevelSet(0).topology()
      )
      #expect(!level.isEmpty, "\(name)")
      if level.components.contains(where: { $0.dimension == levels.complex.dimension }) {
        fullDimensional += 1
      }
      if level.components.count > 1 { disconnected += 1 }
      for k in level.bettiNumbers.indices {
        let reduced = k == 0 ? 1 : 0
        #expect(
          level.bettiNumbers[k] - reduced
            == below.bettiNumbers[k] + above.bettiNumbers[k] - 2 * reduced, "\(name), b\(k)")
      }
      for topology in [below, level, above] {
        let alternating = topology.bettiNumbers.enumerated().reduce(0) {
          $0 + ($1.offset % 2 == 0 ? $1.element : -$1.element)
        }
        #expect(alternating == topology.eulerCharacteristic, "\(name)")
      }
    }
    #expect(fullDimensional >= 2 && disconnected >= 4)
  }

  @Test("holes of a closed set are the components of its complement that the boundary does not meet")
  func alexanderDuality() throws {
    try TopologyLawTests.forEachExample { name, levels in
      guard levels.complex.dimension > 1 else { return }
      for (closed, open) in [
        (levels.sublevelSet(0), SignCondition.positive), (levels.superlevelSet(0), .negative),
      ] {
        let complement = levels.openComponents(where: [(0, open)])
        let holes = (0..<complement.count).count {
          !complement.touchesBoundary[$0] && complement.isBounded[$0]
        }
        #expect(closed.topology().bettiNumbers.last == holes, "\(name)")
      }
    }
  }

  @Test("homology does not depend on the order of cells")
  func orderOfCells() {
    // The boundary of a tetrahedron, and a triangulated circle beside it, with cells in a shuffled order.
    forEachSeed(0..<20) { seed, rng in
      let triangles: [Set<Int>] = [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]].shuffled(using: &rng)
      let edges: [Set<Int>] = [
        [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [4, 5], [5, 6], [4, 6],
      ].shuffled(using: &rng)
      let vertices = (0..<7).map { Set([$0]) }.shuffled(using: &rng)
      func lists(_ cells: [Set<Int>], over sides: [Set<Int>]) -> IndexLists {
        var lists = IndexLists()
        for cell in cells {
          lists.append(list: sides.indices.filter { sides[$0].isSubset(of: cell) }.map { Int32($0) })
        }
        return lists
      }
      let reduction = ChainReduction(boundaries: [
        lists(vertices, over: []), lists(edges, over: vertices), lists(triangles, over: edges),
      ])
      #expect(reduction.essentialCells.map(\.count) == [2, 1, 1], "seed \(seed)")
    }
  }
}
