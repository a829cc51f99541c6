import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Independent pieces of work on several cores.
public enum Concurrency {
  /// The number of cores that can be used now.
  public static var coreCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// The results of `body` for 0 ..< `count`, in order, computed in contiguous ranges on up to `threads` threads.
  ///
  /// The result does not depend on the number of threads as long as `body` computes each element by itself. Ranges
  /// shorter than `minimumRange` are not split further: handing work to a thread costs some microseconds.
  public static func map<Element: Sendable>(
    count: Int, threads: Int, minimumRange: Int, _ body: @Sendable (Range<Int>) -> [Element]
  ) -> [Element] {
    let pieces = min(threads, count / max(1, minimumRange))
    guard pieces > 1 else { return body(0..<count) }
    let results = Mutex<[[Element]]>(Array(repeating: [], count: pieces))
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let part = body(count * piece / pieces..<count * (piece + 1) / pieces)
      results.withLock { $0[piece] = part }
    }
    return results.withLock { $0 }.flatMap(\.self)
  }

  /// Makes elements 0 ..< `count` on up to `threads` threads, and hands each over as soon as it is there.
  ///
  /// Elements that were begun when another failed are still finished and handed over.
  ///
  /// - Parameters:
  ///   - make: Called for many numbers at a time.
  ///   - take: Called for one element at a time, in the order in which they come.
  /// - Throws: the first failure of `make` or `take`.
  public static func handOver<Element>(
    count: Int, threads: Int, make: @Sendable (Int) throws -> Element,
    take: @Sendable (Element) throws -> Void
  ) throws {
    let state = Mutex(HandingOver())
    let hasFailed = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      // A failure elsewhere stops this thread only between elements, so that its own is still handed over.
      while !hasFailed.load(ordering: .relaxed) {
        let number = state.withLock { state in
          state.next += 1
          return state.next - 1
        }
        guard number < count else { return }
        do {
          let element = try make(number)
          try state.withLock { _ in try take(element) }
        } catch {
          hasFailed.store(true, ordering: .relaxed)
          state.withLock { state in if state.failure == nil { state.failure = error } }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}

/// How far ``Concurrency/handOver(count:threads:make:take:)`` has come.
private struct HandingOver {
  var next = 0
  var failure: (any Error)?
}

/// How the rows of a layer are handed to threads: a batch at a time, so that what is computed ahead stays small.
public struct RowBatches: Hashable, Sendable {
  /// The number of rows in a batch.
  public let size: Int
  /// The number of threads.
  public let threads: Int
  /// The fewest rows worth a thread.
  public let minimumRange: Int
  private let width: Int

  /// The batches of a layer.
  public init(of layer: Network.Layer, threads: Int) {
    let columns = layer.blocks.reduce(1) { $0 + $1.weights.columns }
    self.threads = max(1, threads)
    size = 256 * self.threads
    minimumRange = max(1, 30_000 / columns)
    width = layer.width
  }

  /// The rows of the batch that starts at row `start`.
  public func rows(from start: Int) -> Range<Int> { start..<min(width, start + size) }
}
