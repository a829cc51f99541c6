import Networks

/// Counts the faces of a complex region by region, each face once, without keeping those in general position.
///
/// A face on which exactly as many constraints are tight as its codimension, k of them neurons, lies in exactly 2^k
/// regions: each sign of each of the k neurons occurs, because the forms of later neurons change across earlier walls
/// only by multiples of the forms of those. So each of its regions counts it 2^(d−k) times, and the sum is divided by
/// 2^d. The other faces are kept in a table by their signs.
///
/// - Exactness: exact; that the sums are divisible is checked.
struct FaceCounter: Sendable {
  let dimension: Int
  let key: FaceKey
  /// Whether faces of every dimension are counted, not only vertices and walls.
  let countsAll: Bool
  var regions = 0
  var unboundedRegions = 0
  /// For each dimension the faces in general position, 2^d times.
  private var sums: [Int]
  /// For each dimension the other faces.
  private var tables: [KeyTable]
  private var seen = MaskSet()
  private var facetMasks: [UInt64] = []
  private var scratchKey: [UInt64]

  init(dimension: Int, key: FaceKey, countsAll: Bool) {
    self.dimension = dimension
    self.key = key
    self.countsAll = countsAll
    sums = Array(repeating: 0, count: dimension + 1)
    tables = Array(repeating: KeyTable(width: key.width), count: dimension + 1)
    scratchKey = Array(repeating: 0, count: key.width)
  }

  /// The number of faces of each dimension from 0 to d; nil where a dimension was not counted.
  var counts: [Int?] {
    (0...dimension).map { k in
      if k == dimension { return regions }
      guard countsAll || k == 0 || k == dimension - 1 else { return nil }
      precondition(sums[k] % (1 << dimension) == 0, "a face of dimension \(k) was met in too few regions")
      return sums[k] >> dimension + tables[k].count
    }
  }

  /// Adds the counts of another part of the complex.
  mutating func append(_ other: FaceCounter) {
    regions += other.regions
    unboundedRegions += other.unboundedRegions
    for k in 0...dimension {
      sums[k] += other.sums[k]
      for number in 0..<other.tables[k].count { other.tables[k].withKey(number) { _ = tables[k].insert($0) } }
    }
  }

  /// Counts the region of a node that nothing cuts any more, and its faces.
  mutating func add(_ node: SubdivisionWalker.Node, of walker: SubdivisionWalker) {
    let cell = node.cell
    regions += 1
    if cell.hasRays { unboundedRegions += 1 }
    let vanishes = (0..<walker.patternWords).contains { walker.vanishing[$0] != 0 }
    if cell.isSimple, !vanishes, cell.words == 1 {
      addSimple(cell, walker)
    } else {
      addAny(cell, walker)
    }
  }

  /// The slots of a cell that belong to neurons, and the slot of infinity.
  private func slots(of cell: Cell) -> (neurons: UInt64, infinity: UInt64) {
    var neurons: UInt64 = 0
    var infinity: UInt64 = 0
    var used = cell.usedSlots(word: 0)
    while used != 0 {
      let slot = used.trailingZeroBitCount
      let bit = used & (~used &+ 1)
      used &= used - 1
      let constraint = Int(cell.slots[slot])
      if constraint < key.neuronCount { neurons |= bit }
      if constraint == key.neuronCount + 2 * dimension { infinity = bit }
    }
    return (neurons, infinity)
  }

  private mutating func addSimple(_ cell: Cell, _ walker: SubdivisionWalker) {
    let d = dimension
    let (neurons, infinity) = slots(of: cell)
    // In a simple cell faces are the sets of tight constraints below those of vertices.
    if countsAll, d > 1 {
      seen.removeAll()
      for v in 0..<cell.count {
        let mask = cell.masks[v]
        var subset = mask
        while subset != 0 {
          if subset & infinity == 0, seen.insert(subset) {
            sums[d - subset.nonzeroBitCount] += 1 << (d - (subset & neurons).nonzeroBitCount)
          }
          subset = (subset - 1) & mask
        }
      }
      return
    }
    for v in 0..<cell.count where cell.masks[v] & infinity == 0 {
      sums[0] += 1 << (d - (cell.masks[v] & neurons).nonzeroBitCount)
    }
    if d > 1 {
      let facets = cell.usedSlots(word: 0) & ~infinity
      let inner = (facets & neurons).nonzeroBitCount
      sums[d - 1] += inner << (d - 1) + (facets.nonzeroBitCount - inner) << d
    }
  }

