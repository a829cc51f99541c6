/// A full-dimensional convex cell by its vertices, the constraints tight at each, and what bounds their errors.
///
/// Vertices are homogeneous points (x, t): t = 1 for a vertex, t = 0 for a recession direction, whose x is scaled to
/// a largest entry between ½ and 1. Constraints that are tight at some vertex have a *slot*, and each vertex a mask
/// of slots. The memory belongs to an ``Arena``.
struct Cell {
  /// The number of vertices, recession directions included.
  var count: Int
  /// The length of a lane: `count` rounded up to a multiple of four.
  ///
  /// Lanes are padded with copies of vertex 0.
  var stride: Int
  /// The number of words of a mask.
  var words: Int
  /// The lanes.
  ///
  /// Lane c < d holds coordinate c, lane d holds t, lane d + 1 a bound of the error of the coordinates, lane d + 2 a
  /// bound of their magnitude.
  var lanes: UnsafeMutablePointer<Double>
  /// The masks, `words` for each vertex.
  var masks: UnsafeMutablePointer<UInt64>
  /// For each vertex the place of its exact coordinates, or ``interpolated``, or ``refined``.
  var exact: UnsafeMutablePointer<Int32>
  /// For each slot the number of its constraint, or -1; `64 · words` of them.
  var slots: UnsafeMutablePointer<Int32>
  /// Whether exactly d constraints are tight at every vertex.
  var isSimple: Bool
  /// Whether some vertices are recession directions.
  var hasRays: Bool

  /// Marks a vertex that was interpolated between two others.
  static let interpolated: Int32 = -1
  /// Marks a vertex that was solved for in floating point.
  static let refined: Int32 = -2

  /// A cell with room for `count` vertices; the slots are empty, everything else is uninitialised.
  init(count: Int, words: Int, dimension: Int, in arena: inout Arena) {
    self.count = count
    self.words = words
    stride = (count + 3) & ~3
    lanes = arena.allocate(Double.self, stride * (dimension + 3))
    masks = arena.allocate(UInt64.self, count * words)
    exact = arena.allocate(Int32.self, count)
    slots = arena.allocate(Int32.self, 64 * words)
    isSimple = true
    hasRays = false
  }

  /// Fills the padding of the lanes with copies of vertex 0.
  @inline(__always)
  func pad(dimension: Int) {
    for lane in 0..<dimension + 3 {
      let base = lanes + lane * stride
      for v in count..<stride { base[v] = base[0] }
    }
  }

  /// The union of all masks' word `word`.
  @inline(__always)
  func usedSlots(word: Int) -> UInt64 {
    var used: UInt64 = 0
    for v in 0..<count { used |= masks[v * words + word] }
    return used
  }

  /// Finds out whether the cell is simple.
  mutating func updateSimplicity(dimension: Int) {
    isSimple = (0..<count).allSatisfy { v in
      (0..<words).reduce(0) { $0 + masks[v * words + $1].nonzeroBitCount } == dimension
    }
  }

  /// A copy of the cell in the arena.
  func copy(dimension: Int, into arena: inout Arena) -> Cell {
    var copy = Cell(count: count, words: words, dimension: dimension, in: &arena)
    copy.lanes.update(from: lanes, count: stride * (dimension + 3))
    copy.masks.update(from: masks, count: count * words)
    copy.exact.update(from: exact, count: count)
    copy.slots.update(from: slots, count: 64 * words)
    copy.isSimple = isSimple
    copy.hasRays = hasRays
    return copy
  }
}
