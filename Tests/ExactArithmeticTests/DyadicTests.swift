import ExactArithmetic
import Testing
import _TestSupport

@Suite("Dyadic numbers")
struct DyadicTests {
  @Test("The sum of the doubles 0.1 and 0.2 is not the double 0.3")
  func example() {
    let sum = Dyadic(0.1) + Dyadic(0.2)
    #expect(sum != Dyadic(0.3))
    // Fraction(0.1) + Fraction(0.2) in Python: 10808639105689191 / 2^55.
    #expect(sum.description == "10808639105689191*2^-55")
    #expect(sum.double == nil)
    #expect(sum.nearestDouble == 0.1 + 0.2)
  }

  @Test("Every finite double is read and given back exactly")
  func roundTrip() {
    func check(_ value: Double, _ note: Comment) {
      let exact = Dyadic(value)
      #expect(exact.double == value, note)
      #expect(exact.nearestDouble == value, note)
      #expect(exact.doubleBelow == value, note)
      #expect(exact.doubleAbove == value, note)
      #expect(exact.interval == Interval(value), note)
      #expect(exact.sign == (value > 0 ? 1 : value < 0 ? -1 : 0), note)
      if value != 0 { #expect(exact.magnitudeExponent == Int(value.exponent), note) }
    }
    for value in Double.corners { check(value, "\(value)") }
    forEachSeed(0..<50) { seed, rng in
      for _ in 0..<100 { check(.randomFiniteBits(using: &rng), "seed \(seed)") }
      for _ in 0..<20 { check(Double(bitPattern: rng.next() >> 12), "subnormal, seed \(seed)") }
    }
  }

  /// Frozen from Python: `Fraction(m) * Fraction(2)**e` divided as integers, its neighbours by `math.nextafter`.
  static let roundings: [(mantissa: String, exponent: Int, nearest: UInt64, below: UInt64, above: UInt64)] = [
    ("1", 0, 0x3FF0_0000_0000_0000, 0x3FF0_0000_0000_0000, 0x3FF0_0000_0000_0000),
    ("9007199254740993", 0, 0x4340_0000_0000_0000, 0x4340_0000_0000_0000, 0x4340_0000_0000_0001),
    ("9007199254740995", 0, 0x4340_0000_0000_0002, 0x4340_0000_0000_0001, 0x4340_0000_0000_0002),
    ("-9007199254740993", 0, 0xC340_0000_0000_0000, 0xC340_0000_0000_0001, 0xC340_0000_0000_0000),
    ("18014398509481985", 0, 0x4350_0000_0000_0000, 0x4350_0000_0000_0000, 0x4350_0000_0000_0001),
    ("18014398509481986", 0, 0x4350_0000_0000_0000, 0x4350_0000_0000_0000, 0x4350_0000_0000_0001),
    ("18014398509481990", -300, 0x3090_0000_0000_0002, 0x3090_0000_0000_0001, 0x3090_0000_0000_0002),
    ("1", -1075, 0x0000_0000_0000_0000, 0x0000_0000_0000_0000, 0x0000_0000_0000_0001),
    ("-1", -1075, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001, 0x8000_0000_0000_0000),
    ("3", -1076, 0x0000_0000_0000_0001, 0x0000_0000_0000_0000, 0x0000_0000_0000_0001),
    ("1", -1076, 0x0000_0000_0000_0000, 0x0000_0000_0000_0000, 0x0000_0000_0000_0001),
    ("3", -1075, 0x0000_0000_0000_0002, 0x0000_0000_0000_0001, 0x0000_0000_0000_0002),
    ("-3", -1075, 0x8000_0000_0000_0002, 0x8000_0000_0000_0002, 0x8000_0000_0000_0001),
    ("5", -1076, 0x0000_0000_0000_0001, 0x0000_0000_0000_0001, 0x0000_0000_0000_0002),
    ("9007199254740991", -1075, 0x0010_0000_0000_0000, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000),
    ("18014398509481983", -1077, 0x0008_0000_0000_0000, 0x0007_FFFF_FFFF_FFFF, 0x0008_0000_0000_0000),
    ("9007199254740991", 971, 0x7FEF_FFFF_FFFF_FFFF, 0x7FEF_FFFF_FFFF_FFFF, 0x7FEF_FFFF_FFFF_FFFF),
    ("18014398509481983", 970, 0x7FF0_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000),
    ("36028797018963965", 969, 0x7FEF_FFFF_FFFF_FFFF, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000),
    ("-18014398509481983", 970, 0xFFF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0xFFEF_FFFF_FFFF_FFFF),
    ("1", 1024, 0x7FF0_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000),
    ("-1", 5000, 0xFFF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0xFFEF_FFFF_FFFF_FFFF),
    ("1", -5000, 0x0000_0000_0000_0000, 0x0000_0000_0000_0000, 0x0000_0000_0000_0001),
    ("-1", -5000, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001, 0x8000_0000_0000_0000),
    (
      "488767811451759932014546405", -904, 0x0CF9_44C9_C269_E0D3, 0x0CF9_44C9_C269_E0D3, 0x0CF9_44C9_C269_E0D4
    ),
    ("671908830000302585", 878, 0x7A82_A633_0ABB_3B94, 0x7A82_A633_0ABB_3B93, 0x7A82_A633_0ABB_3B94),
    ("-1585446675937841369", 512, 0xE3B6_00A3_5A09_9951, 0xE3B6_00A3_5A09_9951, 0xE3B6_00A3_5A09_9950),
    ("-104584984426977061", -958, 0x8797_38F7_D3D9_C172, 0x8797_38F7_D3D9_C173, 0x8797_38F7_D3D9_C172),
    ("257377005908791389", 424, 0x5E0C_9318_2F94_6083, 0x5E0C_9318_2F94_6082, 0x5E0C_9318_2F94_6083),
    ("254889996629826253", -655, 0x1A9C_4C68_CFCF_5ED6, 0x1A9C_4C68_CFCF_5ED6, 0x1A9C_4C68_CFCF_5ED7),
    (
      "701814492616303608331965644920215", -1141, 0x0000_0453_449D_BCD5, 0x0000_0453_449D_BCD4,
      0x0000_0453_449D_BCD5
    ),
    (
      "1059404149132788084680807642785369", -1145, 0x0000_0068_771E_DA0B, 0x0000_0068_771E_DA0A,
      0x0000_0068_771E_DA0B
    ),
  ]

  @Test("Roundings agree with Python's", arguments: roundings.indices)
  func frozenRoundings(_ row: Int) throws {
    let (mantissa, exponent, nearest, below, above) = Self.roundings[row]
    let value = Dyadic(try #require(BigInteger(decimal: mantissa)), exponent: exponent)
    #expect(value.nearestDouble.bitPattern == nearest)
    #expect(value.doubleBelow.bitPattern == below)
    #expect(value.doubleAbove.bitPattern == above)
  }

  @Test("Roundings are the neighbours they say they are")
  func roundingDefinitions() {
    forEachSeed(0..<400) { seed, rng in
      let value =
        Dyadic(Double.randomFiniteBits(using: &rng))
        + Dyadic(Double.randomFiniteBits(using: &rng))
        * Dyadic(1, exponent: Int.random(in: -60...0, using: &rng))
      let (below, above, nearest) = (value.doubleBelow, value.doubleAbove, value.nearestDouble)
      guard below.isFinite, above.isFinite else { return }
      let (low, high) = (Dyadic(below), Dyadic(above))
      #expect(low <= value && value <= high, "seed \(seed)")
      #expect(below == above || above == below.nextUp, "seed \(seed)")
      #expect((value.double == nil) == (below < above), "seed \(seed)")
      #expect(nearest == below || nearest == above, "seed \(seed)")
      let (left, right) = (value - low, high - value)
      if left < right { #expect(nearest == below, "seed \(seed)") }
      if right < left { #expect(nearest == above, "seed \(seed)") }
    }
  }

  @Test("Ties round to the even neighbour", arguments: [-1074, -1000, -52, 0, 900])
  func ties(_ unit: Int) {
    let wholes = (Int64(1) << 52)..<(1 << 52 + 6)
    for last in unit == -1074 ? Array(0..<6) + Array(wholes) : Array(wholes) {
      let tie = Dyadic(2 * last + 1, exponent: unit - 1)
      let even = Dyadic(last.isMultiple(of: 2) ? last : last + 1, exponent: unit)
      #expect(Dyadic(tie.nearestDouble) == even, "\(tie)")
      #expect(Dyadic((-tie).nearestDouble) == -even, "\(tie)")
    }
  }

  @Test("Quotients are given exactly where they are dyadic, and only there")
  func division() {
    forEachSeed(0..<300) { seed, rng in
      let (a, b) = (Dyadic.random(using: &rng), Dyadic.random(using: &rng))
      guard !b.isZero else { return }
      #expect((a * b).dividedExactly(by: b) == a, "seed \(seed)")
      if let quotient = a.dividedExactly(by: b) {
        #expect(quotient * b == a, "seed \(seed)")
      } else {
        #expect(Rational(a, over: b).dyadic == nil, "seed \(seed)")
      }
    }
    #expect(Dyadic(1).dividedExactly(by: Dyadic(3)) == nil)
    #expect(Dyadic(6).dividedExactly(by: Dyadic(-3)) == Dyadic(-2))
    #expect(Dyadic.one.dividedExactly(by: Dyadic(1, exponent: 9000)) == Dyadic(1, exponent: -9000))
  }

  @Test("The extreme machine integers are themselves")
  func machineIntegers() {
    #expect(Dyadic(.min) == Dyadic(-1, exponent: 63))
    #expect(Dyadic(BigInteger(.min)) == Dyadic(.min))
    #expect(-Dyadic(.min) == Dyadic(1, exponent: 63))
    #expect((Dyadic(.max) + Dyadic(.max)).description == "9223372036854775807*2^1")
    #expect((Dyadic(.max) * Dyadic(.max)).description == "85070591730234615847396907784232501249")
    #expect(Dyadic(.max) + .one == Dyadic(1, exponent: 63))
    #expect(Dyadic(.min).isPowerOfTwo && Dyadic(-4).isPowerOfTwo && !Dyadic(.max).isPowerOfTwo)
    #expect(!Dyadic.zero.isPowerOfTwo)
    #expect(Dyadic.zero.magnitudeExponent == nil)
    #expect(Dyadic(.min).magnitudeExponent == 63)
    #expect(Dyadic(BigInteger(.max) + BigInteger(2)).magnitudeExponent == 63)
  }

  @Test("Scaling by a power of two adds to the exponent, and leaves zero alone")
  func scaling() {
    forEachSeed(0..<100) { seed, rng in
      let value = Dyadic.random(using: &rng)
      let power = Int.random(in: -500...500, using: &rng)
      #expect(value.scaled(byPowerOfTwo: power) == value * Dyadic(1, exponent: power), "seed \(seed)")
    }
    #expect(Dyadic.zero.scaled(byPowerOfTwo: 5) == .zero)
  }
}
