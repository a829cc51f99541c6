import ExactArithmetic
import Testing
import _TestSupport

@Suite("Rational numbers")
struct RationalTests {
  @Test("What is written is read back")
  func roundTrip() {
    forEachSeed(0..<300) { seed, rng in
      let value = Rational.random(using: &rng)
      #expect(Rational(value.description) == value, "seed \(seed): \(value)")
    }
    #expect(Rational("6*2^-1/-9") == nil)
    #expect(Rational("6*2^-1/9") == Rational(Dyadic(1), over: Dyadic(3)))
    #expect(Rational("-3")?.dyadic == Dyadic(-3))
  }

  @Test(
    "Text that is not a number is refused, however hostile",
    arguments: [
      "", "/", "1/", "/1", "1/0", "1/-3", "1//3", "1/3/5", "1*", "1*2", "1*2^", "1*3^2", "*2^3", "1*2^3*2^4",
      "1*2^1.5",
      "1*2^100001", "1*2^-100001", "1*2^9223372036854775807", "1*2^-9223372036854775808",
      "1*2^99999999999999999999", "0x1", "1 /3", "1/ 3", "1*2^ 3", "1*2^+3", "one",
      String(repeating: "9", count: 100_001),
    ])
  func garbage(_ text: String) {
    #expect(Rational(text) == nil)
  }

  @Test("The representation is in lowest terms over an odd positive denominator")
  func lowestTerms() {
    forEachSeed(0..<200) { seed, rng in
      let value = Rational.random(using: &rng)
      #expect(value.denominator.sign == 1, "seed \(seed)")
      #expect(value.denominator.trailingZeroBitCount == 0, "seed \(seed)")
      #expect(
        value.numerator.oddPart.greatestCommonDivisor(with: value.denominator) == BigInteger(1)
          || value.isZero,
        "seed \(seed)")
    }
    #expect(Rational(Dyadic(-6), over: Dyadic(-9)) == Rational(Dyadic(2), over: Dyadic(3)))
    #expect(Rational(Dyadic(3), over: Dyadic(12)).dyadic == Dyadic(1, exponent: -2))
  }

  @Test("The enclosure holds the value, and the double is within two units of it")
  func enclosure() {
    forEachSeed(0..<300) { seed, rng in
      let value = Rational.random(using: &rng)
      let enclosure = value.interval
      #expect(enclosure.holds(value), "seed \(seed): \(value) in \(enclosure)")
      let near = value.nearestDouble
      guard near.isFinite, near.isNormal else { return }
      let unit = Rational(Dyadic(near.ulp + near.ulp))
      let distance = Rational(Dyadic(near)) - value
      #expect(distance <= unit && -distance <= unit, "seed \(seed): \(value) near \(near)")
    }
  }
}
