import Networks

extension SubdivisionWalker {
  /// The computed form of a constraint: of a neuron of a layer begun on the cell at hand, or of a side of the domain.
  @inline(__always)
  func form(of constraint: Int, _ blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>) -> Form {
    if constraint >= compiled.neuronCount {
      return Form(
        sideForms, constraint - compiled.neuronCount, padded: sidePadding, constraint: constraint)
    }
    let position = Int(compiled.layerOfNeuron[constraint])
    let (first, padded) = compiled.placement[position]
    return Form(blocks[position], constraint - first, padded: padded, constraint: constraint)
  }

  /// The error, relative to the size, above which a vertex is computed exactly.
  static let requiredAccuracy = 0x1p-28
  /// The error above which a new vertex is solved for anew: sooner costs more than the signs that it decides.
  static let workingAccuracy = 0x1p-32
  /// The error above which a vertex that is kept is solved for anew.
  static let keptAccuracy = 0x1p-42

  /// Whether the error of a vertex exceeds an accuracy.
  @inline(__always)
  func isBeyond(_ accuracy: Double, _ place: UnsafeMutablePointer<Double>, stride: Int) -> Bool {
    place[(dimension + 1) * stride] > accuracy * max(place[(dimension + 2) * stride], scale)
  }

  /// Solves anew for a vertex of the cell at hand that is to be kept, where the search left it less accurate.
  mutating func sharpen(_ v: Int, of cell: Cell) {
    let place = cell.lanes + v
    guard cell.exact[v] == Cell.interpolated,
      isBeyond(SubdivisionWalker.keptAccuracy, place, stride: cell.stride)
    else { return }
    cell.exact[v] = Cell.refined
    let mask = cell.masks + v * cell.words
    if !refine(place, stride: cell.stride, mask: mask, cell: cell, blocks)
      || isBeyond(SubdivisionWalker.requiredAccuracy, place, stride: cell.stride)
    {
      recompute(v, of: cell)
    }
  }

  /// Solves for a vertex anew from the constraints tight at it, in floating point, with a proved bound.
  ///
  /// With A x + b = 0 the d tight constraints, R an approximate inverse of A, x̂ a solution improved by one step of
  /// Newton, and r its residual, known within ρ,
  ///
  ///     |x − x̂|∞ ≤ ||R| (|r| + ρ)|∞ / (1 − g),    g ≥ |I − R A|∞ where A is exact.
  ///
  /// g < 1 also proves that the constraints are independent. A recession direction solves a·x = 0 for the d − 1
  /// constraints besides infinity, with its largest entry kept as it is.
  ///
  /// - Returns: whether there is a bound; if so it is written, with the coordinates, when it is better than before.
  mutating func refine(
    _ place: UnsafeMutablePointer<Double>, stride: Int, mask: UnsafePointer<UInt64>, cell: Cell,
    _ blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  ) -> Bool {
    let d = dimension
    let t = place[d * stride]
    let (rowCount, largest) = gatherRows(place, stride: stride, mask: mask, cell: cell, blocks)
    guard rowCount >= d, invert(rowCount) else { return false }
    let system = scratch.system
    let inverse = scratch.inverse
    // g = |I − R A| + |R| |error of A|, with room for the rounding of both products.
    let width = d + 3
    var deviation = 0.0
    for i in 0..<d {
      let row = inverse + i * d
      var sum = 0.0
      // Four columns at a time; those past d are rounding bounds, and left out below.
      for first in Swift.stride(from: 0, to: d, by: 4) {
        var entry = SIMD4<Double>(repeating: 0)
        if i - first >= 0, i - first < 4 { entry[i - first] = -1 }
        var size = SIMD4<Double>(repeating: 1)
        for k in 0..<d {
          let product = row[k] * load(system + k * width + first)
          entry += product
          size += product.magnitude
        }
        let part = entry.magnitude + size * (Double(d + 2) * 0x1p-52)
        for lane in 0..<min(4, d - first) { sum += part[lane] }
      }
      for k in 0..<d { sum += row[k].magnitude * system[k * width + d + 1] }
      // Not a number, after an overflow, is no bound either.
      guard sum < 0.5 else { return false }
      deviation = max(deviation, sum)
    }
    let x = scratch.centre
    let residual = scratch.radius
    for c in 0..<d { x[c] = place[c * stride] }
    evaluateRows(x, t: t, residual)
    for i in 0..<d where i != largest {
      var step = 0.0
      for k in 0..<d { step += inverse[i * d + k] * residual[k] }
      x[i] -= step
    }
    evaluateRows(x, t: t, residual)
    var size = CompiledNetwork.floorOfMagnitudes
    for c in 0..<d { size = max(size, x[c].magnitude) }
    var error = 0.0
    for i in 0..<d {
      var sum = 0.0
      for k in 0..<d {
        let room = system[k * width + d + 1] * size + system[k * width + d + 2] * t
        sum += inverse[i * d + k].magnitude * (residual[k].magnitude + room)
      }
      guard sum.isFinite else { return false }
      error = max(error, sum)
    }
    error = error / (1 - deviation) * (1 + 0x1p-40) + 0x1p-1000
    guard error < place[(d + 1) * stride] || !place[(d + 1) * stride].isFinite else {
      return place[(d + 1) * stride].isFinite
    }
    for c in 0..<d { place[c * stride] = x[c] }
    place[(d + 1) * stride] = error
    place[(d + 2) * stride] = CompiledNetwork.bounded((size + error) * (1 + 0x1p-40))
    return place[(d + 2) * stride].isFinite
  }

