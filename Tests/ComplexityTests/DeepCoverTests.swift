import Complexity
import ExactArithmetic
import Networks
import Testing

/// The proof of the quotient by scales and orders, followed for networks of any depth on an interval.
@Suite("Covers of deep classes, built")
struct DeepCoverTests {
  /// For each layer its rows of weights and bias.
  private typealias Layers = [[[Rational]]]

  private func number(_ value: Int) -> Rational { Rational(Dyadic(Int64(value))) }

  private func quotient(_ a: Rational, _ b: Rational) -> Rational { a.dividedExactly(by: b) ?? .zero }

  private func magnitude(_ a: Rational) -> Rational { a.sign < 0 ? -a : a }

  /// Scales hidden rows up to the boundary of the box, layer after layer, then puts them in the order of their cells, and
  /// takes the centres of the cells.
  private func standIn(_ layers: Layers, _ radius: Rational, _ cells: [Int]) -> (
    cells: [[[Int]]], centres: Layers
  ) {
    var layers = layers
    for l in 0..<layers.count - 1 {
      for i in layers[l].indices {
        let size = layers[l][i].map(magnitude).max() ?? .zero
        let factor = size.isZero ? Rational.zero : quotient(radius, size)
        layers[l][i] = size.isZero ? layers[l][i].map { _ in radius } : layers[l][i].map { $0 * factor }
        for r in layers[l + 1].indices {
          layers[l + 1][r][i] = size.isZero ? .zero : quotient(layers[l + 1][r][i], factor)
        }
      }
      let places = layers[l].map { $0.map { cell($0, radius, cells[l]) } }
      let order = places.indices.sorted { places[$0].lexicographicallyPrecedes(places[$1]) }
      layers[l] = order.map { layers[l][$0] }
      layers[l + 1] = layers[l + 1].map { row in order.map { row[$0] } + [row[order.count]] }
    }
    let places = layers.enumerated().map { l, rows in rows.map { $0.map { cell($0, radius, cells[l]) } } }
    let centres = places.enumerated().map { l, rows in
      rows.map { $0.map { quotient(number(2 * $0 + 1), number(cells[l])) * radius - radius } }
    }
    return (places, centres)
  }

  private func cell(_ value: Rational, _ radius: Rational, _ count: Int) -> Int {
    let share = quotient(value + radius, radius + radius) * number(count)
    // The last cell is closed.
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if number(middle) <= share { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The pre-activations of each layer at an input.
  private func values(_ layers: Layers, _ x: Rational) -> [[Rational]] {
    var signals = [x]
    return layers.map { rows in
      let sums = rows.map { row in zip(row, signals).reduce(row[row.count - 1]) { $0 + $1.0 * $1.1 } }
      signals = sums.map { $0.sign > 0 ? $0 : .zero }
      return sums
    }
  }

  /// All inputs where a neuron changes its sign, and the ends: between neighbours, the network is affine.
  private func kinks(_ layers: Layers, _ radius: Rational) -> [Rational] {
    var points = [-radius, radius]
    for l in 0..<layers.count - 1 {
      let known = points.map { values(layers, $0)[l] }
      for (k, (left, right)) in zip(points, points.dropFirst()).enumerated() {
        for (a, b) in zip(known[k], known[k + 1]) where a.sign * b.sign < 0 {
          points.append(left + quotient((right - left) * a, a - b))
        }
      }
      points = Set(points).sorted()
    }
    return points
  }

  private func distance(_ f: Layers, _ g: Layers, _ radius: Rational) -> Rational {
    Set(kinks(f, radius) + kinks(g, radius)).map { x in
      zip(values(f, x)[f.count - 1], values(g, x)[f.count - 1]).map { magnitude($0 - $1) }.max() ?? .zero
    }.max() ?? .zero
  }

  @Test(
    "Each member is within ε of the one that stands for it", arguments: UInt64(0)..<6,
    [[1, 2, 2, 1], [1, 3, 1, 2, 2]])
  func covers(seed: UInt64, widths: [Int]) throws {
    var rng = SplitMix64(seed: seed)
    let radius = try #require(Rational(decimal: ["1", "0.75", "1.5"][Int(seed % 3)]))
    let networks = NetworkClass(widths: widths, radius: radius, inputRadius: .one)
    let epsilon = (networks.signalBounds.last ?? .one) * Rational(Dyadic(1, exponent: -Int(seed % 5)))
    for steps in [ParameterGrid.Steps.uniform, .byLayer] {
      let cells = try ParameterGrid(networks, epsilon: epsilon, steps: steps).cells.map {
        Int(try #require($0.int64))
      }
      for _ in 0..<6 {
        let layers = (1..<widths.count).map { layer in
          (0..<widths[layer]).map { _ in
            (0..<networks.rowLength(layer)).map { _ in
              switch Int.random(in: 0..<5, using: &rng) {
              case 0: radius
              case 1: -radius
              case 2: Rational.zero
              default: Rational(Dyadic(Double(Float.random(in: -1...1, using: &rng)))) * radius
              }
            }
          }
        }
        let (places, centres) = standIn(layers, radius, cells)
        #expect(distance(layers, centres, .one) <= epsilon, "seed \(seed), \(layers)")
        for (l, rows) in places.dropLast().enumerated() {
          #expect(rows.allSatisfy { $0.contains { $0 == 0 || $0 == cells[l] - 1 } })
          #expect(zip(rows, rows.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
        }
      }
    }
  }
}
