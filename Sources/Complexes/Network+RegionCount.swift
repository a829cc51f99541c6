import Networks
import Polyhedra

extension Network {
  /// The number of activation regions.
  public func regionCountDraft(_ domain: SubdivisionDomain, threads: Int = Concurrency.coreCount) throws -> (Int, Int, Int) {
    let v = VertexSubdivision(compiled: CompiledNetwork(self, output: false), domain: domain, threads: threads, progress: Progress(), limit: .max)
    guard let (counts, predicates) = try v.collect(into: { 0 }, { c, _, _ in c += 1 }) else { return (-1, 0, 0) }
    return (counts.reduce(0, +), predicates.exactSigns, predicates.exactVertices)
  }
}
