import LinearAlgebra
import Networks

@testable import ModelFiles

/// Small networks and texts that several suites read.
enum Small {
  /// An `.nnet` file of widths 2-3-1 without normalisation.
  static let nnet = """
    // small
    2,2,1,3,
    2,3,1,
    0,
    -1.0,-1.0,
    1.0,1.0,
    0.0,0.0,0.0,
    1.0,1.0,1.0,
    1.5,-2.0,
    0.25,1e-1,
    -0.5,3.0,
    0.5,
    -1.0,
    0.0,
    1.0,-1.0,0.7,
    2.5,

    """

  /// A property on two inputs.
  static let vnnlib = """
    ; a property
    (declare-const X_0 Real)
    (declare-const X_1 Real)
    (declare-const Y_0 Real)
    (assert (>= X_0 -1.5))
    (assert (<= X_0 0.1))
    (assert (or (and (<= X_1 2) (>= X_1 (- 1e-3)) (<= Y_0 1.0))))
    (assert (>= Y_0 0))

    """

  /// A 2-3-1 network whose entries every binary format holds.
  static let network = Network(
    weights: [[[1.5, -2], [0.25, 0.125], [-0.5, 3]], [[1, -1, 0.75]]], biases: [[0.5, -1, 0], [2.5]],
    storage: .float32)

  static func read(_ text: String, _ options: ReadingOptions = .init()) throws(ModelFileError.Cause)
    -> Network
  {
    try NNetReader.network(from: Array(text.utf8), options: options)
  }

  static func tensor(_ name: String, _ shape: [Int], _ values: [Double]? = nil) -> NamedTensor {
    let count = NamedTensor.count(shape) ?? 0
    let values = values ?? (0..<count).map { Double($0 + 1) / 8 }
    return NamedTensor(name: name, shape: shape, values: values, precision: .float64)
  }
}
