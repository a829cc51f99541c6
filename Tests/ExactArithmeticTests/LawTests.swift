import ExactArithmetic
import Testing
import _TestSupport

@Suite("Laws of arithmetic")
struct LawTests {
  @Test("Dyadics are an ordered ring")
  func dyadics() {
    forEachSeed(0..<400) { seed, rng in
      let (a, b, c) = (Dyadic.random(using: &rng), Dyadic.random(using: &rng), Dyadic.random(using: &rng))
      expectRing(a, b, c, "seed \(seed)")
      expectOrdered(a, b, c, "seed \(seed)")
    }
    for a in Dyadic.corners {
      for b in Dyadic.corners {
        expectRing(a, b, a + b, "\(a), \(b)")
        expectOrdered(a, b, a * b, "\(a), \(b)")
      }
    }
  }

  @Test("Rationals are an ordered field")
  func rationals() {
    forEachSeed(0..<200) { seed, rng in
      let (a, b, c) = (
        Rational.random(using: &rng), Rational.random(using: &rng), Rational.random(using: &rng)
      )
      expectRing(a, b, c, "seed \(seed)")
      expectOrdered(a, b, c, "seed \(seed)")
      expectField(a, "seed \(seed)")
    }
  }

  @Test("Integers modulo 2^61 - 1 are a field")
  func mersenne() {
    forEachSeed(0..<400) { seed, rng in
      let (a, b, c) = (
        Mersenne61.random(using: &rng), Mersenne61.random(using: &rng), Mersenne61.random(using: &rng)
      )
      expectRing(a, b, c, "seed \(seed)")
      expectField(a, "seed \(seed)")
    }
  }

  @Test("The residue is a homomorphism of rings, from dyadics and from rationals")
  func residues() {
    forEachSeed(0..<300) { seed, rng in
      let (a, b) = (Dyadic.random(using: &rng), Dyadic.random(using: &rng))
      #expect((a + b).residue == a.residue + b.residue, "seed \(seed)")
      #expect((a * b).residue == a.residue * b.residue, "seed \(seed)")
      #expect((-a).residue == -a.residue, "seed \(seed)")
      let (p, q) = (Rational.random(using: &rng), Rational.random(using: &rng))
      #expect((p + q).residue == p.residue + q.residue, "seed \(seed)")
      #expect((p * q).residue == p.residue * q.residue, "seed \(seed)")
    }
    #expect(Dyadic.one.residue == .one)
    #expect(Dyadic.zero.residue == .zero)
  }
}
