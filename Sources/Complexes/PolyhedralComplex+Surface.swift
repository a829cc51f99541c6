extension PolyhedralComplex {
  /// The walls of a bounded region in space as cycles of vertices, in the order of ``walls(of:)``, each counterclockwise
  /// seen from outside.
  ///
  /// - Exactness: the cycles are exact, and so is that they fit together: two walls run through a common edge in
  ///   opposite senses. Outside is told from inside by rounded coordinates.
  /// - Requires: a complex of dimension 3; a bounded region.
  public func surface(ofRegion region: Int) -> [[Int32]] {
    oriented(walls(of: region).map { cycle(ofWall: Int($0)) })
  }

  /// The given walls of a bounded region, reversed where they do not run counterclockwise seen from outside.
  func oriented(_ cycles: [[Int32]]) -> [[Int32]] {
    var cycles = cycles
    var wallsAt: [UInt64: [Int]] = [:]
    for (wall, cycle) in cycles.enumerated() {
      for (from, to) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
        wallsAt[UInt64(min(from, to)) << 32 | UInt64(max(from, to)), default: []].append(wall)
      }
    }
    // From the first wall across edges: a neighbour that runs through the common edge in the same sense is reversed.
    var isDone = Array(repeating: false, count: cycles.count)
    var waiting = [0]
    isDone[0] = true
    while let wall = waiting.popLast() {
      let cycle = cycles[wall]
      for (from, to) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
        for other in wallsAt[UInt64(min(from, to)) << 32 | UInt64(max(from, to))] ?? [] where !isDone[other] {
          if runs(cycles[other], from: from, to: to) { cycles[other].reverse() }
          isDone[other] = true
          waiting.append(other)
        }
      }
    }
    return volume(inside: cycles) < 0 ? cycles.map { $0.reversed() } : cycles
  }

  private func runs(_ cycle: [Int32], from: Int32, to: Int32) -> Bool {
    zip(cycle, cycle.dropFirst() + cycle.prefix(1)).contains { $0 == (from, to) }
  }

  /// Six times the volume inside a closed surface, negative where it is inside out; rounded.
  private func volume(inside cycles: [[Int32]]) -> Double {
    let origin = Array(coordinates(of: Int(cycles[0][0])))
    return cycles.reduce(0) { sum, cycle in
      let points = cycle.map { vertex in zip(coordinates(of: Int(vertex)), origin).map { $0 - $1 } }
      return zip(points.dropFirst(), points.dropFirst(2)).reduce(sum) { sum, pair in
        let (a, b, c) = (points[0], pair.0, pair.1)
        return sum + a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2])
          + a[2] * (b[0] * c[1] - b[1] * c[0])
      }
    }
  }
}
