import ExactArithmetic
import LinearAlgebra
import Networks
import Polyhedra

/// The subdivision of a domain by a network: the same question in as few coordinates as it needs.
///
/// Coordinates that the box holds fixed are put in. On all of ℝⁿ, directions no neuron depends on are left
/// out: regions are then products with whole lines, as many as on the slice of the ``coordinates`` kept.
public struct Subdivision: Sendable {
  /// The network in the kept coordinates.
  public let network: Network
  /// The domain in the kept coordinates.
  public let domain: SubdivisionDomain
  /// The kept coordinates, by their number among the inputs.
  public let coordinates: [Int]
  /// How the kept coordinates lie among the inputs.
  public let slice: AffineSlice

  /// The subdivision of a domain by a network.
  ///
  /// - Requires: as many inputs as the domain has coordinates.
  public init(_ network: Network, on domain: SubdivisionDomain) {
    precondition(
      network.inputCount == domain.dimension,
      "\(network.inputCount) inputs on a domain of dimension \(domain.dimension)")
    let n = domain.dimension
    var kept = Array(0..<n)
    var point = Array(repeating: 0.0, count: n)
    if let box = domain.box {
      kept = kept.filter { box[$0].lower < box[$0].upper }
      for c in 0..<n where box[c].lower == box[c].upper { point[c] = box[c].lower }
    } else {
      kept = Subdivision.essentialCoordinates(network, domain.halfSpaces)
    }
    coordinates = kept
    slice = AffineSlice(coordinates: kept, through: point)
    guard kept.count < n else {
      self.network = network
      self.domain = domain
      return
    }
    self.network = network.restricted(to: slice)
    let exactPoint = point.map { Dyadic($0) }
    let halfSpaces = domain.halfSpaces.map { halfSpace in
      HalfSpace(normal: kept.map { halfSpace.normal[$0] }, offset: halfSpace.value(at: exactPoint))
    }
    if let box = domain.box {
      self.domain = SubdivisionDomain(box: kept.map { box[$0] }, halfSpaces: halfSpaces)
    } else {
      self.domain = SubdivisionDomain(space: kept.count, halfSpaces: halfSpaces)
    }
  }

  /// Coordinates in which the forms of all neurons on the input, and the half-spaces, keep their rank.
  private static func essentialCoordinates(_ network: Network, _ halfSpaces: [HalfSpace]) -> [Int] {
    let n = network.inputCount
    var elimination = ExactElimination(columns: n)
    for layer in network.hiddenLayers {
      guard let block = layer.blocks.first, block.source == 0 else { continue }
      for j in 0..<layer.width where elimination.rank < n {
        elimination.insert((0..<n).map { block.weights[j, $0] })
      }
    }
    for halfSpace in halfSpaces where elimination.rank < n { elimination.insert(halfSpace.normal) }
    return elimination.pivotColumns.sorted()
  }

