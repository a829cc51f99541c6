import Equivalence
import ExactArithmetic
import Networks
import Symmetry

/// How far two networks of one architecture are apart, by their path embeddings.
///
/// Definition: ‖Φ(θ) − Φ(θ')‖₂ and ‖Φ(θ) − Φ(θ')‖₁ over all paths and outputs. Both are the same for all rescalings of θ
/// and of θ'.
///
/// - Exactness: ``innerProduct`` and ``squaredDistance`` are exact; ``manhattan`` says what it is.
/// - Reference: [SG22]; [GBRG25] for ``functionBound``.
public struct PathMetric: Sendable {
  /// ⟨Φ(θ), Φ(θ')⟩.
  public let innerProduct: Dyadic
  /// ‖Φ(θ)‖₂² and ‖Φ(θ')‖₂².
  public let squaredNorms: (first: Dyadic, second: Dyadic)
  /// ‖Φ(θ) − Φ(θ')‖₁, exactly or between bounds.
  public let manhattan: Manhattan
  /// Whether one network is a rescaling of the other.
  public let rescaling: RescalingVerdict

  /// ‖Φ(θ) − Φ(θ')‖₂².
  public var squaredDistance: Dyadic {
    squaredNorms.first + squaredNorms.second - innerProduct.scaled(byPowerOfTwo: 1)
  }

  /// ‖Φ(θ) − Φ(θ')‖₂.
  public var distance: PathMagnitude { PathMagnitude(rootOf: squaredDistance, order: 2) }

  /// Whether Φ(θ) = Φ(θ').
  ///
  /// Signs of θ are not seen: they need ``rescaling``.
  public var hasEqualEmbeddings: Bool { squaredDistance.isZero }

  /// A bound B with ‖f_θ(x) − f_θ'(x)‖₁ ≤ B · max(1, ‖x‖∞) for all x.
  ///
  /// For parameters of equal signs it is the ℓ1 path metric; opposite signs pass through zero first.
  ///
  /// - Exactness: proved.
  /// - Reference: [GBRG25].
  public var functionBound: PathMagnitude { manhattan.upper }

  /// The ℓ1 path metric between proved bounds.
  public struct Manhattan: Sendable {
    /// How the signs and sizes of the parameters compare, which decides what is known.
    public enum Rule: Hashable, Sendable {
      /// Signs agree and |θ'| ≤ |θ| everywhere, or the reverse: the metric is the difference of the norms.
      case ordered
      /// Signs agree: the metric is at most 2‖Φ(m)‖ − ‖Φ(θ)‖ − ‖Φ(θ')‖ with m = max(|θ|, |θ'|).
      case sameSigns
      /// This many parameters have opposite signs: the way leads through θ with these set to zero.
      case oppositeSigns(Int)
    }

    /// The rule that applied.
    public let rule: Rule
    /// Whether the neurons of the second network were rescaled to fit those of the first before the upper bound.
    public let isAligned: Bool
    /// A proved lower bound, the difference of the norms; nil where only the upper bound was computed.
    public let lower: PathMagnitude?
    /// A proved upper bound; equal to the lower one where parameters are ordered.
    public let upper: PathMagnitude
    /// For each output the upper bound of its column.
    public let outputs: [PathMagnitude]
  }
}

extension PathEmbedding {
  /// ⟨Φ(θ), Φ(θ')⟩ over all paths and outputs, by one linear pass over the products of corresponding parameters.
  ///
  /// - Requires: the same architecture.
  /// - Exactness: exact.
  /// - Throws: `CancellationError`.
  /// - Complexity: two exact products for each nonzero weight.
  public func innerProduct(with other: PathEmbedding, progress: Progress = Progress()) throws -> Dyadic {
    precondition(network.hasArchitecture(of: other.network), "paths of different architectures")
    let own = graph.weights(of: network)
    let products = own.combined(with: graph.weights(of: other.network)) { $0 * $1 }
    let sums = try graph.sums(products, progress: progress)
    return graph.outputs.reduce(.zero) { $0 + sums[$1] }
  }

