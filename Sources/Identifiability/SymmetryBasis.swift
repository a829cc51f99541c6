import ExactArithmetic
import LinearAlgebra
import Networks

/// A growing set of independent kernel vectors.
///
/// A vector is new where one that is orthogonal to all others is not orthogonal to it. So a few random vectors of the
/// orthogonal space, kept orthogonal as the set grows, tell what is new at the cost of its entries; elimination, which
/// changes all vectors known before, waits until many can be eliminated together.
///
/// - Exactness: independence modulo the prime, which proves independence; a new vector is taken for known with a chance
///   below 1/p.
struct SymmetryBasis {
  typealias Vector = [(index: Int, value: Dyadic)]

  private var space: EchelonBasis
  private let target: Int
  /// Independent vectors that are not yet eliminated, residues row by row.
  private var waiting: [Double] = []
  private var waitingCount = 0
  /// Vectors orthogonal to all of the set.
  private var witnesses: [[Double]] = []
  private var rng: SplitMix64

  /// Vectors eliminated together.
  private static let block = 128
  /// About how many operations modulo primes go into fractions: a minute, where networks are large.
  private static let fractionWork = 60_000_000_000
  /// Witnesses that have to agree that a vector is known.
  private static let fewest = 2

  /// The empty set, to hold `target` vectors at most.
  init(parameterCount: Int, target: Int, field: PrimeField) {
    space = EchelonBasis(columns: parameterCount, field: field)
    self.target = target
    rng = SplitMix64(seed: UInt64(field.prime))
    renewWitnesses()
  }

  /// The number of vectors.
  var count: Int { space.rank + waitingCount }

  /// Takes a vector in unless it is a combination of the others.
  @discardableResult
  mutating func insert(_ vector: Vector) -> Bool {
    if count >= target { return false }
    let field = space.field
    let entries = vector.map { (index: $0.index, residue: field.residue(of: $0.value)) }
    func product(_ witness: [Double]) -> Double {
      entries.reduce(0.0) { field.sum($0, field.product(witness[$1.index], $1.residue)) }
    }
    if witnesses.prefix(SymmetryBasis.fewest).allSatisfy({ product($0) == 0 }) { return false }
    var row = Array(repeating: 0.0, count: space.columns)
    for (index, residue) in entries { row[index] = field.sum(row[index], residue) }
    waiting += row
    waitingCount += 1
    let products = witnesses.map(product)
    guard waitingCount + SymmetryBasis.fewest < SymmetryBasis.block,
      let chosen = products.firstIndex(where: { $0 != 0 }),
      let inverse = field.inverse(products[chosen])
    else {
      settle()
      return true
    }
    let pivot = witnesses[chosen]
    for k in witnesses.indices where k != chosen && products[k] != 0 {
      let factor = field.product(products[k], inverse)
      field.subtractProduct(
        of: [factor], and: pivot, rows: 1, inner: 1, columns: space.columns, from: &witnesses[k])
    }
    witnesses.remove(at: chosen)
    return true
  }

  /// Whether residues are those of a combination of the vectors, but for a chance below 1/p.
  private func contains(_ row: [Double]) -> Bool {
    let field = space.field
    let entries = row.indices.filter { row[$0] != 0 }
    return witnesses.prefix(SymmetryBasis.fewest).allSatisfy { witness in
      entries.reduce(0.0) { field.sum($0, field.product(witness[$1], row[$1])) } == 0
    }
  }

  /// Eliminates what waits.
  private mutating func settle() {
    space.insert(rows: waiting, count: waitingCount)
    waiting = []
    waitingCount = 0
    renewWitnesses()
  }

  private mutating func renewWitnesses() {
    let columns = space.columns
    let numbers = space.randomKernelVectors(SymmetryBasis.block, using: &rng)
    witnesses = (0..<SymmetryBasis.block).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
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
    settle()
    var work = SymmetryBasis.fractionWork
    let residues = try kernel.residues(beside: space, columns: columns, progress: progress)
    for parameter in residues.zeroColumns {
      let vector = [(index: parameter, value: Dyadic.one)]
      if insert(vector) { found.append(vector) }
    }
    for block in kernel.blocks {
      if count >= target { return found }
      // Most blocks have nothing new, which residues tell quickly.
      try progress.step("looking for sparse directions", done: count, of: target)
      let local = residues.basis(on: block)
      if local.allSatisfy(contains) { continue }
      for vector in try kernel.vectors(
        on: block, dimension: local.count, work: &work, progress: progress)
      where insert(vector) {
        found.append(vector)
      }
    }
    if count >= target { return found }
    let rest = kernel.support(outside: contains, columns: columns)
    try progress.step("looking for the last directions", done: count, of: target)
    for vector in try kernel.vectors(on: rest, work: &work, progress: progress) where insert(vector) {
      found.append(vector)
    }
    return found
  }
}
