import Dispatch
import Networks
import Polyhedra
import Synchronization

/// Subdivision by linear programs: any dimension, bounded or not, with inequalities in place of vertices.
///
/// - Exactness: exact: each answer of a program is a theorem, see ``ImplicationProgram``.
/// - Complexity: about two small linear programs for each neuron that the points at hand leave open on a cell.
struct ProgramSubdivision {
  let compiled: CompiledNetwork
  let domain: SubdivisionDomain
  let threads: Int
  let progress: Progress
  /// The most regions to visit.
  let limit: Int

  static let taskDepth = 6

  /// Visits every activation region once, each task with a collection of its own.
  ///
  /// - Returns: the collections in a fixed order, and how many answers needed exact arithmetic.
  /// - Throws: `CancellationError`, ``RegionLimitExceeded``.
  func collect<Collection: Sendable>(
    into make: @Sendable () -> Collection,
    _ visit: @escaping @Sendable (inout Collection, inout ProgramWalker, ProgramWalker.Node) -> Void
  ) throws -> (collections: [Collection], exactAnswers: Int) {
    let monitor = RegionMonitor(progress: progress, limit: limit)
    var walker = ProgramWalker(compiled, domain)
    var shallow = make()
    guard let start = walker.start(domain) else { return ([shallow], 0) }
    var tasks: [(node: ProgramWalker.Node, rows: [ProgramWalker.Row])] = []
    try walker.run(
      start, exportDepth: ProgramSubdivision.taskDepth,
      export: { node, rows in
        var node = node
        node.rowCount = rows.count
        node.row = nil
        tasks.append((node, rows))
      },
      region: { walker, node in
        visit(&shallow, &walker, node)
        try monitor.add(1)
      })
    let results = Mutex<([Collection?], Int, (any Error)?)>(
      (Array(repeating: nil, count: tasks.count), 0, nil))
    let next = Atomic<Int>(0)
    let work = tasks
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, work.count))) { _ in
      var walker = ProgramWalker(compiled, domain)
      do {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < work.count else { break }
          var collection = make()
          var count = 0
          walker.load(work[index].rows)
          try walker.run(work[index].node) { walker, node in
            visit(&collection, &walker, node)
            count += 1
            if count == 64 {
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
        next.store(work.count, ordering: .relaxed)
      }
      let exact = walker.exactAnswers
      results.withLock { $0.1 += exact }
    }
    let (collections, exact, error) = results.withLock { $0 }
    if let error { throw error }
    return ([shallow] + collections.compactMap(\.self), exact + walker.exactAnswers)
  }
}
