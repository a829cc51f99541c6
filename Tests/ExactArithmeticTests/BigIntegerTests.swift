import ExactArithmetic
import Testing
import _TestSupport

@Suite("Big integers")
struct BigIntegerTests {
  @Test("Decimal digits are read back", arguments: [0, 1, 63, 64, 65, 200, 3000])
  func decimal(_ bits: Int) {
    forEachSeed(0..<20) { seed, rng in
      let value = BigInteger.random(bits: bits, using: &rng)
      #expect(BigInteger(decimal: value.description) == value, "seed \(seed)")
      #expect(value.bitWidth <= bits, "seed \(seed)")
    }
    #expect(BigInteger(decimal: "-0")?.description == "0")
    #expect(BigInteger(decimal: "000012")?.description == "12")
    #expect(BigInteger(.min).description == "-9223372036854775808")
  }

  @Test(
    "Anything but digits behind one minus sign is refused",
    arguments: [
      "", "-", "--1", "+1", " 1", "1 ", "1-", "- 1", "0x10", "1e5", "1.0", "1_000", "1,0", "12\u{0}", "\u{0}",
      "\n", "1\n",
      "\u{0661}", "\u{FF11}", "1\u{0301}", "nan", "inf",
    ])
  func garbage(_ text: String) {
    #expect(BigInteger(decimal: text) == nil)
  }

  @Test("Machine integers are given back where they fit, and only there")
  func int64() {
    for value in [Int64.min, -1, 0, 1, .max] { #expect(BigInteger(value).int64 == value) }
    #expect((BigInteger(.max) + BigInteger(1)).int64 == nil)
    #expect((BigInteger(.min) - BigInteger(1)).int64 == nil)
    #expect((BigInteger(.min) - BigInteger(1) + BigInteger(1)).int64 == .min)
  }

  @Test("Shifts multiply and divide by powers of two, the right one towards minus infinity")
  func shifts() {
    #expect(BigInteger(-5).shiftedRight(by: 1) == BigInteger(-3))
    #expect(BigInteger(5).shiftedRight(by: 1) == BigInteger(2))
    #expect(BigInteger(-1).shiftedRight(by: 500) == BigInteger(-1))
    forEachSeed(0..<50) { seed, rng in
      let value = BigInteger.random(bits: 150, using: &rng)
      let count = Int.random(in: 0...200, using: &rng)
      #expect(value.shiftedLeft(by: count).shiftedRight(by: count) == value, "seed \(seed)")
      let remainder = value - value.shiftedRight(by: count).shiftedLeft(by: count)
      #expect(remainder.sign >= 0 && remainder < BigInteger(1).shiftedLeft(by: count), "seed \(seed)")
    }
  }

  @Test("Exact division, common divisors and remainders agree with multiplication")
  func division() throws {
    try forEachSeed(0..<100) { seed, rng in
      let a = BigInteger.random(bits: 130, using: &rng)
      let b = BigInteger.random(bits: 90, using: &rng)
      guard a.sign != 0, b.sign != 0 else { return }
      #expect((a * b).dividedExactly(by: b) == a, "seed \(seed)")
      let common = a.greatestCommonDivisor(with: b)
      #expect(common.sign == 1, "seed \(seed)")
      let left = try #require(a.dividedExactly(by: common), "seed \(seed)")
      let right = try #require(b.dividedExactly(by: common), "seed \(seed)")
      #expect(left.greatestCommonDivisor(with: right) == BigInteger(1), "seed \(seed)")
      let rest = a.remainder(modulo: 1_000_003)
      #expect((a - BigInteger(Int64(rest))).dividedExactly(by: BigInteger(1_000_003)) != nil, "seed \(seed)")
    }
    #expect(BigInteger(7).dividedExactly(by: BigInteger(2)) == nil)
    #expect(BigInteger(7).dividedExactly(by: BigInteger(0)) == nil)
  }
}
