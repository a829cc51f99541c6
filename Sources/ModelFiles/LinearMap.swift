import ExactArithmetic

/// A constant matrix that acts on the elements of a tensor: Gemm, Conv, pooling and sums are all of this kind.
///
/// Row i is Σ_t weight(i, t) · element columns[t]. A dense map has the same columns in every row.
///
/// - Exactness: the weights are exact, except that entry t is within `errors[t]` of the true one (empty: all exact).
struct LinearMap: Sendable {
  /// The number of rows.
  let rows: Int
  /// Where each row's entries start in `columns`, one more than rows; nil for a dense map.
  let starts: [Int]?
  /// The elements read: all rows in turn, or the one list that every row of a dense map shares.
  let columns: [Int]
  /// The weights, row by row.
  let weights: ExactValues
  /// Error bounds of the weights, in the same order, or none.
  let errors: [Double]

  /// The dense map of `rows` rows that each read `columns`.
  init(dense weights: ExactValues, rows: Int, reading columns: [Int], errors: [Double] = []) {
    self.rows = rows
    self.starts = nil
    self.columns = columns
    self.weights = weights
    self.errors = errors
  }

  /// The sparse map with the given rows.
  init(starts: [Int], columns: [Int], weights: ExactValues, errors: [Double] = []) {
    self.rows = starts.count - 1
    self.starts = starts
    self.columns = columns
    self.weights = weights
    self.errors = errors
  }

  /// The number of entries.
  var entryCount: Int { weights.count }

  /// The range of row i in `weights`, and what to subtract from a position there to find its column.
  @inline(__always)
  func row(_ i: Int) -> (range: Range<Int>, shift: Int) {
    if let starts { return (starts[i]..<starts[i + 1], 0) }
    return (i * columns.count..<(i + 1) * columns.count, i * columns.count)
  }

  /// The map applied to plain numbers.
  func applied(to values: ExactValues) -> ExactValues {
    if values.areZero { return .zeros(rows) }
    if case .doubles(let w) = weights, case .doubles(let x) = values {
      var exact = true
      let result = applied(w, to: x, &exact)
      if exact { return .doubles(result) }
    }
    var exact = true
    return ExactValues(applied(weights.exact, to: values.exact, &exact))
  }

  private func applied<C: ExactCoefficient>(_ w: [C], to x: [C], _ exact: inout Bool) -> [C] {
    var result: [C] = []
    result.reserveCapacity(rows)
    for i in 0..<rows {
      let (range, shift) = row(i)
      var sum = C.zero
      for t in range where !w[t].isZero {
        sum = C.sum(sum, C.product(w[t], x[columns[t - shift]], &exact), &exact)
      }
      result.append(sum)
      if !exact { break }
    }
    return result
  }

  /// Error bounds of the rows, given those of the elements and upper bounds of the elements' entries.
  ///
  /// |ŵ f̂ − w f| ≤ |ŵ| e_f + e_w (|f̂| + e_f) for every entry, summed with upward rounding.
  func errorBounds(of elementErrors: [Double], magnitudes: () -> [Double]) -> [Double] {
    if elementErrors.isEmpty && errors.isEmpty { return [] }
    let sizes = weights.magnitudesAbove
    let entries = errors.isEmpty ? [] : magnitudes()
    return (0..<rows).map { i in
      let (range, shift) = row(i)
      var bound = 0.0
      for t in range {
        let column = columns[t - shift]
        let error = elementErrors.isEmpty ? 0 : elementErrors[column]
        bound = Upward.sum(bound, Upward.product(sizes[t], error))
        if !errors.isEmpty {
          bound = Upward.sum(bound, Upward.product(errors[t], Upward.sum(entries[column], error)))
        }
      }
      return bound
    }
  }
}

/// Sums and products of nonnegative doubles, rounded up.
enum Upward {
  /// An upper bound of a + b.
  static func sum(_ a: Double, _ b: Double) -> Double {
    if a == 0 { return b }
    return b == 0 ? a : (a + b).nextUp
  }

  /// An upper bound of a · b.
  static func product(_ a: Double, _ b: Double) -> Double {
    a == 0 || b == 0 ? 0 : (a * b).nextUp
  }
}
