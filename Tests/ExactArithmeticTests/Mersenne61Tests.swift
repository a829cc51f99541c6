import ExactArithmetic
import Testing
import _TestSupport

@Suite("Integers modulo 2^61 - 1")
struct Mersenne61Tests {
  @Test("Classes of machine integers are reduced")
  func reduction() {
    // Frozen from Python: value % (2**61 - 1).
    #expect(Mersenne61(UInt64.max).value == 7)
    #expect(Mersenne61(UInt64(1) << 61).value == 1)
    #expect(Mersenne61(Mersenne61.prime).value == 0)
    #expect(Mersenne61(Mersenne61.prime - 1).value == 2_305_843_009_213_693_950)
    #expect(Mersenne61(Int64.min).value == 2_305_843_009_213_693_947)
    #expect(Mersenne61(Int64.max).value == 3)
    #expect(Mersenne61(Int64(-1)).value == 2_305_843_009_213_693_950)
  }

  @Test("A product agrees with Python's")
  func product() {
    let a = Mersenne61(UInt64(0x0123_4567_89AB_CDEF))
    let b = Mersenne61(UInt64(0xFEDC_BA98_7654_3210))
    // (0x0123456789ABCDEF * 0xFEDCBA9876543210) % (2**61 - 1)
    #expect((a * b).value == 812_522_142_051_616_513)
  }

  @Test("Scaling by a power of two is multiplication by it")
  func scaling() {
    forEachSeed(0..<100) { seed, rng in
      let a = Mersenne61.random(using: &rng)
      var power = Mersenne61.one
      for k in 0..<130 {
        #expect(a.scaled(byPowerOfTwo: k) == a * power, "seed \(seed), 2^\(k)")
        #expect(a.scaled(byPowerOfTwo: k).scaled(byPowerOfTwo: -k) == a, "seed \(seed), 2^\(k)")
        power = power + power
      }
    }
  }
}
