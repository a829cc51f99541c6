import Dispatch
import Networks
import Synchronization

/// Numbered tasks that find regions, run on several threads.
///
/// Each thread has a worker of its own and takes the next task when it is done with one; what the tasks collect comes
/// back in their order, so it does not depend on the number of threads.
enum RegionTasks {
  /// The collections of all tasks, in order, and the predicates of all workers together.
  ///
  /// - Throws: the first error of a task; the others then end with the task they are at.
  static func run<Worker, Collection: Sendable>(
    count: Int, threads: Int, worker makeWorker: @Sendable () -> Worker,
    task: @Sendable (inout Worker, Int) throws -> Collection,
    finish: @Sendable (inout Worker) -> ExactPredicates
  ) throws -> (collections: [Collection], predicates: ExactPredicates) {
    let results = Mutex<([Collection?], ExactPredicates, (any Error)?)>(
      (Array(repeating: nil, count: count), ExactPredicates(signs: 0, vertices: 0), nil))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      var worker = makeWorker()
      do {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { break }
          let collection = try task(&worker, index)
          results.withLock { $0.0[index] = collection }
        }
      } catch {
        results.withLock { $0.2 = $0.2 ?? error }
        next.store(count, ordering: .relaxed)
      }
      let own = finish(&worker)
      results.withLock { $0.1 = $0.1 + own }
    }
    let (collections, predicates, error) = results.withLock { $0 }
    if let error { throw error }
    return (collections.compactMap(\.self), predicates)
  }
}

extension ExactPredicates {
  /// Both counts, added.
  static func + (a: ExactPredicates, b: ExactPredicates) -> ExactPredicates {
    ExactPredicates(signs: a.signs + b.signs, vertices: a.vertices + b.vertices)
  }
}

/// More regions than a caller allowed.
public struct RegionLimitExceeded: Error, Hashable, Sendable {
  /// The limit.
  public let limit: Int
}

/// Counts regions over all threads, reports, and asks whether to stop.
final class RegionMonitor: Sendable {
  private let count = Atomic<Int>(0)
  private let progress: Progress
  private let limit: Int

  init(progress: Progress, limit: Int) {
    self.progress = progress
    self.limit = limit
  }

  func add(_ regions: Int) throws {
    let total = count.add(regions, ordering: .relaxed).newValue
    if total > limit { throw RegionLimitExceeded(limit: limit) }
    try progress.step("regions found:", done: total)
  }
}

/// The regions one thread has found since it last told the monitor.
struct RegionTally {
  let monitor: RegionMonitor
  /// How many regions are told at a time.
  let size: Int
  private var pending = 0

  init(_ monitor: RegionMonitor, every size: Int) {
    self.monitor = monitor
    self.size = size
  }

  /// Counts one region.
  mutating func count() throws {
    pending += 1
    if pending >= size { try tell() }
  }

  /// Tells the monitor what is left.
  mutating func tell() throws {
    try monitor.add(pending)
    pending = 0
  }
}
