/// The faces of every dimension of a complex of dimension at most 3, and which bounds which.
///
/// Faces of dimension 0 are numbered as the vertices of the complex, recession directions included, though these are no
/// faces; those of dimension d − 1 ≥ 1 as its walls, those of dimension d as its regions. The edges of a complex in
/// space, which the complex does not number, are numbered in the order in which its walls meet them. Faces at infinity
/// are left out.
///
/// - Exactness: exact, regions in degenerate position included.
public struct ComplexFaces: Sendable {
  /// The dimension of the complex.
  public let dimension: Int
  /// For each dimension and face the faces one dimension lower that bound it.
  let boundaries: [IndexLists]
  /// For each dimension and face its vertices; around a polygon in cyclic order.
  let vertexLists: [IndexLists]
  /// For each vertex whether it is a recession direction.
  let isDirection: [Bool]

  /// The faces of a complex.
  ///
  /// - Requires: dimension 1, 2 or 3.
  /// - Complexity: O(Σ n²) comparisons of signs over the polygons, n the number of their vertices.
  public init(_ complex: PolyhedralComplex) {
    precondition((1...3).contains(complex.dimension), "faces in dimension \(complex.dimension)")
    dimension = complex.dimension
    isDirection = (0..<complex.vertexCount).map { complex.isDirection($0) }
    var vertices = IndexLists()
    var nothing = IndexLists()
    for vertex in 0..<complex.vertexCount {
      vertices.append(Int32(vertex))
      vertices.endList()
      nothing.endList()
    }
    var boundaries = [nothing]
    var vertexLists = [vertices]
    func add(_ count: Int, boundary: (Int) -> ArraySlice<Int32>, vertices: (Int) -> [Int32]) {
      var facets = IndexLists()
      var corners = IndexLists()
      for face in 0..<count {
        facets.append(list: boundary(face))
        corners.append(list: vertices(face))
      }
      boundaries.append(facets)
      vertexLists.append(corners)
    }
    if dimension == 3 {
      let (edges, polygons, cycles) = ComplexFaces.edges(of: complex, isDirection: isDirection)
      add(edges.count, boundary: { edges[$0] }, vertices: { Array(edges[$0]) })
      add(complex.wallCount, boundary: { polygons[$0] }, vertices: { Array(cycles[$0]) })
    } else if dimension == 2 {
      let ends = (0..<complex.wallCount).map { complex.vertices(ofWall: $0) }
      add(complex.wallCount, boundary: { ends[$0][...] }, vertices: { ends[$0] })
    }
    add(
      complex.regionCount,
      boundary: { complex.dimension == 1 ? complex.vertices(of: $0) : complex.walls(of: $0) },
      vertices: { complex.dimension == 2 ? complex.cycle(ofRegion: $0) : Array(complex.vertices(of: $0)) })
    self.boundaries = boundaries
    self.vertexLists = vertexLists
  }

  /// The number of faces of a dimension; recession directions count among those of dimension 0.
  public func count(ofDimension k: Int) -> Int { boundaries[k].count }

  /// The number of faces of each dimension from 0 to d, recession directions not counted.
  public var fVector: [Int] {
    (0...dimension).map { $0 == 0 ? isDirection.count { !$0 } : count(ofDimension: $0) }
  }

  /// The faces one dimension lower that bound a face; for a ray its vertex and its direction.
  public func boundary(of face: Int, dimension k: Int) -> ArraySlice<Int32> { boundaries[k][face] }

  /// The vertices and recession directions of a face; those of a polygon in cyclic order.
  public func vertices(of face: Int, dimension k: Int) -> ArraySlice<Int32> { vertexLists[k][face] }

  /// Whether a face is bounded.
  public func isBounded(_ face: Int, dimension k: Int) -> Bool {
    !vertexLists[k][face].contains { isDirection[Int($0)] }
  }

  /// The edges of a complex in space by their ends, the edges of each wall, and the vertices around each wall.
  private static func edges(
    of complex: PolyhedralComplex, isDirection: [Bool]
  ) -> (edges: IndexLists, ofWalls: IndexLists, cycles: IndexLists) {
    var table = KeyTable(width: 1)
    var edges = IndexLists()
    var polygons = IndexLists()
    var cycles = IndexLists()
    for wall in 0..<complex.wallCount {
      let cycle = complex.cycle(ofWall: wall)
      var previous = cycle[cycle.count - 1]
      for vertex in cycle {
        let (low, high) = (min(previous, vertex), max(previous, vertex))
        previous = vertex
        if isDirection[Int(low)], isDirection[Int(high)] { continue }
        var key = UInt64(low) << 32 | UInt64(high)
        let (number, isNew) = table.insert(&key)
        if isNew { edges.append(list: [low, high]) }
        polygons.append(Int32(number))
      }
      polygons.endList()
      cycles.append(list: cycle)
    }
    return (edges, polygons, cycles)
  }
}

extension IndexLists {
  /// Adds a whole list.
  mutating func append(list: some Sequence<Int32>) {
    for value in list { append(value) }
    endList()
  }
}
