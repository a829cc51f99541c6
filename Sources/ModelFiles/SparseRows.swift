import ExactArithmetic

/// Sparse rows over the generators (inputs, then hidden neurons): the linear parts of a tensor's elements.
///
/// Row i has the entries `starts[i] ..< starts[i + 1]`; `sources` names generators, strictly increasing in a row.
struct SparseRows<C: ExactCoefficient>: Sendable {
  var starts: [Int]
  var sources: [Int32]
  var coefficients: [C]

  /// No rows yet, with room for the given numbers.
  init(rows: Int = 0, entries: Int = 0) {
    starts = [0]
    starts.reserveCapacity(rows + 1)
    sources = []
    sources.reserveCapacity(entries)
    coefficients = []
    coefficients.reserveCapacity(entries)
  }

  var rowCount: Int { starts.count - 1 }

  /// The rows at `positions`, an empty one where a position is −1.
  func selecting(_ positions: [Int]) -> SparseRows {
    var result = SparseRows(rows: positions.count)
    for position in positions {
      if position >= 0 {
        let range = starts[position]..<starts[position + 1]
        result.sources += sources[range]
        result.coefficients += coefficients[range]
      }
      result.starts.append(result.sources.count)
    }
    return result
  }

  /// Row by row, the sum.
  func sum(_ other: SparseRows, _ exact: inout Bool) -> SparseRows {
    var result = SparseRows(rows: rowCount, entries: max(sources.count, other.sources.count))
    for row in 0..<rowCount where exact {
      var i = starts[row]
      var j = other.starts[row]
      while i < starts[row + 1] || j < other.starts[row + 1] {
        let a = i < starts[row + 1] ? sources[i] : .max
        let b = j < other.starts[row + 1] ? other.sources[j] : .max
        let value: C
        if a < b {
          value = coefficients[i]
        } else if b < a {
          value = other.coefficients[j]
        } else {
          value = C.sum(coefficients[i], other.coefficients[j], &exact)
        }
        if !value.isZero {
          result.sources.append(min(a, b))
          result.coefficients.append(value)
        }
        if a <= b { i += 1 }
        if b <= a { j += 1 }
      }
      result.starts.append(result.sources.count)
    }
    return result
  }

  /// Row i multiplied by `factors[i]`.
  func scaled(by factors: [C], _ exact: inout Bool) -> SparseRows {
    var result = SparseRows(rows: rowCount, entries: sources.count)
    for row in 0..<rowCount where exact {
      if !factors[row].isZero {
        for t in starts[row]..<starts[row + 1] {
          result.sources.append(sources[t])
          result.coefficients.append(C.product(coefficients[t], factors[row], &exact))
        }
      }
      result.starts.append(result.sources.count)
    }
    return result
  }

  /// For each row the one generator it equals, −1 where it is anything else.
  func plainGenerators(isOne: (C) -> Bool) -> [Int32] {
    (0..<rowCount).map { row in
      let first = starts[row]
      return starts[row + 1] == first + 1 && isOne(coefficients[first]) ? sources[first] : -1
    }
  }
}

extension SparseRows {
  /// The rows of `map` applied to these rows.
  ///
  /// Rows that read plain generators in increasing order are copied; others are added up in a scratch row.
  ///
  /// - Complexity: O(entries of the map) for plain generators, else O(products + sorting of each row).
  func applying(_ map: LinearMap, weights: [C], plain: [Int32], _ exact: inout Bool) -> SparseRows {
    var result = SparseRows(rows: map.rows, entries: map.entryCount)
    var scratch: [C] = []
    var stamp: [Int] = []
    let denseOrder = map.starts == nil ? increasingOrder(of: map.columns, plain) : nil
    for row in 0..<map.rows where exact {
      let (range, shift) = map.row(row)
      if let denseOrder {
        result.appendPlain(range.lowerBound, denseOrder, map.columns, plain, weights)
      } else if isIncreasing(map.columns[range.lowerBound - shift..<range.upperBound - shift], plain) {
        for t in range where !weights[t].isZero {
          result.sources.append(plain[map.columns[t - shift]])
          result.coefficients.append(weights[t])
        }
      } else {
        if scratch.isEmpty {
          let width = Int(sources.max() ?? -1) + 1
          scratch = Array(repeating: .zero, count: width)
          stamp = Array(repeating: -1, count: width)
        }
        var touched: [Int32] = []
        for t in range where !weights[t].isZero {
          let element = map.columns[t - shift]
          for s in starts[element]..<starts[element + 1] {
            let source = Int(sources[s])
            let product = C.product(coefficients[s], weights[t], &exact)
            if stamp[source] == row {
              scratch[source] = C.sum(scratch[source], product, &exact)
            } else {
              stamp[source] = row
              scratch[source] = product
              touched.append(sources[s])
            }
          }
        }
        touched.sort()
        for source in touched where !scratch[Int(source)].isZero {
          result.sources.append(source)
          result.coefficients.append(scratch[Int(source)])
        }
      }
      result.starts.append(result.sources.count)
    }
    return result
  }

  /// Appends the entries of one row of a dense map on plain generators, in the given order of columns.
  @inline(__always)
  private mutating func appendPlain(
    _ first: Int, _ order: [Int], _ columns: [Int], _ plain: [Int32], _ weights: [C]
  ) {
    for position in order {
      let weight = weights[first + position]
      if weight.isZero { continue }
      sources.append(plain[columns[position]])
      coefficients.append(weight)
    }
  }

