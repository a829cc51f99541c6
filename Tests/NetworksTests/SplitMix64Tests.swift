import Networks
import Testing

@Suite("SplitMix64")
struct SplitMix64Tests {
  @Test("The first numbers of seed 0 are the published ones")
  func reference() {
    var rng = SplitMix64(seed: 0)
    let first = (0..<3).map { _ in rng.next() }
    #expect(first == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
  }

  @Test("The same seed gives the same numbers, another seed others")
  func seeds() {
    func numbers(_ seed: UInt64) -> [UInt64] {
      var rng = SplitMix64(seed: seed)
      return (0..<8).map { _ in rng.next() }
    }
    #expect(numbers(42) == numbers(42))
    #expect(numbers(42) != numbers(43))
  }
}
