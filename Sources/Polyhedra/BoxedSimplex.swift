/// A dense linear program in which every variable and every row value has a finite range, solved in doubles.
///
/// Definition: minimise c · y subject to lower ≤ y ≤ upper and lower_i ≤ a_i · y ≤ upper_i. The state is a
/// dictionary: each basic variable (a row's value, or an entry of y) as a linear form in as many nonbasic ones as y
/// has entries, each of them at one end of its range. As all ranges are finite, moving nonbasic variables to the
/// ends their reduced costs ask for makes any basis dual feasible, so there is no first phase: after a change of
/// rows or costs the dual simplex method goes on from the last basis, or the primal one when the last point is
/// still feasible.
///
/// Rows are added and removed as on a stack. Rounding adds up over pivots, so the dictionary starts afresh from the
/// rows now and then. Nothing here is proved: callers check what they are told.
///
/// - Exactness: numeric. ``minimize(_:stopBelow:stopAbove:)`` says what the floating-point run came to.
/// - Complexity: O(rows · columns) for one pivot; no allocation but when the stack outgrows its buffers.
/// - Note: the raw buffers stay inside this type: its file and the `BoxedSimplex+…` ones.
final class BoxedSimplex {
  /// What a run came to.
  enum Outcome {
    /// No entry of the point can be improved.
    case optimal
    /// Stopped at a feasible point with an objective below the given limit.
    case below
    /// Stopped at multipliers that prove, up to rounding, an objective above the given limit.
    case above
    /// The given variable cannot reach its range: its dictionary row is the reason.
    case infeasible(row: Int)
    /// Too many steps.
    case stalled
  }

  /// Feasibility up to rounding, for rows of entries about 1.
  static let tolerance = 1e-10
  /// Smaller entries are never pivots.
  static let smallestPivot = 1e-8
  /// After so many pivots the dictionary is rebuilt from the rows.
  static let pivotsPerBuild = 150

  /// The number of entries of y.
  let width: Int
  /// Lanes per row: the coefficients, the value of the basic variable in lane `width`, and padding.
  let stride: Int
  /// The number of rows.
  private(set) var rowCount = 0
  /// Pivots so far.
  var pivotCount = 0
  var pivotsSinceBuild = 0
  private var capacity = 0

  // Rows as given, and the dictionary; `stride` doubles each, so that both are read as SIMD4.
  var rows: UnsafeMutablePointer<Double>
  var table: UnsafeMutablePointer<Double>
  // By dictionary row: the basic variable and its range.
  var basic: UnsafeMutablePointer<Int>
  var basicLower: UnsafeMutablePointer<Double>
  var basicUpper: UnsafeMutablePointer<Double>
  // By variable: its range, and where it is: dictionary row r as r, column j as ~j. Row i is variable width + i.
  var lower: UnsafeMutablePointer<Double>
  var upper: UnsafeMutablePointer<Double>
  var place: UnsafeMutablePointer<Int>
  // By column: the nonbasic variable, its value, its end of the range, its reduced cost; and the pivot row.
  let nonbasic: UnsafeMutablePointer<Int>
  let values: UnsafeMutablePointer<Double>
  let atUpper: UnsafeMutablePointer<Bool>
  let reduced: UnsafeMutablePointer<Double>
  let pivotRow: UnsafeMutablePointer<Double>
  let columnSums: UnsafeMutablePointer<Double>

  /// The program without rows over the given box.
  init(lower boxLower: [Double], upper boxUpper: [Double]) {
    precondition(
      boxLower.count == boxUpper.count, "\(boxLower.count) lower ends, \(boxUpper.count) upper ends")
    width = boxLower.count
    stride = (width + 4) / 4 * 4
    rows = Self.buffer(0)
    table = Self.buffer(0)
    basic = .allocate(capacity: 1)
    basicLower = Self.buffer(0)
    basicUpper = Self.buffer(0)
    lower = Self.buffer(width)
    upper = Self.buffer(width)
    place = .allocate(capacity: width)
    nonbasic = .allocate(capacity: width)
    values = Self.buffer(stride)
    atUpper = .allocate(capacity: width)
    reduced = Self.buffer(stride)
    pivotRow = Self.buffer(stride)
    columnSums = Self.buffer(stride)
    for j in 0..<width {
      lower[j] = boxLower[j]
      upper[j] = boxUpper[j]
    }
    rebuild()
  }

  deinit {
    for pointer in [rows, table, basicLower, basicUpper, lower, upper, values, reduced, pivotRow, columnSums]
    {
      pointer.deallocate()
    }
    for pointer in [basic, place, nonbasic] { pointer.deallocate() }
    atUpper.deallocate()
  }