  /// The distances of two path embeddings, and whether the parameters are rescalings of one another.
  ///
  /// - Parameter exactLimit: Up to how many nonzero weights ℓ1 sums are exact; beyond, they are bounds rounded up.
  /// - Requires: the same architecture.
  /// - Exactness: see ``PathMetric``. A rounded ``Network/Lowering`` is not included.
  /// - Throws: `CancellationError`.
  /// - Complexity: eight passes over the nonzero weights.
  public func metric(
    to other: PathEmbedding, exactLimit: Int = PathEmbedding.exactLimit, progress: Progress = Progress()
  ) throws -> PathMetric {
    let cross = try innerProduct(with: other, progress: progress)
    let first = try innerProduct(with: self, progress: progress)
    let second = try other.innerProduct(with: other, progress: progress)
    try progress.step("deciding whether there is a rescaling")
    let rescaling = network.rescaling(to: other.network)
    return PathMetric(
      innerProduct: cross, squaredNorms: (first, second),
      manhattan: rescaling.rescaling == nil
        ? try manhattan(to: other, exactLimit, progress) : .zero(outputs: network.outputCount),
      rescaling: rescaling)
  }

  /// The best of what the parameters give as they are, and with the second network's neurons rescaled to fit.
  private func manhattan(
    to other: PathEmbedding, _ exactLimit: Int, _ progress: Progress
  ) throws -> PathMetric.Manhattan {
    let joint = PathGraph(network, other.network)
    let pairs = joint.weights(of: network).combined(with: joint.weights(of: other.network)) {
      SignedPair($0, $1)
    }
    let canRound = pairs.edges.allSatisfy(\.canRound) && pairs.biases.allSatisfy(\.canRound)
    let one = Array(repeating: 1.0, count: joint.signalCount)
    let plain =
      joint.edgeCount <= exactLimit || !canRound
      ? try joint.exactManhattan(pairs, progress)
      : try joint.roundedManhattan(pairs, scales: one, isAligned: false, progress)
    if plain.rule == .ordered && plain.lower != nil || !canRound { return plain }
    let aligned = try joint.roundedManhattan(
      pairs, scales: joint.fittingScales(pairs), isAligned: true, progress)
    if aligned.upper.log10.upper >= plain.upper.log10.upper { return plain }
    return PathMetric.Manhattan(
      rule: plain.rule, isAligned: true, lower: plain.lower, upper: aligned.upper, outputs: aligned.outputs)
  }
}

extension PathGraph {
  fileprivate func exactManhattan(
    _ pairs: PathValues<SignedPair>, _ progress: Progress
  ) throws -> PathMetric.Manhattan {
    func sums(_ part: (SignedPair) -> Dyadic) throws -> [Dyadic] {
      let all = try self.sums(pairs.map(part), progress: progress)
      return outputs.map { all[$0] }
    }
    let rule = PathMetric.Manhattan.Rule(pairs.edges + pairs.biases)
    let first = try sums(\.x)
    let second = try sums(\.y)
    let lower = zip(first, second).reduce(Dyadic.zero) { $0 + ($1.0 - $1.1).magnitude }
    var bounds = zip(first, second).map { ($0 - $1).magnitude }
    if rule != .ordered {
      // With c the part of θ that has the signs of θ': ‖Φ(θ)‖ − ‖Φ(c)‖ on the way to c, 2‖Φ(m)‖ − ‖Φ(c)‖ − ‖Φ(θ')‖ on.
      let common = try sums(\.common)
      let larger = try sums(\.larger)
      bounds = bounds.indices.map { o in
        first[o] - common[o] + larger[o].scaled(byPowerOfTwo: 1) - common[o] - second[o]
      }
    }
    return PathMetric.Manhattan(
      rule: rule, isAligned: false, lower: PathMagnitude(rootOf: lower, order: 1),
      upper: PathMagnitude(rootOf: bounds.reduce(.zero) { $0 + $1 }, order: 1),
      outputs: bounds.map { PathMagnitude(rootOf: $0, order: 1) })
  }

