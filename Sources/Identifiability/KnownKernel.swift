import LinearAlgebra
import Networks

/// The span of known kernel vectors: how many are independent, for which reasons, and in which columns.
///
/// The rank of a Jacobian does not change when the ``pivotColumns`` are left out: by the kernel vectors these columns
/// are combinations of the others.
///
/// - Exactness: independence modulo the prime, which proves independence.
struct KnownKernel: Sendable {
  /// The reasons, each with its count of directions.
  let bounds: [DimensionBound]
  /// The columns that are not needed, ascending, one for each independent vector.
  let pivotColumns: [Int]
  /// The columns that are left, ascending.
  let columns: [Int]
  private let vectors: [KnownDirection]
  private let parameterCount: Int

  /// The number of independent vectors.
  var dimension: Int { pivotColumns.count }

  /// The span of vectors in the space of `count` parameters, counted in their order.
  init(_ vectors: [KnownDirection], parameterCount count: Int, neurons: [Neuron], field: PrimeField) {
    // Most vectors of dead neurons have one entry: they take their column out of all others.
    var isFree = Array(repeating: true, count: count)
    var isSingle = Array(repeating: false, count: count)
    for vector in vectors where vector.entries.count == 1 { isSingle[vector.entries[0].index] = true }
    let rest = isSingle.indices.filter { !isSingle[$0] }
    var place = Array(repeating: -1, count: count)
    for (k, column) in rest.enumerated() { place[column] = k }

    var space = EchelonBasis(columns: rest.count, field: field)
    var bounds: [DimensionBound] = []
    var start = 0
    while start < vectors.count {
      let mechanism = vectors[start].mechanism
      let end = vectors[start...].firstIndex { $0.mechanism != mechanism } ?? vectors.count
      var directions = 0
      var concerned: Set<Int> = []
      var pending = PendingRows()
      func flush() {
        let grown = space.insert(rows: pending.elements, count: pending.count)
        directions += grown
        if grown > 0 { concerned.formUnion(pending.neurons) }
        pending = PendingRows()
      }
      for vector in vectors[start..<end] {
        if vector.entries.count == 1 {
          let column = vector.entries[0].index
          if !isFree[column] { continue }
          isFree[column] = false
          directions += 1
          concerned.insert(vector.neuron)
          continue
        }
        // One neuron at a time shows which ones count; rescalings of live neurons always do.
        if mechanism != .rescaling, !pending.neurons.isSubset(of: [vector.neuron]) { flush() }
        if pending.count == 256 { flush() }
        pending.append(vector, at: place, width: rest.count, field)
      }
      flush()
      if directions > 0 {
        let named = concerned.sorted().filter { $0 >= 0 }.map { neurons[$0] }
        bounds.append(DimensionBound(mechanism: mechanism, neurons: named, directions: directions))
      }
      start = end
    }
    self.bounds = bounds
    self.vectors = vectors
    parameterCount = count
    for column in space.pivotColumns { isFree[rest[column]] = false }
    pivotColumns = isFree.indices.filter { !isFree[$0] }
    columns = isFree.indices.filter { isFree[$0] }
  }
}

extension KnownKernel {
  /// A random combination of all known vectors modulo a prime, one residue for each parameter.
  ///
  /// Every row of the Jacobian is orthogonal to it: a check of the proofs that costs next to nothing.
  func combination(modulo field: PrimeField, using rng: inout some RandomNumberGenerator) -> [Double] {
    var sum = Array(repeating: 0.0, count: parameterCount)
    for vector in vectors {
      let factor = field.residue(of: Int.random(in: 1..<field.prime, using: &rng))
      for (index, value) in vector.entries {
        sum[index] = field.sum(sum[index], field.product(factor, field.residue(of: value)))
      }
    }
    return sum
  }
}

/// Rows that wait to be eliminated together.
private struct PendingRows {
  var elements: [Double] = []
  var count = 0
  var neurons: Set<Int> = []

  /// Adds the residues of a vector on the columns that have a place, unless all are zero.
  mutating func append(_ vector: KnownDirection, at place: [Int], width: Int, _ field: PrimeField) {
    var row = Array(repeating: 0.0, count: width)
    var isZero = true
    for (index, value) in vector.entries where place[index] >= 0 {
      row[place[index]] = field.residue(of: value)
      isZero = false
    }
    if isZero { return }
    elements += row
    count += 1
    neurons.insert(vector.neuron)
  }
}
