import Equivalence
import ExactArithmetic
import Identifiability
import LinearAlgebra
import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Proved bounds of sup |f − g|∞ for two networks of one architecture: what pruning or quantising can have changed.
///
///     let gap = FunctionGap(f, g, domain: box)
///     gap.bounds.map { ($0.name, $0.log10Value) }
///
/// On a domain bounds are absolute. On all of ℝⁿ they count in units of M = max(1, ‖x‖∞), which is legitimate because
/// each is a sum of products of weights with |x| ≤ M or with a bias ≤ bias · M.
///
/// Notation, with a layer l reading layers k: δ = ‖θ − θ'‖∞; n_k the width of layer k; H_{k,j} an upper bound of
/// signal j of layer k of the first network, by intervals and by path sums; all sums rounded upward.
///
/// - Exactness: proved, up to the C library's logarithm at the very end; what reading may have rounded is added.
public struct FunctionGap: Sendable {
  /// The first network.
  public let first: Network
  /// The second network.
  public let second: Network
  /// The inputs the bounds are about; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// ‖θ − θ'‖∞, rounded up.
  public let parameterDistance: Double
  private let ranges: SignalSizes
  private let otherRanges: SignalSizes
  private let rows: [LayerPair]
  /// What reading may have changed.
  private let reading: Double

  /// Two networks to be told apart.
  ///
  /// - Requires: the same architecture; a domain has as many dimensions as the networks have inputs.
  /// - Complexity: O(parameters) of interval arithmetic.
  public init(_ first: Network, _ second: Network, domain: InputDomain?) {
    precondition(
      first.hasArchitecture(of: second), "\(first.widths) and \(second.widths) differ in shape")
    precondition(
      domain.map { $0.dimension == first.inputCount } ?? true, "a domain for \(first.inputCount) inputs")
    self.first = first
    self.second = second
    self.domain = domain
    ranges = SignalSizes(first, domain)
    otherRanges = SignalSizes(second, domain)
    rows = zip(first.layers, second.layers).map { LayerPair($0, $1) }
    parameterDistance = rows.map(\.largestDifference).max() ?? 0
    reading =
      zip(first.loweringBound(domain: domain), second.loweringBound(domain: domain))
      .map { UpwardSum.sum($0, $1) }.max() ?? 0
  }

  /// All bounds, from the one that sees most to the one that sees least.
  ///
  /// - Throws: `CancellationError`.
  public func bounds(progress: Progress = Progress()) throws -> [ComplexityBound] {
    [entrywise, try pathMetric(progress: progress), layerwise, largestParameter, uniform].compactMap(\.self)
  }

  /// max(1, ‖x‖∞) over the domain; 1 on all of ℝⁿ, as the unit of bounds there.
  private var reach: Double { domain?.enclosure.reduce(1) { max($0, $1.magnitude) } ?? 1 }

  private var unit: String { domain == nil ? "In units of max(1, ‖x‖∞), on all of ℝⁿ." : "On the box." }

  private func proved(
    _ name: String, _ formula: String, _ value: Double, _ constants: [(String, String, Double)],
    _ assumptions: [String] = [], _ reference: String
  ) -> ComplexityBound {
    let total = value == 0 ? reading : UpwardSum.sum(value, reading)
    var all = constants
    if reading > 0 { all.append(("ρ", "what reading the files may have rounded, added", reading)) }
    return ComplexityBound(
      name: name, formula: formula, log10Value: FunctionGap.log10Above(total),
      constants: all.map {
        ComplexityBound.Constant(symbol: $0.0, meaning: $0.1, log10: FunctionGap.log10Above($0.2))
      }, assumptions: assumptions + [unit], reference: reference, standing: .proved)
  }

  /// log₁₀, moved up by what the C library may err.
  private static func log10Above(_ value: Double) -> Double {
    if value == 0 || value == .infinity { return log10(value) }
    let log = log10(value)
    return log + 8 * log.ulp
  }

  // MARK: The bounds

