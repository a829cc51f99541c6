import ExactArithmetic
import LinearAlgebra
import Networks
import _TestSupport

@testable import Complexes

/// Small networks whose level sets are known.
enum TopologyExamples {
  /// |x₁| + … + |x_d|.
  static func cross(_ dimension: Int) -> Network {
    var rows: [[Double]] = []
    for c in 0..<dimension {
      var row = Array(repeating: 0.0, count: dimension)
      row[c] = 1
      rows += [row, row.map { -$0 }]
    }
    return Network(
      weights: [rows, [Array(repeating: 1, count: 2 * dimension)]],
      biases: [Array(repeating: 0, count: 2 * dimension), [0]])
  }

  /// max(|x|, |y|) = (|x + y| + |x − y|) / 2.
  static let square = Network(
    weights: [[[1, 1], [-1, -1], [1, -1], [-1, 1]], [[0.5, 0.5, 0.5, 0.5]]], biases: [[0, 0, 0, 0], [0]])

  /// | |x| − 2 | + |y|: below 1, two diamonds.
  static let twoDiamonds = Network(
    weights: [
      [[1, 0], [-1, 0], [0, 1], [0, -1]],
      [[1, 1, 0, 0], [-1, -1, 0, 0], [0, 0, 1, 1]],
      [[1, 1, 1]],
    ], biases: [[0, 0, 0, 0], [-2, 2, 0], [0]])

  /// | |x| + |y| − 2 | + |z|: at 1, a torus around the z-axis.
  static let torus = Network(
    weights: [
      [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]],
      [[1, 1, 1, 1, 0, 0], [-1, -1, -1, -1, 0, 0], [0, 0, 0, 0, 1, 1]],
      [[1, 1, 1]],
    ], biases: [[0, 0, 0, 0, 0, 0], [-2, 2, 0], [0]])

  /// The XOR of two bits: |x − y| against ½, and its complement.
  static let xor = Network(
    weights: [[[1, -1], [-1, 1]], [[1, 1], [-1, -1]]], biases: [[0, 0], [-0.5, 0.5]])

  /// The box [−r, r]^d.
  static func box(_ dimension: Int, _ radius: Double) -> SubdivisionDomain {
    SubdivisionDomain(box: Array(repeating: Interval(-radius, radius), count: dimension))
  }

  /// The level sets of the first output at some levels.
  static func levels(
    of network: Network, at levels: [Double], on domain: SubdivisionDomain
  ) throws -> LevelSets {
    try LevelSets(
      of: levels.map { .output(0, minus: $0) }, network: network, on: domain, threads: 1)
  }
}
