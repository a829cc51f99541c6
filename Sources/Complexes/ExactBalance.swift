import ExactArithmetic
import LinearAlgebra

/// How a ridge breaks the balancing law; none does, if the complex is right.
public enum BalanceViolation: Hashable, Sendable {
  /// The regions around the ridge do not form one cycle through walls.
  case order
  /// The two regions of a wall are not on its two sides, or its hyperplane is not what the geometry says.
  case sides(wall: Int)
  /// The affine maps on the two sides of a wall do not agree on it.
  case discontinuity(wall: Int)
  /// The weights around the ridge do not sum to zero.
  case imbalance(output: Int)
}

extension Folds {
  /// How a ridge inside the domain breaks the balancing law, exactly; nil if it does not.
  ///
  /// Definition: let α and β be two affine forms that vanish on the ridge τ, and v(σ) the point (α, β) of a vertex of the
  /// wall σ ⊃ τ that is not on τ. With D(σ) the form det(v(σ), (α, β)), which vanishes on σ, the jump of an output from
  /// the side where D(σ) is negative to the other is λ(σ) · D(σ), because the function is continuous. The law is Σ λ(σ) v(σ) = 0:
  /// this is Σ c(σ) e(σ/τ) = 0 without lengths and angles. Positions come from exact vertices, jumps from
  /// exact maps, so it fails where regions, walls, vertices or maps do not belong together.
  ///
  /// - Exactness: exact.
  /// - Requires: a ridge inside the domain.
  public func balanceViolation(around ridge: Int) -> BalanceViolation? {
    var check = ExactBalance(self, maps: complex.exactMaps)
    return check.violation(around: ridge)
  }

  /// The first ridge that breaks the balancing law, and how; nil if none does.
  public func firstBalanceViolation() -> (ridge: Int, violation: BalanceViolation)? {
    var check = ExactBalance(self, maps: complex.exactMaps)
    for ridge in 0..<ridges.count where ridges.isInterior(ridge) {
      if let violation = check.violation(around: ridge) { return (ridge, violation) }
    }
    return nil
  }
}

/// Checks the balancing law around ridges, one after the other.
struct ExactBalance {
  private let folds: Folds
  private let maps: (Int) -> [[Dyadic]]
  private var reader: ExactVertexReader
  private var knownVertices: [Int32: [Rational]] = [:]
  private var knownMaps: [Int: [[Dyadic]]] = [:]

  /// The check with the given exact maps of the outputs on regions.
  init(_ folds: Folds, maps: @escaping (Int) -> [[Dyadic]]) {
    self.folds = folds
    self.maps = maps
    reader = ExactVertexReader(folds.complex)
  }

  /// How a ridge inside the domain breaks the law; nil if it does not.
  mutating func violation(around ridge: Int) -> BalanceViolation? {
    let walls = folds.ridges.walls(around: ridge).map { Int($0) }
    let regions = folds.ridges.regions(around: ridge).map { Int($0) }
    guard isCycle(walls, regions), let alpha = form(of: walls[0]), let beta = form(of: walls[1]) else {
      return .order
    }
    let outputs = folds.complex.network.outputCount
    var sums = Array(repeating: (Rational.zero, Rational.zero), count: outputs)
    let onRidge = Set(folds.ridges.vertices(of: ridge))
    for wall in walls {
      let wallVertices = folds.complex.vertices(ofWall: wall)
      guard let outer = wallVertices.first(where: { !onRidge.contains($0) }) else { return .order }
      let position = (value(alpha, at: outer), value(beta, at: outer))
      let determinant = zip(alpha, beta).map { position.0 * $1 - position.1 * $0 }
      guard let pivot = determinant.firstIndex(where: { !$0.isZero }), let own = form(of: wall),
        isMultiple(own, of: determinant, pivot),
        case (let first, let second?) = folds.complex.regions(of: wall)
      else { return .sides(wall: wall) }
      let onWall = Set(wallVertices)
      let signs = [first, second].map { region in
        folds.complex.vertices(of: region).first { !onWall.contains($0) }.map {
          value(determinant, at: $0).sign
        }
      }
      guard let sign = signs[0], sign != 0, signs[1] == -sign else { return .sides(wall: wall) }
      let (upper, lower) = sign > 0 ? (first, second) : (second, first)
      for (output, (a, b)) in zip(exactMaps(on: upper), exactMaps(on: lower)).enumerated() {
        let jump = zip(a, b).map { Rational($0 - $1) }
        if jump.allSatisfy(\.isZero) { continue }
        guard isMultiple(jump, of: determinant, pivot),
          let factor = jump[pivot].dividedExactly(by: determinant[pivot])
        else { return .discontinuity(wall: wall) }
        sums[output].0 = sums[output].0 + factor * position.0
        sums[output].1 = sums[output].1 + factor * position.1
      }
    }
    return sums.firstIndex { !$0.0.isZero || !$0.1.isZero }.map { .imbalance(output: $0) }
  }

  /// Whether each region lies between the wall before and the wall after it.
  private func isCycle(_ walls: [Int], _ regions: [Int]) -> Bool {
    guard walls.count == regions.count, walls.count > 2, Set(walls).count == walls.count,
      Set(regions).count == regions.count
    else { return false }
    return regions.indices.allSatisfy { k in
      [walls[k], walls[(k + 1) % walls.count]].allSatisfy { wall in
        let sides = folds.complex.regions(of: wall)
        return sides.0 == regions[k] || sides.1 == regions[k]
      }
    }
  }

  private func form(of wall: Int) -> [Rational]? {
    folds.hyperplanes[wall].map { folds.hyperplanes.forms[$0] }
  }

  private func isMultiple(_ form: [Rational], of other: [Rational], _ pivot: Int) -> Bool {
    form.indices.allSatisfy { form[$0] * other[pivot] == form[pivot] * other[$0] }
  }

  private mutating func value(_ form: [Rational], at vertex: Int32) -> Rational {
    let point = knownVertices[vertex] ?? reader.homogeneous(Int(vertex)).map { Rational($0) }
    knownVertices[vertex] = point
    return zip(form, point).reduce(.zero) { $0 + $1.0 * $1.1 }
  }

  private mutating func exactMaps(on region: Int) -> [[Dyadic]] {
    let known = knownMaps[region] ?? maps(region)
    knownMaps[region] = known
    return known
  }
}
