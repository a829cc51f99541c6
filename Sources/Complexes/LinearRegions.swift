/// The linear regions of a network: activation regions merged across the walls its function does not show.
///
/// Definition: a linear region is a maximal connected union of activation regions on which the function is affine.
public struct LinearRegions: Sendable {
  /// For each activation region the linear region it belongs to.
  public let ofActivationRegion: [Int]
  /// The number of linear regions.
  public let count: Int
  /// For each wall whether the affine map of some output changes across it; false on the boundary.
  public let isVisible: [Bool]
}

extension PolyhedralComplex {
  /// The linear regions.
  ///
  /// - Exactness: exact: maps are compared by their rounded coefficients where these differ by more than their
  ///   errors, else exactly.
  /// - Complexity: O(walls) comparisons.
  public func linearRegions() -> LinearRegions {
    let isVisible = visibility()
    var sets = DisjointSets(count: regionCount)
    for wall in 0..<wallCount where !isVisible[wall] {
      if case (let first, let second?) = regions(of: wall) { sets.join(first, second) }
    }
    let (labels, count) = sets.labels()
    return LinearRegions(ofActivationRegion: labels, count: count, isVisible: isVisible)
  }
}

/// A partition that grows coarser.
struct DisjointSets {
  private var parent: [Int32]

  init(count: Int) { parent = (0..<Int32(count)).map(\.self) }

  /// The representative of an element.
  mutating func find(_ element: Int) -> Int {
    var root = Int32(element)
    while parent[Int(root)] != root { root = parent[Int(root)] }
    var next = Int32(element)
    while parent[Int(next)] != root { (next, parent[Int(next)]) = (parent[Int(next)], root) }
    return Int(root)
  }

  /// Puts two elements into one set.
  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (find(a), find(b))
    // The smaller number stays the representative, so that labels do not depend on the order of joins.
    if a < b { parent[b] = Int32(a) } else { parent[a] = Int32(b) }
  }

  /// A number for each set, in the order of their first elements, and how many there are.
  mutating func labels() -> ([Int], Int) {
    var labels = Array(repeating: -1, count: parent.count)
    var count = 0
    for element in parent.indices {
      let root = find(element)
      if labels[root] < 0 {
        labels[root] = count
        count += 1
      }
      labels[element] = labels[root]
    }
    return (labels, count)
  }
}
