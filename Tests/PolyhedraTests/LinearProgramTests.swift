import ExactArithmetic
import LinearAlgebra
import Polyhedra
import Testing
import _TestSupport

@Suite("Linear programs")
struct LinearProgramTests {
  /// The exact minimum over all vertices of the rows and the box; nil when there is none.
  static func bruteForce(_ program: LinearProgram) -> Rational? {
    let n = program.box.count
    var planes: [[Dyadic]] = []  // row · (x, 1) ≥ 0
    for (row, limit) in zip(program.rows, program.limits) {
      planes.append(row.map { Dyadic(-$0) } + [Dyadic(limit)])
    }
    for (j, range) in program.box.enumerated() {
      for (sign, end) in [(1.0, -range.lower), (-1.0, range.upper)] {
        var plane = [Dyadic](repeating: .zero, count: n + 1)
        plane[j] = Dyadic(sign)
        plane[n] = Dyadic(end)
        planes.append(plane)
      }
    }
    var best: Rational?
    func visit(_ chosen: [[Dyadic]], _ next: Int) {
      if chosen.count == n {
        guard var y = ExactElimination.nullVector(of: chosen), !y[n].isZero else { return }
        if y[n].sign < 0 { y = y.map { -$0 } }
        guard planes.allSatisfy({ ExactEliminationTests.dot($0, y).sign >= 0 }) else { return }
        let top = zip(program.objective, y).reduce(Dyadic.zero) { $0 + Dyadic($1.0) * $1.1 }
        let value = Rational(top, over: y[n])
        if best.map({ value < $0 }) ?? true { best = value }
        return
      }
      for i in next..<max(next, planes.count) { visit(chosen + [planes[i]], i + 1) }
    }
    visit([], 0)
    return best
  }

  @Test("Worked example: x + y is 2.8 at most where x + 2y ≤ 4 and 3x + y ≤ 6")
  func example() throws {
    let program = LinearProgram(
      objective: [-1, -1], rows: [[1, 2], [3, 1]], limits: [4, 6], box: [Interval(0, 10), Interval(0, 10)])
    guard case .optimal(let optimum) = program.solve() else {
      Issue.record("not solved")
      return
    }
    #expect(abs(optimum.value + 2.8) < 1e-12)
    #expect(abs(optimum.point[0] - 1.6) < 1e-12 && abs(optimum.point[1] - 1.2) < 1e-12)
    // λ solves λ₁ + 3λ₂ = 1, 2λ₁ + λ₂ = 1.
    #expect(abs(optimum.multipliers[0] - 0.4) < 1e-12 && abs(optimum.multipliers[1] - 0.2) < 1e-12)
    #expect(optimum.lowerBound <= -2.8 && optimum.lowerBound > -2.8 - 1e-12)
  }

  @Test("Worked example: x ≤ −1 and −x ≤ −1 have no point, and the proof adds them up")
  func infeasible() {
    let program = LinearProgram(objective: [1], rows: [[1], [-1]], limits: [-1, -1], box: [Interval(-5, 5)])
    guard case .infeasible(let multipliers) = program.solve() else {
      Issue.record("not infeasible")
      return
    }
    #expect(multipliers[0] > 0 && multipliers[0] == multipliers[1])
    let sum = program.lowerBound([1, 1], of: [0])
    #expect(sum <= 2 && sum > 2 - 1e-14)
    #expect(program.lowerBound([0, 0], of: [0]) == 0)
  }

  @Test("Values, bounds and infeasibility agree with all vertices", arguments: [1.0, 1e9, 1e-9])
  func vertices(_ scale: Double) {
    var solved = 0
    var empty = 0
    forEachSeed(0..<80) { seed, rng in
      let n = Int.random(in: 1...3, using: &rng)
      let grid = seed.isMultiple(of: 2)
      func number(_ rng: inout some RandomNumberGenerator) -> Double {
        grid
          ? Double(Int.random(in: -3...3, using: &rng)) / 2
          : Double(Float.random(in: -1...1, using: &rng))
      }
      let count = Int.random(in: 0...7, using: &rng)
      let program = LinearProgram(
        objective: (0..<n).map { _ in number(&rng) },
        rows: (0..<count).map { _ in (0..<n).map { _ in number(&rng) } },
        limits: (0..<count).map { _ in (number(&rng) + 0.5) * scale },
        box: (0..<n).map { _ in Interval(-2 * scale, scale) })
      let expected = Self.bruteForce(program)
      switch program.solve() {
      case .optimal(let optimum):
        solved += 1
        guard let expected else {
          Issue.record("seed \(seed): an empty program counts as solved")
          return
        }
        #expect(abs(optimum.value - expected.nearestDouble) < 1e-8 * scale, "seed \(seed)")
        #expect(Rational(Dyadic(optimum.lowerBound)) <= expected, "seed \(seed)")
        #expect(optimum.lowerBound > expected.nearestDouble - 1e-8 * scale, "seed \(seed)")
        for (x, range) in zip(optimum.point, program.box) { #expect(range.contains(x), "seed \(seed)") }
        for (row, limit) in zip(program.rows, program.limits) {
          let value = zip(row, optimum.point).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(value <= limit + 1e-8 * scale, "seed \(seed)")
        }
      case .infeasible(let multipliers):
        empty += 1
        #expect(expected == nil, "seed \(seed)")
        #expect(multipliers.allSatisfy { $0 >= 0 }, "seed \(seed)")
      case .undecided(let bound):
        // Systems that hold with equality only may end here; the bound still has to hold.
        if let expected { #expect(Rational(Dyadic(bound)) <= expected, "seed \(seed)") }
      }
    }
    #expect(solved > 30 && empty > 5, "\(solved) solved, \(empty) empty")
  }

  @Test("The bound holds for multipliers of any kind")
  func anyMultipliers() {
    forEachSeed(0..<60) { seed, rng in
      let program = LinearProgram(
        objective: (0..<2).map { _ in Double.random(in: -1...1, using: &rng) },
        rows: (0..<4).map { _ in (0..<2).map { _ in Double.random(in: -1...1, using: &rng) } },
        limits: (0..<4).map { _ in Double.random(in: 0...1, using: &rng) },
        box: [Interval(-1, 1), Interval(-1, 1)])
      guard let expected = Self.bruteForce(program) else {
        Issue.record("seed \(seed): the origin is feasible")
        return
      }
      let multipliers = (0..<4).map { _ in Double.random(in: 0...3, using: &rng) }
      let bound = program.lowerBound(multipliers, of: program.objective)
      #expect(Rational(Dyadic(bound)) <= expected, "seed \(seed)")
    }
  }
}