  /// The order in which `columns` name increasing generators; nil unless all are plain and different.
  private func increasingOrder(of columns: [Int], _ plain: [Int32]) -> [Int]? {
    if isIncreasing(columns[...], plain) { return Array(columns.indices) }
    let order = columns.indices.sorted { plain[columns[$0]] < plain[columns[$1]] }
    return isIncreasing(order.map { columns[$0] }[...], plain) ? order : nil
  }

  private func isIncreasing(_ columns: ArraySlice<Int>, _ plain: [Int32]) -> Bool {
    var last: Int32 = -1
    for column in columns {
      if plain[column] <= last { return false }
      last = plain[column]
    }
    return true
  }
}

/// The linear parts of a tensor's elements, in doubles or, where some coefficient is not a double, in dyadics.
enum LinearParts: Sendable {
  case doubles(SparseRows<Double>)
  case dyadics(SparseRows<Dyadic>)

  /// Row i is the generator `first + i`.
  static func generators(_ first: Int, count: Int) -> LinearParts {
    var rows = SparseRows<Double>(rows: count, entries: count)
    for i in 0..<count {
      rows.sources.append(Int32(first + i))
      rows.coefficients.append(1)
      rows.starts.append(i + 1)
    }
    return .doubles(rows)
  }

  /// `count` empty rows.
  static func empty(_ count: Int) -> LinearParts {
    var rows = SparseRows<Double>(rows: count)
    rows.starts = Array(repeating: 0, count: count + 1)
    return .doubles(rows)
  }

  /// The rows with dyadic coefficients, as doubles where all of them are.
  init(_ rows: SparseRows<Dyadic>) {
    if case .doubles(let values) = ExactValues(rows.coefficients) {
      var result = SparseRows<Double>()
      result.starts = rows.starts
      result.sources = rows.sources
      result.coefficients = values
      self = .doubles(result)
    } else {
      self = .dyadics(rows)
    }
  }

  /// The rows with dyadic coefficients.
  var exact: SparseRows<Dyadic> {
    switch self {
    case .dyadics(let rows): return rows
    case .doubles(let rows):
      var result = SparseRows<Dyadic>()
      result.starts = rows.starts
      result.sources = rows.sources
      result.coefficients = rows.coefficients.map { Dyadic($0) }
      return result
    }
  }

  /// Where each row starts, the generators, and the coefficients.
  var parts: (starts: [Int], sources: [Int32], coefficients: ExactValues) {
    switch self {
    case .doubles(let rows): (rows.starts, rows.sources, .doubles(rows.coefficients))
    case .dyadics(let rows): (rows.starts, rows.sources, .dyadics(rows.coefficients))
    }
  }

  /// The number of entries.
  var entryCount: Int {
    switch self {
    case .doubles(let rows): rows.sources.count
    case .dyadics(let rows): rows.sources.count
    }
  }

  /// The number of entries of row i.
  func entryCount(ofRow i: Int) -> Int {
    switch self {
    case .doubles(let rows): rows.starts[i + 1] - rows.starts[i]
    case .dyadics(let rows): rows.starts[i + 1] - rows.starts[i]
    }
  }

  /// The rows at `positions`, an empty one where a position is −1.
  func selecting(_ positions: [Int]) -> LinearParts {
    switch self {
    case .doubles(let rows): .doubles(rows.selecting(positions))
    case .dyadics(let rows): LinearParts(rows.selecting(positions))
    }
  }

  /// Row by row, the sum.
  static func + (a: LinearParts, b: LinearParts) -> LinearParts {
    if case .doubles(let x) = a, case .doubles(let y) = b {
      var exact = true
      let result = x.sum(y, &exact)
      if exact { return .doubles(result) }
    }
    var exact = true
    return LinearParts(a.exact.sum(b.exact, &exact))
  }

  /// Row i multiplied by `factors[i]`.
  func scaled(by factors: ExactValues) -> LinearParts {
    if factors.areOne { return self }
    if case .doubles(let x) = self, case .doubles(let y) = factors {
      var exact = true
      let result = x.scaled(by: y, &exact)
      if exact { return .doubles(result) }
    }
    var exact = true
    return LinearParts(self.exact.scaled(by: factors.exact, &exact))
  }

  /// The rows of `map` applied to these rows.
  func applying(_ map: LinearMap) -> LinearParts {
    if case .doubles(let x) = self, case .doubles(let w) = map.weights {
      var exact = true
      let plain = x.plainGenerators { $0 == 1 }
      let result = x.applying(map, weights: w, plain: plain, &exact)
      if exact { return .doubles(result) }
    }
    var exact = true
    let x = self.exact
    let plain = x.plainGenerators { $0 == .one }
    return LinearParts(x.applying(map, weights: map.weights.exact, plain: plain, &exact))
  }

  /// For each row an upper bound of the absolute values of its entries.
  var rowMagnitudes: [Double] {
    let (starts, _, coefficients) = parts
    let sizes = coefficients.magnitudesAbove
    return (0..<starts.count - 1).map { sizes[starts[$0]..<starts[$0 + 1]].max() ?? 0 }
  }
}
