import ExactArithmetic
import LinearAlgebra
import Networks

/// A growing set of independent kernel vectors.
///
/// - Exactness: independence modulo the prime, which proves independence.
struct SymmetryBasis {
  typealias Vector = [(index: Int, value: Dyadic)]

  private var space: EchelonBasis
  private let target: Int

  /// The empty set, to hold `target` vectors at most.
  init(parameterCount: Int, target: Int, field: PrimeField) {
    space = EchelonBasis(columns: parameterCount, field: field)
    self.target = target
  }

  /// The number of vectors.
  var count: Int { space.rank }

  /// Takes a vector in unless it is a combination of the others.
  @discardableResult
  mutating func insert(_ vector: Vector) -> Bool {
    if count >= target { return false }
    var row = Array(repeating: 0.0, count: space.columns)
    for (index, value) in vector { row[index] = space.field.residue(of: value) }
    return space.insert(rows: row, count: 1) > 0
  }

  /// Vectors by mechanism, and within one by the number of entries.
  static func sparsestFirst(_ vectors: [KnownDirection]) -> [KnownDirection] {
    let order = Dictionary(
      uniqueKeysWithValues: DimensionBound.Mechanism.allCases.enumerated().map { ($1, $0) })
    return vectors.enumerated().sorted {
      let (a, b) = ($0.element, $1.element)
      return (order[a.mechanism, default: 0], a.entries.count, $0.offset)
        < (order[b.mechanism, default: 0], b.entries.count, $1.offset)
    }.map(\.element)
  }

  /// Takes in what the kernel of the sample has beyond, sparse vectors first.
  ///
  /// - Parameter columns: Columns on which the rows have their whole rank but for unknown kernel vectors.
  /// - Returns: the new vectors.
  mutating func extend(
    by kernel: SampleKernel, columns: [Int], progress: Progress
  ) throws -> [Vector] {
    var found: [Vector] = []
    if count >= target { return [] }
    try progress.step("looking for sparse directions", done: count, of: target)
    let residues = kernel.residues(beside: space, columns: columns)
    for parameter in residues.zeroColumns {
      let vector = [(index: parameter, value: Dyadic.one)]
      if insert(vector) { found.append(vector) }
    }
    for block in kernel.blocks {
      if count >= target { return found }
      // Most blocks have nothing new, which residues tell quickly.
      let local = residues.basis(on: block)
      if local.allSatisfy({ space.contains($0) }) { continue }
      try progress.step("looking for sparse directions", done: count, of: target)
      for vector in try kernel.vectors(on: block, dimension: local.count, progress: progress)
      where insert(vector) {
        found.append(vector)
      }
    }
    if count >= target { return found }
    let rest = kernel.support(outside: space, columns: columns)
    try progress.step("looking for the last directions", done: count, of: target)
    for vector in try kernel.vectors(on: rest, progress: progress) where insert(vector) {
      found.append(vector)
    }
    return found
  }
}
