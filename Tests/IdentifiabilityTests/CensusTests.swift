import Crease
import Foundation
import Synchronization
import Testing

@Suite("Census of random networks")
struct CensusTests {
  private static let census = Census(architectures: [[2, 3, 2, 1], [3, 3, 1]], networks: 7, seed: 5)

  private func records(_ items: [Census.Item], threads: Int) throws -> [CensusRecord] {
    let found = Mutex<[CensusRecord]>([])
    try CensusTests.census.run(items, threads: threads) { record in
      found.withLock { $0.append(record.timeless) }
    }
    return found.withLock { $0 }.sorted {
      ($0.architecture.count, $0.index) > ($1.architecture.count, $1.index)
    }
  }

  @Test("Records depend neither on the number of threads nor on shards")
  func deterministic() throws {
    let census = CensusTests.census
    let whole = try records(census.items, threads: 1)
    #expect(whole.count == 14)
    #expect(try records(census.items, threads: 2) == whole)
    #expect(try records(census.items, threads: 3) == whole)
    let shards = try (0..<3).map { try records(census.items(shard: $0, of: 3), threads: 2) }
    #expect(shards.map(\.count) == [5, 5, 4])
    #expect(Set(shards.joined()) == Set(whole))
    let architectures = census.architectures
    #expect(
      CensusSummary.summaries(Array(shards.joined()), architectures: architectures)
        == CensusSummary.summaries(whole, architectures: architectures))
  }

  @Test("Bounds hold, samples never show more, and the same network is measured the same by itself")
  func bounds() throws {
    let census = CensusTests.census
    for item in census.items {
      let record = try census.record(of: item)
      let network = census.network(item)
      #expect(network.widths == item.architecture)
      #expect(record.parameterCount == network.parameterCount, "\(item)")
      #expect(record.lowerBound <= record.upperBound && record.upperBound <= record.parameterCount, "\(item)")
      #expect(max(record.gaussian.rank, record.multiScale.rank) <= record.lowerBound, "\(item)")
      let directions = record.mechanisms.reduce(0) { $0 + $1.directions }
      #expect(directions == record.parameterCount - record.upperBound, "\(item)")
      #expect(record.gaussian.points == 10 * record.parameterCount)
      let dimension = try FunctionalDimension(of: network)
      #expect(dimension.functionalDimension == record.functionalDimension, "\(item)")
    }
  }

  @Test("Networks differ by index, seed and law")
  func networks() {
    let item = Census.Item(architecture: [2, 3, 2, 1], index: 0)
    let other = Census.Item(architecture: [2, 3, 2, 1], index: 1)
    let census = CensusTests.census
    #expect(census.network(item) == census.network(item))
    #expect(census.network(item) != census.network(other))
    let seeded = Census(architectures: [item.architecture], networks: 1, seed: 6)
    #expect(census.network(item) != seeded.network(item))
    let uniform = Census(
      architectures: [item.architecture], initialisation: Initialisation(.uniform), networks: 1, seed: 5)
    #expect(census.network(item) != uniform.network(item))
  }

  @Test("A record survives JSON, and null stands for a dimension that is not proved")
  func json() throws {
    let record = try CensusTests.census.record(of: CensusTests.census.items[3])
    let data = try JSONEncoder().encode(record)
    #expect(try JSONDecoder().decode(CensusRecord.self, from: data) == record)
    let open = try JSONEncoder().encode(CensusExamples.record(0, lower: 10, upper: 12))
    #expect(String(decoding: open, as: UTF8.self).contains("\"functionalDimension\":null"))
  }

  @Test("A failing receiver stops the census with its error")
  func failure() {
    struct Full: Error {}
    #expect(throws: Full.self) {
      try CensusTests.census.run(CensusTests.census.items, threads: 2) { _ in throw Full() }
    }
    #expect(throws: CancellationError.self) {
      try CensusTests.census.run(
        CensusTests.census.items, threads: 2, progress: Progress(isCancelled: { true })
      ) { _ in }
    }
  }
}