  /// Writes the tight constraints as rows a, b, α, β of the system.
  ///
  /// - Returns: the number of rows, and for a direction its largest coordinate, which a row of its own fixes.
  private mutating func gatherRows(
    _ place: UnsafeMutablePointer<Double>, stride: Int, mask: UnsafePointer<UInt64>, cell: Cell,
    _ blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  ) -> (count: Int, fixed: Int) {
    let d = dimension
    let width = d + 3
    var count = 0
    for word in 0..<cell.words { count += mask[word].nonzeroBitCount }
    scratch.reserveSystem(rows: count + 1, dimension: d)
    let system = scratch.system
    var row = 0
    for word in 0..<cell.words {
      var bits = mask[word]
      while bits != 0 {
        let slot = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        let form = form(of: Int(cell.slots[slot]), blocks)
        if form.constraint == compiled.neuronCount + 2 * d { continue }  // infinity
        for lane in 0..<width { system[row * width + lane] = form[lane] }
        row += 1
      }
    }
    guard place[d * stride] == 0 else { return (row, -1) }
    var largest = 0
    for c in 0..<d where place[c * stride].magnitude > place[largest * stride].magnitude { largest = c }
    for lane in 0..<width { system[row * width + lane] = 0 }
    system[row * width + largest] = 1
    return (row + 1, largest)
  }

  /// A x + b t for each of the d chosen rows; a row that fixes a coordinate holds by itself.
  @inline(__always)
  private func evaluateRows(
    _ x: UnsafeMutablePointer<Double>, t: Double, _ result: UnsafeMutablePointer<Double>
  ) {
    let d = dimension
    let width = d + 3
    for k in 0..<d {
      let row = scratch.system + k * width
      var sum = row[d] * t
      for c in 0..<d { sum += row[c] * x[c] }
      // Only the row of a fixed coordinate is without any error.
      let isFixed = t == 0 && row[d + 1] == 0
      result[k] = isFixed ? 0 : sum
    }
  }

  /// Moves d well-conditioned rows of the system to the front and inverts them approximately.
  private mutating func invert(_ rowCount: Int) -> Bool {
    let d = dimension
    let width = d + 3
    let system = scratch.system
    let inverse = scratch.inverse
    // Rows of a and of the unit matrix, filled up to whole vectors.
    let work = scratch.work
    let length = SplitScratch.workLength(dimension: d)
    for row in 0..<rowCount {
      let place = work + row * length
      for c in 0..<d { place[c] = system[row * width + c] }
      for c in d..<length { place[c] = 0 }
    }
    // Gauss–Jordan; the unit matrix is filled in as rows are chosen, so that it follows their order.
    for column in 0..<d {
      var best = column
      for row in column..<rowCount
      where work[row * length + column].magnitude > work[best * length + column].magnitude { best = row }
      let pivotRow = work + column * length
      if best != column {
        let other = work + best * length
        for k in Swift.stride(from: 0, to: length, by: 4) {
          let kept = load(pivotRow + k)
          store(load(other + k), pivotRow + k)
          store(kept, other + k)
        }
        for k in 0..<width { swap(&system[best * width + k], &system[column * width + k]) }
      }
      let pivot = pivotRow[column]
      guard pivot != 0, pivot.isFinite else { return false }
      pivotRow[d + column] = 1
      let scale = 1 / pivot
      for k in Swift.stride(from: 0, to: length, by: 4) { store(load(pivotRow + k) * scale, pivotRow + k) }
      for row in 0..<rowCount where row != column {
        let target = work + row * length
        let factor = target[column]
        if factor == 0 { continue }
        for k in Swift.stride(from: 0, to: length, by: 4) {
          store(load(target + k) - factor * load(pivotRow + k), target + k)
        }
      }
    }
    for i in 0..<d {
      for k in 0..<d { inverse[i * d + k] = work[i * length + d + k] }
    }
    return true
  }
}
