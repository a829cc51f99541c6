import ExactArithmetic
import Testing
import _TestSupport

extension Interval {
  /// Whether an exact number lies in the interval: what containment means, without rounding.
  func holds(_ value: Rational) -> Bool {
    let aboveLower = lower == -.infinity || (lower.isFinite && Rational(Dyadic(lower)) <= value)
    let belowUpper = upper == .infinity || (upper.isFinite && value <= Rational(Dyadic(upper)))
    return aboveLower && belowUpper
  }

  /// Exact members: the finite ends, and a few numbers between them.
  fileprivate func members(using rng: inout some RandomNumberGenerator) -> [Rational] {
    let low = lower.isFinite ? lower : upper.isFinite ? max(-.greatestFiniteMagnitude, upper - 1e3) : -1e3
    let high = upper.isFinite ? upper : lower.isFinite ? min(.greatestFiniteMagnitude, lower + 1e3) : 1e3
    let ends = [Rational(Dyadic(low)), Rational(Dyadic(high))]
    let third = Rational(Dyadic(Int64.random(in: 0...5, using: &rng)), over: Dyadic(5))
    return ends + [ends[0] + (ends[1] - ends[0]) * third]
  }

  /// An interval between doubles of the kinds that take different paths, ends possibly infinite.
  fileprivate static func random(using rng: inout some RandomNumberGenerator) -> Interval {
    func end() -> Double {
      switch Int.random(in: 0..<5, using: &rng) {
      case 0: return Double.corners[Int.random(in: 0..<Double.corners.count, using: &rng)]
      case 1: return .randomFiniteBits(using: &rng)
      case 2: return Double(Int.random(in: -3...3, using: &rng))
      case 3: return [Double.infinity, -.infinity][Int.random(in: 0...1, using: &rng)]
      default: return Double.random(in: -1...1, using: &rng)
      }
    }
    let (a, b) = (end(), end())
    if a.isInfinite, a == b { return .everything }
    return Interval(min(a, b), max(a, b))
  }
}

@Suite("Intervals")
struct IntervalTests {
  private func expectContainment(
    _ a: Interval, _ b: Interval, _ seed: UInt64, _ rng: inout some RandomNumberGenerator
  ) {
    for x in a.members(using: &rng) {
      #expect(a.holds(x), "seed \(seed): the member \(x) of \(a)")
      #expect((-a).holds(-x), "seed \(seed): -\(a)")
      #expect(a.rectified.holds(x.sign > 0 ? x : .zero), "seed \(seed): max(\(a), 0)")
      for y in b.members(using: &rng) {
        #expect((a + b).holds(x + y), "seed \(seed): \(a) + \(b) misses \(x) + \(y)")
        #expect((a - b).holds(x - y), "seed \(seed): \(a) - \(b) misses \(x) - \(y)")
        #expect((a * b).holds(x * y), "seed \(seed): \(a) * \(b) misses \(x) * \(y)")
        if b.lower > 0 || b.upper < 0, let quotient = x.dividedExactly(by: y) {
          #expect((a / b).holds(quotient), "seed \(seed): \(a) / \(b) misses \(x) / \(y)")
        }
      }
    }
  }

  @Test("Operations on random intervals contain the exact results")
  func containment() {
    forEachSeed(0..<600) { seed, rng in
      let (a, b) = (Interval.random(using: &rng), Interval.random(using: &rng))
      expectContainment(a, b, seed, &rng)
    }
  }

  @Test("Operations on points at the edges of the format contain the exact results")
  func corners() {
    forEachSeed(0..<1) { seed, rng in
      for x in Double.corners {
        for y in Double.corners { expectContainment(Interval(x), Interval(y), seed, &rng) }
      }
    }
  }

  @Test("Sums and differences of doubles are exact where a double holds them, and tight where none does")
  func tightness() {
    #expect(Interval(0.5) + Interval(0.25) == Interval(0.75))
    #expect(Interval(1) - Interval(1) == Interval(0))
    let sum = Interval(0.1) + Interval(0.2)
    #expect(sum.upper == sum.lower.nextUp)
    forEachSeed(0..<200) { seed, rng in
      let (x, y) = (Double.randomFiniteBits(using: &rng), Double.randomFiniteBits(using: &rng))
      #expect(Interval(x) + Interval(y) == (Dyadic(x) + Dyadic(y)).interval, "seed \(seed)")
      #expect(Interval(x) - Interval(y) == (Dyadic(x) - Dyadic(y)).interval, "seed \(seed)")
    }
  }

  @Test("A product with exact zero is zero, also with an unbounded interval")
  func zeroProducts() {
    #expect(Interval(0) * .everything == Interval(0))
    #expect(Interval(-2, 3) * Interval(0) == Interval(0))
    #expect((Interval(0, 1) * Interval(0, .infinity)).lower == 0)
    #expect((Interval(-1, 0) * Interval(0, .infinity)).upper == 0)
  }

  @Test("Products that underflow keep their sign and do not vanish")
  func underflow() {
    let tiny = Interval(0x1p-1074)
    #expect((tiny * tiny).lower == 0 && (tiny * tiny).upper > 0)
    #expect((-tiny * tiny).lower < 0 && (-tiny * tiny).upper == 0)
  }

  @Test("Membership, magnitude and rectification")
  func queries() {
    let a = Interval(-2, 1)
    #expect(a.contains(-2) && a.contains(1) && a.contains(0) && !a.contains(1.5) && !a.contains(.nan))
    #expect(a.magnitude == 2)
    #expect(a.rectified == Interval(0, 1))
    #expect(Interval(-2, -1).rectified == Interval(0))
    #expect(Interval(1, 2).rectified == Interval(1, 2))
  }
}
