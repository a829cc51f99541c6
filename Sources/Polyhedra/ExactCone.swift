import ExactArithmetic
import LinearAlgebra

/// Whether a linear form is a nonnegative combination of given ones, decided exactly.
///
/// Definition: by Farkas' lemma either z = Σ λᵢ gᵢ with all λᵢ ≥ 0, or some y has gᵢ · y ≥ 0 for all i and z · y < 0.
/// The algorithm keeps a basis of the space that consists of generators and, where these do not span, unit vectors.
/// It writes z in that basis; a negative coefficient (smallest index first, so that nothing cycles) gives a y; a
/// generator that y contradicts takes the place of the one with the negative coefficient.
///
/// - Exactness: exact over the dyadics, without fractions.
/// - Complexity: O(N³ + m N) operations for each step, in dimension N with m generators. From the basis of a
///   floating-point optimum there is rarely more than one step.
/// - Reference: [Bla77] the rule of the smallest index.
enum ExactCone {
  /// The two cases of Farkas' lemma.
  enum Membership: Equatable {
    /// z = Σ factors[k] / denominator · g[generators[k]], all quotients ≥ 0.
    case combination(generators: [Int], factors: [Dyadic], denominator: Dyadic)
    /// A vector y with all gᵢ · y ≥ 0 and z · y < 0.
    case separated([Dyadic])
  }

  private enum Element: Equatable {
    case generator(Int)
    case unit(Int)
  }

  /// Decides whether `target` lies in the cone of the generators.
  ///
  /// - Parameters:
  ///   - target: the form z, of N coefficients.
  ///   - count: the number of generators.
  ///   - start: generators to begin with; any will do, in number and independence.
  ///   - certainSign: the sign of a generator at an approximate point if it is sure of it, else nil. It must allow
  ///     for each coordinate being off by one unit in the last place.
  ///   - generator: the coefficients of a generator; asked at most once for each.
  static func membership(
    of target: [Dyadic], count: Int, start: [Int] = [],
    certainSign: (Int, [Double]) -> Int? = { _, _ in nil }, generator: (Int) -> [Dyadic]
  ) -> Membership {
    let dimension = target.count
    var known: [Int: [Dyadic]] = [:]
    func coefficients(_ i: Int) -> [Dyadic] {
      if let row = known[i] { return row }
      let row = generator(i)
      precondition(row.count == dimension, "generator \(i) has \(row.count) entries, not \(dimension)")
      known[i] = row
      return row
    }
    func vector(_ element: Element) -> [Dyadic] {
      switch element {
      case .generator(let i): return coefficients(i)
      case .unit(let j): return (0..<dimension).map { $0 == j ? .one : .zero }
      }
    }

    var space = ExactElimination(columns: dimension)
    var basis: [Element] = []
    for i in start where basis.count < dimension && space.insert(coefficients(i)) {
      basis.append(.generator(i))
    }
    for j in 0..<dimension where !space.pivotColumns.contains(j) { basis.append(.unit(j)) }

    while true {
      let vectors = basis.map(vector)
      let equations = (0..<dimension).map { k in vectors.map { $0[k] } }
      guard let solution = ExactElimination.solution(of: equations, rightSides: target) else {
        preconditionFailure("the vectors of a basis depend on one another")
      }
      let signs = solution.numerators.map { $0.sign * solution.denominator.sign }
      guard let leaving = leavingPosition(basis, signs) else {
        let used = basis.indices.filter { signs[$0] != 0 }
        return .combination(
          generators: used.map { if case .generator(let i) = basis[$0] { i } else { -1 } },
          factors: used.map { solution.numerators[$0] }, denominator: solution.denominator)
      }
      let y = direction(vectors, leaving, sign: -signs[leaving])
      let rounded = normalized(y)
      let entering = (0..<count).first { i in
        // Elements of the basis are 0 at y, or positive.
        if basis.contains(.generator(i)) { return false }
        if let sign = certainSign(i, rounded) { return sign < 0 }
        return zip(coefficients(i), y).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }.sign < 0
      }
      guard let entering else { return .separated(y) }
      basis[leaving] = .generator(entering)
    }
  }

  /// The doubles nearest to a positive multiple of y with entries below 2 in absolute value.
  static func normalized(_ y: [Dyadic]) -> [Double] {
    let top = y.lazy.compactMap(\.magnitudeExponent).max() ?? 0
    return y.map { $0.scaled(byPowerOfTwo: -top).nearestDouble }
  }

  /// The element to give up: a unit vector that is needed, else the generator of smallest index with λ < 0.
  private static func leavingPosition(_ basis: [Element], _ signs: [Int]) -> Int? {
    var smallest: (index: Int, position: Int)?
    for (position, element) in basis.enumerated() where signs[position] != 0 {
      switch element {
      case .unit: return position
      case .generator(let index):
        if signs[position] < 0, smallest.map({ index < $0.index }) ?? true { smallest = (index, position) }
      }
    }
    return smallest?.position
  }

  /// The vector orthogonal to all of the basis but one element, on which it has the given sign.
  private static func direction(_ vectors: [[Dyadic]], _ omitted: Int, sign: Int) -> [Dyadic] {
    var space = ExactElimination(columns: vectors.count)
    for (i, vector) in vectors.enumerated() where i != omitted { space.insert(vector) }
    guard let y = space.nullVector else {
      preconditionFailure("the vectors of a basis depend on one another")
    }
    let value = zip(vectors[omitted], y).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }
    return value.sign == sign ? y : y.map { -$0 }
  }
}