  private mutating func addAny(_ cell: Cell, _ walker: SubdivisionWalker) {
    let d = dimension
    let vanishing = (0..<walker.patternWords).reduce(0) { $0 + walker.vanishing[$1].nonzeroBitCount }
    cell.facetMasks(dimension: d, into: &facetMasks)
    let facets = CellFaces.chunks(facetMasks, width: cell.words)
    let faces = CellFaces(cell, facets: facets, dimension: d)
    for k in 0..<d where countsAll || k == 0 || k == d - 1 {
      let masks = k == 0 ? faces.vertices : k == d - 1 ? facets : faces.masks(ofDimension: k)
      for mask in masks { count(mask, k, of: cell, vanishing: vanishing, walker) }
    }
  }

  /// Counts one face by the mask of its tight constraints.
  private mutating func count(
    _ mask: [UInt64], _ faceDimension: Int, of cell: Cell, vanishing: Int, _ walker: SubdivisionWalker
  ) {
    var neurons = vanishing
    var tight = vanishing
    for (word, bitsOfWord) in mask.enumerated() {
      var bits = bitsOfWord
      while bits != 0 {
        let constraint = Int(cell.slots[word * 64 + bits.trailingZeroBitCount])
        bits &= bits - 1
        if constraint == key.neuronCount + 2 * dimension { return }  // at infinity
        tight += 1
        if constraint < key.neuronCount { neurons += 1 }
      }
    }
    if tight == dimension - faceDimension {
      sums[faceDimension] += 1 << (dimension - neurons)
      return
    }
    let key = key
    mask.withElements { mask in
      scratchKey.withMutableElements { place in
        key.write(mask, of: cell, pattern: walker.pattern, vanishing: walker.vanishing, to: place)
        tables[faceDimension].insert(place)
      }
    }
  }
}

/// The faces of a cell that need not be simple, by the masks of the constraints tight on them.
struct CellFaces {
  private let cell: Cell
  private let facets: [[UInt64]]
  private let dimension: Int

  init(_ cell: Cell, facets: [[UInt64]], dimension: Int) {
    self.cell = cell
    self.facets = facets
    self.dimension = dimension
  }

  /// An array cut into pieces of equal width.
  static func chunks(_ words: [UInt64], width: Int) -> [[UInt64]] {
    stride(from: 0, to: words.count, by: width).map { Array(words[$0..<$0 + width]) }
  }

  /// The masks of the vertices.
  var vertices: [[UInt64]] {
    (0..<cell.count).map { v in (0..<cell.words).map { cell.masks[v * cell.words + $0] } }
  }

  /// The masks of the faces of a dimension: facets of facets, down from the cell.
  ///
  /// - Complexity: O(faces² · vertices) for each dimension on the way; degenerate cells only.
  func masks(ofDimension wanted: Int) -> [[UInt64]] {
    var level = facets
    for _ in stride(from: dimension - 1, to: wanted, by: -1) {
      var next = Set<[UInt64]>()
      for face in level {
        let meets = Set(facets.compactMap { meet(face, $0) }).subtracting([face])
        for mask in meets {
          // A facet of the face is a largest meet: no other has fewer constraints among these.
          let isMaximal = !meets.contains { $0 != mask && isSubset($0, of: mask) }
          if isMaximal { next.insert(mask) }
        }
      }
      level = Array(next)
    }
    return level
  }

  /// The mask of the common face of two faces; nil where they have no vertex in common.
  private func meet(_ a: [UInt64], _ b: [UInt64]) -> [UInt64]? {
    var result: [UInt64]?
    for vertex in vertices where isSubset(a, of: vertex) && isSubset(b, of: vertex) {
      result = result.map { zip($0, vertex).map { $0 & $1 } } ?? vertex
    }
    return result
  }

  private func isSubset(_ a: [UInt64], of b: [UInt64]) -> Bool { zip(a, b).allSatisfy { $0 & ~$1 == 0 } }
}

/// A set of masks that is emptied often.
private struct MaskSet: Sendable {
  private var slots: [UInt64] = Array(repeating: 0, count: 256)
  private var used: [Int] = []

  /// Empties the set.
  mutating func removeAll() {
    for place in used { slots[place] = 0 }
    used.removeAll(keepingCapacity: true)
  }

  /// Adds a mask that is not zero; false if it was there.
  mutating func insert(_ mask: UInt64) -> Bool {
    if 2 * (used.count + 1) > slots.count { grow() }
    var place = MaskSet.hash(mask) & (slots.count - 1)
    while slots[place] != 0 {
      if slots[place] == mask { return false }
      place = (place + 1) & (slots.count - 1)
    }
    slots[place] = mask
    used.append(place)
    return true
  }

  private mutating func grow() {
    let masks = used.map { slots[$0] }
    slots = Array(repeating: 0, count: 2 * slots.count)
    used = []
    for mask in masks { _ = insert(mask) }
  }

  private static func hash(_ mask: UInt64) -> Int {
    let (high, low) = mask.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: (high ^ low) >> 1)
  }
}
