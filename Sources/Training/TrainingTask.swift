import LinearAlgebra

/// What a network is trained on: inputs and the targets it is to give at them.
///
/// Shapes: `inputs` is samples × inputs, `targets` is samples × outputs.
public struct TrainingTask: Sendable {
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
}
