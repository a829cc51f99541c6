import LinearAlgebra
import Networks

/// The networks of the worked examples of the normal form.
enum WorkedExample {
  /// |x| as relu(x) + relu(−x).
  static let absolute = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])

  /// |x| as 2 relu(x) − x, with a skip block.
  static let absoluteWithSkip = Network(
    inputCount: 1,
    layers: [
      .init(weights: Matrix(rows: 1, columns: 1, elements: [1]), bias: [0], reading: 0),
      .init(
        blocks: [
          .init(source: 1, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [2]))),
          .init(source: 0, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [-1]))),
        ], bias: ExactMatrix(column: [0])),
    ])

  /// x as relu(x) − relu(−x).
  static let identity = Network(weights: [[[1], [-1]], [[1, -1]]], biases: [[0, 0], [0]])

  /// x.
  static let affine = Network(weights: [[[1]]], biases: [[0]])

  /// T-08: the rows cancel under the outgoing weights.
  static let flip = Network(
    weights: [[[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]]], biases: [[1, 2, 3], [0]])

  /// T-08: every neuron turned around, the output bias raised by Σ v b.
  static let flipped = Network(
    weights: [[[-1, 0], [0, -1], [1, 1]], [[1, 1, 1]]], biases: [[-1, -2, -3], [6]])

  /// clip(x, 0, 1) as relu(x) − relu(x − 1).
  static let clip = Network(weights: [[[1], [1]], [[1, -1]]], biases: [[0, -1], [0]])

  /// clip(x, 0, 1) as relu(1 − relu(1 − x)).
  static let deepClip = Network(weights: [[[-1]], [[-1]], [[1]]], biases: [[1], [1], [0]])
}
