import ExactArithmetic
import LinearAlgebra
import _TestSupport

/// Rows of small integers with many zeros times powers of two, spanned by `rank` of them.
func plantedRows(
  _ count: Int, _ columns: Int, rank: Int, using rng: inout some RandomNumberGenerator
) -> [[Dyadic]] {
  func sparse() -> [Dyadic] {
    (0..<columns).map { _ in
      Bool.random(using: &rng)
        ? .zero : Dyadic(Int64.random(in: -9...9, using: &rng), exponent: Int.random(in: -3...3, using: &rng))
    }
  }
  let span = (0..<rank).map { _ in sparse() }
  return (0..<count).map { _ in
    var row = [Dyadic](repeating: .zero, count: columns)
    for other in span {
      let factor = Dyadic(Int64.random(in: -2...2, using: &rng))
      row = zip(row, other).map { $0 + factor * $1 }
    }
    return row.map { $0.scaled(byPowerOfTwo: Int.random(in: -40...40, using: &rng)) }
  }
}

extension PrimeField {
  /// A field whose prime is small, large or one of those preferred.
  static func ofAnySize(using rng: inout some RandomNumberGenerator) -> PrimeField {
    let corners = [3, 5, 7, 8_388_593, 67_108_859].compactMap { PrimeField(prime: $0) }
    return Bool.random(using: &rng) ? .random(using: &rng) : corners[Int.random(in: 0..<5, using: &rng)]
  }

  /// A residue at the ends of the range, zero, or any.
  func randomResidue(using rng: inout some RandomNumberGenerator) -> Double {
    let half = prime / 2
    switch Int.random(in: 0..<4, using: &rng) {
    case 0: return 0
    case 1: return Double(Bool.random(using: &rng) ? half : -half)
    default: return Double(Int.random(in: -half...half, using: &rng))
    }
  }

  /// The reduced echelon form, one entry at a time in integers.
  func schoolbookEchelon(_ rows: [[Double]]) -> [(pivot: Int, row: [Int])] {
    func wrap(_ x: Int) -> Int { ((x % prime) + prime) % prime }
    var rest = rows.map { $0.map { wrap(Int($0)) } }
    var done: [(pivot: Int, row: [Int])] = []
    for column in 0..<(rows.first?.count ?? 0) {
      guard let found = rest.firstIndex(where: { $0[column] != 0 }) else { continue }
      let row = rest.remove(at: found)
      guard let inverse = (1..<prime).first(where: { prime > 1000 || wrap($0 * row[column]) == 1 }) else {
        continue
      }
      let factor = prime > 1000 ? wrap(power(row[column], prime - 2)) : inverse
      let pivotRow = row.map { wrap($0 * factor) }
      func clear(_ other: [Int]) -> [Int] { zip(other, pivotRow).map { wrap($0 - other[column] * $1) } }
      rest = rest.map(clear)
      done = done.map { ($0.pivot, clear($0.row)) } + [(column, pivotRow)]
    }
    return done
  }

  private func power(_ base: Int, _ exponent: Int) -> Int {
    var (result, square, rest) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square % prime }
      square = square * square % prime
      rest >>= 1
    }
    return result
  }
}