  /// The upper bound in floating point, with signal v of the second network multiplied by `scales[v]`.
  ///
  /// Any scales are a rescaling, which changes neither Φ nor the function, so the bound holds for all of them.
  fileprivate func roundedManhattan(
    _ pairs: PathValues<SignedPair>, scales: [Double], isAligned: Bool, _ progress: Progress
  ) throws -> PathMetric.Manhattan {
    let sizes = pairs.map { ($0.x.nearestDouble, $0.y.nearestDouble, $0.isOpposite) }
    let one = PathMetricSums(one: 1)
    var sums = Array(repeating: one, count: inputCount)
    for layer in 1..<widths.count {
      try progress.step("bounding the path metric, layer", done: layer, of: widths.count - 1)
      for signal in firstSignal[layer]..<firstSignal[layer + 1] {
        let scale = scales[signal]
        var sum = PathMetricSums()
        let bias = sizes.biases[signal]
        sum.add(bias.0, bias.1 * scale, oppositeSigns: bias.2, times: one)
        for edge in edges(into: signal) {
          let (x, y, isOpposite) = sizes.edges[edge]
          let source = Int(sources[edge])
          sum.add(x, y * (scale / scales[source]), oppositeSigns: isOpposite, times: sums[source])
        }
        sums.append(sum)
      }
    }
    let bounds = outputs.map { sums[$0].bound }
    let total = bounds.reduce(Interval(0)) { $0 + Interval($1) }.upper
    return PathMetric.Manhattan(
      rule: PathMetric.Manhattan.Rule(pairs.edges + pairs.biases), isAligned: isAligned, lower: nil,
      upper: PathMagnitude(atMost: total), outputs: bounds.map { PathMagnitude(atMost: $0) })
  }

  /// Factors for the signals of the second network under which each row has the 1-norm it has in the first.
  fileprivate func fittingScales(_ pairs: PathValues<SignedPair>) -> [Double] {
    var scales = Array(repeating: 1.0, count: inputCount)
    for signal in inputCount..<signalCount {
      var first = pairs.biases[signal].x.nearestDouble
      var second = pairs.biases[signal].y.nearestDouble
      for edge in edges(into: signal) {
        first += pairs.edges[edge].x.nearestDouble
        second += pairs.edges[edge].y.nearestDouble / scales[Int(sources[edge])]
      }
      let scale = first / second
      scales.append(!outputs.contains(signal) && (0x1p-200...0x1p200).contains(scale) ? scale : 1)
    }
    return scales
  }
}

extension PathMetric.Manhattan {
  /// The metric of two rescalings.
  fileprivate static func zero(outputs: Int) -> PathMetric.Manhattan {
    let zero = PathMagnitude(rootOf: .zero, order: 1)
    return PathMetric.Manhattan(
      rule: .sameSigns, isAligned: true, lower: zero, upper: zero,
      outputs: Array(repeating: zero, count: outputs))
  }
}

extension PathMetric.Manhattan.Rule {
  /// The rule for pairs of parameters.
  fileprivate init(_ pairs: [SignedPair]) {
    let opposite = pairs.count(where: \.isOpposite)
    if opposite > 0 {
      self = .oppositeSigns(opposite)
    } else {
      let isOrdered = pairs.allSatisfy { $0.x >= $0.y } || pairs.allSatisfy { $0.x <= $0.y }
      self = isOrdered ? .ordered : .sameSigns
    }
  }
}

/// The magnitudes of two corresponding parameters, and whether their signs are opposite.
fileprivate struct SignedPair {
  let x: Dyadic
  let y: Dyadic
  let isOpposite: Bool

  init(_ a: Dyadic, _ b: Dyadic) {
    x = a.magnitude
    y = b.magnitude
    isOpposite = a.sign * b.sign < 0
  }

  /// |θ| where the signs agree, else 0.
  var common: Dyadic { isOpposite ? .zero : x }
  /// Whether rounding and scaling by up to 2^±400 keep both within two relative roundings, or overflow.
  var canRound: Bool {
    (x.isZero || x.nearestDouble >= 0x1p-600) && (y.isZero || y.nearestDouble >= 0x1p-600)
  }
  /// The larger of the common part and |θ'|.
  var larger: Dyadic { max(common, y) }
}
