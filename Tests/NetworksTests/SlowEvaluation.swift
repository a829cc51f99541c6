import ExactArithmetic
import LinearAlgebra
import Networks

/// The definition of the normal form, evaluated in rationals without any filter: what the fast code is held against.
enum SlowEvaluation {
  /// The exact pre-activations of every layer, outputs last.
  static func preactivations(of network: Network, at x: [Rational]) -> [[Rational]] {
    var signals = [x]
    var result: [[Rational]] = []
    for layer in network.layers {
      let values = (0..<layer.width).map { i in
        layer.blocks.reduce(Rational(layer.bias[i, 0])) { total, block in
          (0..<block.weights.columns).reduce(total) { sum, j in
            sum + Rational(block.weights[i, j]) * signals[block.source][j]
          }
        }
      }
      result.append(values)
      signals.append(values.map { $0.sign > 0 ? $0 : .zero })
    }
    return result
  }

  /// The exact outputs.
  static func outputs(of network: Network, at x: [Double]) -> [Rational] {
    preactivations(of: network, at: x.map { Rational(Dyadic($0)) })[network.layers.count - 1]
  }
}

extension Interval {
  /// Whether an exact number lies in the interval.
  func holds(_ value: Rational) -> Bool {
    (lower == -.infinity || (lower.isFinite && Rational(Dyadic(lower)) <= value))
      && (upper == .infinity || (upper.isFinite && value <= Rational(Dyadic(upper))))
  }
}

extension Network {
  /// A seeded network in which layers also read earlier layers and the input, entries spread over many scales.
  ///
  /// - Parameter decades: weights are drawn as ±u · 10^k with |k| up to this number.
  static func withSkips(
    widths: [Int], decades: Int, using rng: inout some RandomNumberGenerator
  ) -> Network {
    func entry() -> Double {
      if Int.random(in: 0..<6, using: &rng) == 0 { return 0 }
      let scales = [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9, 1e12].filter {
        $0 >= 0.5 / power(decades) && $0 <= 2 * power(decades)
      }
      return Double.random(in: -1...1, using: &rng) * scales[Int.random(in: 0..<scales.count, using: &rng)]
    }
    let layers = (1..<widths.count).map { l in
      let sources = (0..<l).filter { $0 == l - 1 || Bool.random(using: &rng) }
      return Layer(
        blocks: sources.map { source in
          Block(
            source: source,
            weights: ExactMatrix(
              Matrix(
                rows: widths[l], columns: widths[source],
                elements: (0..<widths[l] * widths[source]).map { _ in entry() })))
        },
        bias: ExactMatrix(column: (0..<widths[l]).map { _ in entry() }))
    }
    return Network(inputCount: widths[0], layers: layers)
  }
}

private func power(_ decades: Int) -> Double { (0..<decades).reduce(1.0) { value, _ in value * 10 } }
