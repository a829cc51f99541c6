/// Finds the ridges of a complex region by region, then orders what lies around each.
struct RidgeSearch {
  /// What is found in one region: a ridge and the two facets that meet in it.
  private struct Corner {
    let ridge: Int32
    let region: Int32
    let walls: (Int32, Int32)
  }

  let complex: PolyhedralComplex
  private(set) var keys: KeyTable
  private var corners: [Corner] = []
  private var shape = RegionShape()
  private var scratch: [UInt64]

  init(_ complex: PolyhedralComplex) {
    self.complex = complex
    keys = KeyTable(width: complex.key.width)
    scratch = Array(repeating: 0, count: complex.key.width)
  }

  /// Finds the ridges of a region.
  mutating func add(_ region: Int) {
    shape.load(region, of: complex)
    let key = complex.key
    let pattern = complex.pattern(of: region)
    shape.forEachRidge { first, second, vertices in
      // A neuron is zero on the ridge if it is zero at all its vertices; the others have the signs of the region.
      for word in scratch.indices { scratch[word] = ~0 }
      for (position, wordOfSet) in vertices.enumerated() {
        var bits = wordOfSet
        while bits != 0 {
          let vertex = Int(shape.vertices[position * 64 + bits.trailingZeroBitCount])
          bits &= bits - 1
          complex.buffer.vertices.withKey(vertex) { vertexKey in
            for word in scratch.indices { scratch[word] &= vertexKey[word] }
          }
        }
      }
      for (word, active) in pattern.enumerated() { scratch[key.neuronWords + word] = active & ~scratch[word] }
      let (ridge, _) = keys.insert(scratch)
      corners.append(
        Corner(ridge: Int32(ridge), region: Int32(region), walls: (shape.walls[first], shape.walls[second])))
    }
  }

  /// The regions and walls around each ridge in order, and the ridges that have no such order.
  func ordered() -> (regions: IndexLists, walls: IndexLists, irregular: [Int]) {
    var starts = Array(repeating: 0, count: keys.count + 1)
    for corner in corners { starts[Int(corner.ridge) + 1] += 1 }
    for ridge in 0..<keys.count { starts[ridge + 1] += starts[ridge] }
    var places = starts
    var sorted = Array(repeating: Int32(0), count: corners.count)
    for (position, corner) in corners.enumerated() {
      sorted[places[Int(corner.ridge)]] = Int32(position)
      places[Int(corner.ridge)] += 1
    }
    var regions = IndexLists()
    var walls = IndexLists()
    var irregular: [Int] = []
    for ridge in 0..<keys.count {
      let around = sorted[starts[ridge]..<starts[ridge + 1]].map { corners[Int($0)] }
      if !order(around, &regions, &walls) { irregular.append(ridge) }
      regions.endList()
      walls.endList()
    }
    return (regions, walls, irregular)
  }

  /// Walks around a ridge from region to region; false if that does not meet every region once.
  private func order(_ corners: [Corner], _ regions: inout IndexLists, _ walls: inout IndexLists) -> Bool {
    let isEnd = { (wall: Int32) in complex.isBoundary(Int(wall)) }
    // On the boundary the walk starts at the first boundary facet, otherwise with the first region.
    let start = corners.firstIndex { isEnd($0.walls.0) || isEnd($0.walls.1) }
    var current = start ?? 0
    var wall = corners[current].walls.0
    if start != nil, !isEnd(wall) { wall = corners[current].walls.1 }
    walls.append(wall)
    for step in 1...corners.count {
      let corner = corners[current]
      regions.append(corner.region)
      let next = corner.walls.0 == wall ? corner.walls.1 : corner.walls.0
      if step == corners.count {
        // A cycle ends where it began, a path at a boundary facet.
        if start == nil { return next == corners[0].walls.0 }
        walls.append(next)
        return isEnd(next)
      }
      walls.append(next)
      let sides = complex.buffer.facetRegions[Int(next)]
      let other = sides.0 == corner.region ? sides.1 : sides.0
      guard
        let found = corners.firstIndex(where: {
          $0.region == other && ($0.walls.0 == next || $0.walls.1 == next)
        })
      else { return false }
      // Coming back too early: the rest is another cycle.
      if start == nil, found == 0 { return false }
      current = found
      wall = next
    }
    return true
  }
}
