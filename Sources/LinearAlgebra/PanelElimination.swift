/// Reduced echelon form of a few rows of residues in place, by halves.
///
/// The upper half is eliminated, the lower half reduced by it and eliminated, then the upper half cleared in the new
/// pivot columns: all but single rows is matrix products. Leftmost pivots in each part make leftmost pivots of the
/// whole, because a row that clears another has its pivot to the right of the other's, or changes nothing.
struct PanelElimination {
  let field: PrimeField
  let columns: Int
  /// The rows, one after the other.
  let elements: UnsafeMutablePointer<Double>
  let threads: Int

  /// Eliminates a range of rows; the independent ones move to its front.
  ///
  /// - Returns: their pivot columns.
  func eliminate(_ range: Range<Int>) -> [Int] {
    if range.count <= 1 { return range.first.map(normalize) ?? [] }
    let middle = range.lowerBound + range.count / 2
    let upper = eliminate(range.lowerBound..<middle)
    subtract(upper, rowsFrom: range.lowerBound, in: middle..<range.upperBound)
    let lower = eliminate(middle..<range.upperBound)
    let firstFree = range.lowerBound + upper.count
    subtract(lower, rowsFrom: middle, in: range.lowerBound..<firstFree)
    if firstFree < middle {
      (elements + firstFree * columns).update(from: elements + middle * columns, count: lower.count * columns)
    }
    return upper + lower
  }

  /// Scales a row so that its first nonzero entry is 1.
  private func normalize(_ row: Int) -> [Int] {
    let line = elements + row * columns
    guard let pivot = (0..<columns).first(where: { line[$0] != 0 }),
      let inverse = field.inverse(field.kernel.canonical(line[pivot]))
    else { return [] }
    field.kernel.scale(line, by: inverse, count: columns)
    return [pivot]
  }

  /// Clears the pivot columns of reduced rows in other rows.
  private func subtract(_ pivots: [Int], rowsFrom first: Int, in range: Range<Int>) {
    var factors: [Double] = []
    factors.reserveCapacity(range.count * pivots.count)
    for i in range { for column in pivots { factors.append(elements[i * columns + column]) } }
    factors.withUnsafeBufferPointer { factors in
      guard let factors = factors.baseAddress else { return }
      field.kernel.subtractProduct(
        ResidueProduct(
          rows: range.count, inner: pivots.count, columns: columns, a: factors, aStride: pivots.count,
          b: elements + first * columns, bStride: columns, c: elements + range.lowerBound * columns,
          cStride: columns), threads: threads)
    }
  }
}
