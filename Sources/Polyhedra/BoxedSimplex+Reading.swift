/// What a caller reads off a run: the point, row values, multipliers.
extension BoxedSimplex {
  /// Entry `j` of the current point.
  @inline(__always)
  func entry(_ j: Int) -> Double {
    let at = place[j]
    return at < 0 ? values[~at] : table[at * stride + width]
  }

  /// The current point.
  var point: [Double] { (0..<width).map { entry($0) } }

  /// Whether a_i · y > bound(i) for all rows i.
  ///
  /// - Shapes: `y` is padded with zeros to `stride` lanes.
  @inline(__always)
  func rowsExceed(at y: [Double], _ bound: (Int) -> Double) -> Bool {
    precondition(y.count == stride, "a point of \(y.count) lanes, not \(stride)")
    return y.withUnsafeBufferPointer { y in
      guard let base = y.baseAddress else { return true }
      for i in 0..<rowCount {
        // Written so that a NaN says no.
        guard Self.dot(rows + i * stride, base, stride) > bound(i) else { return false }
      }
      return true
    }
  }

  /// The largest step from `start` along `direction` that keeps all rows at 0 or above, at most `limit`.
  ///
  /// - Shapes: both vectors are padded with zeros to `stride` lanes.
  func step(from start: [Double], along direction: [Double], limit: Double) -> Double {
    precondition(start.count == stride && direction.count == stride, "vectors need \(stride) lanes")
    return start.withUnsafeBufferPointer { start in
      direction.withUnsafeBufferPointer { direction in
        guard let p = start.baseAddress, let d = direction.baseAddress else { return 0 }
        var step = limit
        for i in 0..<rowCount {
          let rate = Self.dot(rows + i * stride, d, stride)
          if rate < 0 { step = min(step, Self.dot(rows + i * stride, p, stride) / -rate) }
        }
        return step
      }
    }
  }

  /// a_i · y for a y padded to `stride` lanes.
  func rowValue(_ i: Int, at y: [Double]) -> Double {
    precondition(y.count == stride, "a point of \(y.count) lanes, not \(stride)")
    return y.withUnsafeBufferPointer { y in
      y.baseAddress.map { Self.dot(rows + i * stride, $0, stride) } ?? 0
    }
  }

  /// Subtracts `factor` times row `i` from a vector of `stride` lanes.
  func subtractRow(_ i: Int, times factor: Double, from vector: inout [Double]) {
    for j in 0..<width { vector[j] -= factor * rows[i * stride + j] }
  }

  /// Writes the current point into a vector of `stride` lanes.
  func readPoint(into vector: inout [Double]) {
    for j in 0..<width { vector[j] = entry(j) }
  }

  /// Writes the point at which nonbasic variables sit `offset` inside their lower ends into a vector.
  func readPoint(tightenedBy offset: Double, into vector: inout [Double]) {
    for j in 0..<width {
      let at = place[j]
      var value = entry(j)
      for k in 0..<width where !atUpper[k] {
        if at < 0 { value += ~at == k ? offset : 0 } else { value += offset * table[at * stride + k] }
      }
      vector[j] = value
    }
  }

  /// The sum of the absolute reduced costs.
  var reducedNorm: Double {
    var sum = 0.0
    for j in 0..<width { sum += abs(reduced[j]) }
    return sum
  }

  /// The reduced cost of row `i`: what the objective gains per unit of the row's value; 0 while it is basic.
  func multiplier(ofRow i: Int) -> Double {
    let at = place[width + i]
    return at < 0 ? reduced[~at] : 0
  }

  /// The rows, with factors, whose upper limits keep the variable of a dictionary row out of its range.
  func reasons(row r: Int) -> [(row: Int, factor: Double)] {
    let tooHigh = table[r * stride + width] > basicUpper[r]
    var result: [(row: Int, factor: Double)] = []
    if tooHigh, basic[r] >= width { result.append((basic[r] - width, 1)) }
    for j in 0..<width where nonbasic[j] >= width {
      let rate = table[r * stride + j]
      result.append((nonbasic[j] - width, tooHigh ? -rate : rate))
    }
    return result
  }

  /// The rows that hold the point in place.
  var activeRows: [Int] { (0..<width).compactMap { nonbasic[$0] >= width ? nonbasic[$0] - width : nil } }

  /// Whether entry `j` of the point sits at an end of its range.
  func isNonbasic(_ j: Int) -> Bool { place[j] < 0 }
}
