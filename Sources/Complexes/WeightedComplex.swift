import Networks

/// The weighted polyhedral complex of the function alone: its folds, merged as far as the function goes.
///
/// Definition: a *piece* is a connected union of visible walls that lie in one hyperplane between the same two linear
/// regions on the same sides. Which neurons made them, and every hidden wall, is forgotten; the gradient jumps alike on all of a
/// piece. The function is known from this up to an affine function.
///
/// - Exactness: exact but for the weights, which are rounded.
/// - Reference: [GM26] weighted polyhedral complexes.
public struct WeightedComplex: Sendable {
  /// A piece of a hyperplane between two linear regions.
  public struct Piece: Sendable {
    /// The hyperplane, by number.
    public let hyperplane: Int
    /// The linear region on the side where the canonical form of the hyperplane is positive.
    public let positiveRegion: Int
    /// The linear region on the other side.
    public let negativeRegion: Int
    /// The walls that were merged, by number.
    public let walls: [Int]
    /// The weight of each output, as for walls; rounded.
    public let weights: [Double]
  }

  /// The pieces, in the order of their first walls.
  public let pieces: [Piece]
  /// The ridges inside the domain where pieces end or cross: all those on folds but those inside one piece.
  public let corners: [Int]

  init(_ weights: WallWeights) {
    let folds = weights.folds
    let wallCount = folds.complex.wallCount
    var sets = DisjointSets(count: wallCount)
    var corners: [Int] = []
    for ridge in 0..<folds.ridges.count {
      let walls = folds.ridges.walls(around: ridge).map { Int($0) }.filter(folds.isVisible)
      var joins = 0
      for (place, wall) in walls.enumerated() {
        for other in walls[..<place] where WeightedComplex.agree(wall, other, folds) {
          sets.join(wall, other)
          joins += 1
        }
      }
      let isInsidePiece = walls.count == 2 && joins == 1
      if !walls.isEmpty, !isInsidePiece, folds.ridges.isInterior(ridge) { corners.append(ridge) }
    }
    var numbers: [Int: Int] = [:]
    var members: [[Int]] = []
    for wall in 0..<wallCount where folds.isVisible(wall) {
      let root = sets.find(wall)
      if let number = numbers[root] {
        members[number].append(wall)
      } else {
        numbers[root] = members.count
        members.append([wall])
      }
    }
    self.corners = corners
    pieces = members.compactMap { walls in
      guard let hyperplane = folds.hyperplanes[walls[0]] else { return nil }
      let (positive, negative) = WeightedComplex.linearRegions(beside: walls[0], folds)
      return Piece(
        hyperplane: hyperplane, positiveRegion: positive, negativeRegion: negative, walls: walls,
        weights: Array(weights.weights.row(walls[0])))
    }
  }

  /// Whether two folds lie in one hyperplane between the same linear regions.
  private static func agree(_ first: Int, _ second: Int, _ folds: Folds) -> Bool {
    folds.hyperplanes.agree(first, second)
      && linearRegions(beside: first, folds) == linearRegions(beside: second, folds)
  }

  /// The linear regions on the positive and on the negative side of a wall.
  private static func linearRegions(beside wall: Int, _ folds: Folds) -> (Int, Int) {
    guard case (let first, let second?) = folds.complex.regions(of: wall) else { return (-1, -1) }
    let labels = folds.linearRegions.ofActivationRegion
    return folds.hyperplanes.isPositiveOnFirstRegion(of: wall)
      ? (labels[first], labels[second]) : (labels[second], labels[first])
  }
}

extension WallWeights {
  /// The weighted polyhedral complex of the function: the visible walls, merged.
  public func merged() -> WeightedComplex { WeightedComplex(self) }
}
