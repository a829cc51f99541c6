/// The topology of a closed set that is a union of faces of a complex.
///
/// - Reference: [Mas25] Betti numbers of decision boundaries from sign sequences; [GLM22] sublevel sets.
public struct Topology: Hashable, Sendable {
  /// The connected components, in the order of their first vertices.
  public let components: [Component]
  /// The number of bounded faces of each dimension from 0 to d.
  public let boundedFaceCounts: [Int]
  /// The number of faces of each dimension from 0 to d.
  public let fVector: [Int]

  /// One connected component.
  public struct Component: Hashable, Sendable {
    /// The first of its vertices.
    public let vertex: Int
    /// The largest dimension of its faces.
    public let dimension: Int
    /// Its Betti numbers over the field with two elements, from dimension 0 to d − 1.
    public let bettiNumbers: [Int]
    /// Whether it meets the boundary of the domain.
    public let touchesBoundary: Bool
    /// Whether it is bounded.
    public let isBounded: Bool
  }

  /// The Betti numbers over the field with two elements, from dimension 0 to d − 1; those above are zero.
  public var bettiNumbers: [Int] {
    (0..<boundedFaceCounts.count - 1).map { k in components.reduce(0) { $0 + $1.bettiNumbers[k] } }
  }

  /// The Euler characteristic, from the numbers of faces.
  public var eulerCharacteristic: Int {
    boundedFaceCounts.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? $1.element : -$1.element) }
  }

  /// Whether the set is empty.
  public var isEmpty: Bool { components.isEmpty }
}

extension Subcomplex {
  /// The components and Betti numbers of the set.
  ///
  /// Every face has a vertex, so the set shrinks to the union of its bounded faces: beyond a large sphere each
  /// unbounded face can be pushed in from its part on the sphere, those of largest dimension first.
  ///
  /// - Exactness: exact.
  /// - Complexity: O(faces) but for the reduction of the boundary matrices, close to linear in practice.
  public func topology() -> Topology {
    let d = faces.dimension
    var numbers: [[Int32]] = []
    var kept: [[Int]] = []
    var boundaries: [IndexLists] = []
    for k in 0...d {
      let cells = faces(ofDimension: k).filter { faces.isBounded($0, dimension: k) }
      var number = Array(repeating: Int32(-1), count: faces.count(ofDimension: k))
      var lists = IndexLists()
      for (position, cell) in cells.enumerated() {
        number[cell] = Int32(position)
        let boundary = k == 0 ? [] : faces.boundary(of: cell, dimension: k)
        lists.append(list: boundary.map { numbers[k - 1][Int($0)] })
      }
      numbers.append(number)
      kept.append(cells)
      boundaries.append(lists)
    }
    let (labels, count) = componentLabels(of: kept[0])
    var betti = Array(repeating: Array(repeating: 0, count: d + 1), count: count)
    for (k, cells) in ChainReduction(boundaries: boundaries).essentialCells.enumerated() {
      for cell in cells {
        betti[labels[faces.vertexLists[k][kept[k][cell]].first.map(Int.init) ?? 0]][k] += 1
      }
    }
    precondition(
      betti.allSatisfy { $0[0] == 1 && $0[d] == 0 }, "the boundaries of faces do not fit together")
    return Topology(
      components: components(labels: labels, betti: betti.map { Array($0.dropLast()) }),
      boundedFaceCounts: kept.map(\.count), fVector: fVector)
  }

  /// The component of each vertex, -1 where it is not in the set, and how many there are.
  private func componentLabels(of kept: [Int]) -> ([Int], Int) {
    var sets = DisjointSets(count: complex.vertexCount)
    for edge in faces(ofDimension: 1) {
      let ends = faces.vertices(of: edge, dimension: 1)
      if ends.contains(where: { faces.isDirection[Int($0)] }) { continue }
      sets.join(Int(ends[ends.startIndex]), Int(ends[ends.startIndex + 1]))
    }
    var labels = Array(repeating: -1, count: complex.vertexCount)
    var count = 0
    for vertex in kept {
      let root = sets.find(vertex)
      if labels[root] < 0 {
        labels[root] = count
        count += 1
      }
      labels[vertex] = labels[root]
    }
    return (labels, count)
  }

  private func components(labels: [Int], betti: [[Int]]) -> [Topology.Component] {
    var first = Array(repeating: -1, count: betti.count)
    var touches = Array(repeating: false, count: betti.count)
    for (vertex, label) in labels.enumerated() where label >= 0 {
      if first[label] < 0 { first[label] = vertex }
      if complex.isOnBoundary(vertex: vertex) { touches[label] = true }
    }
    var dimension = Array(repeating: 0, count: betti.count)
    var isBounded = Array(repeating: true, count: betti.count)
    for k in 1...faces.dimension {
      for face in faces(ofDimension: k) {
        let vertices = faces.vertices(of: face, dimension: k)
        guard let corner = vertices.first(where: { !faces.isDirection[Int($0)] }) else { continue }
        let label = labels[Int(corner)]
        dimension[label] = k
        if vertices.contains(where: { faces.isDirection[Int($0)] }) { isBounded[label] = false }
      }
    }
    return betti.indices.map { label in
      Topology.Component(
        vertex: first[label], dimension: dimension[label], bettiNumbers: betti[label],
        touchesBoundary: touches[label], isBounded: isBounded[label])
    }
  }
}

extension PolyhedralComplex {
  /// Whether a vertex, not a recession direction, lies on a side of the domain.
  func isOnBoundary(vertex: Int) -> Bool {
    let start = vertex * key.width + key.sideStart
    return buffer.vertices.words[start..<start + key.sideWords].contains { $0 != 0 }
  }
}
