#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Bounds that peel layer after layer: of the outputs, κ of them, with no margin.

extension Comparator {
  private var logClasses: Double { log(classes) }

  private func rows() -> ComplexityBound.Constant {
    constant("Π ‖W‖_{1,∞}", "product of largest row 1-norms", ln: logProduct(\.oneInfinity))
  }

  private func frobenius() -> ComplexityBound.Constant {
    constant("Π ‖W‖_F", "product of Frobenius norms", ln: logProduct(\.frobenius))
  }

  private static let assumption =
    "Rademacher complexity of the outputs, all κ together; not divided by a margin."

  /// The Rademacher complexity of the outputs, by Neyshabur and others: 2^L κ Π‖W_i‖_{1,∞} √ln(2d₀) max|X_ij| / √n.
  ///
  /// - Reference: [NTS15]; the paper's text was not at hand.
  public var neyshaburRows: ComplexityBound {
    bound(
      "Neyshabur-Tomioka-Srebro 2015, (1,∞)", "2^L κ Π‖W‖_{1,∞} √ln(2d0) max|X|/√n",
      ln: Double(depth) * log(2) + logClasses + logProduct(\.oneInfinity) + 0.5 * log(log(2 * inputs))
        + log(sample.largestEntry) - 0.5 * log(count),
      [rows(), constant("max|X|", "largest entry of an input", ln: log(sample.largestEntry))],
      [Comparator.assumption], "[NTS15], from code")
  }

  /// The Rademacher complexity of the outputs, by Neyshabur and others: 2^{L−1} κ Π‖W_i‖_F ‖X‖_F / (√(2n) √n).
  ///
  /// - Reference: [NTS15]; the paper's text was not at hand.
  public var neyshaburFrobenius: ComplexityBound {
    bound(
      "Neyshabur-Tomioka-Srebro 2015, Frobenius", "2^{L-1} κ Π‖W‖_F ‖X‖_F/(√(2n) √n)",
      ln: Double(depth - 1) * log(2) + logClasses + logProduct(\.frobenius) + logMeanInput - 0.5 * log(2)
        - 0.5 * log(count),
      [frobenius(), constant("‖X‖_F/√n", "root mean square input", ln: logMeanInput)],
      [Comparator.assumption], "[NTS15], from code")
  }

  /// The Rademacher complexity of the outputs, by Golowich and others:
  /// κ Π‖W_i‖_F (1 + √(2 ln 2 · L)) (‖X‖_F/√n) / √n.
  ///
  /// - Reference: [GRS18] Theorem 1; the paper's text was not at hand.
  public var golowichFrobenius: ComplexityBound {
    bound(
      "Golowich-Rakhlin-Shamir 2018, Frobenius", "κ Π‖W‖_F (1 + √(2 ln2 L)) (‖X‖_F/√n)/√n",
      ln: logClasses + logProduct(\.frobenius) + log(1 + (2 * log(2) * Double(depth)).squareRoot())
        + logMeanInput - 0.5 * log(count),
      [frobenius(), constant("‖X‖_F/√n", "root mean square input", ln: logMeanInput)],
      [Comparator.assumption], "[GRS18] Theorem 1, from code")
  }

  /// The Rademacher complexity of the outputs, by Golowich and others:
  /// 2κ Π‖W_i‖_{1,∞} √(L + 1 + ln d₀) q/√n with q = √(max_j Σ_i X_ij²/n).
  ///
  /// q is the published root mean square. Released code takes the root of max_j √(Σ_i X_ij²)/n in its place, a suspected
  /// slip: the two differ by more than a factor √n for large inputs.
  ///
  /// - Reference: [GRS18] Theorem 2; the paper's text was not at hand.
  public var golowichRows: ComplexityBound {
    bound(
      "Golowich-Rakhlin-Shamir 2018, (1,∞)", "2κ Π‖W‖_{1,∞} √(L+1+ln d0) q/√n, q = √(max_j Σ_i X_ij²/n)",
      ln: log(2) + logClasses + logProduct(\.oneInfinity) + 0.5 * log(Double(depth) + 1 + log(inputs))
        + log(sample.largestColumnMean) - 0.5 * log(count),
      [rows(), constant("q", "largest root mean square of a coordinate", ln: log(sample.largestColumnMean))],
      [Comparator.assumption, "q as published; released code computes another quantity."],
      "[GRS18] Theorem 2, from code")
  }

  /// The Rademacher complexity of the outputs, by Gouk and others:
  /// 2^{L+1} κ Π‖W_i‖_{1,∞} ln(d₀) (Σ ‖W_i − W_i⁰‖_{1,∞}/‖W_i‖_{1,∞}) max|X_ij|/√n.
  ///
  /// - Returns: nil for a single input without bias, where the factor ln d₀ as implemented is 0 and cannot be right.
  /// - Reference: [GHP21]; the paper's text was not at hand.
  public var gouk: ComplexityBound? {
    guard inputs > 1 else { return nil }
    // Π a_i · Σ d_i/a_i as a sum of products, which also holds where an a_i is 0.
    let total = logSum(
      norms.layers.indices.map { i in
        logProduct(besides: i, \.oneInfinity) + log(norms.layers[i].distanceOneInfinity)
      })
    return bound(
      "Gouk-Hospedales-Pontil 2021, (1,∞)",
      "2^{L+1} κ Π‖W‖_{1,∞} ln(d0) (Σ ‖W-W0‖_{1,∞}/‖W‖_{1,∞}) max|X|/√n",
      ln: Double(depth + 1) * log(2) + logClasses + total + log(log(inputs)) + log(sample.largestEntry)
        - 0.5 * log(count),
      [
        rows(), constant("Π‖W‖ Σ‖W-W0‖/‖W‖", "sum over layers", ln: total),
        constant("max|X|", "largest entry of an input", ln: log(sample.largestEntry)),
      ], [Comparator.assumption], "[GHP21], from code")
  }
}
