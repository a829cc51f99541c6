import ExactArithmetic
import Networks

/// The regions of a network with two inputs on a square, by cutting polygons in rational arithmetic.
///
/// Convex polygons are split neuron by neuron; a part is kept when it is not on one line. Neighbours are found by
/// overlapping sides on one line, so neither vertices nor signs are shared with the library.
struct PlanarReference {
  struct Point: Hashable {
    var x: Rational
    var y: Rational
  }

  struct Cell {
    var polygon: [Point]
    /// For every layer of the network so far, the input first, its signals as forms (a, b, c) for a x + b y + c.
    var signals: [[[Dyadic]]]
    /// Active or not, for every hidden neuron.
    var pattern: [Bool] = []
  }

  let cells: [Cell]
  /// The affine map of every cell, one form for each output.
  let maps: [[[Dyadic]]]
  /// Maximal connected unions of cells with one affine map.
  let pieceCount: Int
  /// The sum of the areas of all cells.
  let area: Rational

  init(_ network: Network, size: Double) {
    let r = Rational(Dyadic(size))
    let square = [Point(x: -r, y: -r), Point(x: r, y: -r), Point(x: r, y: r), Point(x: -r, y: r)]
    var cells = [Cell(polygon: square, signals: [[[.one, .zero, .zero], [.zero, .one, .zero]]])]
    for layer in network.hiddenLayers {
      cells = cells.flatMap { cell in
        let forms = Self.forms(of: layer, cell.signals)
        var parts = [cell]
        for form in forms { parts = parts.flatMap { Self.split($0, by: form) } }
        return parts.map { part in
          var part = part
          let states = part.pattern.suffix(layer.width)
          part.signals.append(zip(forms, states).map { $1 ? $0 : [.zero, .zero, .zero] })
          return part
        }
      }
    }
    self.cells = cells
    let maps = cells.map { Self.forms(of: network.outputLayer, $0.signals) }
    self.maps = maps
    pieceCount = Self.pieceCount(cells, maps)
    area = cells.map { Self.area($0.polygon) }.reduce(.zero, +)
  }

  private static func forms(of layer: Network.Layer, _ signals: [[[Dyadic]]]) -> [[Dyadic]] {
    (0..<layer.width).map { j in
      var sum = [Dyadic.zero, .zero, layer.bias[j, 0]]
      for block in layer.blocks {
        for (i, signal) in signals[block.source].enumerated() {
          for c in 0..<3 { sum[c] = sum[c] + block.weights[j, i] * signal[c] }
        }
      }
      return sum
    }
  }

  private static func split(_ cell: Cell, by form: [Dyadic]) -> [Cell] {
    let values = cell.polygon.map { Rational(form[0]) * $0.x + Rational(form[1]) * $0.y + Rational(form[2]) }
    var (active, inactive) = (cell, cell)
    active.pattern.append(true)
    inactive.pattern.append(false)
    if values.allSatisfy({ $0.sign <= 0 }) { return [inactive] }
    if values.allSatisfy({ $0.sign >= 0 }) { return [active] }
    (active.polygon, inactive.polygon) = ([], [])
    for (i, p) in cell.polygon.enumerated() {
      let next = (i + 1) % cell.polygon.count
      let q = cell.polygon[next]
      if values[i].sign >= 0 { active.polygon.append(p) }
      if values[i].sign <= 0 { inactive.polygon.append(p) }
      if values[i].sign * values[next].sign < 0 {
        let part = quotient(values[i], values[i] - values[next])
        let point = Point(x: p.x + (q.x - p.x) * part, y: p.y + (q.y - p.y) * part)
        active.polygon.append(point)
        inactive.polygon.append(point)
      }
    }
    return [active, inactive]
  }

  private static func quotient(_ a: Rational, _ b: Rational) -> Rational {
    guard let result = a.dividedExactly(by: b) else { preconditionFailure("division by zero") }
    return result
  }

  private static func area(_ polygon: [Point]) -> Rational {
    let twice = polygon.indices.map { i in
      let (p, q) = (polygon[i], polygon[(i + 1) % polygon.count])
      return p.x * q.y - q.x * p.y
    }.reduce(Rational.zero, +)
    return (twice.sign < 0 ? -twice : twice) * Rational(Dyadic(0.5))
  }

  private static func pieceCount(_ cells: [Cell], _ maps: [[[Dyadic]]]) -> Int {
    // A line as slope and intercept; the stretch of a side on it by its coordinate.
    struct Line: Hashable {
      var slope: Rational?
      var intercept: Rational
    }
    var sides: [Line: [(low: Rational, high: Rational, cell: Int)]] = [:]
    for (number, cell) in cells.enumerated() {
      for i in cell.polygon.indices {
        let (p, q) = (cell.polygon[i], cell.polygon[(i + 1) % cell.polygon.count])
        if p == q { continue }
        let isVertical = p.x == q.x
        let slope = isVertical ? nil : quotient(q.y - p.y, q.x - p.x)
        let line = Line(slope: slope, intercept: slope.map { p.y - $0 * p.x } ?? p.x)
        let (a, b) = isVertical ? (p.y, q.y) : (p.x, q.x)
        sides[line, default: []].append((min(a, b), max(a, b), number))
      }
    }
    var piece = Array(cells.indices)
    func root(_ cell: Int) -> Int { piece[cell] == cell ? cell : root(piece[cell]) }
    for group in sides.values {
      for (k, a) in group.enumerated() {
        for b in group[..<k] where maps[a.cell] == maps[b.cell] && max(a.low, b.low) < min(a.high, b.high) {
          piece[root(a.cell)] = root(b.cell)
        }
      }
    }
    return cells.indices.count { piece[$0] == $0 }
  }
}
