/// Memory for one split at a time, reused by all.
struct SplitScratch {
  /// A sign for each vertex.
  private(set) var signs: UnsafeMutablePointer<Int8>
  /// A value for each vertex.
  private(set) var values: UnsafeMutablePointer<Double>
  /// A bound of the error of each value.
  private(set) var bounds: UnsafeMutablePointer<Double>
  /// The centre of a bounding box.
  private(set) var centre: UnsafeMutablePointer<Double>
  /// The radii of a bounding box.
  private(set) var radius: UnsafeMutablePointer<Double>
  /// The rows a, b, α, β of the constraints tight at a vertex.
  private(set) var system: UnsafeMutablePointer<Double>
  /// The rows a beside a unit matrix, while they are inverted.
  private(set) var work: UnsafeMutablePointer<Double>
  /// The inverse.
  private(set) var inverse: UnsafeMutablePointer<Double>
  private var systemCapacity = 256
  private var capacity: Int
  /// The vertices on the positive side.
  var positive: [Int32] = []
  /// The vertices on the negative side.
  var negative: [Int32] = []
  /// The cut edges: a vertex on the positive side and one on the negative.
  var edges: [(Int32, Int32)] = []

  init() {
    capacity = 256
    (signs, values, bounds, centre, radius) = SplitScratch.allocated(capacity)
    system = .allocate(capacity: systemCapacity)
    work = .allocate(capacity: systemCapacity)
    inverse = .allocate(capacity: systemCapacity)
  }

  /// The length of a row of a and of the unit matrix, in whole vectors of four.
  @inline(__always)
  static func workLength(dimension d: Int) -> Int { (2 * d + 3) & ~3 }

  /// Makes room for a system of equations; what was there is lost when it has to grow.
  @inline(__always)
  mutating func reserveSystem(rows: Int, dimension d: Int) {
    let count = max(rows, d) * max(d + 3, SplitScratch.workLength(dimension: d))
    if count > systemCapacity { growSystem(count) }
  }

  private mutating func growSystem(_ count: Int) {
    systemCapacity = 2 * count
    system.deallocate()
    work.deallocate()
    inverse.deallocate()
    system = .allocate(capacity: systemCapacity)
    work = .allocate(capacity: systemCapacity)
    inverse = .allocate(capacity: systemCapacity)
  }

  private static func allocated(_ capacity: Int) -> (
    UnsafeMutablePointer<Int8>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>,
    UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
  ) {
    (
      .allocate(capacity: capacity), .allocate(capacity: capacity), .allocate(capacity: capacity),
      .allocate(capacity: capacity), .allocate(capacity: capacity)
    )
  }

  /// Makes room for `count` entries; what was there is lost when it has to grow.
  @inline(__always)
  mutating func reserve(_ count: Int) {
    if count > capacity { grow(count) }
  }

  private mutating func grow(_ count: Int) {
    deallocateLanes()
    capacity = 2 * count
    (signs, values, bounds, centre, radius) = SplitScratch.allocated(capacity)
  }

  /// Gives the memory back.
  func deallocate() {
    deallocateLanes()
    system.deallocate()
    work.deallocate()
    inverse.deallocate()
  }

  private func deallocateLanes() {
    signs.deallocate()
    values.deallocate()
    bounds.deallocate()
    centre.deallocate()
    radius.deallocate()
  }
}
