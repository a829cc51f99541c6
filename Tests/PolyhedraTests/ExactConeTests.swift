import ExactArithmetic
import Testing
import _TestSupport

@testable import Polyhedra

@Suite("Exact cones")
struct ExactConeTests {
  /// Whether an answer proves itself: the combination adds up with factors ≥ 0, or the vector separates.
  static func isProof(_ membership: ExactCone.Membership, _ target: [Dyadic], _ rows: [[Dyadic]]) -> Bool {
    switch membership {
    case .combination(let generators, let factors, let denominator):
      guard !denominator.isZero, factors.allSatisfy({ $0.sign * denominator.sign > 0 }) else { return false }
      return target.indices.allSatisfy { j in
        let sum = zip(generators, factors).reduce(Dyadic.zero) { $0 + $1.1 * rows[$1.0][j] }
        return sum == denominator * target[j]
      }
    case .separated(let y):
      return ExactEliminationTests.dot(target, y).sign < 0
        && rows.allSatisfy { ExactEliminationTests.dot($0, y).sign >= 0 }
    }
  }

  @Test("Worked example: (1, 1) is half of (2, 0) and (0, 2), and (−1, 0) is beyond them")
  func example() {
    let rows = ExactEliminationTests.dyadics([[2, 0], [0, 2]])
    let inside = ExactEliminationTests.dyadics([[1, 1]])[0]
    let membership = ExactCone.membership(of: inside, count: 2) { rows[$0] }
    guard case .combination(let generators, let factors, let denominator) = membership else {
      Issue.record("not in the cone")
      return
    }
    #expect(Set(generators) == [0, 1])
    #expect(factors.allSatisfy { $0 * Dyadic(2) == denominator })
    let outside = ExactEliminationTests.dyadics([[-1, 0]])[0]
    guard case .separated = ExactCone.membership(of: outside, count: 2, generator: { rows[$0] }) else {
      Issue.record("in the cone")
      return
    }
    #expect(ExactCone.membership(of: [.zero], count: 0) { _ in [] } != .separated([.one]))
  }

  @Test("Every answer is a proof, from any start, in degenerate cones too", arguments: RowKind.allCases)
  func proofs(_ kind: RowKind) {
    forEachSeed(0..<60) { seed, rng in
      let width = Int.random(in: 1...6, using: &rng)
      let rows = kind.rows(Int.random(in: 0...14, using: &rng), width: width, using: &rng)
      var targets = kind.rows(2, width: width, using: &rng)
      if let a = rows.first, let b = rows.last { targets.append(zip(a, b).map { $0 + Dyadic(3) * $1 }) }
      for target in targets {
        let start = rows.indices.shuffled(using: &rng)
        let first = ExactCone.membership(of: target, count: rows.count) { rows[$0] }
        let second = ExactCone.membership(of: target, count: rows.count, start: start) { rows[$0] }
        for membership in [first, second] {
          #expect(Self.isProof(membership, target, rows), "seed \(seed), \(kind)")
        }
      }
    }
  }

  @Test(
    "In higher dimensions answers agree with the exact cone, through pushes and pops",
    arguments: RowKind.allCases)
  func program(_ kind: RowKind) {
    forEachSeed(0..<(TestData.longTests ? 300 : 6)) { seed, rng in
      let width = Int.random(in: 3...7, using: &rng)
      let program = ImplicationProgram(dimension: width - 1)
      var rows: [[Dyadic]] = []
      let time = (0..<width).map { $0 == width - 1 ? Dyadic.one : .zero }
      for step in 0..<8 {
        let kept = Int.random(in: 0...rows.count, using: &rng)
        if step % 3 == 2 {
          rows.removeLast(rows.count - kept)
          program.pop(to: kept)
        }
        for row in kind.rows(Int.random(in: 0...6, using: &rng), width: width, using: &rng) {
          rows.append(row)
          program.push(RoundedForm(rounding: row))
        }
        var targets = kind.rows(2, width: width, using: &rng)
        if let a = rows.randomElement(using: &rng), let b = rows.randomElement(using: &rng) {
          targets.append(zip(a, b).map { $0 + $1 })
          targets.append(zip(targets[2], targets[0]).map { $0 - $1.scaled(byPowerOfTwo: -50) })
        }
        for target in targets {
          let generators = rows + [time]
          let expected = ExactCone.membership(of: target, count: generators.count) { generators[$0] }
          let answer = ImplicationProgramTests.answer(program, target, rows)
          if case .combination = expected {
            #expect(answer == .implied, "seed \(seed), step \(step), \(kind)")
          } else if case .refuted(let witness) = answer {
            #expect(
              ImplicationProgramTests.proves(witness, target, rows), "seed \(seed), step \(step), \(kind)")
          } else {
            Issue.record("seed \(seed), step \(step), \(kind): counts as implied")
          }
        }
      }
    }
  }
}