  /// Entry by entry: δ_i ≤ Σ |w'_ij| δ_j + Σ |w_ij − w'_ij| H_j + |b_i − b'_i|, layer by layer.
  ///
  /// A hidden δ_i is also at most the larger of the two networks' bounds of that signal, since both signals lie between
  /// 0 and these. Proof: z_i − z'_i = Σ w'_ij (h_j − h'_j) + Σ (w_ij − w'_ij) h_j + b_i − b'_i, and ReLU is 1-Lipschitz.
  public var entrywise: ComplexityBound {
    var deltas = [Array(repeating: 0.0, count: first.inputCount)]
    for (position, pair) in rows.enumerated() {
      let isLast = position == rows.count - 1
      deltas.append(
        (0..<pair.width).map { i in
          var sum = UpwardSum(pair.biasDifferences[i])
          for block in pair.blocks {
            for j in 0..<block.columns {
              let place = i * block.columns + j
              sum.add(block.sizes[place], times: deltas[block.source][j])
              sum.add(block.differences[place], times: ranges.signals[block.source][j])
            }
          }
          if isLast { return sum.value }
          return min(
            sum.value, max(ranges.signals[position + 1][i], otherRanges.signals[position + 1][i]))
        })
    }
    return proved(
      "difference, entry by entry", "δ_i = Σ |w'| δ_j + Σ |w - w'| H_j + |b - b'|",
      deltas[deltas.count - 1].max() ?? 0,
      [("H", "largest bound of a hidden signal", ranges.largest)], [], "Proved at FunctionGap.entrywise")
  }

  /// The ℓ1 path metric, times max(1, ‖x‖∞): the largest over outputs.
  ///
  /// For parameters of equal signs ‖Φ(θ) − Φ(θ')‖₁, or its bound 2‖Φ(m)‖ − ‖Φ(θ)‖ − ‖Φ(θ')‖; entries of opposite signs
  /// are moved to zero first and both ways added. The smaller of θ' as it is and θ' rescaled to fit θ: any rescaling is
  /// allowed, as neither the function nor Φ sees it.
  ///
  /// - Reference: [GBRG25] for equal signs, where the theorem's number and constant were not checked against the paper;
  ///   the argument is that of ``PathMetric``: parameters moved towards zero one at a time lose, along paths, all that
  ///   the outputs can move.
  public func pathMetric(progress: Progress = Progress()) throws -> ComplexityBound {
    let metric = try PathEmbedding(of: first).metric(to: PathEmbedding(of: second), progress: progress)
    let distance = metric.manhattan.outputs.map(\.value.upper).max() ?? 0
    let rule =
      switch metric.manhattan.rule {
      case .ordered: "One network's parameters are smaller throughout."
      case .sameSigns: "Signs agree."
      case .oppositeSigns(let count): "\(count) signs are opposite; the way leads through 0."
      }
    return proved(
      "difference, path metric", "max(1, ‖x‖∞) · max_o ‖Φ(θ)_o - Φ(θ')_o‖₁",
      distance == 0 ? 0 : (distance * reach).nextUp,
      [("‖Φ-Φ'‖₁", "path metric of the worst output", distance), ("M", "max(1, ‖x‖∞)", reach)],
      [rule] + (metric.manhattan.isAligned ? ["Neurons of the second network rescaled to fit."] : []),
      "[GBRG25]; proved for any signs at PathMetric")
  }

  /// K ‖θ − θ'‖∞ with K from the layers: K_l = Σ_k (A'_{l,k} K_k + n_k M_k) + 1, K₀ = 0.
  ///
  /// A'_{l,k} is the largest row 1-norm of the second network's block, M_k the largest bound of a signal of layer k of
  /// the first. Proof: ``entrywise`` with |w − w'| ≤ δ, |b − b'| ≤ δ, H ≤ M and δ_j ≤ K_k δ.
  public var layerwise: ComplexityBound {
    lipschitz(
      "difference, Lipschitz by layers", "K ‖θ-θ'‖∞, K_l = Σ_k (A'_{l,k} K_k + n_k M_k) + 1",
      "Proved at FunctionGap.layerwise", sizes: ranges.signals.map { $0.max() ?? 0 }
    ) { $0.rowNorm }
  }

