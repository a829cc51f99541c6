import Networks
import Synchronization
import Testing
import _TestSupport

@testable import Complexes

@Suite("Stopping a subdivision")
struct CancellationTests {
  private let subdivision: Subdivision = {
    var rng = SplitMix64(seed: 1)
    // Far too many regions to finish.
    let network = Network.random(widths: [3, 60, 60, 1], denominator: 1 << 20, using: &rng)
    return Subdivision(network, on: .cube(3, -100, 100))
  }()

  @Test("Cancelling throws soon", arguments: [1, 2])
  func cancel(threads: Int) throws {
    let reports = Atomic<Int>(0)
    let isCancelled: @Sendable () -> Bool = { reports.load(ordering: .relaxed) >= 3 }
    let report: @Sendable (Progress.Stage) -> Void = { _ in reports.add(1, ordering: .relaxed) }
    let progress = Progress(report: report, isCancelled: isCancelled)
    #expect(throws: CancellationError.self) { try subdivision.count(threads: threads, progress: progress) }
    #expect(reports.load(ordering: .relaxed) < 3 + 2 * threads)
    #expect(throws: CancellationError.self) { try subdivision.complex(threads: threads, progress: progress) }
  }

  @Test("A limit of regions is kept to, and named")
  func limit() throws {
    #expect(throws: RegionLimitExceeded(limit: 500)) { try subdivision.count(limit: 500) }
    #expect(throws: RegionLimitExceeded(limit: 500)) { try subdivision.complex(limit: 500) }
    let network = Network(weights: [[[1, 1], [1, -1]], [[1, 1]]], biases: [[0, 0], [0]])
    let small = Subdivision(network, on: .cube(2, -1, 1))
    #expect(try small.count(limit: 4).activationRegions == 4)
    #expect(throws: RegionLimitExceeded(limit: 3)) { try small.count(limit: 3) }
  }
}
