import ExactArithmetic
import Polyhedra
import Testing
import _TestSupport

@Suite("Implied inequalities")
struct ImplicationProgramTests {
  static func dot(_ a: [Dyadic], _ b: [Dyadic]) -> Dyadic { zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 } }

  static func answer(
    _ program: ImplicationProgram, _ target: [Dyadic], _ rows: [[Dyadic]], interior: [Double]? = nil
  ) -> ImplicationProgram.Answer {
    program.answer(
      for: RoundedForm(rounding: target), interior: interior, exactForm: { target }, exactRow: { rows[$0] })
  }

  /// Whether the witness proves, by exact evaluation, that the target is negative somewhere on the cone.
  static func proves(_ witness: ImplicationProgram.Witness, _ target: [Dyadic], _ rows: [[Dyadic]]) -> Bool {
    let y = witness.exact ?? witness.point.map { Dyadic($0) }
    guard y.last.map({ $0.sign >= 0 }) ?? false, dot(target, y).sign < 0 else { return false }
    return rows.allSatisfy { row in
      let sign = dot(row, y).sign
      return witness.exact == nil && row.contains { !$0.isZero } ? sign > 0 : sign >= 0
    }
  }

  @Test("Worked example: between 0 and 3, 2x + 1 is positive, x − 1 and 2 − x are not")
  func segment() throws {
    let rows = ExactEliminationTests.dyadics([[1, 0], [-1, 3]])
    let program = ImplicationProgram(dimension: 1)
    for row in rows { program.push(RoundedForm(rounding: row)) }
    #expect(Self.answer(program, ExactEliminationTests.dyadics([[2, 1]])[0], rows) == .implied)
    #expect(Self.answer(program, ExactEliminationTests.dyadics([[1, 0]])[0], rows) == .implied)
    #expect(Self.answer(program, ExactEliminationTests.dyadics([[0, 0]])[0], rows) == .implied)
    for (target, range) in [([1, -1], 0.0...1.0), ([-1, 2], 2.0...3.0)] {
      let exact = target.map { Dyadic(Int64($0)) }
      guard case .refuted(let witness) = Self.answer(program, exact, rows) else {
        Issue.record("\(target) counts as implied")
        continue
      }
      #expect(Self.proves(witness, exact, rows))
      #expect(range.contains(try #require(witness.position)[0]))
    }
  }

  @Test(
    "Worked example: on the quadrant, x + y is nonnegative and x + y − 1, x − y are not; removing a row tells"
  )
  func quadrant() {
    let rows = ExactEliminationTests.dyadics([[1, 0, 0], [0, 1, 0]])
    let targets = ExactEliminationTests.dyadics([
      [1, 1, 0], [1, 1, -1], [1, -1, 0], [0, 0, 1], [0, 0, -1],
    ])
    let program = ImplicationProgram(dimension: 2)
    for row in rows { program.push(RoundedForm(rounding: row)) }
    let implied = targets.map { Self.answer(program, $0, rows) == .implied }
    #expect(implied == [true, false, false, true, false])
    program.pop(to: 1)
    #expect(Self.answer(program, targets[0], rows) != .implied)
    program.pop(to: 0)
    #expect(program.depth == 0)
    #expect(Self.answer(program, rows[0], []) != .implied)
    #expect(Self.answer(program, targets[3], []) == .implied)
  }

  @Test("A difference in the last bit decides")
  func lastBit() {
    let bound = Dyadic(0.1)
    let rows = [[-Dyadic.one, bound]]  // x ≤ 0.1
    let program = ImplicationProgram(dimension: 1)
    program.push(RoundedForm(rounding: rows[0]))
    let least = Dyadic(1, exponent: -300)
    #expect(Self.answer(program, [-.one, bound], rows) == .implied)
    #expect(Self.answer(program, [-.one, bound + least], rows) == .implied)
    #expect(Self.answer(program, [-.one, bound - least], rows) != .implied)
    #expect(Self.answer(program, [-Dyadic(3), bound * Dyadic(3) - least], rows) != .implied)
    #expect(Self.answer(program, [-Dyadic(3), bound * Dyadic(3)], rows) == .implied)
  }

  @Test("Coefficients at the ends of the range of doubles are no zeros", arguments: [1070, 1000, -1000])
  func extremes(_ power: Int) {
    let box = [Interval(-0x1p-90, 0x1p-90)]
    let tiny = Dyadic(1, exponent: -power)
    for program in [ImplicationProgram(dimension: 1), ImplicationProgram(dimension: 1, box: box)] {
      let rows = [[tiny, .zero], [-.one, Dyadic(1, exponent: -95)]]
      program.push(RoundedForm([tiny.nearestDouble, 0]))
      program.push(RoundedForm(rounding: rows[1]))
      #expect(Self.answer(program, [.one, .zero], rows) == .implied)
      #expect(Self.answer(program, [-.one, .zero], rows) != .implied)
      #expect(
        program.answer(
          for: RoundedForm([-tiny.nearestDouble, 0]), exactForm: { [-tiny, .zero] }, exactRow: { rows[$0] })
          != .implied)
    }
  }

  @Test(
    "Answers agree with elimination of variables, warm or cold, on rows of every kind",
    arguments: RowKind.allCases)
  func elimination(_ kind: RowKind) {
    var implied = 0
    var refuted = 0
    forEachSeed(0..<40) { seed, rng in
      let width = Int.random(in: 2...(seed % 5 == 0 ? 4 : 3), using: &rng)
      var rows: [[Dyadic]] = []
      let program = ImplicationProgram(dimension: width - 1)
      for step in 0..<6 {
        let kept = Int.random(in: 0...rows.count, using: &rng)
        if Bool.random(using: &rng) {
          rows.removeLast(rows.count - kept)
          program.pop(to: kept)
        }
        let added = kind.rows(
          Int.random(in: 0...(width == 4 ? 3 : 4), using: &rng), width: width, using: &rng)
        for row in added where rows.count < (width == 4 ? 6 : 8) {
          rows.append(row)
          program.push(RoundedForm(rounding: row))
        }
        var targets = kind.rows(2, width: width, using: &rng)
        // Combinations on the boundary of the cone, and just beyond it.
        if let a = rows.randomElement(using: &rng), let b = rows.randomElement(using: &rng) {
          let sum = zip(a, b).map { $0 + $1 }
          targets.append(sum)
          targets.append(zip(sum, targets[0]).map { $0 - $1 * Dyadic(1, exponent: -60) })
        }
        let cold = ImplicationProgram(dimension: width - 1)
        for row in rows { cold.push(RoundedForm(rounding: row)) }
        for target in targets {
          let expected = FourierMotzkin.isImplied(target, by: rows)
          if expected { implied += 1 } else { refuted += 1 }
          for used in [program, cold] {
            switch Self.answer(used, target, rows) {
            case .implied: #expect(expected, "seed \(seed), step \(step), \(kind), \(target) by \(rows)")
            case .refuted(let witness):
              #expect(!expected, "seed \(seed), step \(step), \(kind), \(target) by \(rows)")
              #expect(Self.proves(witness, target, rows), "seed \(seed), step \(step), \(kind)")
            }
          }
        }
      }
    }
    // Both answers came up often enough for the comparison to mean something.
    #expect(implied > 100 && refuted > 100, "\(implied) implied, \(refuted) refuted")
  }

  @Test("With a box and an interior point few questions need exact arithmetic, and answers are the same")
  func boxes() {
    var questions = 0
    var exact = 0
    forEachSeed(0..<40) { seed, rng in
      let dimension = Int.random(in: 1...4, using: &rng)
      let size: Double = [1.0, 1e-9, 1e9].randomElement(using: &rng) ?? 1
      var rows: [[Dyadic]] = []
      for j in 0..<dimension {
        for sign in [1.0, -1.0] {
          var row = [Double](repeating: 0, count: dimension + 1)
          row[j] = sign
          row[dimension] = size
          rows.append(row.map { Dyadic($0) })
        }
      }
      for _ in 0..<8 {  // planes that miss the origin
        rows.append(
          (0..<dimension).map { _ in Dyadic(Double.random(in: -1...1, using: &rng)) }
            + [Dyadic(Double.random(in: 0.1...1, using: &rng) * size)])
      }
      let range = Interval(-size, size)
      let boxed = ImplicationProgram(dimension: dimension, box: Array(repeating: range, count: dimension))
      let plain = ImplicationProgram(dimension: dimension)
      for row in rows {
        boxed.push(RoundedForm(rounding: row))
        plain.push(RoundedForm(rounding: row))
      }
      let interior = [Double](repeating: 0, count: dimension)
      for _ in 0..<20 {
        let target =
          (0..<dimension).map { _ in Dyadic(Double.random(in: -1...1, using: &rng)) }
          + [Dyadic(Double.random(in: -0.5...1.5, using: &rng) * size)]
        let first = Self.answer(boxed, target, rows, interior: interior)
        let second = Self.answer(plain, target, rows)
        #expect((first == .implied) == (second == .implied), "seed \(seed)")
        if case .refuted(let witness) = first { #expect(Self.proves(witness, target, rows), "seed \(seed)") }
        if case .refuted(let witness) = second { #expect(Self.proves(witness, target, rows), "seed \(seed)") }
      }
      questions += boxed.questionCount
      exact += boxed.exactCount
    }
    #expect(exact * 100 <= questions, "\(exact) of \(questions) exactly")
  }

  @Test("A wrong interior point does no harm")
  func wrongHint() {
    forEachSeed(0..<60) { seed, rng in
      let rows = RowKind.halfIntegers.rows(6, width: 3, using: &rng)
      let program = ImplicationProgram(dimension: 2)
      for row in rows { program.push(RoundedForm(rounding: row)) }
      let target = RowKind.halfIntegers.rows(1, width: 3, using: &rng)[0]
      let hint = (0..<2).map { _ in Double.random(in: -9...9, using: &rng) }
      let expected = FourierMotzkin.isImplied(target, by: rows)
      #expect((Self.answer(program, target, rows, interior: hint) == .implied) == expected, "seed \(seed)")
    }
  }

  @Test("Forms known to a coarse bound are decided by the exact ones")
  func coarse() {
    forEachSeed(0..<60) { seed, rng in
      let rows = RowKind.halfIntegers.rows(6, width: 3, using: &rng)
      func coarse(_ row: [Dyadic], _ rng: inout some RandomNumberGenerator) -> RoundedForm {
        let noise = row.map { _ in Double.random(in: -0.3...0.3, using: &rng) }
        return RoundedForm(
          zip(row, noise).map { $0.nearestDouble + $1 }, errorX: abs(noise[0]) + abs(noise[1]),
          errorT: abs(noise[2]))
      }
      let program = ImplicationProgram(
        dimension: 2, box: seed.isMultiple(of: 2) ? nil : [Interval(-2, 2), Interval(-2, 2)])
      var all = rows
      if !seed.isMultiple(of: 2) {
        all += ExactEliminationTests.dyadics([[1, 0, 2], [-1, 0, 2], [0, 1, 2], [0, -1, 2]])
      }
      for row in all { program.push(coarse(row, &rng)) }
      for target in RowKind.halfIntegers.rows(4, width: 3, using: &rng) {
        let expected = FourierMotzkin.isImplied(target, by: all)
        let answer = program.answer(
          for: coarse(target, &rng), exactForm: { target }, exactRow: { all[$0] })
        #expect((answer == .implied) == expected, "seed \(seed)")
      }
    }
  }
}
