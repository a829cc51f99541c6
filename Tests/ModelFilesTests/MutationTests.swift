import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Mutated files: a reader may refuse or accept, but neither crash nor hang nor fill memory.
///
/// A thousand of each in the quick tier, 10^5 with `CREASE_LONG_TESTS=1`.
@Suite struct MutationTests {
  static var rounds: Int { TestData.longTests ? 100_000 : 1000 }

  /// Reads mutants of the seeds, and checks that errors are one line.
  private func survive(
    _ seeds: [[UInt8]], _ read: ([UInt8]) throws(ModelFileError.Cause) -> Void
  ) {
    var rng = SplitMix64(seed: 20)
    var accepted = 0
    var slowest = Duration.zero
    for round in 0..<Self.rounds {
      let mutant = Mutation.mutant(of: seeds, using: &rng)
      let start = ContinuousClock.now
      do throws(ModelFileError.Cause) {
        try read(mutant)
        accepted += 1
      } catch {
        let line = error.description
        if line.contains(where: \.isNewline) || line.utf8.count > 2000 {
          Issue.record("round \(round): \(line)")
        }
      }
      slowest = max(slowest, ContinuousClock.now - start)
    }
    #expect(slowest < .seconds(5))
    // Some mutants must pass and some fail, or the mutations miss the reader.
    #expect(accepted > 0 && accepted < Self.rounds)
  }

  @Test func nnet() {
    let seeds = [Small.nnet, "2\n1, 1, 1\n0\n0\n0\n0\n0\n1\n0\n1\n0\n"].map { Array($0.utf8) }
    survive(seeds) { (bytes) throws(ModelFileError.Cause) in
      _ = try NNetReader.network(from: bytes)
      _ = try NNetReader.network(from: bytes, options: ReadingOptions(rawInputs: true))
    }
  }

  @Test func safetensors() throws {
    let seeds = try [StoragePrecision.bfloat16, .float64].map {
      try Small.network.bytes(.safetensors, $0, rounding: true)
    }
    survive(seeds) { (bytes) throws(ModelFileError.Cause) in _ = try SafetensorsReader.network(from: bytes) }
  }

  /// Checksums stop nearly every mutant of a whole archive, so its arrays are mutated too.
  @Test func npz() throws {
    let archive = try Small.network.bytes(.npz, .float32)
    survive([archive]) { (bytes) throws(ModelFileError.Cause) in _ = try NPZReader.network(from: bytes) }
    let members = try ZipArchive(archive)
    let arrays = try members.members.map { try members.content(of: $0) }
    survive(arrays) { (bytes) throws(ModelFileError.Cause) in
      _ = try NPYArray(bytes, place: "array").tensor(named: "W0")
    }
  }

  @Test func deflatedNPZ() {
    survive([Fixture.deflatedArchive, Fixture.wideArchive]) { (bytes) throws(ModelFileError.Cause) in
      _ = try NPZReader.tensors(from: bytes)
    }
  }

  @Test func vnnlib() {
    survive([Array(Small.vnnlib.utf8)]) { (bytes) throws(ModelFileError.Cause) in
      _ = try VNNLIBParser.boxes(bytes, inputs: 2)
    }
  }

  @Test func boxText() {
    survive([Array("# box\n-1.5 1e-1\n0.25 7\n".utf8)]) { (bytes) throws(ModelFileError.Cause) in
      _ = try InputDomain(boxText: bytes, inputs: 2)
    }
  }

  /// What tells the format sees every byte first.
  @Test func detection() throws {
    let seeds = try [
      Array(Small.nnet.utf8), Small.network.bytes(.npz, .float32),
      Small.network.bytes(.safetensors, .float32),
    ]
    survive(seeds) { (bytes) throws(ModelFileError.Cause) in _ = try ModelFormat(of: bytes, fileExtension: "")
    }
  }
}

/// Seeded changes to files.
enum Mutation {
  /// A seed after one to four changes: flipped bits, cuts, splices, other digits, extreme numbers.
  static func mutant(of seeds: [[UInt8]], using rng: inout SplitMix64) -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &rng)]
    for _ in 0..<Int.random(in: 1...4, using: &rng) {
      guard !bytes.isEmpty else { return bytes }
      let at = Int.random(in: 0..<bytes.count, using: &rng)
      switch Int.random(in: 0..<9, using: &rng) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &rng)
      case 2: bytes[at] = [0, 0xFF, 0x7F, 0x80][Int.random(in: 0..<4, using: &rng)]
      case 3: bytes.removeSubrange(at...)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...16, using: &rng)))
      case 5:
        let other = seeds[Int.random(in: 0..<seeds.count, using: &rng)]
        let from = Int.random(in: 0..<other.count, using: &rng)
        bytes.insert(
          contentsOf: other[from..<min(other.count, from + Int.random(in: 1...64, using: &rng))], at: at)
      case 6: changeDigit(&bytes, from: at, to: UInt8.random(in: 48...57, using: &rng))
      case 7:
        let words = [
          "1e999", "-1", "nan", "9223372036854775807", "4611686018427387904", "1e-400", "0", "{", "[", "(",
        ]
        let word = words[Int.random(in: 0..<words.count, using: &rng)]
        bytes.replaceSubrange(at..<min(bytes.count, at + Int.random(in: 0...4, using: &rng)), with: word.utf8)
      default:
        // A field of eight bytes at its extremes, as sizes and offsets are.
        let fill = [0, 0xFF, 0x7F][Int.random(in: 0..<3, using: &rng)] as UInt8
        for k in at..<min(bytes.count, at + [2, 4, 8][Int.random(in: 0..<3, using: &rng)]) { bytes[k] = fill }
      }
    }
    return bytes
  }

  private static func changeDigit(_ bytes: inout [UInt8], from start: Int, to digit: UInt8) {
    guard let position = bytes[start...].firstIndex(where: { (48...57).contains($0) }) else { return }
    bytes[position] = digit
  }
}
