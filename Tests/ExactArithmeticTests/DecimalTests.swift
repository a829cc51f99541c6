import ExactArithmetic
import Foundation
import Testing
import _TestSupport

@Suite("Decimals, counts and logarithms")
struct DecimalTests {
  @Test("Decimals are read exactly, and nothing else is")
  func decimals() throws {
    let tenth = Rational(.one, over: Dyadic(10))
    #expect(Rational(decimal: "0.1") == tenth && Rational(decimal: "1e-1") == tenth)
    #expect(Rational(decimal: ".1") == tenth && Rational(decimal: "-0.05") == -tenth * Rational(Dyadic(0.5)))
    #expect(Rational(decimal: "12.50E2") == Rational(Dyadic(1250)))
    #expect(Rational(decimal: "7.") == Rational(Dyadic(7)))
    for text in [
      "", ".", "-", "e3", "1e", "1e1.5", "1e401", "0x1", "1,5", "1.2.3", "1.-5", "inf", "1 2", "+1",
    ] {
      #expect(Rational(decimal: text) == nil, "\(text)")
    }
  }

  @Test("Rounding up is the smallest integer not below")
  func roundingUp() {
    forEachSeed(0..<200) { seed, rng in
      let a = BigInteger.random(bits: 80, using: &rng)
      let b = BigInteger.random(bits: 60, using: &rng)
      guard b.sign != 0 else { return }
      let value = Rational(Dyadic(a), over: Dyadic(b))
      let up = value.roundedUp
      #expect(up == a.quotientRoundedUp(by: b), "seed \(seed)")
      let gap = Rational(Dyadic(up)) - value
      #expect(gap.sign >= 0 && gap < .one, "seed \(seed): \(a) / \(b)")
    }
    #expect(Rational(Dyadic(5, exponent: 3)).roundedUp == BigInteger(40))
    #expect(Rational(Dyadic(-5, exponent: -1)).roundedUp == BigInteger(-2))
  }

  @Test("Factorials, rising factorials and powers agree with products")
  func products() {
    let factors = (1...25).map { BigInteger(Int64($0)) }
    #expect(BigInteger.factorial(25) == factors.reduce(BigInteger(1), *))
    #expect(BigInteger.factorial(0) == BigInteger(1))
    #expect(BigInteger(11).risingFactorial(15) * BigInteger.factorial(10) == BigInteger.factorial(25))
    #expect(BigInteger(-3).raised(to: 5) == BigInteger(-243) && BigInteger(7).raised(to: 0) == BigInteger(1))
  }

  @Test("Logarithms enclose: 10^k, products, and numbers beyond doubles")
  func logarithms() throws {
    for power in [UInt(0), 1, 17, 400, 3000] {
      let log = BigInteger(10).raised(to: power).log10
      #expect(log.contains(Double(power)) && log.upper - log.lower <= 1e-14 * max(1, Double(power)))
    }
    #expect(Rational.zero.log10.upper == -.infinity && Dyadic.one.log10 == Interval(0))
    forEachSeed(0..<100) { seed, rng in
      let a = BigInteger.random(bits: 700, using: &rng)
      let b = BigInteger.random(bits: 90, using: &rng)
      guard a.sign > 0, b.sign > 0 else { return }
      let (sum, product) = (a.log10 + b.log10, (a * b).log10)
      #expect(sum.lower <= product.upper && product.lower <= sum.upper, "seed \(seed)")
      let quotient = Rational(Dyadic(a), over: Dyadic(b)).log10
      let difference = a.log10 - b.log10
      #expect(quotient.lower <= difference.upper && difference.lower <= quotient.upper, "seed \(seed)")
      #expect(product.upper - product.lower < 1e-12, "seed \(seed)")
    }
    let third = try #require(Rational(decimal: "3e-1"))
    #expect(third.log10.contains(log10(0.3)))
  }
}
