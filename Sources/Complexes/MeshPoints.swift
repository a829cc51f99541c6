/// How many cells an export wrote, and how many it left out because they reach infinity.
public struct MeshSummary: Hashable, Sendable {
  /// The cells written.
  public let cellCount: Int
  /// The unbounded cells left out.
  public let unboundedCount: Int
}

/// The vertices that a mesh uses, numbered anew without those at infinity.
struct MeshPoints {
  /// For each vertex of the complex its number in the mesh; -1 for those at infinity.
  let numbers: [Int]
  /// The vertices of the mesh, by their number in the complex.
  let vertices: [Int]

  init(_ complex: PolyhedralComplex) {
    vertices = (0..<complex.vertexCount).filter { !complex.isDirection($0) }
    var numbers = Array(repeating: -1, count: complex.vertexCount)
    for (position, vertex) in vertices.enumerated() { numbers[vertex] = position }
    self.numbers = numbers
  }
}
