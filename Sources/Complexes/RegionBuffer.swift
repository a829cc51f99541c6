import Networks

/// The regions one task found, glued among themselves along common vertices and facets.
struct RegionBuffer: Sendable {
  let key: FaceKey
  let dimension: Int
  let outputCount: Int
  var regionCount = 0
  var patterns: [UInt64] = []
  var vanishing: [UInt64] = []
  var vertices: KeyTable
  /// For each vertex d coordinates, t, and the bound of their error.
  var coordinates: [Double] = []
  var facets: KeyTable
  /// For each facet the regions on it, the second -1 as long as there is one.
  var facetRegions: [(Int32, Int32)] = []
  var regionVertices = IndexLists()
  var regionFacets = IndexLists()
  /// For each region and output the d + 1 coefficients of its affine map.
  var maps: [Double] = []
  /// For each region and output the bounds α and β of their errors.
  var mapErrors: [Double] = []
  private var scratchKey: [UInt64]
  private var facetMasks: [UInt64] = []

  init(key: FaceKey, dimension: Int, outputCount: Int) {
    self.key = key
    self.dimension = dimension
    self.outputCount = outputCount
    vertices = KeyTable(width: key.width)
    facets = KeyTable(width: key.width)
    scratchKey = Array(repeating: 0, count: key.width)
  }

  /// Adds the region of a node that nothing cuts any more.
  mutating func add(_ node: SubdivisionWalker.Node, of walker: inout SubdivisionWalker) {
    let cell = node.cell
    patterns.append(contentsOf: UnsafeBufferPointer(start: walker.pattern, count: walker.patternWords))
    vanishing.append(contentsOf: UnsafeBufferPointer(start: walker.vanishing, count: walker.patternWords))
    addVertices(of: cell, &walker)
    cell.facetMasks(dimension: dimension, into: &facetMasks)
    if !facetMasks.isEmpty { addFacets(of: cell, walker) }
    regionFacets.endList()
    addMaps(node, walker)
    regionCount += 1
  }

  private mutating func addVertices(of cell: Cell, _ walker: inout SubdivisionWalker) {
    let key = key
    scratchKey.withMutableElements { place in
      for v in 0..<cell.count {
        key.write(
          cell.masks + v * cell.words, of: cell, pattern: walker.pattern, vanishing: walker.vanishing,
          to: place)
        let (number, isNew) = vertices.insert(place)
        if isNew {
          walker.sharpen(v, of: cell)
          for lane in 0...dimension + 1 { coordinates.append(cell.lanes[lane * cell.stride + v]) }
        }
        regionVertices.append(Int32(number))
      }
    }
    regionVertices.endList()
  }

  /// Adds the facets of the region, those at infinity excepted.
  private mutating func addFacets(of cell: Cell, _ walker: SubdivisionWalker) {
    let key = key
    let infinity = 2 * dimension
    facetMasks.withElements { masks in
      scratchKey.withMutableElements { place in
        for k in 0..<facetMasks.count / cell.words {
          key.write(
            masks + k * cell.words, of: cell, pattern: walker.pattern, vanishing: walker.vanishing,
            to: place)
          if place[key.sideStart + infinity >> 6] >> UInt64(infinity & 63) & 1 == 1 { continue }
          let (number, isNew) = facets.insert(place)
          if isNew {
            facetRegions.append((Int32(regionCount), -1))
          } else {
            facetRegions[number].1 = Int32(regionCount)
          }
          regionFacets.append(Int32(number))
        }
      }
    }
  }

  private mutating func addMaps(_ node: SubdivisionWalker.Node, _ walker: SubdivisionWalker) {
    let d = dimension
    let layer = walker.compiled.layers[walker.compiled.hiddenLayerCount]
    let block = node.blocks[walker.compiled.hiddenLayerCount]
    for k in 0..<outputCount {
      for lane in 0...d { maps.append(block[lane * layer.padded + k]) }
      mapErrors.append(block[(d + 1) * layer.padded + k])
      mapErrors.append(block[(d + 2) * layer.padded + k])
    }
  }

  /// Adds the regions of another task after these, glued along what they share.
  mutating func append(_ other: RegionBuffer) {
    let d = dimension
    let base = Int32(regionCount)
    let vertexNumbers = other.numbers(of: other.vertices, in: &vertices) { vertex in
      coordinates += other.coordinates[vertex * (d + 2)..<(vertex + 1) * (d + 2)]
    }
    let facetNumbers = other.numbers(of: other.facets, in: &facets) { _ in facetRegions.append((-1, -1)) }
    for (facet, regions) in other.facetRegions.enumerated() {
      let target = Int(facetNumbers[facet])
      for region in [regions.0, regions.1] where region >= 0 {
        if facetRegions[target].0 < 0 {
          facetRegions[target].0 = base + region
        } else {
          facetRegions[target].1 = base + region
        }
      }
    }
    regionVertices.append(other.regionVertices, translated: vertexNumbers)
    regionFacets.append(other.regionFacets, translated: facetNumbers)
    patterns += other.patterns
    vanishing += other.vanishing
    maps += other.maps
    mapErrors += other.mapErrors
    regionCount += other.regionCount
  }

  private func numbers(
    of keys: KeyTable, in target: inout KeyTable, isNew: (Int) -> Void
  ) -> [Int32] {
    var numbers: [Int32] = []
    numbers.reserveCapacity(keys.count)
    for k in 0..<keys.count {
      let (number, new) = keys.withKey(k) { target.insert($0) }
      if new { isNew(k) }
      numbers.append(Int32(number))
    }
    return numbers
  }
}
