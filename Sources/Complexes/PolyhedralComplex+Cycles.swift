extension PolyhedralComplex {
  /// The vertices of a region of the plane, in the order in which its boundary meets them.
  ///
  /// Consecutive vertices are joined by a wall, the last with the first; two recession directions by an edge at
  /// infinity.
  ///
  /// - Exactness: the order is exact: it is read from the signs. It runs counterclockwise where the region is bounded
  ///   and large enough for rounded coordinates to tell.
  /// - Requires: a complex of dimension 2.
  /// - Complexity: O(n²) comparisons of signs for n vertices.
  public func cycle(ofRegion region: Int) -> [Int32] {
    precondition(dimension == 2, "regions of dimension \(dimension) have no cycle of vertices")
    let start = region * key.neuronWords
    let zero =
      Array(buffer.vanishing[start..<start + key.neuronWords])
      + Array(repeating: UInt64(0), count: key.sideWords)
    let cycle = cycle(through: Array(vertices(of: region)), ofFaceWhere: zero)
    return isClockwise(cycle) ? [cycle[0]] + cycle.dropFirst().reversed() : cycle
  }

  /// The vertices of a wall of a complex in space, in the order in which its boundary meets them.
  ///
  /// Consecutive vertices are joined by an edge, the last with the first; two recession directions by an edge at
  /// infinity.
  ///
  /// - Exactness: exact: the order is read from the signs. The sense of rotation means nothing.
  /// - Requires: a complex of dimension 3.
  /// - Complexity: O(n²) comparisons of signs for n vertices.
  public func cycle(ofWall wall: Int) -> [Int32] {
    precondition(dimension == 3, "walls of a complex of dimension \(dimension) have no cycle of vertices")
    let start = wall * key.width
    let words = buffer.facets.words
    let zero =
      Array(words[start..<start + key.neuronWords])
      + Array(words[start + key.sideStart..<start + key.width])
    return cycle(through: vertices(ofWall: wall), ofFaceWhere: zero)
  }

  /// The vertices of a polygon in cyclic order, from its first vertex towards that neighbour which comes first.
  ///
  /// Two vertices of a polygon are neighbours if the smallest face with both is not the polygon: if more is zero at
  /// both of them than on the polygon. Recession directions are vertices at which t is zero.
  ///
  /// - Parameter zero: the neurons and sides that are zero on the polygon, a bit for each.
  private func cycle(through vertices: [Int32], ofFaceWhere zero: [UInt64]) -> [Int32] {
    buffer.vertices.words.withUnsafeBufferPointer { words in
      var cycle = vertices
      for place in 0..<cycle.count - 1 {
        let here = Int(cycle[place]) * key.width
        let neighbour = (place + 1..<cycle.count).first { next in
          let there = Int(cycle[next]) * key.width
          for word in 0..<key.neuronWords
          where words[here + word] & words[there + word] != zero[word] { return true }
          for word in 0..<key.sideWords {
            let common = words[here + key.sideStart + word] & words[there + key.sideStart + word]
            if common != zero[key.neuronWords + word] { return true }
          }
          return false
        }
        guard let neighbour else {
          preconditionFailure("vertex \(cycle[place]) of a polygon has no neighbour")
        }
        cycle.swapAt(place + 1, neighbour)
      }
      return cycle
    }
  }

  /// Whether the vertices of a bounded polygon in the plane run clockwise, by their rounded coordinates.
  private func isClockwise(_ cycle: [Int32]) -> Bool {
    guard let origin = cycle.first.map({ Array(coordinates(of: Int($0))) }),
      !cycle.contains(where: { isDirection(Int($0)) })
    else { return false }
    let points = cycle.map { vertex in zip(coordinates(of: Int(vertex)), origin).map { $0 - $1 } }
    let twiceArea = zip(points, points.dropFirst()).reduce(0) { $0 + $1.0[0] * $1.1[1] - $1.0[1] * $1.1[0] }
    return twiceArea < 0
  }
}
