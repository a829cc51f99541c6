import ExactArithmetic
import Polyhedra
import _TestSupport

/// Kinds of rows on which a floating-point method goes wrong in different ways.
enum RowKind: CaseIterable {
  case gaussian, halfIntegers, parallel, scaled, sparse, beyondDoubles

  /// `count` rows of `width` coefficients.
  func rows(_ count: Int, width: Int, using rng: inout some RandomNumberGenerator) -> [[Dyadic]] {
    var rows: [[Dyadic]] = []
    func half(_ range: ClosedRange<Int64>, _ rng: inout some RandomNumberGenerator) -> Dyadic {
      Dyadic(Int64.random(in: range, using: &rng), exponent: -1)
    }
    for _ in 0..<count {
      switch self {
      case .gaussian:
        rows.append((0..<width).map { _ in Dyadic(Double(Float.random(in: -1...1, using: &rng))) })
      case .halfIntegers:
        rows.append((0..<width).map { _ in half(-3...3, &rng) })
      case .parallel:
        if let old = rows.randomElement(using: &rng), Bool.random(using: &rng) {
          let sign = Bool.random(using: &rng) ? Dyadic.one : -.one
          rows.append(old.map { sign * $0 * (.one + half(-2...2, &rng) * Dyadic(1e-12)) })
        } else {
          rows.append((0..<width).map { _ in half(-3...3, &rng) })
        }
      case .scaled:
        let scale = Dyadic([1e9, 1e-9, 1, 1e200, 1e-200].randomElement(using: &rng) ?? 1)
        let columns = [Dyadic(1e9), Dyadic(1e-9), .one, .one]
        rows.append((0..<width).map { half(-3...3, &rng) * scale * columns[$0 % 4] })
      case .sparse:
        var row = [Dyadic](repeating: .zero, count: width)
        for _ in 0..<Int.random(in: 0...2, using: &rng) {
          row[Int.random(in: 0..<width, using: &rng)] = half(-2...2, &rng)
        }
        rows.append(row)
      case .beyondDoubles:
        rows.append(
          (0..<width).map { _ in
            half(-2...2, &rng) + Dyadic(Int64.random(in: -1...1, using: &rng), exponent: -80)
          })
      }
      // Duplicates and multiples.
      if Int.random(in: 0..<6, using: &rng) == 0, let old = rows.randomElement(using: &rng) {
        rows[rows.count - 1] = old.map { $0 * Dyadic(3, exponent: -2) }
      }
    }
    return rows
  }
}
