/// The facets of one region as sets of its vertices: its shape, without coordinates.
///
/// Sets of vertices are words with a bit for each vertex of the region, in the order in which the region lists them.
/// A facet at infinity is left out, as it is among the walls of a region.
struct RegionShape {
  /// The number of words of a set of vertices.
  private(set) var words = 1
  /// The number of vertices, recession directions included.
  private(set) var vertexCount = 0
  /// The walls and boundary facets of the region, by number.
  private(set) var walls: [Int32] = []
  /// The vertices of the region, by number.
  private(set) var vertices: [Int32] = []
  /// For each facet its vertices.
  private(set) var facets: [UInt64] = []
  /// The vertices that are not recession directions.
  private(set) var finite: [UInt64] = []

  /// The shape of a region.
  init(of region: Int, in complex: PolyhedralComplex) { load(region, of: complex) }

  /// A shape to be loaded.
  init() {}

  /// Reads a region, in the memory of the one before.
  mutating func load(_ region: Int, of complex: PolyhedralComplex) {
    vertices.removeAll(keepingCapacity: true)
    vertices += complex.vertices(of: region)
    walls.removeAll(keepingCapacity: true)
    walls += complex.walls(of: region)
    vertexCount = vertices.count
    words = max(1, (vertexCount + 63) / 64)
    finite.removeAll(keepingCapacity: true)
    finite += repeatElement(0, count: words)
    facets.removeAll(keepingCapacity: true)
    facets += repeatElement(0, count: words * walls.count)
    let width = complex.key.width
    complex.buffer.vertices.words.withUnsafeBufferPointer { vertexKeys in
      complex.buffer.facets.words.withUnsafeBufferPointer { wallKeys in
        guard let vertexKeys = vertexKeys.baseAddress, let wallKeys = wallKeys.baseAddress else { return }
        for (place, vertex) in vertices.enumerated() {
          let bit = UInt64(1) << UInt64(place & 63)
          if !complex.isDirection(Int(vertex)) { finite[place >> 6] |= bit }
          for (facet, wall) in walls.enumerated()
          where complex.isFace(vertexKeys + Int(vertex) * width, of: wallKeys + Int(wall) * width) {
            facets[facet * words + place >> 6] |= bit
          }
        }
      }
    }
  }

  /// The ridges of the region: calls `body` with the two facets and the vertices of each.
  ///
  /// Two facets meet in a ridge when no third one holds all that they have in common: a ridge of a polyhedron lies in
  /// exactly two facets, a smaller face in at least three. Ridges at infinity are left out; those that are not have no
  /// facet at infinity around them.
  ///
  /// - Complexity: O(facets³ · vertices / 64).
  func forEachRidge(_ body: (_ first: Int, _ second: Int, _ vertices: [UInt64]) -> Void) {
    var common = Array(repeating: UInt64(0), count: words)
    for first in walls.indices {
      for second in walls.indices.dropFirst(first + 1) {
        var isFinite = false
        for word in 0..<words {
          common[word] = facets[first * words + word] & facets[second * words + word]
          if common[word] & finite[word] != 0 { isFinite = true }
        }
        guard isFinite else { continue }
        let isInThird = walls.indices.contains { third in
          third != first && third != second
            && (0..<words).allSatisfy { common[$0] & ~facets[third * words + $0] == 0 }
        }
        if !isInThird { body(first, second, common) }
      }
    }
  }

  /// The places of the vertices in a set.
  static func places(_ set: some Sequence<UInt64>) -> [Int] { bitNumbers(set) }
}
