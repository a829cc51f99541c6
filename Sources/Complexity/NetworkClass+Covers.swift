import ExactArithmetic

extension NetworkClass {
  /// Bounds of the covering number N(ε): how many balls of radius ε in the maximum norm hold the class.
  ///
  /// In the order in which symmetries are taken off: a grid, biases in order, rows in order, rows of full length in order,
  /// and the last with a step for each layer; see ``ParameterGrid/size(modulo:)``. Each of the first four is at
  /// most the one before.
  ///
  /// Exactness: rounded upward.
  ///
  /// Reference: the guide "How complex is a class of networks?"
  public func coveringBounds(_ epsilon: Rational) -> [ComplexityBound] {
    let uniform = ParameterGrid(self, epsilon: epsilon)
    let byLayer = ParameterGrid(self, epsilon: epsilon, steps: .byLayer)
    let base = [
      constant("B", "largest parameter", radius), constant("R", "largest input", inputRadius),
      constant("ρ", "Lipschitz constant of the activation", activationLipschitz),
      constant("K", "Lipschitz constant of the parameters", parameterLipschitz),
      ComplexityBound.Constant(
        symbol: "S", meaning: "parameters", log10: Dyadic(Int64(parameterCount)).log10.upper),
      ComplexityBound.Constant(
        symbol: "m", meaning: "cells of a parameter, ⌈B K / ε⌉", log10: uniform.cells[0].log10.upper),
    ]
    let any = "activation with σ(0) = 0 and Lipschitz constant ρ"
    let homogeneous = "positively homogeneous activation with Lipschitz constant ρ, such as the ReLU"
    func bound(
      _ name: String, _ formula: String, _ grid: ParameterGrid, _ quotient: ParameterGrid.Quotient,
      _ constants: [ComplexityBound.Constant], _ assumption: String
    ) -> ComplexityBound {
      ComplexityBound(
        name: name, formula: formula, log10Value: grid.size(modulo: quotient).log10.upper,
        constants: constants,
        assumptions: [assumption], reference: "guide Complexity, theorem 1", standing: .proved)
    }
    let steps = byLayer.cells.enumerated().map { position, count in
      ComplexityBound.Constant(
        symbol: "m_\(position + 1)", meaning: "cells of a parameter of layer \(position + 1)",
        log10: count.log10.upper)
    }
    return [
      bound("grid", "m^S", uniform, .none, base, any),
      bound(
        "grid, biases sorted", "m^(S-U) prod C(m + n_l - 1, n_l)", uniform, .sortedBiases, base, any),
      bound(
        "grid, rows sorted", "m^(n_L r_L) prod C(m^r_l + n_l - 1, n_l)", uniform, .sortedRows, base, any),
      bound(
        "grid, rows scaled and sorted", "m^(n_L r_L) prod C(m^r_l - (m-2)^r_l + n_l - 1, n_l)", uniform,
        .sortedFullRows, base, homogeneous),
      bound(
        "the same, a step for each layer", "m_L^(n_L r_L) prod C(m_l^r_l - (m_l-2)^r_l + n_l - 1, n_l)",
        byLayer, .sortedFullRows, Array(base.dropLast()) + steps, homogeneous),
    ]
  }

  /// All bounds of covering numbers: ``coveringBounds(_:)``, ``shenBounds(_:)``, and at some inputs
  /// ``pseudoDimensionCover(_:points:)``.
  public func allCoveringBounds(_ epsilon: Rational, points: Int) -> [ComplexityBound] {
    coveringBounds(epsilon) + shenBounds(epsilon) + [pseudoDimensionCover(epsilon, points: points)]
  }

  /// A constant of a formula, its logarithm rounded upward.
  func constant(_ symbol: String, _ meaning: String, _ value: Rational) -> ComplexityBound.Constant {
    ComplexityBound.Constant(symbol: symbol, meaning: meaning, log10: value.log10.upper)
  }
}

/// A hidden layer whose factorial may not be divided out of a count of grid networks.
///
/// Definition: of m values for each of n biases there are C(m + n − 1, n) multisets, and
/// C(m + n − 1, n) = (m^n / n!) Π_{i<n} (1 + i/m). Where m is not much larger than n², the quotient m^n / n! is
/// smaller than the number of multisets, and may even be below 1: it bounds nothing.
///
///     DivisionWarning(cells: BigInteger(4), neurons: 10).quotient.upper   // -0.54: 4^10 / 10! = 0.29, but C(13, 10) = 286
public struct DivisionWarning: Hashable, Sendable {
  /// The number m of cells.
  public let cells: BigInteger
  /// The number n of neurons.
  public let neurons: Int
  /// The decimal logarithm of m^n / n!.
  public let quotient: Interval
  /// The number C(m + n − 1, n) of multisets.
  public let multisets: LargeCount

  /// What division by n! would make of m^n.
  public init(cells: BigInteger, neurons: Int) {
    self.cells = cells
    self.neurons = neurons
    quotient = Interval(Double(neurons)) * cells.log10 - LargeCount.orders(of: neurons).log10
    multisets = LargeCount.multisets(of: neurons, from: cells)
  }

  /// By how many powers of ten division would fall short of the number of multisets.
  public var shortfall: Double { (multisets.log10 - quotient).upper }
}

extension ParameterGrid {
  /// The hidden layers, from 1, where dividing the grid of biases by n! would fall short by a factor of at least 10.
  public var divisionWarnings: [(layer: Int, warning: DivisionWarning)] {
    (1..<networks.widths.count - 1).compactMap { layer in
      let warning = DivisionWarning(cells: cells[layer - 1], neurons: networks.widths[layer])
      return warning.shortfall >= 1 ? (layer, warning) : nil
    }
  }
}
