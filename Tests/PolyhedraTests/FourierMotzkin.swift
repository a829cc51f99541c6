import ExactArithmetic

/// Feasibility of linear inequalities by elimination of one variable after another: slow, exact, and nothing else.
enum FourierMotzkin {
  /// Whether some y has row · (y, 1) ≥ 0 for all rows.
  static func isFeasible(_ rows: [[Rational]]) -> Bool {
    var rows = Set(rows.map(normalized))
    guard var width = rows.first?.count else { return true }
    while width > 1 {
      var next = Set<[Rational]>()
      let positive = rows.filter { $0[0].sign > 0 }
      let negative = rows.filter { $0[0].sign < 0 }
      for row in rows where row[0].isZero { next.insert(normalized(Array(row.dropFirst()))) }
      for p in positive {
        for n in negative {
          let sum = zip(p, n).map { $0 * (-n[0]) + $1 * p[0] }
          next.insert(normalized(Array(sum.dropFirst())))
        }
      }
      rows = next.filter { row in row.dropLast().contains { !$0.isZero } || row[row.count - 1].sign < 0 }
      width -= 1
    }
    return rows.allSatisfy { $0[0].sign >= 0 }
  }

  /// Whether z ≥ 0 on the cone of the rows and t ≥ 0, t being the last coordinate.
  static func isImplied(_ target: [Dyadic], by rows: [[Dyadic]]) -> Bool {
    // A counterexample can be scaled so that −z · y ≥ 1.
    var system = rows.map { $0.map { Rational($0) } + [.zero] }
    system.append(target.indices.map { $0 == target.count - 1 ? Rational.one : .zero } + [.zero])
    system.append(target.map { -Rational($0) } + [-Rational.one])
    return !isFeasible(system)
  }

  private static func normalized(_ row: [Rational]) -> [Rational] {
    guard let first = row.first(where: { !$0.isZero }) else { return row }
    let size = first.sign < 0 ? -first : first
    return row.map { $0.dividedExactly(by: size) ?? $0 }
  }
}
