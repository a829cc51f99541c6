import LinearAlgebra

/// The weights of the walls: by how much the gradient of each output jumps.
///
/// Definition: between regions P and Q, with n the unit normal of the wall that points from Q into P, the weight of an
/// output f is c = (∇f_P − ∇f_Q) · n; it is positive where f is convex across the wall, and the jump is c · n. Around a
/// ridge τ inside the domain the weights are *balanced*: Σ c(σ) e(σ/τ) = 0 over the walls σ ⊃ τ, where e(σ/τ) is the
/// unit vector in σ orthogonal to τ.
///
/// - Exactness: weights are rounded; which walls are visible is exact, and hidden walls have weight 0.
/// - Reference: [GM26] weighted polyhedral complexes.
public struct WallWeights: Sendable {
  /// The folds the weights belong to.
  public let folds: Folds
  /// The weights: a row for each wall, a column for each output.
  public let weights: Matrix<Double>

  /// The weight of a wall for an output.
  public subscript(wall: Int, output: Int) -> Double { weights[wall, output] }

  /// The length of the vector of weights of a wall over all outputs.
  public func norm(of wall: Int) -> Double {
    weights.row(wall).reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  init(_ folds: Folds) {
    let complex = folds.complex
    let outputs = complex.network.outputCount
    var elements = Array(repeating: 0.0, count: complex.wallCount * outputs)
    for wall in 0..<complex.wallCount where folds.isVisible(wall) {
      guard case (let first, let second?) = complex.regions(of: wall),
        let hyperplane = folds.hyperplanes[wall]
      else { continue }
      let sign = folds.hyperplanes.isPositiveOnFirstRegion(of: wall) ? 1.0 : -1.0
      for output in 0..<outputs {
        let inner = complex.map(ofOutput: output, on: first)
        let outer = complex.map(ofOutput: output, on: second)
        var weight = 0.0
        for (n, (a, b)) in zip(folds.hyperplanes.unitNormals[hyperplane], zip(inner, outer)) {
          weight += n * (a - b)
        }
        elements[wall * outputs + output] = sign * weight
      }
    }
    self.folds = folds
    weights = Matrix(rows: complex.wallCount, columns: outputs, elements: elements)
  }

  /// The largest length of Σ c(σ) e(σ/τ) over all inner ridges τ and outputs, as a part of Σ |c(σ)|.
  ///
  /// The directions e(σ/τ) come from the normals of neighbouring walls, the weights from the maps of regions, so this
  /// is small only if regions, walls and maps fit together.
  public var balancingResidual: Double {
    var largest = 0.0
    for ridge in 0..<folds.ridges.count where folds.ridges.isInterior(ridge) {
      largest = max(largest, balancingResidual(around: ridge))
    }
    return largest
  }

  /// The largest length of Σ c(σ) e(σ/τ) over all outputs, as a part of Σ |c(σ)|; 0 where all walls are hidden,
  /// infinite where the walls do not form a cycle.
  ///
  /// - Requires: a ridge inside the domain.
  public func balancingResidual(around ridge: Int) -> Double {
    let walls = folds.ridges.walls(around: ridge).map { Int($0) }
    guard walls.contains(where: folds.isVisible) else { return 0 }
    guard walls.count == folds.ridges.regions(around: ridge).count else { return .infinity }
    let directions = folds.directions(around: ridge)
    var largest = 0.0
    for output in 0..<weights.columns {
      var sum = Array(repeating: 0.0, count: folds.complex.dimension)
      var size = 0.0
      for (wall, direction) in zip(walls, directions) {
        let weight = weights[wall, output]
        size += weight.magnitude
        for c in sum.indices { sum[c] += weight * direction[c] }
      }
      if size > 0 { largest = max(largest, sum.reduce(0) { $0 + $1 * $1 }.squareRoot() / size) }
    }
    return largest
  }
}

extension Folds {
  /// The weights of the walls.
  public func weights() -> WallWeights { WallWeights(self) }

  /// The unit normal of a wall that points into one of its two regions; rounded.
  func unitNormal(of wall: Int, into region: Int) -> [Double] {
    guard let hyperplane = hyperplanes[wall] else { preconditionFailure("wall \(wall) is on the boundary") }
    let normal = hyperplanes.unitNormals[hyperplane]
    let isFirst = complex.regions(of: wall).0 == region
    return isFirst == hyperplanes.isPositiveOnFirstRegion(of: wall) ? normal : normal.map { -$0 }
  }

  /// For each wall σ around an inner ridge τ the unit vector in σ orthogonal to τ; rounded.
  ///
  /// In a region between walls σ and σ′ it is the part of the inner normal of σ′ that is orthogonal to the normal of σ;
  /// of the two regions beside σ the one with the better angle is taken.
  func directions(around ridge: Int) -> [[Double]] {
    let walls = ridges.walls(around: ridge).map { Int($0) }
    let regions = ridges.regions(around: ridge).map { Int($0) }
    let count = walls.count
    return walls.indices.map { k in
      var best: [Double] = []
      var bestSquare = -1.0
      for (region, other) in [
        (regions[k], walls[(k + 1) % count]),
        (regions[(k + count - 1) % count], walls[(k + count - 1) % count]),
      ] {
        let normal = unitNormal(of: walls[k], into: region)
        let inner = unitNormal(of: other, into: region)
        let product = zip(normal, inner).reduce(0) { $0 + $1.0 * $1.1 }
        let part = zip(inner, normal).map { $0 - product * $1 }
        let square = part.reduce(0) { $0 + $1 * $1 }
        if square > bestSquare { (best, bestSquare) = (part, square) }
      }
      return best.map { $0 / bestSquare.squareRoot() }
    }
  }
}
