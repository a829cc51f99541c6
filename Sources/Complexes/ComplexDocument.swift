import ExactArithmetic
import Networks

/// A complex as a document to be encoded: everything the complex knows, in columns.
///
/// Regions, walls and vertices are numbered from 0, as in the complex; entry k of each column is about number k.
public struct ComplexDocument: Codable, Hashable, Sendable {
  /// The version of the layout: 1.
  public let schema: Int
  /// The widths of the network: inputs, hidden layers, outputs.
  public let widths: [Int]
  /// The domain.
  public let domain: Domain
  /// What is exact.
  public let exactness: Exactness
  /// The activation regions.
  public let regions: Regions
  /// The number of linear regions.
  public let linearRegionCount: Int
  /// The walls, and the facets on the boundary of the domain.
  public let walls: Walls
  /// The vertices, and the recession directions of unbounded regions.
  public let vertices: Vertices

  /// A domain.
  public struct Domain: Codable, Hashable, Sendable {
    /// The lower and upper end of each coordinate; absent on all of space.
    public let box: [[Double]]?
    /// The half-spaces a · x + b ≥ 0, as a and then b, as exact text.
    public let halfSpaces: [[String]]
  }

  /// What is exact in a document, and what is rounded.
  public struct Exactness: Codable, Hashable, Sendable {
    /// Whether which faces there are, and which bounds which, is exact: always.
    public let combinatorics: Bool
    /// Whether exact coordinates of vertices and exact affine maps are included.
    public let numbers: Bool
    /// The signs that rounded arithmetic did not decide.
    public let exactSigns: Int
    /// The vertices that were computed exactly on the way.
    public let exactVertices: Int
  }

  /// The columns of the activation regions.
  public struct Regions: Codable, Hashable, Sendable {
    /// For each hidden layer a 1 for each active neuron, a 0 for the others.
    public let patterns: [[String]]
    /// The linear region.
    public let linearRegions: [Int]
    /// Whether the region is bounded.
    public let isBounded: [Bool]
    /// A point inside, rounded.
    public let interiorPoints: [[Double]]
    /// The vertices; in the plane in cyclic order.
    public let vertices: [[Int32]]
    /// The walls.
    public let walls: [[Int32]]
    /// For each output its gradient, then its constant, rounded.
    public let maps: [[[Double]]]
    /// The same as exact text.
    public let exactMaps: [[[String]]]?
  }

  /// The columns of the walls.
  public struct Walls: Codable, Hashable, Sendable {
    /// The regions on the sides: two, or one on the boundary of the domain.
    public let regions: [[Int]]
    /// The neurons that are zero on it: layer from 1, index from 0.
    public let neurons: [[[Int]]]
    /// The vertices; in space in cyclic order.
    public let vertices: [[Int32]]
    /// For each output the jump of its gradient from the first region to the second, rounded; empty on the boundary.
    public let weights: [[[Double]]]
    /// Whether the function shows the wall.
    public let isVisible: [Bool]
  }

  /// The columns of the vertices.
  public struct Vertices: Codable, Hashable, Sendable {
    /// The coordinates, rounded; of a direction its entries, the largest between ½ and 1.
    public let coordinates: [[Double]]
    /// A bound of the error of each coordinate; null where none is known.
    public let errors: [Double?]
    /// The coordinates as exact text; of a direction scaled to a largest entry of 1 or −1.
    public let exactCoordinates: [[String]]?
    /// Whether it is a recession direction: a vertex at infinity.
    public let isAtInfinity: [Bool]
  }
}

extension ComplexDocument {
  /// The document of a complex.
  ///
  /// - Parameter exactNumbers: whether exact coordinates and maps are included, as the text of ``Rational``.
  /// - Complexity: O(size of the complex); exact numbers cost many times more.
  public init(_ complex: PolyhedralComplex, exactNumbers: Bool = false) {
    let linear = complex.linearRegions()
    schema = 1
    widths = complex.network.widths
    domain = Domain(
      box: complex.domain.box?.map { [$0.lower, $0.upper] },
      halfSpaces: complex.domain.halfSpaces.map { side in (side.normal + [side.offset]).map(\.description) })
    exactness = Exactness(
      combinatorics: true, numbers: exactNumbers, exactSigns: complex.count.exactPredicates.signs,
      exactVertices: complex.count.exactPredicates.vertices)
    regions = Regions(complex, linear, exactNumbers)
    linearRegionCount = linear.count
    walls = Walls(complex, linear)
    vertices = Vertices(complex, exactNumbers)
  }
}

extension ComplexDocument.Regions {
  fileprivate init(_ complex: PolyhedralComplex, _ linear: LinearRegions, _ exactNumbers: Bool) {
    let all = 0..<complex.regionCount
    let outputs = 0..<complex.network.outputCount
    patterns = all.map(complex.patternText)
    linearRegions = linear.ofActivationRegion
    isBounded = all.map(complex.isBounded)
    interiorPoints = all.map(complex.interiorPoint)
    vertices = all.map {
      complex.dimension == 2 ? complex.cycle(ofRegion: $0) : Array(complex.vertices(of: $0))
    }
    walls = all.map { Array(complex.walls(of: $0)) }
    maps = all.map { region in outputs.map { Array(complex.map(ofOutput: $0, on: region)) } }
    exactMaps = exactNumbers ? all.map { complex.exactMaps(on: $0).map { $0.map(\.description) } } : nil
  }
}

extension ComplexDocument.Walls {
  fileprivate init(_ complex: PolyhedralComplex, _ linear: LinearRegions) {
    let all = 0..<complex.wallCount
    regions = all.map { wall in
      let (first, second) = complex.regions(of: wall)
      return [first] + (second.map { [$0] } ?? [])
    }
    neurons = all.map { complex.neurons(of: $0).map { [$0.layer, $0.index] } }
    vertices = all.map { complex.dimension == 3 ? complex.cycle(ofWall: $0) : complex.vertices(ofWall: $0) }
    weights = all.map { wall in
      if complex.isBoundary(wall) { return [] }
      let jump = complex.gradientJump(across: wall)
      return (0..<jump.rows).map { Array(jump.row($0)) }
    }
    isVisible = linear.isVisible
  }
}

extension ComplexDocument.Vertices {
  fileprivate init(_ complex: PolyhedralComplex, _ exactNumbers: Bool) {
    let all = 0..<complex.vertexCount
    coordinates = all.map { Array(complex.coordinates(of: $0)) }
    errors = all.map { vertex in
      let error = complex.coordinateError(of: vertex)
      return error.isFinite ? error : nil
    }
    exactCoordinates = exactNumbers ? complex.exactCoordinates().map { $0.map(\.description) } : nil
    isAtInfinity = all.map(complex.isDirection)
  }
}
