import ExactArithmetic

/// A point strictly inside half-spaces.
public enum InteriorPoint: Hashable, Sendable {
  /// A point with value > 0 in every half-space (but those that are 0 everywhere), exactly.
  case found([Double])
  /// There are such points, (x, t) with x / t exact among them, but the doubles tried are none.
  case beyondDoubles([Dyadic])
  /// Proved: there is no such point.
  case none

  /// A point deep inside the given half-spaces: as far as possible from the nearest one, in the homogeneous sense.
  ///
  /// Definition: largest r with gᵢ · y ≥ r ‖gᵢ‖₁ and t ≥ r for some y = (x, t) in the unit box; the point is x / t.
  /// The polyhedron need not be bounded.
  ///
  /// - Parameters:
  ///   - halfSpaces: any number of half-spaces.
  ///   - dimension: the dimension of the space they lie in.
  ///
  /// - Exactness: exact. The point is found in doubles and checked in dyadics; when that fails an exact method
  ///   decides.
  /// - Complexity: one linear program, then O(m n) exact operations.
  public static func of(_ halfSpaces: [HalfSpace], dimension: Int) -> InteriorPoint {
    precondition(halfSpaces.allSatisfy { $0.dimension == dimension }, "half-spaces of another dimension")
    let rows = halfSpaces.map { $0.normal + [$0.offset] }.filter { $0.contains { !$0.isZero } }
    if let point = numericPoint(rows, dimension), isInside(point, rows) { return .found(point) }
    // Variables (x, t, r): r ≤ 0 follows from gᵢ · (x, t) ≥ r and t ≥ r exactly when no point is inside.
    let unit = (0...dimension + 1).map { $0 == dimension ? Dyadic.one : $0 > dimension ? -.one : .zero }
    let target = (0...dimension + 1).map { $0 > dimension ? -Dyadic.one : .zero }
    let membership = ExactCone.membership(of: target, count: rows.count + 1) { i in
      i == rows.count ? unit : rows[i] + [-.one]
    }
    guard case .separated(let y) = membership else { return .none }
    let exact = Array(y.dropLast())
    let rounded = ExactCone.normalized(exact)
    let point = rounded.dropLast().map { $0 / rounded[dimension] }
    return isInside(point, rows) ? .found(point) : .beyondDoubles(exact)
  }

  /// Whether all rows are positive at a point, exactly.
  private static func isInside(_ point: [Double], _ rows: [[Dyadic]]) -> Bool {
    guard point.allSatisfy(\.isFinite) else { return false }
    let y = point.map { Dyadic($0) } + [.one]
    return rows.allSatisfy { row in zip(row, y).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }.sign > 0 }
  }

  private static func numericPoint(_ rows: [[Dyadic]], _ dimension: Int) -> [Double]? {
    let width = dimension + 2
    let simplex = BoxedSimplex(
      lower: Array(repeating: -1, count: dimension) + [0, 0], upper: Array(repeating: 1, count: width))
    for row in rows {
      let form = RoundedForm(rounding: row).coefficients
      let largest = form.reduce(0) { max($0, $1.magnitude) }
      let scaled = form.map { $0 / largest }
      let norm = scaled.reduce(0) { $0 + $1.magnitude }
      simplex.push(scaled.map { $0 / norm } + [-1], lower: 0, upper: 3)
    }
    simplex.push(Array(repeating: 0, count: dimension) + [1, -1], lower: 0, upper: 3)
    guard case .optimal = simplex.minimize((0..<width).map { $0 == width - 1 ? -1 : 0 }) else { return nil }
    let y = simplex.point
    guard y[dimension] > 0 else { return nil }
    return (0..<dimension).map { y[$0] / y[dimension] }
  }
}