  private static func buffer(_ count: Int) -> UnsafeMutablePointer<Double> {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 4) * 8, alignment: 32)
    let pointer = raw.bindMemory(to: Double.self, capacity: max(count, 4))
    pointer.initialize(repeating: 0, count: max(count, 4))
    return pointer
  }

  private func grow() {
    let larger = max(64, capacity * 2)
    func moved(_ old: UnsafeMutablePointer<Double>, _ used: Int, _ size: Int) -> UnsafeMutablePointer<Double>
    {
      let new = Self.buffer(size)
      new.update(from: old, count: used)
      old.deallocate()
      return new
    }
    func moved(_ old: UnsafeMutablePointer<Int>, _ used: Int, _ size: Int) -> UnsafeMutablePointer<Int> {
      let new = UnsafeMutablePointer<Int>.allocate(capacity: size)
      new.initialize(repeating: 0, count: size)
      new.update(from: old, count: used)
      old.deallocate()
      return new
    }
    rows = moved(rows, rowCount * stride, larger * stride)
    table = moved(table, rowCount * stride, larger * stride)
    basicLower = moved(basicLower, rowCount, larger)
    basicUpper = moved(basicUpper, rowCount, larger)
    basic = moved(basic, rowCount, larger)
    lower = moved(lower, width + rowCount, width + larger)
    upper = moved(upper, width + rowCount, width + larger)
    place = moved(place, width + rowCount, width + larger)
    capacity = larger
  }

  /// Adds the row lower ≤ coefficients · y ≤ upper.
  func push(_ coefficients: [Double], lower rowLower: Double, upper rowUpper: Double) {
    precondition(coefficients.count == width, "a row of \(coefficients.count) entries for \(width) variables")
    if rowCount == capacity { grow() }
    let r = rowCount
    let given = rows + r * stride
    let target = table + r * stride
    for j in 0..<stride {
      given[j] = j < width ? coefficients[j] : 0
      target[j] = 0
    }
    // Substitute the basic entries of y.
    for j in 0..<width {
      let at = place[j]
      if at < 0 {
        target[~at] += given[j]
      } else if given[j] != 0 {
        let source = table + at * stride
        for k in 0..<width { target[k] += given[j] * source[k] }
      }
    }
    let variable = width + r
    lower[variable] = rowLower
    upper[variable] = rowUpper
    basic[r] = variable
    basicLower[r] = rowLower
    basicUpper[r] = rowUpper
    place[variable] = r
    rowCount += 1
  }

  /// Removes the last row.
  func pop() {
    precondition(rowCount > 0, "no row to remove")
    let variable = width + rowCount - 1
    if place[variable] < 0 {
      // A row that holds the point in place makes room for the variable it determines best.
      let column = ~place[variable]
      var best = -1
      for r in 0..<rowCount
      where best < 0 || abs(table[r * stride + column]) > abs(table[best * stride + column]) {
        best = r
      }
      if abs(table[best * stride + column]) < Self.smallestPivot {
        rowCount -= 1
        rebuild()
        return
      }
      let value = table[best * stride + width]
      let toUpper = abs(value - basicUpper[best]) < abs(value - basicLower[best])
      pivot(row: best, column: column, toUpper: toUpper)
    }
    let r = place[variable]
    let last = rowCount - 1
    if r != last {
      (table + r * stride).update(from: table + last * stride, count: stride)
      basic[r] = basic[last]
      basicLower[r] = basicLower[last]
      basicUpper[r] = basicUpper[last]
      place[basic[r]] = r
    }
    rowCount = last
  }

  /// Returns to the dictionary in which the rows are basic.
  func rebuild() {
    for j in 0..<width {
      nonbasic[j] = j
      place[j] = ~j
      atUpper[j] = false
      values[j] = lower[j]
    }
    for r in 0..<rowCount {
      basic[r] = width + r
      place[width + r] = r
      basicLower[r] = lower[width + r]
      basicUpper[r] = upper[width + r]
    }
    table.update(from: rows, count: rowCount * stride)
    pivotsSinceBuild = 0
  }

  /// The products of lanes, added; `count` is a multiple of 4.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var sum = SIMD4<Double>.zero
    var k = 0
    while k < count {
      let x = UnsafeRawPointer(a + k).load(as: SIMD4<Double>.self)
      let y = UnsafeRawPointer(b + k).load(as: SIMD4<Double>.self)
      sum += x * y
      k += 4
    }
    return sum.sum()
  }
}
