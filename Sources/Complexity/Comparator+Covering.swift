#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Bounds through covering numbers: of the ramp losses at margin γ.

extension Comparator {
  /// ln C_i for each layer, C_i = (4/γ) (‖X‖_F/√n) Π_{j≠i} s_j ‖W_i − W_i⁰‖_{2,1}.
  private func logCovers(_ margin: Double) -> [Double] {
    norms.layers.indices.map { i in
      log(4) - log(margin) + logMeanInput + logProduct(besides: i, \.spectral.upper)
        + log(norms.layers[i].distanceTwoOne)
    }
  }

  private func shared(_ margin: Double) -> [ComplexityBound.Constant] {
    [
      constant("γ", "margin", ln: log(margin)),
      constant("‖X‖_F/√n", "root mean square input", ln: logMeanInput),
      constant("Π s", "product of spectral norms, upper bounds", ln: logProduct(\.spectral.upper)),
    ]
  }

  private var largestMatrix: Double { Double(norms.layers.map(\.parameterCount).max() ?? 1) }

  /// The Rademacher complexity of the ramp losses, by Bartlett, Foster and Telgarsky:
  /// 4/n + (12 ln n/√n) √ln(2 max p_i) (Σ C_i^{2/3})^{3/2}.
  ///
  /// - Returns: nil without a positive margin.
  /// - Reference: [BFT17] Lemma A.8, as implemented with p_i for the squared width; the paper's text was not at hand.
  public var bartlettFosterTelgarsky: ComplexityBound? {
    guard let margin = slope else { return nil }
    let total = 1.5 * logSum(logCovers(margin).map { $0 * 2 / 3 })
    let factor = log(12) + log(log(count)) - 0.5 * log(count) + 0.5 * log(log(2 * largestMatrix))
    return bound(
      "Bartlett-Foster-Telgarsky 2017",
      "4/n + (12 ln n/√n) √ln(2 max p) (Σ C^{2/3})^{3/2}, C = (4/γ)(‖X‖_F/√n)(Π s)‖W-W0‖_{2,1}/s",
      ln: logSum([log(4) - log(count), factor + total]),
      shared(margin) + [
        constant("max p", "entries of the largest matrix", ln: log(largestMatrix)),
        constant("(Σ C^{2/3})^{3/2}", "sum over layers", ln: total),
      ], ["Ramp loss at margin γ; 1-Lipschitz activations that keep 0."], "[BFT17] Lemma A.8, from code")
  }

  /// The Rademacher complexity of the ramp losses, by Graf and others, in norms:
  /// 4/n + (12 H_{n−1}/√n) √ln(2 max p_i) (Σ ⌈C_i^{2/3}⌉)^{3/2}.
  ///
  /// The harmonic number and the ceilings are those of the paper as quoted; the released code has ln n and no ceiling,
  /// which is ``bartlettFosterTelgarsky``.
  ///
  /// - Returns: nil without a positive margin.
  /// - Reference: [GHNK22]; the paper's text was not at hand.
  public var grafNorms: ComplexityBound? {
    guard let margin = slope else { return nil }
    let total = 1.5 * logSum(logCovers(margin).map { logCeiling($0 * 2 / 3) })
    let harmonic = sample.count > 1 ? (1..<sample.count).reduce(0) { $0 + 1 / Double($1) } : 0
    let factor = log(12) + log(harmonic) - 0.5 * log(count) + 0.5 * log(log(2 * largestMatrix))
    return bound(
      "Graf et al. 2022, norms", "4/n + (12 H_{n-1}/√n) √ln(2 max p) (Σ ⌈C^{2/3}⌉)^{3/2}",
      ln: logSum([log(4) - log(count), factor + total]),
      shared(margin) + [
        constant("H_{n-1}", "harmonic number", ln: log(harmonic)),
        constant("max p", "entries of the largest matrix", ln: log(largestMatrix)),
        constant("(Σ ⌈C^{2/3}⌉)^{3/2}", "sum over layers", ln: total),
      ], ["Ramp loss at margin γ; 1-Lipschitz activations that keep 0."], "[GHNK22], norm form")
  }

