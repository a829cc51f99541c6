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

  /// Counts activation regions and faces, keeping nothing: memory is proportional to the depth of the search.
  ///
  /// - Parameter allFaces: whether faces of every dimension are counted, not only vertices and walls.
  /// - Exactness: exact.
  /// - Throws: `CancellationError`; ``RegionLimitExceeded``; ``SubdivisionError``.
  public func count(
    allFaces: Bool = false, threads: Int = Concurrency.coreCount, limit: Int = .max,
    progress: Progress = Progress()
  ) throws -> RegionCount {
    let key = FaceKey(neuronCount: network.hiddenNeuronCount, sideCount: domain.sides.count)
    let d = domain.dimension
    let search = VertexSubdivision(
      compiled: CompiledNetwork(network, output: false), domain: domain, threads: threads,
      progress: progress, limit: limit)
    let found = try search.collect(
      into: { FaceCounter(dimension: d, key: key, countsAll: allFaces) },
      { counter, walker, node in counter.add(node, of: walker) })
    guard let found else { throw SubdivisionError.notPointed }
    var total = FaceCounter(dimension: d, key: key, countsAll: allFaces)
    for part in found.collections { total.append(part) }
    // Where coordinates of all of space were left out, every region is a product with whole lines.
    let isProduct = !domain.isBounded && coordinates.count < slice.origin.count
    return RegionCount(
      activationRegions: total.regions,
      unboundedRegions: isProduct ? total.regions : total.unboundedRegions, faceCounts: total.counts,
      exactPredicates: PolyhedralComplex.ExactPredicates(
        signs: found.predicates.exactSigns, vertices: found.predicates.exactVertices))
  }

  /// The whole complex, kept.
  ///
  /// - Throws: as ``count(allFaces:threads:limit:progress:)``.
  public func complex(
    threads: Int = Concurrency.coreCount, limit: Int = .max, progress: Progress = Progress()
  ) throws -> PolyhedralComplex {
    try PolyhedralComplex(network, on: domain, threads: threads, limit: limit, progress: progress)
  }
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
  public let exactPredicates: PolyhedralComplex.ExactPredicates

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
