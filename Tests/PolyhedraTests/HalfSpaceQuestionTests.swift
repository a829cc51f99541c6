import ExactArithmetic
import LinearAlgebra
import Polyhedra
import Testing
import _TestSupport

@Suite("Interior points and facets of half-spaces")
struct HalfSpaceQuestionTests {
  static func halfSpaces(_ rows: [[Dyadic]]) -> [HalfSpace] {
    rows.map { HalfSpace(normal: Array($0.dropLast()), offset: $0[$0.count - 1]) }
  }

  /// Whether some x is strictly inside all rows that are not 0, by elimination of variables.
  static func hasInterior(_ rows: [[Dyadic]], dimension: Int) -> Bool {
    // Scaled so that each form of (x, t) is at least 1.
    var system = rows.filter { $0.contains { !$0.isZero } }.map { $0.map { Rational($0) } + [-Rational.one] }
    system.append((0...dimension + 1).map { $0 == dimension ? .one : $0 > dimension ? -Rational.one : .zero })
    return FourierMotzkin.isFeasible(system)
  }

  @Test("Worked example: the centre of a square is deep inside; a segment has no inside; a sliver has")
  func examples() throws {
    let square = Self.halfSpaces(
      ExactEliminationTests.dyadics([[1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]]))
    guard case .found(let centre) = InteriorPoint.of(square, dimension: 2) else {
      Issue.record("the square counts as flat")
      return
    }
    #expect(centre.allSatisfy { abs($0) < 0.5 })
    let flat = square + Self.halfSpaces(ExactEliminationTests.dyadics([[1, 1, 0], [-1, -1, 0]]))
    #expect(InteriorPoint.of(flat, dimension: 2) == .none)
    // 0 < x + y < 2^-200 inside the square.
    let sliver =
      square + [
        HalfSpace(normal: [.one, .one], offset: .zero),
        HalfSpace(normal: [-.one, -.one], offset: Dyadic(1, exponent: -200)),
      ]
    switch InteriorPoint.of(sliver, dimension: 2) {
    case .none: Issue.record("the sliver counts as flat")
    case .found(let x): #expect(sliver.allSatisfy { $0.value(at: x.map { Dyadic($0) }).sign > 0 })
    case .beyondDoubles(let y):
      #expect(y[2].sign > 0)
      #expect(sliver.allSatisfy { ExactEliminationTests.dot($0.normal + [$0.offset], y).sign > 0 })
    }
    #expect(InteriorPoint.of([], dimension: 1) != .none)
    #expect(InteriorPoint.of([HalfSpace(normal: [0], offset: -1)], dimension: 1) == .none)
  }

  @Test("Worked example: facets of the ray x ≥ 0, of the quadrant, and of nothing at all")
  func facetExamples() {
    let rows = ExactEliminationTests.dyadics([[1, 0], [1, 0], [1, 1], [-1, 3], [0, 0], [0, 1]])
    #expect(Redundancy.facets(of: Self.halfSpaces(rows)) == [0, 3])
    #expect(Redundancy.facets(of: Self.halfSpaces(Array(rows.prefix(3)))) == [0])
    // x, y ≥ 0 and x + y ≥ 0, which touches the corner only.
    let quadrant = ExactEliminationTests.dyadics([[1, 1, 0], [1, 0, 0], [0, 1, 0]])
    #expect(Redundancy.facets(of: Self.halfSpaces(quadrant)) == [1, 2])
    #expect(Redundancy.facets(of: []).isEmpty)
  }

  @Test("Interior points and facets agree with elimination of variables", arguments: RowKind.allCases)
  func elimination(_ kind: RowKind) {
    var fat = 0
    var flat = 0
    forEachSeed(0..<60) { seed, rng in
      let dimension = Int.random(in: 1...2, using: &rng)
      let rows = kind.rows(Int.random(in: 1...6, using: &rng), width: dimension + 1, using: &rng)
      let halfSpaces = Self.halfSpaces(rows)
      let expected = Self.hasInterior(rows, dimension: dimension)
      var interior: [Double]?
      switch InteriorPoint.of(halfSpaces, dimension: dimension) {
      case .none: #expect(!expected, "seed \(seed), \(kind)")
      case .found(let x):
        interior = x
        let y = x.map { Dyadic($0) } + [.one]
        for row in rows where row.contains(where: { !$0.isZero }) {
          #expect(ExactEliminationTests.dot(row, y).sign > 0, "seed \(seed), \(kind)")
        }
      case .beyondDoubles(let y):
        #expect(expected && y[dimension].sign > 0, "seed \(seed), \(kind)")
      }
      guard expected else {
        flat += 1
        return
      }
      fat += 1
      let facets = Redundancy.facets(of: halfSpaces, interior: interior)
      #expect(facets == facets.sorted(), "seed \(seed), \(kind)")
      let kept = facets.map { rows[$0] }
      for i in rows.indices {
        if facets.contains(i) {
          let others = facets.filter { $0 != i }.map { rows[$0] }
          #expect(!FourierMotzkin.isImplied(rows[i], by: others), "seed \(seed), \(kind), row \(i) is spare")
          let twin = (0..<i).contains { j in
            ExactElimination.rank(of: [rows[i], rows[j]]) == 1
              && zip(rows[i], rows[j]).allSatisfy { $0.sign == $1.sign }
          }
          #expect(!twin, "seed \(seed), \(kind): row \(i) repeats an earlier one")
        } else {
          #expect(FourierMotzkin.isImplied(rows[i], by: kept), "seed \(seed), \(kind), row \(i) is missing")
        }
      }
    }
    #expect(fat > 10, "\(fat) with interior points, \(flat) without")
  }
}
