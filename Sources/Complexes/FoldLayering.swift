/// The fold set of a function peeled into pieces of hyperplanes, each with its apparent layer.
///
/// Definition: the pieces of layer 1 are the hyperplanes whose whole part inside the domain belongs to the fold set. Those
/// of layer k are the connected parts of hyperplanes that are cut out by the pieces of earlier layers, belong to the
/// fold set as a whole, and are in no earlier layer. The *order* is the last layer, where all folds find a piece. This
/// depends on the function alone, not on the network that computes it.
///
/// A network in general position in which every layer keeps an active neuron everywhere has folds of an order no larger
/// than the number of its hidden layers, so the order is a lower bound of the depth of such networks. Pieces are taken connected,
/// which matters only where a set cut out by earlier layers is not convex; it can only make the order smaller.
///
/// - Exactness: exact.
/// - Reference: [PL20] canonical representation, apparent layer, dependency graph.
public struct FoldLayering: Sendable {
  /// A part of a hyperplane that belongs to the fold set as a whole.
  public struct Piece: Sendable {
    /// The apparent layer, from 1.
    public let layer: Int
    /// The hyperplane, by number.
    public let hyperplane: Int
    /// The walls it consists of, by number.
    public let walls: [Int]
  }

  /// An edge of the dependency graph: the higher piece ends on the lower one.
  public struct Edge: Hashable, Sendable {
    /// The piece of the earlier layer, by number.
    public let lower: Int
    /// The piece of the later layer, by number.
    public let higher: Int
  }

  /// The pieces, layer after layer.
  public let pieces: [Piece]
  /// For each wall its piece; nil for hidden walls and for folds that are in no piece.
  public let pieceOfWall: [Int?]
  /// The folds that are in no piece: none, unless the fold set has no order.
  public let unexplained: [Int]
  /// The dependency graph: which pieces meet in a ridge, by the lower, then by the higher piece.
  public let edges: [Edge]

  /// The number of layers; nil where some folds end with nothing to end on, 0 where there are none.
  public var order: Int? { unexplained.isEmpty ? pieces.last?.layer ?? 0 : nil }

  /// For each piece the number of edges on the longest directed path that starts there, to ever higher pieces.
  ///
  /// A piece that starts a path of length m belongs to a neuron of layer L − m or earlier in every general transparent network with L
  /// hidden layers.
  public var pathLengths: [Int] {
    var lengths = Array(repeating: 0, count: pieces.count)
    // Pieces come layer after layer, so all that is above a piece is done before it.
    for edge in edges.reversed() { lengths[edge.lower] = max(lengths[edge.lower], lengths[edge.higher] + 1) }
    return lengths
  }
}

extension Folds {
  /// The fold set peeled into layers.
  ///
  /// - Complexity: O(layers · walls around all ridges).
  public func layering() -> FoldLayering {
    var search = FoldLayeringSearch(self)
    while search.peel() {}
    return search.result()
  }
}

/// Peels a fold set layer by layer.
private struct FoldLayeringSearch {
  let folds: Folds
  var pieces: [FoldLayering.Piece] = []
  var pieceOfWall: [Int?]
  var layer = 0
  /// The ridges inside the domain through which a fold passes.
  private let ridges: [Int]

  init(_ folds: Folds) {
    self.folds = folds
    pieceOfWall = Array(repeating: nil, count: folds.complex.wallCount)
    ridges = (0..<folds.ridges.count).filter { ridge in
      folds.ridges.isInterior(ridge)
        && folds.ridges.walls(around: ridge).contains { folds.isVisible(Int($0)) }
    }
  }

  private func folds(around ridge: Int) -> [Int] {
    folds.ridges.walls(around: ridge).lazy.map { Int($0) }.filter { folds.isVisible($0) }
  }

  /// Finds the pieces of the next layer; false if there are none.
  mutating func peel() -> Bool {
    let wallCount = folds.complex.wallCount
    layer += 1
    var sets = DisjointSets(count: wallCount)
    // A hyperplane is the whole of what earlier layers cut out of it unless a fold in it ends with nothing behind it.
    var endsFreely = Array(repeating: false, count: wallCount)
    for ridge in ridges {
      let walls = folds(around: ridge)
      if walls.contains(where: { pieceOfWall[$0] != nil }) { continue }
      for wall in walls {
        let partner = walls.first { $0 != wall && folds.hyperplanes.agree($0, wall) }
        if let partner { sets.join(wall, partner) } else { endsFreely[wall] = true }
      }
    }
    var isBroken = Array(repeating: false, count: wallCount)
    for wall in 0..<wallCount where endsFreely[wall] { isBroken[sets.find(wall)] = true }
    var walls: [Int: [Int]] = [:]
    var roots: [Int] = []
    for wall in 0..<wallCount where folds.isVisible(wall) && pieceOfWall[wall] == nil {
      let root = sets.find(wall)
      if isBroken[root] { continue }
      if walls[root] == nil { roots.append(root) }
      walls[root, default: []].append(wall)
    }
    for root in roots {
      guard let members = walls[root], let hyperplane = folds.hyperplanes[root] else { continue }
      for wall in members { pieceOfWall[wall] = pieces.count }
      pieces.append(FoldLayering.Piece(layer: layer, hyperplane: hyperplane, walls: members))
    }
    return !roots.isEmpty
  }

  func result() -> FoldLayering {
    var edges = Set<FoldLayering.Edge>()
    for ridge in ridges {
      let around = Set(folds(around: ridge).compactMap { pieceOfWall[$0] })
      for lower in around {
        for higher in around where pieces[lower].layer < pieces[higher].layer {
          edges.insert(FoldLayering.Edge(lower: lower, higher: higher))
        }
      }
    }
    return FoldLayering(
      pieces: pieces, pieceOfWall: pieceOfWall,
      unexplained: folds.foldSet.filter { pieceOfWall[$0] == nil },
      edges: edges.sorted { ($0.lower, $0.higher) < ($1.lower, $1.higher) })
  }
}