  /// An algorithm that enumerates regions.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable {
    /// Every cell carries its vertices: fast in few dimensions, and faces are counted as well.
    case vertices
    /// Every cell is known by its inequalities: any dimension.
    case programs
  }

  /// Whether coordinates of all of space were left out: every region is then a product with whole lines.
  private var isProduct: Bool { !domain.isBounded && coordinates.count < slice.origin.count }

  /// The algorithm that suits the question: the number of vertices of a cell grows exponentially with the dimension,
  /// and cells that contain whole lines have none.
  public var algorithm: Algorithm { domain.dimension <= 5 && hasVertices ? .vertices : .programs }

  /// Whether all cells have vertices.
  private var hasVertices: Bool {
    if domain.isBounded { return true }
    guard let layer = network.layers.first, network.layers.count > 1, let block = layer.blocks.first,
      block.source == 0
    else { return false }
    var elimination = ExactElimination(columns: domain.dimension)
    for j in 0..<layer.width where elimination.rank < domain.dimension {
      elimination.insert((0..<domain.dimension).map { block.weights[j, $0] })
    }
    return elimination.rank == domain.dimension
  }

  /// Counts activation regions and faces, keeping nothing: memory is proportional to the depth of the search.
  ///
  /// - Parameters:
  ///   - allFaces: whether faces of every dimension are counted, not only vertices and walls; by vertices only.
  ///   - algorithm: by default the one that suits.
  /// - Exactness: exact.
  /// - Throws: `CancellationError`; ``RegionLimitExceeded``; ``SubdivisionError`` where cells have no vertices.
  public func count(
    allFaces: Bool = false, algorithm: Algorithm? = nil, threads: Int = Concurrency.coreCount,
    limit: Int = .max, progress: Progress = Progress()
  ) throws -> RegionCount {
    let compiled = CompiledNetwork(network, output: false)
    let onlyVerticesDo = allFaces && hasVertices
    switch algorithm ?? (onlyVerticesDo ? .vertices : self.algorithm) {
    case .vertices:
      let search = VertexSubdivision(
        compiled: compiled, domain: domain, threads: threads, progress: progress, limit: limit)
      return try count(by: search, allFaces: allFaces)
    case .programs:
      let search = ProgramSubdivision(
        compiled: compiled, domain: domain, threads: threads, progress: progress, limit: limit)
      return try count(by: search)
    }
  }

  private func count(by search: VertexSubdivision, allFaces: Bool) throws -> RegionCount {
    let key = FaceKey(neuronCount: network.hiddenNeuronCount, sideCount: domain.sides.count)
    let d = domain.dimension
    let found = try search.collect(
      into: { FaceCounter(dimension: d, key: key, countsAll: allFaces) },
      { counter, walker, node in counter.add(node, of: walker) })
    guard let found else { throw SubdivisionError.notPointed }
    var total = FaceCounter(dimension: d, key: key, countsAll: allFaces)
    for part in found.collections { total.append(part) }
    return RegionCount(total, found.predicates, areUnbounded: isProduct)
  }

  private func count(by search: ProgramSubdivision) throws -> RegionCount {
    let asks = !domain.isBounded && !isProduct
    let found = try search.collect(
      into: { (regions: 0, unbounded: 0) },
      { counts, walker, node in
        counts.regions += 1
        if asks, walker.isUnbounded(node) { counts.unbounded += 1 }
      })
    let regions = found.collections.reduce(0) { $0 + $1.regions }
    return RegionCount(
      activationRegions: regions,
      unboundedRegions: isProduct ? regions : found.collections.reduce(0) { $0 + $1.unbounded },
      faceCounts: Array(repeating: nil, count: domain.dimension) + [regions],
      exactPredicates: ExactPredicates(signs: found.exactAnswers, vertices: 0))
  }

  /// The whole complex, kept.
  ///
  /// - Throws: `CancellationError`; ``RegionLimitExceeded``; ``SubdivisionError`` where cells have no vertices.
  public func complex(
    allFaces: Bool = false, threads: Int = Concurrency.coreCount, limit: Int = .max,
    progress: Progress = Progress()
  ) throws -> PolyhedralComplex {
    try PolyhedralComplex(
      network, on: domain, allFaces: allFaces, threads: threads, limit: limit, progress: progress)
  }
}

/// How often the floating-point filter did not decide, and exact arithmetic did.
public struct ExactPredicates: Hashable, Sendable {
  /// The signs of neurons at vertices that were computed exactly, or the answers of linear programs.
  public let signs: Int
  /// The vertices that were computed exactly.
  public let vertices: Int
}

/// How many regions and faces a complex has.
public struct RegionCount: Hashable, Sendable {
  /// The number of activation regions.
  public let activationRegions: Int
  /// The number of those that are not bounded.
  public let unboundedRegions: Int
  /// The number of faces of each dimension from 0 to d, boundary faces included, faces at infinity not; nil for
  /// dimensions that were not counted.
  public let faceCounts: [Int?]
  /// How often the floating-point filter did not decide.
  public let exactPredicates: ExactPredicates

  init(
    activationRegions: Int, unboundedRegions: Int, faceCounts: [Int?], exactPredicates: ExactPredicates
  ) {
    self.activationRegions = activationRegions
    self.unboundedRegions = unboundedRegions
    self.faceCounts = faceCounts
    self.exactPredicates = exactPredicates
  }

  init(_ counter: FaceCounter, _ predicates: ExactPredicates, areUnbounded: Bool = false) {
    self.init(
      activationRegions: counter.regions,
      unboundedRegions: areUnbounded ? counter.regions : counter.unboundedRegions,
      faceCounts: counter.counts, exactPredicates: predicates)
  }

  /// The numbers of faces, where all were counted.
  public var fVector: [Int]? {
    let known = faceCounts.compactMap(\.self)
    return known.count == faceCounts.count ? known : nil
  }

  /// The alternating sum of the numbers of faces, where all were counted: 1 on a box.
  public var eulerCharacteristic: Int? {
    fVector.map { $0.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? $1.element : -$1.element) } }
  }
}
