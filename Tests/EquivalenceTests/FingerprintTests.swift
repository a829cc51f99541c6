import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry
import Testing
import _TestSupport

@testable import Equivalence

@Suite("Fingerprints and digests")
struct FingerprintTests {
  private func fingerprint(_ network: Network) throws -> String {
    try CanonicalForm(SignalGraph(network)).fingerprint
  }

  @Test("Disguises share the fingerprint, other functions do not")
  func fingerprints() throws {
    try forEachSeed(0..<10) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let own = try fingerprint(network)
      let disguised = network.disguised(
        by: Disguise(permutes: true, logRange: 2, powersOfTwo: true, twins: 1, dead: 2, identityLayer: true),
        using: &rng)
      let other = network.changing { _, biases in biases[2][0] += 0x1p-40 }
      #expect(try fingerprint(disguised) == own, "seed \(seed)")
      #expect(try fingerprint(other) != own, "seed \(seed)")
      #expect(own.count == 64 && own.allSatisfy { $0.isHexDigit && !$0.isUppercase }, "seed \(seed)")
    }
  }

  @Test("The fingerprint of |x| is the SHA-256 of its text")
  func known() throws {
    // printf 'crease-canonical-1 1\nsignal 1 0:1 +0\noutput 0:-1 1:1*2^1 +0\n' | sha256sum
    #expect(
      try fingerprint(SmallPair.absolute.0)
        == "c0e2401d7c3b79f831b7e01931040c267c056fb99cf3f0e7d74f86f4a7458f62")
    #expect(
      try fingerprint(SmallPair.absolute.1)
        == "c0e2401d7c3b79f831b7e01931040c267c056fb99cf3f0e7d74f86f4a7458f62")
  }

  @Test("The digest depends on every entry and shape, not on storage, domain or the sign of zero")
  func digests() throws {
    let network = Network(weights: [[[1, 0], [3, 4]], [[1, 1]]], biases: [[0, 0], [0]])
    let digest = network.digest
    #expect(digest.count == 64)
    #expect(network.with(storage: .float32).digest == digest)
    #expect(network.with(domain: .box(.init([Interval(0, 1), Interval(0, 1)]))).digest == digest)
    #expect(network.changing { weights, _ in weights[0][0][1] = -0.0 }.digest == digest)
    var others = [
      network.changing { weights, _ in weights[0][0][1] = 0x1p-1074 },
      network.changing { weights, _ in weights[1][0] = [1, 2] },
      network.changing { _, biases in biases[0][1] = 1 }, network.changing { _, biases in biases[1][0] = -1 },
      network.changing { weights, _ in weights[0].swapAt(0, 1) }, SmallPair.rounded(network, by: 1e-9),
      SmallPair.rounded(network, by: 2e-9), Network(weights: [[[1, 0]], [[1]]], biases: [[0], [0]]),
    ].map(\.digest)
    // An entry that no double holds counts exactly.
    func wide(_ value: Dyadic) -> String {
      let matrix = ExactMatrix(rows: 1, columns: 1, elements: [value])
      return Network(
        inputCount: 1,
        layers: [.init(blocks: [.init(source: 0, weights: matrix)], bias: ExactMatrix(column: [0]))]
      ).digest
    }
    let third = Dyadic(0.1) * Dyadic(0.1)
    others += [wide(third), wide(third + Dyadic(1, exponent: -200)), wide(Dyadic(third.nearestDouble))]
    #expect(Set(others + [digest]).count == others.count + 1)
  }
}
