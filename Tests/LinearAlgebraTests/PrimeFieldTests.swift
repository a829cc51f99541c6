import ExactArithmetic
import Testing
import _TestSupport

@testable import LinearAlgebra

@Suite("Prime fields")
struct PrimeFieldTests {
  @Test("Exactly the odd primes below 2^26 make fields")
  func primes() {
    #expect(
      (0..<60).filter { PrimeField(prime: $0) != nil }
        == [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59])
    // 3215031751 is a strong pseudoprime to the bases 2, 3, 5 and 7; 61 finds it out.
    #expect(!PrimeField.isPrime(3_215_031_751))
    #expect(PrimeField.isPrime(4_294_967_291))
    #expect(!PrimeField.isPrime(25_326_001))
    #expect(PrimeField(prime: 67_108_859) != nil)
    #expect(PrimeField(prime: 67_108_879) == nil)  // prime, but above 2^26
    // 9592 primes are below 100 000.
    #expect((0..<100_000).count(where: PrimeField.isPrime) == 9592)
  }

  @Test("Random primes are of the size preferred, and differ")
  func random() {
    forEachSeed(0..<2) { seed, rng in
      let primes = (0..<100).map { _ in PrimeField.random(using: &rng) }
      #expect(primes.allSatisfy { PrimeField.preferredPrimes.contains($0.prime) }, "seed \(seed)")
      #expect(primes.allSatisfy { $0.productsBeforeReduction >= 510 }, "seed \(seed)")
      #expect(Set(primes).count > 90, "seed \(seed)")
    }
  }

  @Test("The axioms of a field, and centred residues")
  func laws() {
    forEachSeed(0..<300) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let (a, b, c) = (
        field.randomResidue(using: &rng), field.randomResidue(using: &rng), field.randomResidue(using: &rng)
      )
      let note: Comment = "seed \(seed): \(a), \(b), \(c) modulo \(field.prime)"
      #expect(field.sum(a, b) == field.sum(b, a), note)
      #expect(field.sum(field.sum(a, b), c) == field.sum(a, field.sum(b, c)), note)
      #expect(field.difference(field.sum(a, b), b) == a, note)
      #expect(field.product(field.product(a, b), c) == field.product(a, field.product(b, c)), note)
      #expect(
        field.product(a, field.sum(b, c)) == field.sum(field.product(a, b), field.product(a, c)), note)
      #expect(field.inverse(a).map { field.product($0, a) == 1 } ?? (a == 0), note)
      #expect(field.power(a, 5) == (0..<5).reduce(1) { power, _ in field.product(power, a) }, note)
      if a != 0 { #expect(field.product(field.power(a, -3), field.power(a, 3)) == 1, note) }
      // Against machine integers.
      let product = Int(a) * Int(b) % field.prime
      #expect((Int(field.product(a, b)) - product) % field.prime == 0, note)
      for x in [field.sum(a, b), field.product(a, b)] { #expect(2 * x.magnitude < Double(field.prime), note) }
    }
  }

  @Test("Integers have their remainder")
  func integers() {
    forEachSeed(0..<100) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let wide = Int.random(in: .min ... .max, using: &rng)
      #expect((Int(field.residue(of: wide)) - wide % field.prime) % field.prime == 0, "seed \(seed): \(wide)")
      let integer = Double(Int.random(in: -(1 << 52)...(1 << 52), using: &rng))
      #expect(
        field.residue(ofInteger: integer) == field.residue(of: Int(integer)), "seed \(seed): \(integer)")
    }
  }

  @Test("Doubles have the image of their exact value, subnormal or huge")
  func doubles() {
    forEachSeed(0..<200) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      for value in Double.corners + [Double.randomFiniteBits(using: &rng)] {
        let dyadic = Dyadic(value)
        // The definition: odd part times a power of two.
        let odd = field.residue(of: Int(dyadic.oddPart.remainder(modulo: UInt64(field.prime))))
        let expected = field.product(odd, field.power(2, dyadic.binaryExponent))
        #expect(field.residue(of: value) == expected, "seed \(seed): \(value) modulo \(field.prime)")
        #expect(field.residue(of: dyadic) == expected, "seed \(seed): \(value) modulo \(field.prime)")
      }
    }
    // 2^-1074 modulo 8388593, from Python's pow(2, -1074, 8388593), centred.
    #expect(PrimeField(prime: 8_388_593)?.residue(of: 0x1p-1074) == -3859481)
    #expect(PrimeField(prime: 7)?.residue(of: 0.75) == -1)
  }

  @Test("Images keep sums and products of dyadics, and quotients of rationals")
  func homomorphism() {
    forEachSeed(0..<300) { seed, rng in
      let field = PrimeField.ofAnySize(using: &rng)
      let (a, b) = (Dyadic.random(using: &rng), Dyadic.random(using: &rng))
      let note: Comment = "seed \(seed): \(a), \(b) modulo \(field.prime)"
      #expect(field.residue(of: a + b) == field.sum(field.residue(of: a), field.residue(of: b)), note)
      #expect(field.residue(of: a * b) == field.product(field.residue(of: a), field.residue(of: b)), note)
      let big = a.scaled(byPowerOfTwo: 1_000_003)
      #expect(
        field.residue(of: big) == field.product(field.residue(of: a), field.power(2, 1_000_003)), note)
      guard !b.isZero else { return }
      let quotient = Rational(a, over: b)
      if let image = field.residue(of: quotient) {
        #expect(field.product(image, field.residue(of: b)) == field.residue(of: a), note)
      } else {
        #expect(field.residue(of: Dyadic(quotient.denominator)) == 0, note)
      }
    }
  }
}
