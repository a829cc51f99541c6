import Networks
import Polyhedra

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
  /// How many regions a thread finds before it tells.
  private static let tallySize = 1024

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
    var tally = RegionTally(monitor, every: VertexSubdivision.tallySize)
    var tasks: [SubdivisionTask] = []
    for start in starts {
      try walker.run(
        start.load(into: &walker), exportDepth: VertexSubdivision.taskDepth,
        export: { walker, node in tasks.append(SubdivisionTask(node, of: walker)) },
        region: { walker, node in
          visit(&shallow, &walker, node)
          try tally.count()
        })
      try tally.tell()
    }
    let work = tasks
    let (deep, predicates) = try RegionTasks.run(
      count: work.count, threads: threads,
      worker: { SubdivisionWalker(compiled, sides: sides, scale: scale) },
      task: { walker, index in
        var collection = make()
        var tally = RegionTally(monitor, every: VertexSubdivision.tallySize)
        try walker.run(work[index].load(into: &walker)) { walker, node in
          visit(&collection, &walker, node)
          try tally.count()
        }
        try tally.tell()
        return collection
      },
      finish: { walker in
        defer { walker.deallocate() }
        return walker.predicates
      })
    return ([shallow] + deep, predicates + walker.predicates)
  }
}

extension SubdivisionWalker {
  /// How often the filter did not decide.
  fileprivate var predicates: ExactPredicates {
    ExactPredicates(signs: exactSigns, vertices: exactVertexComputations)
  }
}
