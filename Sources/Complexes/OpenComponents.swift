import Networks

/// The connected components of an open set given by strict signs of neurons.
///
/// The closures of two components may meet, at a vertex say; the components do not.
///
/// - Exactness: exact.
public struct OpenComponents: Sendable {
  /// For each region its component, nil outside the set.
  public let ofRegion: [Int?]
  /// For each component whether its closure meets the boundary of the domain.
  public let touchesBoundary: [Bool]
  /// For each component whether it is bounded.
  public let isBounded: [Bool]

  /// The number of components.
  public var count: Int { touchesBoundary.count }

  /// The components of the set of inputs at which neurons meet conditions.
  ///
  /// Definition: the set contains, with a face, all faces around it; a component is a class of regions linked by faces
  /// of the set, of any dimension.
  ///
  /// - Requires: open conditions; `faces` are those of `complex`.
  public init(
    of complex: PolyhedralComplex, faces: ComplexFaces, where conditions: [(Neuron, SignCondition)]
  ) {
    precondition(
      conditions.allSatisfy { $0.1 == .negative || $0.1 == .positive }, "an open set has strict conditions")
    let contains = complex.facesMeeting(conditions, of: faces)
    let d = faces.dimension
    // The faces of all dimensions, numbered one dimension after another.
    let offsets = (0...d).map { k in (0..<k).reduce(0) { $0 + faces.count(ofDimension: $1) } }
    var sets = DisjointSets(count: offsets[d] + faces.count(ofDimension: d))
    for k in 1...d {
      for face in contains[k].indices where contains[k][face] {
        for side in faces.boundary(of: face, dimension: k) where contains[k - 1][Int(side)] {
          if k == 1, faces.isDirection[Int(side)] { continue }
          sets.join(offsets[k] + face, offsets[k - 1] + Int(side))
        }
      }
    }
    var labels: [Int: Int] = [:]
    var touches: [Bool] = []
    var isBounded: [Bool] = []
    ofRegion = contains[d].indices.map { region in
      guard contains[d][region] else { return nil }
      let root = sets.find(offsets[d] + region)
      let label = labels[root] ?? touches.count
      if label == touches.count {
        labels[root] = label
        touches.append(false)
        isBounded.append(true)
      }
      for vertex in faces.vertices(of: region, dimension: d) {
        if faces.isDirection[Int(vertex)] {
          isBounded[label] = false
        } else if complex.isOnBoundary(vertex: Int(vertex)) {
          touches[label] = true
        }
      }
      return label
    }
    touchesBoundary = touches
    self.isBounded = isBounded
  }
}
