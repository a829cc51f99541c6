import LinearAlgebra
import Networks

/// What a network is trained on: inputs and the targets it is to give at them.
///
/// Shapes: `inputs` is samples × inputs, `targets` is samples × outputs.
public struct TrainingTask: Hashable, Sendable {
  /// The inputs, a row per sample.
  public let inputs: Matrix<Double>
  /// The targets, a row per sample; one-hot rows for classes.
  public let targets: Matrix<Double>

  /// Puts inputs and targets together.
  ///
  /// Requires: as many rows of targets as of inputs.
  public init(inputs: Matrix<Double>, targets: Matrix<Double>) {
    precondition(
      inputs.rows == targets.rows, "\(inputs.rows) inputs do not go with \(targets.rows) targets")
    self.inputs = inputs
    self.targets = targets
  }

  /// The task to tell classes apart: a one-hot target for each label.
  ///
  /// - Requires: as many labels as inputs, each in 0 ..< classes.
  public init(inputs: Matrix<Double>, labels: [Int], classes: Int) {
    var targets = Matrix(repeating: 0.0, rows: labels.count, columns: classes)
    for (i, label) in labels.enumerated() {
      precondition((0..<classes).contains(label), "label \(label) of \(classes) classes")
      targets[i, label] = 1
    }
    self.init(inputs: inputs, targets: targets)
  }

  /// The task to imitate a teacher at normal inputs, its outputs shifted to mean 0 and scaled to variance 1 over the sample.
  ///
  /// So a loss means the same for every teacher: the mean squared error of the best constant is 1.
  ///
  /// - Returns: nil where the teacher is constant on the sample.
  public static func imitating(
    _ teacher: Network, samples: Int, using rng: inout some RandomNumberGenerator
  ) -> TrainingTask? {
    let points = InputSampling.gaussian.inputs(
      count: samples, dimension: teacher.inputCount, using: &rng)
    let inputs = Matrix(rows: samples, columns: teacher.inputCount, elements: points.flatMap(\.self))
    var targets = teacher.outputs(at: inputs)
    var variance = 0.0
    for j in 0..<targets.columns {
      let mean = (0..<samples).reduce(0) { $0 + targets[$1, j] } / Double(samples)
      for i in 0..<samples {
        targets[i, j] -= mean
        variance += targets[i, j] * targets[i, j]
      }
    }
    let deviation = (variance / Double(samples * targets.columns)).squareRoot()
    guard deviation > 0 else { return nil }
    targets.elements = targets.elements.map { $0 / deviation }
    return TrainingTask(inputs: inputs, targets: targets)
  }
}
