/// The homology of a chain complex over the field with two elements, by reduction of its boundary matrices.
///
/// Columns are reduced from left to right by earlier columns with the same lowest entry, from the highest dimension
/// down, so that a cell known to be a lowest entry need not be reduced itself. A cell that is neither reduced to a
/// nonzero column nor the lowest entry of one stands for a class of homology.
///
/// - Reference: [CK11] clearing.
struct ChainReduction {
  /// For each dimension the cells that stand for the classes of homology.
  let essentialCells: [[Int]]

  /// Reduces the complex in which `boundaries[k]` lists, for each cell of dimension k, the cells that bound it.
  init(boundaries: [IndexLists]) {
    var essential: [[Int]] = boundaries.map { _ in [] }
    var isLowest = Array(repeating: false, count: boundaries[boundaries.count - 1].count)
    for k in boundaries.indices.reversed() {
      let columns = boundaries[k]
      guard k > 0 else {
        essential[0] = (0..<columns.count).filter { !isLowest[$0] }
        break
      }
      let rowCount = boundaries[k - 1].count
      var tree = BitTree(bound: rowCount)
      var reduced = IndexLists()
      // For each row the reduced column of which it is the lowest entry.
      var owner = Array(repeating: Int32(-1), count: rowCount)
      for column in 0..<columns.count where !isLowest[column] {
        for row in columns[column] { tree.toggle(Int(row)) }
        while let lowest = tree.largest, owner[lowest] >= 0 {
          for row in reduced[Int(owner[lowest])] { tree.toggle(Int(row)) }
        }
        guard let lowest = tree.largest else {
          essential[k].append(column)
          continue
        }
        owner[lowest] = Int32(reduced.count)
        while let row = tree.largest {
          reduced.append(Int32(row))
          tree.toggle(row)
        }
        reduced.endList()
      }
      isLowest = owner.map { $0 >= 0 }
    }
    essentialCells = essential
  }
}
