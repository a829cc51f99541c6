import Networks

/// The ridges of a complex: its faces of codimension two, with the walls and regions around each.
///
/// Definition: a ridge is the common face of two facets of a region that no third facet contains. In dimension two
/// ridges are the vertices; in dimension one there are none. Ridges at infinity are left out. Around a ridge inside the
/// domain regions and walls alternate in a cycle; around one on the boundary they form a path between two boundary
/// facets.
///
/// - Exactness: exact, degenerate position included.
public struct Ridges: Sendable {
  /// The complex.
  public let complex: PolyhedralComplex
  /// The ridges whose regions do not form one cycle, or on the boundary one path: none, if the complex is right.
  public let irregular: [Int]
  let keys: KeyTable
  private let aroundRegions: IndexLists
  private let aroundWalls: IndexLists

  /// The number of ridges.
  public var count: Int { keys.count }

  /// The regions around a ridge, one after the other.
  ///
  /// Region k lies between walls k and k + 1 of ``walls(around:)``, where inside the domain wall 0 follows the last.
  public func regions(around ridge: Int) -> ArraySlice<Int32> { aroundRegions[ridge] }

  /// The walls around a ridge, one after the other; on the boundary the first and the last are boundary facets.
  public func walls(around ridge: Int) -> ArraySlice<Int32> { aroundWalls[ridge] }

  /// Whether a ridge lies inside the domain.
  public func isInterior(_ ridge: Int) -> Bool {
    keys.withKey(ridge) { key in
      (complex.key.sideStart..<complex.key.width).allSatisfy { key[$0] == 0 }
    }
  }

  /// The neurons that are zero on a ridge.
  public func neurons(of ridge: Int) -> [Neuron] { neuronNumbers(of: ridge).map(complex.neuron) }

  func neuronNumbers(of ridge: Int) -> [Int] {
    let start = ridge * keys.width
    return bitNumbers(keys.words[start..<start + complex.key.neuronWords])
  }

  /// The vertices of a ridge, by number.
  public func vertices(of ridge: Int) -> [Int32] {
    guard let region = regions(around: ridge).first else { return [] }
    return keys.withKey(ridge) { ridgeKey in
      complex.vertices(of: Int(region)).filter { vertex in
        complex.buffer.vertices.withKey(Int(vertex)) { complex.isFace($0, of: ridgeKey) }
      }
    }
  }

  /// The ridges of a complex.
  ///
  /// - Complexity: O(regions · facets³) for the numbers of facets of regions.
  public init(_ complex: PolyhedralComplex) {
    var search = RidgeSearch(complex)
    if complex.dimension > 1 {
      for region in 0..<complex.regionCount { search.add(region) }
    }
    let order = search.ordered()
    self.complex = complex
    keys = search.keys
    aroundRegions = order.regions
    aroundWalls = order.walls
    irregular = order.irregular
  }
}

extension PolyhedralComplex {
  /// The ridges: the faces of codimension two.
  public func ridges() -> Ridges { Ridges(self) }
}
