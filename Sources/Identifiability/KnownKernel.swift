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
      var rows: [Double] = []
      var rowCount = 0
      for vector in vectors[start..<end] {
        if vector.entries.count == 1 {
          let column = vector.entries[0].index
          if !isFree[column] { continue }
          isFree[column] = false
          directions += 1
          concerned.insert(vector.neuron)
          continue
        }
        var row = Array(repeating: 0.0, count: rest.count)
        for (index, value) in vector.entries where place[index] >= 0 {
          row[place[index]] = field.residue(of: value)
        }
        if mechanism == .rescaling, row.contains(where: { $0 != 0 }) { concerned.insert(vector.neuron) }
        rows += row
        rowCount += 1
        // Rescalings by many neurons make one block; others are inserted as they come, to see which ones count.
        if mechanism != .rescaling || rowCount == 256 {
          let grown = space.insert(rows: rows, count: rowCount)
          directions += grown
          if grown > 0 { concerned.insert(vector.neuron) }
          (rows, rowCount) = ([], 0)
        }
      }
      if rowCount > 0 { directions += space.insert(rows: rows, count: rowCount) }
      if directions > 0 {
        let named = concerned.sorted().filter { $0 >= 0 }.map { neurons[$0] }
        bounds.append(DimensionBound(mechanism: mechanism, neurons: named, directions: directions))
      }
      start = end
    }
    self.bounds = bounds
    for column in space.pivotColumns { isFree[rest[column]] = false }
    pivotColumns = isFree.indices.filter { !isFree[$0] }
    columns = isFree.indices.filter { isFree[$0] }
  }
}
