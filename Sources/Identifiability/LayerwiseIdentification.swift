import Complexes
import LinearAlgebra
import Networks

/// Whether the function of a network identifies it among the general networks of its architecture, layer by layer.
///
/// Theorem: let Z be open and convex, θ a sequential network with L hidden layers, and P_l the part of Z on which
/// all neurons of layers 1 to l are active. Suppose for each hidden layer l that
///
/// - the rows of W_l are linearly independent, and P_l is not empty;
/// - for each neuron of layer l a fold in P_{l−1} lies on its zero set, and a chain of L − l edges upwards starts at
///   the class of the fold (``BendOrder``).
///
/// Then every general network of the same architecture with the same function on Z is θ up to permutation and positive
/// rescaling. A network is general if on Z a neuron is zero only where it takes both signs nearby, and all zeros in one
/// hyperplane belong to one neuron under one pattern of the layers before it; almost all are. Where θ is not general itself,
/// the theorem says that no general network of the architecture has its function: nothing is identified.
///
/// Proof: let η be such a network, and let its layers before l be those of θ. In P_{l−1} both are functions of h_{l−1},
/// which runs over an open set, as the rows are independent. The chain leaves the neuron of η that makes the fold a layer of at most
/// l; it is none of an earlier layer, which are active there. Independent rows give n_l different zero sets, so
/// they are those of layer l of η: its rows are multiples of those of θ. A negative factor is impossible: of the
/// gradient in h_{l−1}, the part along a row of θ is zero where the neuron of θ is inactive, and where that of η is; were
/// these opposite sides, the gradient would not jump along the row anywhere. At last P_L fixes the output layer.
///
/// - Exactness: exact.
/// - Reference: [PL20] Theorem 1 and Lemma 4; the guide "Identifiability".
public struct LayerwiseIdentification: Sendable {
  /// Why the theorem does not apply.
  public enum Obstacle: Hashable, Sendable {
    /// A layer reads earlier layers than the one before it.
    case skips
    /// The rows of a layer are linearly dependent.
    case dependentRows(layer: Int, rank: Int, width: Int)
    /// Nowhere are all neurons up to a layer active.
    case nowhereActive(layer: Int)
    /// No fold of a neuron can be seen where all earlier layers are active.
    case unseen(Neuron)
    /// No fold of a neuron starts a chain that is long enough.
    case shortChain(Neuron, length: Int, needed: Int)
    /// The folds bend on one another in a cycle, so no general network has this function.
    case cycle
  }

  /// The obstacles, layer after layer; none if the theorem applies.
  public let obstacles: [Obstacle]
  /// For each hidden layer how many neurons start a chain that is long enough.
  public let chains: [Int]

  /// Whether the theorem applies.
  public var applies: Bool { obstacles.isEmpty }

  /// The obstacles that need no regions.
  static func algebraicObstacles(_ network: Network, field: PrimeField) -> [Obstacle] {
    guard network.isSequential else { return [.skips] }
    return network.hiddenLayers.enumerated().compactMap { position, layer in
      let rank = field.rank(
        of: (0..<layer.width).map { Array(IndicatorPieces.row(layer, $0).dropLast()) })
      return rank == layer.width
        ? nil : .dependentRows(layer: position + 1, rank: rank, width: layer.width)
    }
  }

  /// Looks at the folds of a network.
  ///
  /// - Parameter network: the network, of which `folds` may use fewer coordinates.
  init(_ network: Network, folds: Folds, order: BendOrder, field: PrimeField) {
    var obstacles = LayerwiseIdentification.algebraicObstacles(network, field: field)
    let complex = folds.complex
    let widths = network.hiddenLayers.map(\.width)
    // For each region the number of first layers on which all neurons are active.
    let depths = (0..<complex.regionCount).map { region in
      widths.enumerated().prefix { position, width in
        (0..<width).allSatisfy { complex.isActive(Neuron(layer: position + 1, index: $0), on: region) }
      }.count
    }
    let deepest = depths.max() ?? 0
    if deepest < widths.count { obstacles.append(.nowhereActive(layer: deepest + 1)) }
    var best: [Neuron: Int] = [:]
    for wall in folds.foldSet {
      guard case (let first, let second?) = complex.regions(of: wall),
        let number = order.classOf(wall: wall, in: folds)
      else { continue }
      for neuron in complex.switchingNeurons(of: wall)
      where min(depths[first], depths[second]) >= neuron.layer - 1 {
        best[neuron] = max(best[neuron] ?? 0, order.above?[number] ?? 0)
      }
    }
    if order.above == nil { obstacles.append(.cycle) }
    var chains: [Int] = []
    for (position, width) in widths.enumerated() {
      let needed = widths.count - position - 1
      var count = 0
      for neuron in (0..<width).map({ Neuron(layer: position + 1, index: $0) }) {
        switch best[neuron] {
        case let length? where length >= needed: count += 1
        case let length?: obstacles.append(.shortChain(neuron, length: length, needed: needed))
        case nil: obstacles.append(.unseen(neuron))
        }
      }
      chains.append(count)
    }
    self.obstacles = obstacles
    self.chains = chains
  }
}

extension LayerwiseIdentification.Obstacle: CustomStringConvertible {
  /// The obstacle in words.
  public var description: String {
    switch self {
    case .skips: "a layer reads more than the layer before it"
    case .dependentRows(let layer, let rank, let width):
      "the \(width) rows of layer \(layer) have rank \(rank) only"
    case .nowhereActive(let layer): "nowhere are all neurons of layers 1 to \(layer) active"
    case .unseen(let neuron): "no fold of \(neuron) is seen where all earlier layers are active"
    case .shortChain(let neuron, let length, let needed):
      "folds of \(neuron) start chains of \(length) bends, not \(needed)"
    case .cycle: "folds bend on one another in a cycle"
    }
  }
}
