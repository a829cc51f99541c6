/// The triangulations of a region and of its facets, from their shape alone.
///
/// A face is cut into the cones from its first vertex over those of its facets that do not contain it, and so on down to
/// edges. No vertex is added, and degenerate faces need no special care.
struct RegionTriangulation {
  private let shape: RegionShape
  private let dimension: Int
  private let facets: [[UInt64]]

  /// - Requires: a bounded region.
  init(_ shape: RegionShape, dimension: Int) {
    self.shape = shape
    self.dimension = dimension
    facets = shape.walls.indices.map { Array(shape.facets[$0 * shape.words..<($0 + 1) * shape.words]) }
  }

  /// The simplices of the region, each by its vertices' numbers.
  var simplices: [[Int32]] {
    var all = Array(repeating: UInt64(0), count: shape.words)
    for place in 0..<shape.vertexCount { all[place >> 6] |= 1 << UInt64(place & 63) }
    return simplices(of: all, dimension: dimension)
  }

  /// The simplices of a facet, each by its vertices' numbers.
  func simplices(ofFacet facet: Int) -> [[Int32]] { simplices(of: facets[facet], dimension: dimension - 1) }

  private func simplices(of face: [UInt64], dimension: Int) -> [[Int32]] {
    let places = bitNumbers(face)
    guard places.count > dimension + 1 else { return [places.map { shape.vertices[$0] }] }
    let apex = places[0]
    var result: [[Int32]] = []
    for part in parts(of: face) where part[apex >> 6] >> UInt64(apex & 63) & 1 == 0 {
      for simplex in simplices(of: part, dimension: dimension - 1) {
        result.append([shape.vertices[apex]] + simplex)
      }
    }
    return result
  }

  /// The facets of a face: its largest meets with facets of the region.
  private func parts(of face: [UInt64]) -> [[UInt64]] {
    var meets: [[UInt64]] = []
    for facet in facets {
      let meet = zip(face, facet).map { $0 & $1 }
      if meet != face, meet.contains(where: { $0 != 0 }), !meets.contains(meet) { meets.append(meet) }
    }
    return meets.filter { small in
      !meets.contains { large in large != small && zip(small, large).allSatisfy { $0 & ~$1 == 0 } }
    }
  }
}