  /// K ‖θ − θ'‖∞ with K from the largest parameter B alone: M_l = B (Σ n_k M_k + 1), A'_{l,k} = B n_k.
  ///
  /// For a plain chain K = Σ_l (d_l M_l + 1) Π_{j>l} B d_j. Proof: ``layerwise`` with M_l and A' replaced by what B allows.
  public var largestParameter: ComplexityBound {
    let bound = rows.map(\.largestEntry).max() ?? 0
    var sizes = [domain?.enclosure.reduce(0) { max($0, $1.magnitude) } ?? 1]
    for layer in rows {
      var sum = UpwardSum(1)
      for block in layer.blocks { sum.add(Double(block.columns), times: sizes[block.source]) }
      sizes.append((bound * sum.value).nextUp)
    }
    return lipschitz(
      "difference, Lipschitz by largest entry", "K ‖θ-θ'‖∞, K = Σ_l (d_l M_l + 1) Π_{j>l} B d_j",
      "Proved at FunctionGap.largestParameter", sizes: sizes,
      extra: [("B", "largest parameter of both", bound)]
    ) { (bound * Double($0.columns)).nextUp }
  }

  private func lipschitz(
    _ name: String, _ formula: String, _ reference: String, sizes: [Double],
    extra: [(String, String, Double)] = [], norm: (LayerPair.Block) -> Double
  ) -> ComplexityBound {
    var constants = [0.0]
    for layer in rows {
      var sum = UpwardSum(1)
      for block in layer.blocks {
        sum.add(norm(block), times: constants[block.source])
        sum.add(Double(block.columns), times: sizes[block.source])
      }
      constants.append(sum.value)
    }
    let constant = constants[constants.count - 1]
    return proved(
      name, formula, parameterDistance == 0 ? 0 : (constant * parameterDistance).nextUp,
      [("K", "Lipschitz constant", constant), ("δ", "‖θ-θ'‖∞", parameterDistance)] + extra, [], reference)
  }

  /// The comparator of fully connected networks: max(1, ‖x‖∞) · L (W + 1) R^{L−1} ‖θ − θ'‖∞.
  ///
  /// L layers, W the largest number of signals a layer reads, R ≥ 1 no smaller than any row 1-norm of [W_l b_l] of either
  /// network. Proof: with M = max(1, ‖x‖∞), ‖h_l‖∞ ≤ R^l M by induction, as |z_i| ≤ Σ |w| R^{l−1} M + |b| ≤ R · R^{l−1} M. So
  /// e_l = ‖h_l − h'_l‖∞ obeys e_l ≤ R e_{l−1} + δ (W R^{l−1} M + 1) ≤ R e_{l−1} + δ (W + 1) R^{l−1} M, and by induction
  /// e_l ≤ l (W + 1) R^{l−1} M δ. The form remembered from [GBRG25], (D + 1) W L² R^{L−1} δ, has another factor L.
  ///
  /// - Returns: nil with skip blocks.
  public var uniform: ComplexityBound? {
    guard first.isSequential else { return nil }
    let width = Double(rows.map { $0.blocks[0].columns }.max() ?? 0)
    let radius = max(1, rows.map(\.largestRow).max() ?? 0)
    let depth = Double(rows.count)
    if parameterDistance == 0 {
      return proved(
        "difference, uniform comparator", "M L (W+1) R^{L-1} ‖θ-θ'‖∞", 0, [], [],
        "Proved at FunctionGap.uniform")
    }
    var value = (reach * depth * (width + 1) * (1 + 0x1p-50) * parameterDistance).nextUp
    for _ in 1..<max(1, rows.count) { value = (value * radius).nextUp }
    return proved(
      "difference, uniform comparator", "M L (W+1) R^{L-1} ‖θ-θ'‖∞", value,
      [
        ("M", "max(1, ‖x‖∞)", reach), ("L", "layers", depth), ("W", "largest width read", width),
        ("R", "largest row 1-norm with bias, at least 1", radius), ("δ", "‖θ-θ'‖∞", parameterDistance),
      ], [], "Proved at FunctionGap.uniform; the form [GBRG25] compares with, from memory")
  }
}
