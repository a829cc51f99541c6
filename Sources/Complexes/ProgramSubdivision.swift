import Networks
import Polyhedra

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

  /// How many splits deep tasks begin.
  static let taskDepth = 6
  /// How many regions a thread finds before it tells.
  private static let tallySize = 64

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
    let work = tasks
    let (deep, predicates) = try RegionTasks.run(
      count: work.count, threads: threads, worker: { ProgramWalker(compiled, domain) },
      task: { walker, index in
        var collection = make()
        var tally = RegionTally(monitor, every: ProgramSubdivision.tallySize)
        walker.load(work[index].rows)
        try walker.run(work[index].node) { walker, node in
          visit(&collection, &walker, node)
          try tally.count()
        }
        try tally.tell()
        return collection
      },
      finish: { ExactPredicates(signs: $0.exactAnswers, vertices: 0) })
    return ([shallow] + deep, predicates.signs + walker.exactAnswers)
  }
}
