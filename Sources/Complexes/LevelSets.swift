import ExactArithmetic
import Networks

/// The complex of a network, cut further where combinations of its outputs vanish: their level sets, and the sets
/// below and above.
///
///     let diamond = Network(weights: [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, 1, 1]]], biases: [[0, 0, 0, 0], [0]])
///     let box = SubdivisionDomain(box: [Interval(-2, 2), Interval(-2, 2)])
///     let levels = try LevelSets(of: [.output(0, minus: 1)], network: diamond, on: box)
///     levels.levelSet(0).topology().bettiNumbers            // [1, 1]: |x| + |y| = 1 is a circle
///
/// - Exactness: exact: the combinations are neurons of one more layer, so their zeros are bent hyperplanes of the
///   complex. A level that passes through vertices, or is taken on whole regions, is treated as what it is.
public struct LevelSets: Sendable {
  /// The combinations of outputs.
  public let combinations: [OutputCombination]
  /// The complex, cut where the combinations vanish.
  public let complex: PolyhedralComplex
  /// The faces of the complex.
  public let faces: ComplexFaces

  /// Cuts a domain by a network and by combinations of its outputs.
  ///
  /// Coordinates that the domain holds fixed are put in; on all of ℝⁿ, directions on which nothing depends are left
  /// out: that changes no Betti number, though unbounded components may come out bounded.
  ///
  /// - Requires: as many inputs as the domain has coordinates.
  /// - Throws: ``UnsupportedDimension`` unless 1 to 3 coordinates are left; `CancellationError`;
  ///   ``RegionLimitExceeded`` past `limit` regions; ``SubdivisionError``.
  public init(
    of combinations: [OutputCombination], network: Network, on domain: SubdivisionDomain,
    threads: Int = Concurrency.coreCount, limit: Int = .max, progress: Progress = Progress()
  ) throws {
    self.combinations = combinations
    let subdivision = Subdivision(network.appending(combinations), on: domain)
    guard (1...3).contains(subdivision.domain.dimension) else {
      throw UnsupportedDimension(dimension: subdivision.domain.dimension)
    }
    complex = try subdivision.complex(threads: threads, limit: limit, progress: progress)
    faces = ComplexFaces(complex)
  }

  /// The neuron of the complex that is a combination.
  public func neuron(_ combination: Int) -> Neuron {
    Neuron(layer: complex.network.hiddenLayers.count, index: combination)
  }

  /// Where a combination is zero.
  public func levelSet(_ combination: Int) -> Subcomplex { subset(where: [(combination, .zero)]) }

  /// Where a combination is at most zero.
  public func sublevelSet(_ combination: Int) -> Subcomplex { subset(where: [(combination, .nonpositive)]) }

  /// Where a combination is at least zero.
  public func superlevelSet(_ combination: Int) -> Subcomplex { subset(where: [(combination, .nonnegative)]) }

  /// Where combinations meet closed conditions.
  public func subset(where conditions: [(combination: Int, condition: SignCondition)]) -> Subcomplex {
    Subcomplex(of: complex, faces: faces, where: conditions.map { (neuron($0), $1) })
  }

  /// Where combinations meet open conditions, by connected component.
  public func openComponents(where conditions: [(combination: Int, condition: SignCondition)])
    -> OpenComponents
  {
    OpenComponents(of: complex, faces: faces, where: conditions.map { (neuron($0), $1) })
  }
}

/// A question about faces was asked in a dimension in which faces are not enumerated: not 1, 2 or 3.
public struct UnsupportedDimension: Error, Hashable, Sendable {
  /// The number of coordinates of the question.
  public let dimension: Int
}
