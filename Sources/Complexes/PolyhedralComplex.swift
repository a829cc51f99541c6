import ExactArithmetic
import Networks
import Polyhedra

/// The canonical polyhedral complex of a network on a domain: its activation regions, glued along their walls.
///
/// Definition: an *activation region* is the closure of a nonempty open set of inputs on which every hidden neuron
/// keeps its sign; a neuron that is zero on the whole of it counts as inactive there. A *wall* is a common facet of two
/// regions; a facet on the boundary of the domain has one region. *Vertices* are those of the regions, and the recession
/// directions of unbounded ones. Everything is known by signs: a face of the complex is where given neurons are zero,
/// given ones positive, the rest negative, and given sides of the domain are met.
///
/// - Exactness: the combinatorics are exact, degenerate position included. Coordinates and maps are doubles; exact
///   ones are computed on demand.
/// - Reference: [GL22], [Mas25] canonical polyhedral complex.
public struct PolyhedralComplex: Sendable {
  /// The network, with the coordinates of the domain as inputs.
  public let network: Network
  /// The domain.
  public let domain: SubdivisionDomain
  /// How many regions and faces there are, and how often the floating-point filter did not decide.
  public let count: RegionCount
  let key: FaceKey
  let buffer: RegionBuffer
  /// All hidden neurons, in the order of their numbers.
  let neurons: [Neuron]
  /// For each hidden layer the number of its first neuron.
  let firstNeuron: [Int]

  /// The number of coordinates.
  public var dimension: Int { domain.dimension }
  /// The number of activation regions.
  public var regionCount: Int { buffer.regionCount }
  /// The number of facets of regions: walls between two, and boundary facets.
  public var wallCount: Int { buffer.facets.count }
  /// The number of vertices, recession directions included.
  public var vertexCount: Int { buffer.vertices.count }

  /// The complex of a network whose inputs are the coordinates of the domain.
  ///
  /// - Parameter allFaces: whether faces of every dimension are counted, not only vertices and walls.
  /// - Throws: `CancellationError`; ``RegionLimitExceeded`` past `limit` regions; ``SubdivisionError``.
  public init(
    _ network: Network, on domain: SubdivisionDomain, allFaces: Bool = false,
    threads: Int = Concurrency.coreCount, limit: Int = .max, progress: Progress = Progress()
  ) throws {
    precondition(
      network.inputCount == domain.dimension,
      "\(network.inputCount) inputs on a domain of dimension \(domain.dimension)")
    let key = FaceKey(neuronCount: network.hiddenNeuronCount, sideCount: domain.sides.count)
    let dimension = domain.dimension
    let outputCount = network.outputCount
    let search = VertexSubdivision(
      compiled: CompiledNetwork(network, output: true), domain: domain, threads: threads,
      progress: progress, limit: limit)
    let found = try search.collect(
      into: {
        (
          buffer: RegionBuffer(key: key, dimension: dimension, outputCount: outputCount),
          counter: FaceCounter(dimension: dimension, key: key, countsAll: allFaces)
        )
      },
      { part, walker, node in
        part.buffer.add(node, of: &walker)
        part.counter.add(node, of: walker)
      })
    guard let found, var all = found.collections.first else { throw SubdivisionError.notPointed }
    for (done, part) in found.collections.dropFirst().enumerated() {
      try progress.step("gluing regions: parts", done: done, of: found.collections.count)
      all.buffer.append(part.buffer)
      all.counter.append(part.counter)
    }
    self.network = network
    self.domain = domain
    self.key = key
    neurons = network.hiddenLayers.enumerated().flatMap { position, layer in
      (0..<layer.width).map { Neuron(layer: position + 1, index: $0) }
    }
    firstNeuron =
      network.hiddenLayers.reduce(into: ([], 0)) { (sums: inout ([Int], Int), layer) in
        sums.0.append(sums.1)
        sums.1 += layer.width
      }.0
    buffer = all.buffer
    count = RegionCount(all.counter, found.predicates)
  }
}

/// Why a network is not subdivided on a domain.
public enum SubdivisionError: Error, Hashable, Sendable {
  /// The cells contain whole lines, so they have no vertices: on all of ℝⁿ the first layer must depend on every direction
  /// that the network depends on.
  case notPointed
}
