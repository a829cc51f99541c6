import ExactArithmetic
import Networks
import Testing

@testable import ModelFiles

@Suite struct DecimalTextTests {
  @Test func nearestAgreesWithTheStandardLibrary() {
    var rng = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: rng.next())
      guard value.isFinite else { continue }
      #expect(DecimalText.nearest("\(value)") == value)
      let short =
        "\(Int.random(in: -99_999_999...99_999_999, using: &rng))e\(Int.random(in: -30...30, using: &rng))"
      #expect(DecimalText.nearest(short) == Double(short))
      let point = "\(Int.random(in: 0...999, using: &rng)).\(UInt64.random(in: 0...(.max), using: &rng))"
      #expect(DecimalText.nearest(point) == Double(point))
    }
    #expect(DecimalText.nearest("-0.0")?.sign == .minus)
    #expect(DecimalText.nearest("1e999") == .infinity)
    #expect(DecimalText.nearest("1e-999") == 0)
    #expect(DecimalText.nearest("0e99999999999999999999") == 0)
    #expect(DecimalText.nearest("+.5") == 0.5)
    #expect(DecimalText.nearest("5.") == 5)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "0x1", "nan", "inf", "1_000", "1 ", " 1", "--1", "1.2.3",
  ])
  func notNumbers(text: String) { #expect(DecimalText.nearest(text) == nil) }

  /// The ends are neighbours around the exact decimal, or equal.
  @Test func enclosures() {
    #expect(DecimalText.enclosure("0.5") == Interval(0.5))
    #expect(DecimalText.enclosure("-12e3") == Interval(-12000))
    #expect(DecimalText.enclosure("0.1") == Interval((0.1).nextDown, 0.1))
    #expect(DecimalText.enclosure("0.3") == Interval(0.3, (0.3).nextUp))
    #expect(DecimalText.enclosure("-0.1") == Interval(-0.1, -(0.1).nextDown))
    #expect(DecimalText.enclosure("1e-400") == Interval(0, .leastNonzeroMagnitude))
    #expect(DecimalText.enclosure("-1e-9999999999999999999999") == Interval(-.leastNonzeroMagnitude, 0))
    #expect(
      DecimalText.enclosure("9007199254740993") == Interval(9_007_199_254_740_992, 9_007_199_254_740_994))
    #expect(DecimalText.enclosure("1e23") == Interval(1e23, (1e23).nextUp))
    #expect(DecimalText.enclosure("1e400")?.upper == .infinity)
  }
}
