import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Published bounds of the capacity of a network at a sample, evaluated in log space.
///
/// Each is a function that gives a ``ComplexityBound`` with its formula and every number that went into it. Norms are
/// proved upper bounds, so a value errs upward, up to the rounding of logarithms. Symbols: n samples X, κ outputs,
/// margin γ, layers W_1, …, W_L with s_i = ‖W_i‖₂ and p_i entries, W_i⁰ the initial ones.
///
///     let norms = try NetworkNorms(of: network)
///     let sample = try MarginSample(inputs, labels: labels, network: network, carriesUnit: norms.carriesBiases)
///     let comparator = Comparator(norms: norms, sample: sample, margin: sample.margin(quantile: 0))
///     comparator.bounds.map { ($0.name, $0.log10Value) }
///
/// Two kinds are here. *Covering* bounds (Bartlett and others, Graf and others, Lin & Zhang) are about the Rademacher
/// complexity of the ramp losses at margin γ, and there are none without a positive margin. *Layer peeling* bounds
/// (Neyshabur and others, Golowich and others, Gouk and others) are about the outputs, no margin in them; the factor κ
/// is vector contraction. The bounds of Ledent and others 2021 are left out: their constants hide in definitions that
/// could not be checked against the paper.
///
/// - Reference: formulas as implemented in the code that accompanies [GHNK22], where not said otherwise; none was
///   checked against the text of its paper.
public struct Comparator: Hashable, Sendable {
  /// The layers.
  public let norms: NetworkNorms
  /// The sample.
  public let sample: MarginSample
  /// The margin γ, where there is one.
  public let margin: Double?
  /// The probability 1 − δ of bounds that hold with one is told by δ.
  public let delta: Double

  /// The bounds of a network at a sample.
  ///
  /// - Requires: the sample measures (x, 1) where the norms carry biases; δ is in (0, 1).
  public init(norms: NetworkNorms, sample: MarginSample, margin: Double?, delta: Double = 0.05) {
    precondition(
      norms.carriesBiases == sample.carriesUnit,
      "norms carry biases where the sample does not, or the reverse")
    precondition(delta > 0 && delta < 1, "δ = \(delta) is not between 0 and 1")
    self.norms = norms
    self.sample = sample
    self.margin = margin
    self.delta = delta
  }

  /// All bounds that apply: those about ramp losses only for a positive margin.
  public var bounds: [ComplexityBound] {
    [
      bartlettFosterTelgarsky, grafNorms, grafParameters, linZhang, neyshaburSpectral, neyshaburRows,
      neyshaburFrobenius, golowichFrobenius, golowichRows, gouk,
    ].compactMap(\.self)
  }

  /// Why bounds about ramp losses are missing; nil where they are there.
  public var marginObstacle: String? {
    guard let margin else { return "no margin is given, and without labels none can be measured" }
    return margin > 0
      ? nil
      : "the margin \(margin) is not positive: some samples are misclassified, and the ramp loss has no slope"
  }

  // MARK: Symbols

  /// L.
  var depth: Int { norms.layers.count }
  /// n.
  var count: Double { Double(sample.count) }
  /// κ.
  var classes: Double { Double(norms.outputCount) }
  /// The number of inputs the matrices see.
  var inputs: Double { Double(norms.inputCount + (norms.carriesBiases ? 1 : 0)) }

  /// The positive margin.
  var slope: Double? { margin.flatMap { $0 > 0 ? $0 : nil } }

  /// ln of the product of a norm over the layers, but for one of them.
  func logProduct(besides left: Int? = nil, _ norm: (LayerNorms) -> Double) -> Double {
    norms.layers.indices.reduce(0) { $1 == left ? $0 : $0 + log(norm(norms.layers[$1])) }
  }

  /// ln of ‖X‖_F / √n.
  var logMeanInput: Double { log(sample.frobenius) - 0.5 * log(count) }

  /// A constant told by its natural logarithm.
  func constant(_ symbol: String, _ meaning: String, ln value: Double) -> ComplexityBound.Constant {
    ComplexityBound.Constant(symbol: symbol, meaning: meaning, log10: value / log(10))
  }

  /// A bound told by its natural logarithm, with the constants and assumptions that all share.
  func bound(
    _ name: String, _ formula: String, ln value: Double, _ constants: [ComplexityBound.Constant],
    _ assumptions: [String], _ reference: String
  ) -> ComplexityBound {
    var shared = [constant("n", "samples", ln: log(count)), constant("L", "layers", ln: log(Double(depth)))]
    if norms.carriesBiases {
      shared.append(constant("1", "carried along as an input, so that matrices hold the biases", ln: 0))
    }
    return ComplexityBound(
      name: name, formula: formula, log10Value: value / log(10), constants: shared + constants,
      assumptions: assumptions + [
        norms.carriesBiases
          ? "A class of networks without biases, on inputs (x, 1)." : "A class of networks without biases."
      ], reference: reference, standing: .unchecked)
  }
}

/// ln Σ exp(x), without leaving the range of doubles.
func logSum(_ logs: [Double]) -> Double {
  guard let top = logs.max(), top > -.infinity else { return -.infinity }
  if top == .infinity { return top }
  return top + log(logs.reduce(0) { $0 + exp($1 - top) })
}

/// ln ⌈exp(x)⌉: beyond 2⁵² a number is its own ceiling, as far as doubles tell.
func logCeiling(_ x: Double) -> Double { x > 36 ? x : log(exp(x).rounded(.up)) }
