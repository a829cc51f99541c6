import Complexity
import ExactArithmetic

/// The cover of a class with one hidden layer and one output, built as the proof says, with its own exact arithmetic.
struct SmallCover {
  let inputs: Int
  let hidden: Int
  let radius: Rational
  let inputRadius: Rational
  /// The cells of a parameter, of hidden rows and of the output row.
  let cells: [Int]

  /// Rows of weights and bias; the last is the output's.
  typealias Rows = [[Rational]]

  init(_ networks: NetworkClass, cells: [Int]) {
    inputs = networks.widths[0]
    hidden = networks.widths[1]
    radius = networks.radius
    inputRadius = networks.inputRadius
    self.cells = cells
  }

  /// The place of a parameter among the cells of the box.
  func cell(_ value: Rational, _ count: Int) -> Int {
    let share = quotient(value + radius, radius + radius) * number(count)
    return min(count - 1, (0..<count).last { number($0) <= share } ?? 0)
  }

  /// The centre of a cell.
  func centre(_ cell: Int, _ count: Int) -> Rational {
    quotient(number(2 * cell + 1), number(count)) * radius - radius
  }

  /// The cells of the parameters of the network that stands for `rows`.
  func standIn(_ rows: Rows, modulo quotient: ParameterGrid.Quotient) -> [[Int]] {
    var rows = rows
    if quotient == .sortedFullRows {
      for i in 0..<hidden {
        let size = rows[i].map { $0.sign < 0 ? -$0 : $0 }.max() ?? .zero
        if size.isZero {
          rows[i][0] = radius
          rows[hidden][i] = .zero
        } else {
          rows[i] = rows[i].map { self.quotient($0 * radius, size) }
          rows[hidden][i] = self.quotient(rows[hidden][i] * size, radius)
        }
      }
    }
    let order: [Int]
    switch quotient {
    case .none: order = Array(0..<hidden)
    case .sortedBiases:
      let biases = rows.map { cell($0[$0.count - 1], cells[0]) }
      order = (0..<hidden).sorted { biases[$0] < biases[$1] }
    case .sortedRows, .sortedFullRows:
      let places = rows.map { $0.map { cell($0, cells[0]) } }
      order = (0..<hidden).sorted { places[$0].lexicographicallyPrecedes(places[$1]) }
    }
    let output = order.map { rows[hidden][$0] } + [rows[hidden][hidden]]
    return order.map { rows[$0].map { cell($0, cells[0]) } } + [output.map { cell($0, cells[1]) }]
  }

  /// The network with the centres of cells.
  func network(_ places: [[Int]]) -> Rows {
    places.enumerated().map { position, row in
      row.map { centre($0, cells[position < hidden ? 0 : 1]) }
    }
  }

  /// The value at an input.
  func value(_ rows: Rows, _ x: [Rational]) -> Rational {
    func affine(_ row: [Rational], _ x: [Rational]) -> Rational {
      zip(row, x).reduce(row[row.count - 1]) { $0 + $1.0 * $1.1 }
    }
    let signals = rows.dropLast().map { row in
      let sum = affine(row, x)
      return sum.sign > 0 ? sum : .zero
    }
    return affine(rows[hidden], signals)
  }

  /// sup |f − g| over the box of inputs, exactly: f − g is affine on the cells that the kinks of both cut, so its extremes
  /// lie at their corners.
  func distance(_ f: Rows, _ g: Rows) -> Rational {
    var lines = (f.dropLast() + g.dropLast()).map(Array.init)
    for axis in 0..<inputs {
      for side in [inputRadius, -inputRadius] {
        lines.append((0..<inputs).map { $0 == axis ? .one : .zero } + [-side])
      }
    }
    let corners = inputs == 1 ? lines.compactMap(zero) : meetings(lines)
    return corners.filter { x in x.allSatisfy { $0 <= inputRadius && -inputRadius <= $0 } }
      .map { x in
        let gap = value(f, x) - value(g, x)
        return gap.sign < 0 ? -gap : gap
      }.max() ?? .zero
  }

  private func zero(_ line: [Rational]) -> [Rational]? {
    line[0].isZero ? nil : [quotient(-line[1], line[0])]
  }

  private func meetings(_ lines: [[Rational]]) -> [[Rational]] {
    lines.indices.flatMap { i in
      lines[..<i].compactMap { other -> [Rational]? in
        let line = lines[i]
        let determinant = line[0] * other[1] - line[1] * other[0]
        guard !determinant.isZero else { return nil }
        return [
          quotient(line[1] * other[2] - line[2] * other[1], determinant),
          quotient(line[2] * other[0] - line[0] * other[2], determinant),
        ]
      }
    }
  }

  private func number(_ value: Int) -> Rational { Rational(Dyadic(Int64(value))) }

  private func quotient(_ a: Rational, _ b: Rational) -> Rational { a.dividedExactly(by: b) ?? .zero }
}