  /// The Rademacher complexity of the ramp losses, by Graf and others, in numbers of parameters:
  /// (12/√n) √(Σ 2p_i (ln(1 + ⌈L²C_i²⌉) + ψ(⌈L²C_i²⌉))) with ψ < 2.7, here 2.7.
  ///
  /// - Returns: nil without a positive margin.
  /// - Reference: [GHNK22]; the paper's text was not at hand.
  public var grafParameters: ComplexityBound? {
    guard let margin = slope else { return nil }
    let terms = zip(norms.layers, logCovers(margin)).map { layer, cover in
      let square = logCeiling(2 * (log(Double(depth)) + cover))
      return log(2 * Double(layer.parameterCount)) + log(logSum([0, square]) + 2.7)
    }
    let total = logSum(terms)
    return bound(
      "Graf et al. 2022, parameters", "(12/√n) √(Σ 2p (ln(1+⌈L²C²⌉) + ψ)), ψ = 2.7",
      ln: log(12) - 0.5 * log(count) + 0.5 * total,
      shared(margin) + [constant("Σ", "sum under the root", ln: total)],
      ["Ramp loss at margin γ; 1-Lipschitz activations that keep 0."], "[GHNK22], parameter form")
  }

  /// The Rademacher complexity of the ramp losses, by Lin and Zhang:
  /// (16/√n) ((2/γ)(‖X‖_F/√n)(Π s) L² Σ p_i² ‖W_i‖_F/s_i)^{1/4}.
  ///
  /// - Returns: nil without a positive margin.
  /// - Reference: [LZ19] Lemma 18; the paper's text was not at hand.
  public var linZhang: ComplexityBound? {
    guard let margin = slope else { return nil }
    let total = logSum(
      norms.layers.indices.map { i in
        2 * log(Double(norms.layers[i].parameterCount)) + log(norms.layers[i].frobenius)
          + logProduct(besides: i, \.spectral.upper)
      })
    let inner = log(2) - log(margin) + logMeanInput + 2 * log(Double(depth)) + total
    return bound(
      "Lin-Zhang 2019", "(16/√n) ((2/γ)(‖X‖_F/√n)(Π s) L² Σ p² ‖W‖_F/s)^{1/4}",
      ln: log(16) - 0.5 * log(count) + inner / 4,
      shared(margin) + [constant("Σ p² ‖W‖_F Πs/s", "sum over layers", ln: total)],
      ["Ramp loss at margin γ; 1-Lipschitz activations that keep 0."], "[LZ19] Lemma 18, from code")
  }

  /// What Neyshabur, Bhojanapalli and Srebro bound the excess error by, but for a constant that their statement hides:
  /// √((B² L² h ln(L h) (Π s²) Σ ‖W_i‖_F²/s_i² + ln(L n/δ)) / (γ² n)).
  ///
  /// B is the largest Euclidean norm of an input, h the largest width.
  ///
  /// - Returns: nil without a positive margin.
  /// - Reference: [NBS18] Theorem 1, from memory; the paper's text was not at hand.
  public var neyshaburSpectral: ComplexityBound? {
    guard let margin = slope else { return nil }
    let width = Double(norms.layers.flatMap { [$0.rows, $0.columns] }.max() ?? 1)
    let depth = Double(self.depth)
    let total = logSum(
      norms.layers.indices.map { i in
        2 * (log(norms.layers[i].frobenius) + logProduct(besides: i, \.spectral.upper))
      })
    let first =
      2 * log(sample.largestEuclidean) + 2 * log(depth) + log(width)
      + log(max(log(depth * width), 1e-300)) + total
    let second = log(log(depth * count / delta))
    return bound(
      "Neyshabur-Bhojanapalli-Srebro 2018",
      "√((B² L² h ln(Lh) (Π s²) Σ ‖W‖_F²/s² + ln(Ln/δ)) / (γ² n)), times a constant the paper hides",
      ln: 0.5 * (logSum([first, second]) - 2 * log(margin) - log(count)),
      shared(margin) + [
        constant("B", "largest ‖x‖₂", ln: log(sample.largestEuclidean)),
        constant("h", "largest width", ln: log(width)),
        constant("δ", "probability of failure", ln: log(delta)),
        constant("(Π s²) Σ ‖W‖_F²/s²", "sum over layers", ln: total),
      ],
      [
        "PAC-Bayes: with probability 1 - δ over the sample; the constant in front is taken as 1.",
        "The term ln(Ln/δ) is inside the fraction as remembered.",
      ], "[NBS18] Theorem 1, from memory")
  }
}
