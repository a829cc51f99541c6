import Complexes
import ExactArithmetic
import LinearAlgebra
import Networks
import Polyhedra
import _TestSupport

extension Network {
  /// A seeded network whose weights and biases are few whole or half numbers, so that degenerate position is the rule.
  ///
  /// With `skips`, every layer reads some of the earlier ones at random, always at least one.
  static func degenerate(
    widths: [Int], skips: Bool = false, using rng: inout some RandomNumberGenerator
  ) -> Network {
    let reach = Int.random(in: 1...2, using: &rng)
    let denominator = Double.random(in: 0..<1, using: &rng) < 0.7 ? 1.0 : 2
    func matrix(_ rows: Int, _ columns: Int) -> ExactMatrix {
      ExactMatrix(
        Matrix(
          rows: rows, columns: columns,
          elements: (0..<rows * columns).map { _ in
            Double(Int.random(in: -reach...reach, using: &rng)) / denominator
          }))
    }
    return Network(
      inputCount: widths[0],
      layers: (1..<widths.count).map { l in
        let sources = (0..<l).filter { $0 == l - 1 || skips && Bool.random(using: &rng) }
        return Layer(
          blocks: sources.map { Block(source: $0, weights: matrix(widths[l], widths[$0])) },
          bias: matrix(widths[l], 1))
      })
  }

  /// The network with every weight and bias replaced, by layer, source (nil for the bias), row and column.
  func mapping(_ change: (_ layer: Int, _ source: Int?, _ row: Int, _ column: Int) -> (Int, Int, Double))
    -> Network
  {
    Network(
      inputCount: inputCount,
      layers: layers.enumerated().map { position, layer in
        func changed(_ matrix: ExactMatrix, _ source: Int?) -> ExactMatrix {
          var elements: [Dyadic] = []
          for i in 0..<matrix.rows {
            for j in 0..<matrix.columns {
              let (row, column, factor) = change(position + 1, source, i, j)
              elements.append(matrix[row, column] * Dyadic(factor))
            }
          }
          return ExactMatrix(rows: matrix.rows, columns: matrix.columns, elements: elements)
        }
        return Layer(
          blocks: layer.blocks.map { Block(source: $0.source, weights: changed($0.weights, $0.source)) },
          bias: changed(layer.bias, nil))
      })
  }
}

extension HalfSpace {
  /// A seeded half-space with whole coefficients from −2 to 2; all zero happens.
  static func random(dimension: Int, using rng: inout some RandomNumberGenerator) -> HalfSpace {
    func entry() -> Double { Double(Int.random(in: -2...2, using: &rng)) }
    return HalfSpace(normal: (0..<dimension).map { _ in entry() }, offset: entry())
  }
}
