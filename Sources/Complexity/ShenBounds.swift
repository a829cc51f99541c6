import ExactArithmetic
import Foundation

extension NetworkClass {
  /// Shen's bounds of the covering number, with the factorials of the hidden widths divided out.
  ///
  /// Definition: for hidden widths d_1, …, d_L, d_0 inputs, S parameters, parameters in [−B, B], inputs with
  /// ‖x‖_2 ≤ B_x and activations with Lipschitz constant ρ,
  ///
  /// - one hidden layer: (16 B² (B_x + 1) √d_0 d_1 / ε)^S ρ^{d_0 d_1 + d_1} / d_1!,
  /// - any number: (4 (L + 1) (B_x + 1) (2B)^{L+2} ρ^L Π_{j=0}^{L} d_j / ε)^S / (d_1! ⋯ d_L!).
  ///
  /// Inputs here are in a box, so B_x = R √d_0. Stated for one output; for more, S counts the parameters of all.
  ///
  /// The formulas are as remembered: the paper's text could not be checked. Empty for networks without hidden layers
  /// and for skip blocks.
  ///
  /// Exactness: numeric, to a relative 1e-12.
  ///
  /// Reference: [Shen24], the covering number of networks with one and with several hidden layers.
  public func shenBounds(_ epsilon: Rational) -> [ComplexityBound] {
    guard widths.count > 2, sources == widths.indices.dropLast().map({ [$0] }) else { return [] }
    let depth = widths.count - 2
    let parameters = Double(parameterCount)
    let hidden = hiddenWidths.map { Double($0) }
    let inputs = Double(widths[0])
    let (ball, size) = (inputRadius.nearestDouble * inputs.squareRoot(), radius.log10.upper)
    let slope = activationLipschitz.log10.upper
    let fineness = -epsilon.log10.lower
    let orders = hiddenWidths.reduce(0) { $0 + LargeCount.logFactorial($1).lower }
    let reach = log10(ball + 1)
    let constants = [
      constant("B", "largest parameter", radius),
      ComplexityBound.Constant(symbol: "B_x", meaning: "R √d_0, the 2-norm of inputs", log10: log10(ball)),
      constant("ρ", "Lipschitz constant of the activation", activationLipschitz),
      ComplexityBound.Constant(symbol: "S", meaning: "parameters", log10: log10(parameters)),
      ComplexityBound.Constant(symbol: "Πd_l!", meaning: "orders of hidden neurons", log10: orders),
    ]
    let assumptions =
      [
        "inputs in a ball of the 2-norm", "formula as remembered, not checked against the paper",
      ]
      + (widths[depth + 1] > 1 ? ["stated for one output; S counts the parameters of all"] : [])
    func bound(_ name: String, _ formula: String, _ value: Double) -> ComplexityBound {
      ComplexityBound(
        name: name, formula: formula, log10Value: value, constants: constants, assumptions: assumptions,
        reference: "[Shen24], as remembered", standing: .unchecked)
    }
    let product = ([inputs] + hidden).reduce(0) { $0 + log10($1) }
    let deepBase =
      log10(4 * Double(depth + 1)) + reach + Double(depth + 2) * (log10(2) + size) + Double(depth) * slope
      + product
    let deep = bound(
      "Shen, any depth", "(4 (L+1) (B_x+1) (2B)^(L+2) ρ^L Πd_j / ε)^S / Πd_l!",
      parameters * (deepBase + fineness) - orders)
    guard depth == 1 else { return [deep] }
    let base = log10(16) + 2 * size + reach + log10(inputs) / 2 + log10(hidden[0])
    let shallow = bound(
      "Shen, one hidden layer", "(16 B² (B_x+1) √d_0 d_1 / ε)^S ρ^(d_0 d_1 + d_1) / d_1!",
      parameters * (base + fineness) + (inputs + 1) * hidden[0] * slope - orders)
    return [shallow, deep]
  }
}
