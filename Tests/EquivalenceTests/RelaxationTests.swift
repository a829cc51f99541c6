import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Relaxations")
struct RelaxationTests {
  /// How far a value lies outside of an enclosure.
  private func excess(_ relaxation: Relaxation, at t: Double, value: Double) -> Double {
    (value - relaxation.slope * t - relaxation.shift).magnitude - relaxation.radius
  }

  private func interval(using rng: inout SplitMix64) -> Interval {
    let (a, b) = (Double.random(in: -2...2, using: &rng), Double.random(in: -2...2, using: &rng))
    return Interval(min(a, b), max(a, b))
  }

  @Test("max(t, 0) lies in its enclosure, which touches it")
  func rectifier() {
    forEachSeed(0..<300) { seed, rng in
      let range = interval(using: &rng)
      let relaxation = Relaxation(rectifying: range)
      var least = Double.infinity
      for k in 0...50 {
        let t = range.lower + Double(k) / 50 * (range.upper - range.lower)
        let excess = excess(relaxation, at: t, value: max(t, 0))
        #expect(excess <= 1e-14, "seed \(seed)")
        least = min(least, excess.magnitude)
      }
      #expect(least < 1e-12, "seed \(seed): the ends are on the border")
    }
    #expect(Relaxation(rectifying: Interval(-1, 0)) == .zero)
    #expect(Relaxation(rectifying: Interval(0, 1)) == .identity)
  }

  @Test("The difference of two rectified numbers lies in its enclosure")
  func difference() {
    forEachSeed(0..<400) { seed, rng in
      let (t, u) = (interval(using: &rng), interval(using: &rng))
      let middle = Double.random(in: t.lower - u.upper...t.upper - u.lower, using: &rng)
      let width = Double.random(in: 0...1, using: &rng)
      let d = Interval(max(middle - width, t.lower - u.upper), min(middle + width, t.upper - u.lower))
      let relaxation = Relaxation(difference: d, first: t, second: u)
      // The range of a slope of 0 is that of the difference itself: never worse than that.
      #expect(relaxation.radius <= d.magnitude + 1e-12, "seed \(seed)")
      for i in 0...20 {
        for j in 0...20 {
          let x = t.lower + Double(i) / 20 * (t.upper - t.lower)
          let y = u.lower + Double(j) / 20 * (u.upper - u.lower)
          guard d.contains(x - y) else { continue }
          let excess = excess(relaxation, at: x - y, value: max(x, 0) - max(y, 0))
          #expect(excess <= 1e-14, "seed \(seed): \(t), \(u), \(d)")
        }
      }
    }
    let one = Interval(-1, 1)
    #expect(
      Relaxation(difference: Interval(-3, -2), first: Interval(-4, -3), second: Interval(-1, 0)) == .zero)
    #expect(Relaxation(difference: one, first: Interval(0, 2), second: Interval(0, 2)) == .identity)
    #expect(Relaxation(difference: Interval(0), first: one, second: one) == .zero)
  }
}
