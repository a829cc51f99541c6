extension BoxedSimplex {
  /// Minimises `cost · y` from the last basis.
  ///
  /// - Parameters:
  ///   - cost: one number for each entry of y.
  ///   - stopBelow: a feasible point with a smaller objective is good enough.
  ///   - stopAbove: multipliers that prove a larger objective are good enough.
  func minimize(_ cost: [Double], stopBelow: Double = -.infinity, stopAbove: Double = .infinity) -> Outcome {
    precondition(cost.count == width, "\(cost.count) costs for \(width) variables")
    if pivotsSinceBuild > Self.pivotsPerBuild { rebuild() }
    price(cost)
    computeValues()
    if isFeasible {
      let outcome = primal(stopBelow: stopBelow)
      if case .stalled = outcome {} else { return outcome }
      rebuild()
      price(cost)
    }
    for attempt in 0..<2 {
      if attempt > 0 {
        rebuild()
        price(cost)
      }
      takeSides()
      computeValues()
      let outcome = dual(stopAbove: stopAbove)
      if case .stalled = outcome { continue }
      return outcome
    }
    return .stalled
  }

  /// c · y at the current nonbasic values.
  var objective: Double {
    var sum = 0.0
    for j in 0..<width { sum += reduced[j] * values[j] }
    return sum
  }

  private var stepLimit: Int { 50 + 10 * (width + rowCount) }

  /// Writes the costs in terms of the nonbasic variables.
  private func price(_ cost: [Double]) {
    for k in 0..<stride { reduced[k] = 0 }
    for j in 0..<width where cost[j] != 0 {
      let at = place[j]
      if at < 0 {
        reduced[~at] += cost[j]
      } else {
        let source = table + at * stride
        for k in 0..<width { reduced[k] += cost[j] * source[k] }
      }
    }
  }

  /// Moves nonbasic variables to the ends that their reduced costs ask for.
  private func takeSides() {
    for j in 0..<width {
      let variable = nonbasic[j]
      if reduced[j] < 0 { atUpper[j] = true } else if reduced[j] > 0 { atUpper[j] = false }
      values[j] = atUpper[j] ? upper[variable] : lower[variable]
    }
  }

  /// Computes the basic variables from the nonbasic ones.
  private func computeValues() {
    values[width] = 0
    for r in 0..<rowCount {
      let row = table + r * stride
      row[width] = 0
      row[width] = Self.dot(row, values, stride)
    }
  }

  private var isFeasible: Bool {
    for r in 0..<rowCount {
      let value = table[r * stride + width]
      if value < basicLower[r] - Self.tolerance || value > basicUpper[r] + Self.tolerance { return false }
    }
    return true
  }

  private func primal(stopBelow: Double) -> Outcome {
    for _ in 0..<stepLimit {
      if objective < stopBelow { return .below }
      var column = -1
      var steepest = Self.tolerance
      for j in 0..<width where atUpper[j] ? reduced[j] > steepest : -reduced[j] > steepest {
        let variable = nonbasic[j]
        if lower[variable] == upper[variable] { continue }
        column = j
        steepest = abs(reduced[j])
      }
      if column < 0 { return .optimal }
      primalStep(column)
    }
    return .stalled
  }

  private func primalStep(_ column: Int) {
    let direction = atUpper[column] ? -1.0 : 1.0
    let variable = nonbasic[column]
    var step = upper[variable] - lower[variable]
    var leaving = -1
    var size = 0.0
    for r in 0..<rowCount {
      let rate = direction * table[r * stride + column]
      if abs(rate) < Self.smallestPivot { continue }
      let room =
        rate > 0 ? basicUpper[r] - table[r * stride + width] : table[r * stride + width] - basicLower[r]
      let reach = max(room, 0) / abs(rate)
      if reach < step - 1e-12 || (reach <= step + 1e-12 && abs(rate) > size) {
        step = min(step, reach)
        leaving = r
        size = abs(rate)
      }
    }
    if leaving >= 0 {
      pivot(row: leaving, column: column, toUpper: direction * table[leaving * stride + column] > 0)
    } else {
      atUpper[column].toggle()
      values[column] = atUpper[column] ? upper[variable] : lower[variable]
      for r in 0..<rowCount { table[r * stride + width] += direction * step * table[r * stride + column] }
    }
  }

  private func dual(stopAbove: Double) -> Outcome {
    for _ in 0..<stepLimit {
      if objective > stopAbove { return .above }
      var leaving = -1
      var violation = Self.tolerance
      for r in 0..<rowCount {
        let value = table[r * stride + width]
        let gap = max(basicLower[r] - value, value - basicUpper[r])
        if gap > violation {
          violation = gap
          leaving = r
        }
      }
      if leaving < 0 { return .optimal }
      let row = table + leaving * stride
      let tooHigh = row[width] > basicUpper[leaving]
      var column = -1
      var ratio = Double.infinity
      var size = 0.0
      for j in 0..<width {
        // The variable must be able to move the way that mends the row.
        let rate = tooHigh != atUpper[j] ? -row[j] : row[j]
        if rate < Self.smallestPivot { continue }
        let variable = nonbasic[j]
        if lower[variable] == upper[variable] { continue }
        let candidate = abs(reduced[j]) / rate
        if candidate < ratio - 1e-12 || (candidate <= ratio + 1e-12 && rate > size) {
          ratio = min(ratio, candidate)
          column = j
          size = rate
        }
      }
      if column < 0 { return .infeasible(row: leaving) }
      pivot(row: leaving, column: column, toUpper: tooHigh)
    }
    return .stalled
  }

  /// Exchanges a basic and a nonbasic variable; the one that leaves goes to an end of its range.
  func pivot(row r: Int, column q: Int, toUpper: Bool) {
    let stride = self.stride
    let row = table + r * stride
    let inverse = 1 / row[q]
    let entering = nonbasic[q]
    let leaving = basic[r]
    let end = toUpper ? basicUpper[r] : basicLower[r]
    let step = (end - row[width]) * inverse
    for j in 0..<stride { pivotRow[j] = -row[j] * inverse }
    pivotRow[q] = 0
    pivotRow[width] = step  // this lane adds rate · step to the values
    var i = 0
    var other = table
    while i < rowCount {
      let rate = other[q]
      if rate != 0 {
        Self.add(pivotRow, times: rate, to: other, stride)
        // After the lanes around it: before them, the processor would wait for this store at the next load.
        other[q] = rate * inverse
      }
      i += 1
      other += stride
    }
    let rate = reduced[q]
    Self.add(pivotRow, times: rate, to: reduced, stride)
    reduced[q] = rate * inverse
    reduced[width] = 0
    row.update(from: pivotRow, count: stride)
    row[q] = inverse
    row[width] = values[q] + step
    basic[r] = entering
    basicLower[r] = lower[entering]
    basicUpper[r] = upper[entering]
    place[entering] = r
    nonbasic[q] = leaving
    place[leaving] = ~q
    atUpper[q] = toUpper
    values[q] = end
    pivotCount += 1
    pivotsSinceBuild += 1
  }

  @inline(__always)
  private static func add(
    _ source: UnsafePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    var k = 0
    while k < count {
      let x = UnsafeRawPointer(source + k).load(as: SIMD4<Double>.self)
      let y = UnsafeRawPointer(target + k).load(as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(target + k).storeBytes(of: y + x * factor, as: SIMD4<Double>.self)
      k += 4
    }
  }
}
