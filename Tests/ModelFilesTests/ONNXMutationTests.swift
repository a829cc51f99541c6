import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Mutated files are read or refused; they never crash, hang, or take much memory.
@Suite(.enabled(if: TestData.isWanted))
struct ONNXMutationTests {
  @Test func mutatedFilesDoNoHarm() throws { try read(mutants: 2_000, seed: 1) }

  @Test(.enabled(if: TestData.longTests)) func manyMutatedFilesDoNoHarm() throws {
    try read(mutants: 100_000, seed: 2)
  }

  private func read(mutants count: Int, seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let files = try ["zoo", "zoo_marabou", "zoo_onnx_pkg", "bad"].flatMap { try ONNXTestFiles.models(in: $0) }
    let seeds = try files.map { [UInt8](try Data(contentsOf: $0)) }.filter { !$0.isEmpty && $0.count <= 4096 }
    #expect(seeds.count > 100)
    // Smaller than in earnest, so that a mutant that asks for much costs little.
    var limits = ONNXLowering.Limits()
    limits.entries = 1 << 20
    limits.declaredElements = 1 << 16
    limits.work = 1 << 22
    let folder = FileManager.default.temporaryDirectory
    var refused = 0
    for _ in 0..<count {
      let bytes = mutant(of: seeds, using: &rng)
      do {
        let network = try ONNXReader.network(from: bytes, folder: folder, limits: limits)
        #expect(network.widths.count == network.layers.count + 1)
      } catch {
        refused += 1
        let message = ModelFileError(file: "mutant", cause: error.cause).description
        #expect(!message.contains { $0.isNewline })
      }
    }
    #expect(refused > 0)
  }

  private func mutant(of seeds: [[UInt8]], using rng: inout SplitMix64) -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &rng)]
    switch Int.random(in: 0..<8, using: &rng) {
    case 0: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &rng))
    case 1:
      let other = seeds[Int.random(in: 0..<seeds.count, using: &rng)]
      let start = Int.random(in: 0..<other.count, using: &rng)
      let piece = other[start..<min(other.count, start + Int.random(in: 1...64, using: &rng))]
      let target = Int.random(in: 0..<bytes.count, using: &rng)
      bytes.replaceSubrange(target..<min(bytes.count, target + piece.count), with: piece)
    default:
      for _ in 0..<Int.random(in: 1...6, using: &rng) {
        let position = Int.random(in: 0..<bytes.count, using: &rng)
        switch Int.random(in: 0..<4, using: &rng) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
        case 1: bytes[position] = [0, 1, 127, 128, 255].randomElement(using: &rng) ?? 0
        case 2: bytes[position] &+= 1
        default: bytes[position] = UInt8.random(in: 0...255, using: &rng)
        }
      }
    }
    return bytes
  }
}
