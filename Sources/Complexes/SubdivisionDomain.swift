import ExactArithmetic
import Networks
import Polyhedra

/// Where a network is subdivided: a box, a box cut by half-spaces, all of ℝⁿ, or ℝⁿ cut by half-spaces.
public struct SubdivisionDomain: Hashable, Sendable {
  /// The number of coordinates.
  public let dimension: Int
  /// The sides of the box; nil where the coordinates are not bounded.
  public let box: [Interval]?
  /// Further constraints.
  public let halfSpaces: [HalfSpace]

  /// The box with the given sides, cut by half-spaces.
  ///
  /// - Requires: bounded sides; half-spaces of the dimension of the box.
  public init(box: [Interval], halfSpaces: [HalfSpace] = []) {
    precondition(box.allSatisfy { $0.lower.isFinite && $0.upper.isFinite }, "a box is bounded")
    precondition(halfSpaces.allSatisfy { $0.dimension == box.count }, "half-spaces of another dimension")
    dimension = box.count
    self.box = box
    self.halfSpaces = halfSpaces
  }

  /// All of ℝⁿ, cut by half-spaces.
  public init(space dimension: Int, halfSpaces: [HalfSpace] = []) {
    precondition(halfSpaces.allSatisfy { $0.dimension == dimension }, "half-spaces of another dimension")
    self.dimension = dimension
    box = nil
    self.halfSpaces = halfSpaces
  }

  /// The domain of a question: a box, or all of ℝⁿ for nil.
  public init(_ domain: InputDomain?, inputs: Int) {
    if let domain { self.init(box: domain.enclosure) } else { self.init(space: inputs) }
  }

  /// Whether the domain is bounded by its box.
  public var isBounded: Bool { box != nil }

  /// The constraints in the order in which they are numbered: two for each coordinate (−∞ and ∞ where there is no
  /// box: never tight), t ≥ 0, the half-spaces.
  var sides: [HalfSpace] {
    var sides: [HalfSpace] = []
    for c in 0..<dimension {
      var normal = Array(repeating: Dyadic.zero, count: dimension)
      normal[c] = .one
      let side = box?[c]
      sides.append(HalfSpace(normal: normal, offset: -Dyadic(side?.lower ?? 0)))
      normal[c] = -.one
      sides.append(HalfSpace(normal: normal, offset: Dyadic(side?.upper ?? 0)))
    }
    sides.append(HalfSpace(normal: Array(repeating: .zero, count: dimension), offset: .one))
    return sides + halfSpaces
  }
}
