import Dispatch
import Networks
import Polyhedra
import Synchronization

/// Subdivision by vertices: every cell carries its vertices and the constraints tight at each.
///
/// The search goes down to nodes a fixed number of splits deep, which become tasks for all threads; what is collected
/// comes back in the order of the tasks, so it does not depend on the number of threads.
///
/// - Exactness: exact. Every sign comes from a floating-point filter with a proved error bound, or is computed exactly.
/// - Complexity: a region costs about one affine map of the next layer, and one evaluation for each vertex and each
///   neuron that its parent left open; memory is proportional to the depth of the search.
struct VertexSubdivision {
  let compiled: CompiledNetwork
  let domain: SubdivisionDomain
  let threads: Int
  let progress: Progress
  /// The most regions to visit.
  let limit: Int

  /// How many splits deep tasks begin: enough of them for any number of cores, few enough to be cheap.
  static let taskDepth = 8

  /// Visits every activation region once, each task with a collection of its own.
  ///
  /// - Returns: the collections in a fixed order; nil where this algorithm does not apply.
  /// - Throws: `CancellationError`, ``RegionLimitExceeded``.
  func collect<Collection: Sendable>(
    into make: @Sendable () -> Collection,
    _ visit: @escaping @Sendable (inout Collection, inout SubdivisionWalker, SubdivisionWalker.Node) -> Void
  ) throws -> (collections: [Collection], predicates: ExactPredicates)? {
    let sides = domain.sides
    let scale = min(1, domain.box?.map { $0.upper - $0.lower }.max() ?? 1)
    var walker = SubdivisionWalker(compiled, sides: sides, scale: scale)
    defer { walker.deallocate() }
    guard let starts = walker.startTasks(domain) else { return nil }
    let monitor = RegionMonitor(progress: progress, limit: limit)
    var shallow = make()
    var tasks: [SubdivisionTask] = []
    for start in starts {
      var shallowCount = 0
      walker.run(
        start.load(into: &walker), exportDepth: VertexSubdivision.taskDepth,
        export: { walker, node in tasks.append(SubdivisionTask(node, of: walker)) },
        region: { walker, node in
          visit(&shallow, &walker, node)
          shallowCount += 1
        })
      try monitor.add(shallowCount)
    }
    let (deep, predicates) = try run(tasks, sides, scale, make, visit, monitor)
    return (
      [shallow] + deep,
      ExactPredicates(
        signs: predicates.signs + walker.exactSigns,
        vertices: predicates.vertices + walker.exactVertexComputations)
    )
  }

  private func run<Collection: Sendable>(
    _ tasks: [SubdivisionTask], _ sides: [HalfSpace], _ scale: Double, _ make: @Sendable () -> Collection,
    _ visit: @escaping @Sendable (inout Collection, inout SubdivisionWalker, SubdivisionWalker.Node) -> Void,
    _ monitor: RegionMonitor
  ) throws -> ([Collection], ExactPredicates) {
    let results = Mutex<([Collection?], ExactPredicates, (any Error)?)>(
      (Array(repeating: nil, count: tasks.count), ExactPredicates(signs: 0, vertices: 0), nil))
    let next = Atomic<Int>(0)
    let workers = max(1, min(threads, tasks.count))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var walker = SubdivisionWalker(compiled, sides: sides, scale: scale)
      defer { walker.deallocate() }
      do {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < tasks.count else { break }
          var collection = make()
          var count = 0
          try walker.run(tasks[index].load(into: &walker)) { walker, node in
            visit(&collection, &walker, node)
            count += 1
            if count == 1024 {
              try monitor.add(count)
              count = 0
            }
          }
          try monitor.add(count)
          let result = collection
          results.withLock { $0.0[index] = result }
        }
      } catch {
        results.withLock { $0.2 = $0.2 ?? error }
        next.store(tasks.count, ordering: .relaxed)
      }
      let (signs, vertices) = (walker.exactSigns, walker.exactVertexComputations)
      results.withLock {
        $0.1 = ExactPredicates(signs: $0.1.signs + signs, vertices: $0.1.vertices + vertices)
      }
    }
    let (collections, predicates, error) = results.withLock { $0 }
    if let error { throw error }
    return (collections.compactMap(\.self), predicates)
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
