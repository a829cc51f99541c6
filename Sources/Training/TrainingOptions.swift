/// What training makes small: a mean over the samples of a batch.
public enum TrainingLoss: String, Hashable, Sendable, Codable, CaseIterable {
  /// The mean over samples and outputs of (y − t)².
  case meanSquaredError
  /// The mean over samples of −Σ t ln softmax(y), for targets that are distributions, such as one-hot rows.
  case crossEntropy
}

/// How a gradient becomes a step.
public enum Optimiser: Hashable, Sendable, Codable {
  /// Gradient descent, v ← μ v + g and θ ← θ − τ v; plain where the momentum μ is 0.
  case descent(momentum: Double)
  /// Adam with its bias-corrected moments.
  ///
  /// - Reference: [KB15] algorithm 1.
  case adam(beta1: Double, beta2: Double, epsilon: Double)

  /// Gradient descent without momentum: the only rule here that has conservation laws.
  public static let plain = Optimiser.descent(momentum: 0)
  /// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
  public static let adam = Optimiser.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
}

/// The settings of a training run.
///
///     var options = TrainingOptions()
///     options.learningRate = 0.1
///     var trainer = Trainer(network, on: task, options: options)
public struct TrainingOptions: Hashable, Sendable, Codable {
  /// What is made small.
  public var loss = TrainingLoss.meanSquaredError
  /// How a gradient becomes a step.
  public var optimiser = Optimiser.plain
  /// The learning rate τ.
  public var learningRate = 0.05
  /// The samples of a step; from the size of the task on, every step sees the whole task in its own order.
  public var batchSize = 32
  /// λ of the term λ θ that is added to every gradient; 0 for none.
  public var weightDecay = 0.0

  /// Mean squared error by plain gradient descent with τ = 0.05 on batches of 32.
  public init() {}
}
