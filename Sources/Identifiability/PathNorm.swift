import ExactArithmetic
import Networks

/// A path norm ‖Φ(θ)‖_q, of all outputs together and of each.
public struct PathNorm: Sendable {
  /// The order q: 0 counts the entries that are not zero, ∞ takes the largest.
  public let order: Double
  /// The norm of Φ.
  public let total: PathMagnitude
  /// For each output the norm of its column of Φ.
  public let outputs: [PathMagnitude]

  /// Whether the norm's q-th power is known exactly.
  public var isExact: Bool { total.exactPower != nil }
}

extension PathEmbedding {
  /// Up to how many products of exact numbers a norm is computed exactly unless asked otherwise.
  public static let exactLimit = 1_000_000

  /// The orders q for which ``norm(_:exactLimit:progress:)`` has an answer, beside 0 and ∞.
  public static let orders = ScaledDouble.orders

  /// The path norm ‖Φ(θ)‖_q = (Σ |Φ_{p,o}|^q)^{1/q}; for q = 0 the number of entries that are not zero, for q = ∞ the
  /// largest magnitude.
  ///
  /// - Parameters:
  ///   - order: The order q.
  ///   - exactLimit: Up to how many products to stay exact, for 1 and even orders.
  /// - Requires: q is 0, ∞, or in ``orders``.
  /// - Exactness: for q = 0 and ∞ exact; for q = 1 and even q exact up to the limit; otherwise a proved enclosure, whose
  ///   logarithm rests on the C library's. A rounded ``Network/Lowering`` is not included.
  /// - Throws: `CancellationError`.
  /// - Complexity: one pass over the nonzero weights.
  /// - Reference: [GBRG24] one forward pass on |θ|^q.
  public func norm(
    _ order: Double, exactLimit: Int = PathEmbedding.exactLimit, progress: Progress = Progress()
  ) throws -> PathNorm {
    if order == 0 {
      return exactNorm(1, try entryCounts(progress: progress).map { Dyadic($0) }, reported: 0)
    }
    if order == .infinity {
      let largest = try largestEntries(progress: progress)
      let values = largest.map { $0?.value.magnitude ?? .zero }
      return PathNorm(
        order: order, total: PathMagnitude(rootOf: values.max() ?? .zero, order: 1),
        outputs: values.map { PathMagnitude(rootOf: $0, order: 1) })
    }
    precondition(
      PathEmbedding.orders.contains(order), "order \(order) is not in \(PathEmbedding.orders)")
    if order == 1 || order.truncatingRemainder(dividingBy: 2) == 0,
      Double(graph.edgeCount) * order <= Double(exactLimit)
    {
      let power = Int(order)
      let sums = try graph.sums(
        graph.weights(of: network).map { $0.magnitude.powered(power) }, progress: progress)
      return exactNorm(order, graph.outputs.map { sums[$0] }, reported: order)
    }
    return try roundedNorm(order, progress)
  }

  private func exactNorm(_ root: Double, _ powers: [Dyadic], reported order: Double) -> PathNorm {
    PathNorm(
      order: order, total: PathMagnitude(rootOf: powers.reduce(.zero) { $0 + $1 }, order: root),
      outputs: powers.map { PathMagnitude(rootOf: $0, order: root) })
  }

  private func roundedNorm(_ order: Double, _ progress: Progress) throws -> PathNorm {
    let values = graph.scaledMagnitudes(of: network).map { $0.powered(order) }
    let pass = try graph.roundedSums(
      values, valueErrors: 1 + ScaledDouble.powerErrors(order), progress: progress)
    let powers = graph.outputs.map { pass.sums[$0] }
    let total = powers.reduce(ScaledDouble.zero, +)
    return PathNorm(
      order: order,
      total: PathMagnitude(
        rootOf: total, order: order, errors: pass.worstError + 2 * Double(powers.count)),
      outputs: powers.map { PathMagnitude(rootOf: $0, order: order, errors: pass.worstError) })
  }
}

extension PathGraph {
  /// |θ| in floating point, within a relative 2^-53.
  func scaledMagnitudes(of network: Network) -> PathValues<ScaledDouble> {
    values(of: network, none: .zero) { matrix, position in
      if let exact = matrix.corrections[position] { return ScaledDouble(rounding: exact) }
      return ScaledDouble(matrix.nearest.elements[position].magnitude)
    }
  }
}

extension ScaledDouble {
  /// The sum, within two relative errors.
  static func + (a: ScaledDouble, b: ScaledDouble) -> ScaledDouble {
    if a.significand == 0 { return b }
    if b.significand == 0 { return a }
    let (high, low) = a.exponent >= b.exponent ? (a, b) : (b, a)
    if high.exponent - low.exponent > 1000 { return high }
    let shifted = Double(
      sign: .plus, exponent: low.exponent - high.exponent, significand: low.significand)
    return ScaledDouble(high.significand + shifted, exponent: high.exponent)
  }
}

extension Dyadic {
  /// The power with a positive exponent.
  func powered(_ exponent: Int) -> Dyadic {
    var result = Dyadic.one
    var square = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }
}
