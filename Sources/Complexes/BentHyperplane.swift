import Networks

/// The zero set of one hidden neuron within the domain.
///
/// Definition: its cells are the regions on which the neuron vanishes, and the walls on which it is zero without
/// vanishing on both sides; boundary facets are not among them. Where another neuron is zero on the same wall, the wall
/// belongs to both, and its visibility is that of all together.
///
/// - Exactness: exact.
public struct BentHyperplane: Sendable {
  /// The neuron.
  public let neuron: Neuron
  /// The walls on which it is zero without vanishing on both sides, by number.
  public let walls: [Int]
  /// The regions on which it vanishes, by number.
  public let vanishingRegions: [Int]
  /// The number of connected components, cells being adjacent where they share a ridge.
  public let componentCount: Int
  /// Whether it reaches neither the boundary of the domain nor infinity.
  public let isBounded: Bool
  /// Where it bends, ridge by ridge.
  public let bends: [Bend]
  /// The number of its walls that can be seen in the function.
  public let visibleWallCount: Int

  /// The number of cells.
  public var cellCount: Int { walls.count + vanishingRegions.count }

  /// Whether the neuron is zero nowhere inside the domain, but for faces of codimension two and more.
  public var isEmpty: Bool { walls.isEmpty && vanishingRegions.isEmpty }

  /// How much of it can be seen in the function.
  public var visibility: Visibility {
    visibleWallCount == 0 ? .nothing : visibleWallCount == walls.count ? .everything : .part
  }

  /// How much of a bent hyperplane can be seen in the function.
  public enum Visibility: String, Hashable, Sendable {
    /// No wall can be seen, or there is none.
    case nothing
    /// Some walls can be seen and some not.
    case part
    /// All walls can be seen.
    case everything
  }

  /// A ridge inside the domain around which the walls of a neuron lie in different hyperplanes.
  public struct Bend: Hashable, Sendable {
    /// The ridge, by number.
    public let ridge: Int
    /// The neurons of earlier layers that change their state around the ridge.
    public let earlier: [Neuron]
  }
}

extension Folds {
  /// The bent hyperplanes of all hidden neurons, layer after layer.
  ///
  /// - Complexity: linear in the walls around all ridges and the neurons that are zero on them.
  public func bentHyperplanes() -> [BentHyperplane] {
    var search = BentHyperplaneSearch(self)
    search.joinCells()
    search.findBends()
    return search.result()
  }

  /// How often the bent hyperplanes of neurons of different layers meet, and bend on one another.
  ///
  /// - Returns: the pairs that meet in some ridge inside the domain, by the earlier neuron, then by the later one.
  public func dependencies() -> [NeuronDependency] {
    var search = BentHyperplaneSearch(self)
    search.findBends()
    return search.dependencies()
  }
}

/// A pair of neurons whose bent hyperplanes meet: an edge of the dependency graph where the later one bends.
///
/// - Reference: [PL20] dependency graph.
public struct NeuronDependency: Hashable, Sendable {
  /// The neuron of the earlier layer.
  public let earlier: Neuron
  /// The neuron of the later layer.
  public let later: Neuron
  /// The number of ridges inside the domain through which both pass.
  public let meetings: Int
  /// The number of those where the later one bends, and the earlier one changes its state.
  public let bends: Int

  /// Whether the pair is an edge of the dependency graph.
  public var isEdge: Bool { bends > 0 }
}
