import LinearAlgebra
import Networks
import Symmetry

/// Training of a multilayer perceptron, a step at a time: a value, so that a run can be copied, kept and gone on with.
///
///     var trainer = Trainer(network, on: task, options: options)
///     var rng = SplitMix64(seed: 1)
///     for _ in 0..<100 { trainer.step(using: &rng) }
///     trainer.loss                       // of the whole task
///     trainer.network                    // the network so far
///
/// Batches go through the task in a random order that is drawn anew for every pass; the last batch of a pass may be
/// smaller. One run uses one thread: many runs go side by side.
///
/// - Exactness: floating point; the same bits for the same generator on one machine and BLAS, on any number of threads.
/// - Complexity: a step takes O(batch · parameters) operations and allocates nothing.
public struct Trainer: Sendable {
  /// What is learned.
  public let task: TrainingTask
  /// The settings.
  public let options: TrainingOptions
  /// The number of steps taken.
  public private(set) var stepCount = 0
  /// The loss of the last batch before its step, without the weight decay; nil before the first step.
  public private(set) var batchLoss: Double?

  let layers: DenseLayers
  var parameters: [Double]
  private(set) var gradient: [Double]
  private(set) var moments: [Double]
  private var squares: [Double]
  private var signals: [Double]
  private var targets: [Double]
  private var scratch: [Double]
  private var order: [Int]
  private var position: Int

  /// Training that starts at a network.
  ///
  /// - Requires: the network is sequential and has the inputs and outputs of the task; the task is not empty; the batch size
  ///   is positive.
  public init(_ network: Network, on task: TrainingTask, options: TrainingOptions = TrainingOptions()) {
    precondition(network.isSequential, "only multilayer perceptrons are trained")
    precondition(
      network.inputCount == task.inputs.columns && network.outputCount == task.targets.columns,
      "a network of \(network.inputCount) inputs and \(network.outputCount) outputs on a task of "
        + "\(task.inputs.columns) and \(task.targets.columns)")
    precondition(task.inputs.rows > 0, "a task without samples")
    precondition(options.batchSize > 0, "batches of \(options.batchSize)")
    self.task = task
    self.options = options
    layers = DenseLayers(widths: network.widths)
    parameters = layers.parameters(of: network)
    let rows = min(options.batchSize, task.inputs.rows)
    func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }
    gradient = zeros(layers.parameterCount)
    switch options.optimiser {
    case .descent(momentum: 0): (moments, squares) = ([], [])
    case .descent: (moments, squares) = (gradient, [])
    case .adam: (moments, squares) = (gradient, gradient)
    }
    signals = zeros(layers.signalCount(rows: rows))
    targets = zeros(rows * network.outputCount)
    scratch = zeros(rows * (network.widths.max() ?? 0))
    order = Array(0..<task.inputs.rows)
    position = 0
  }

  /// The network so far, its entries doubles.
  public var network: Network { layers.network(parameters) }

  /// The loss of the whole task, without the weight decay.
  ///
  /// - Complexity: O(samples · parameters), in batches of 256.
  public var loss: Double {
    let (inputs, outputs) = (task.inputs.columns, task.targets.columns)
    let size = min(256, task.inputs.rows)
    var signals = Array(repeating: 0.0, count: layers.signalCount(rows: size))
    var total = 0.0
    for start in stride(from: 0, to: task.inputs.rows, by: size) {
      let rows = min(size, task.inputs.rows - start)
      signals.replaceSubrange(
        0..<rows * inputs, with: task.inputs.elements[start * inputs..<(start + rows) * inputs])
      layers.forward(parameters, rows: rows, signals: &signals)
      total += task.targets.elements.withUnsafeBufferPointer { targets in
        guard let base = targets.baseAddress else { return 0 }
        return options.loss.sum(
          &signals, from: layers.signalCount(rows: rows) - rows * outputs, targets: base + start * outputs,
          rows: rows, width: outputs, gradientScale: nil)
      }
    }
    return total / Double(task.inputs.rows)
  }

  /// Takes one step on the next batch.
  public mutating func step(using rng: inout some RandomNumberGenerator) {
    computeGradient(using: &rng)
    stepCount += 1
    update()
  }

  /// Takes one cycle of norm balancing, as the published recipe does after every step; the function stays the same.
  ///
  /// Where a weight is scaled by d, gradients scale by 1/d: so do Adam's and momentum's running means, and the mean of
  /// squares by 1/d².
  ///
  /// - Reference: [SGJ19] section 3.
  public mutating func balance(by balancing: NormBalancing) {
    balancing.cycle(
      &parameters, covariant: &moments, squares: &squares, layers: WeightBlocks(widths: layers.widths))
  }

  /// The gradient of the next batch's loss, weight decay included, in the order of ``DenseLayers``.
  private mutating func computeGradient(using rng: inout some RandomNumberGenerator) {
    let rows = gather(using: &rng)
    let outputs = layers.widths[layers.count]
    layers.forward(parameters, rows: rows, signals: &signals)
    let scale = 1 / Double(rows)
    let sum = options.loss.sum(
      &signals, from: layers.signalCount(rows: rows) - rows * outputs, targets: targets, rows: rows,
      width: outputs, gradientScale: scale)
    batchLoss = sum * scale
    layers.backward(parameters, rows: rows, signals: &signals, gradient: &gradient, scratch: &scratch)
    if options.weightDecay != 0 {
      for k in gradient.indices { gradient[k] += options.weightDecay * parameters[k] }
    }
  }

  /// Puts the next batch in front of the signals; returns its number of samples.
  private mutating func gather(using rng: inout some RandomNumberGenerator) -> Int {
    let count = order.count
    let isWhole = options.batchSize >= count
    if position == 0, !isWhole {
      for k in stride(from: count - 1, to: 0, by: -1) {
        order.swapAt(k, Int.random(in: 0...k, using: &rng))
      }
    }
    let rows = min(options.batchSize, count - position)
    let (inputs, outputs) = (task.inputs.columns, task.targets.columns)
    for i in 0..<rows {
      let sample = order[position + i]
      for j in 0..<inputs { signals[i * inputs + j] = task.inputs.elements[sample * inputs + j] }
      for j in 0..<outputs { targets[i * outputs + j] = task.targets.elements[sample * outputs + j] }
    }
    position = position + rows == count ? 0 : position + rows
    return rows
  }

  /// Moves the parameters by the gradient.
  private mutating func update() {
    let rate = options.learningRate
    switch options.optimiser {
    case .descent(momentum: 0):
      for k in parameters.indices { parameters[k] -= rate * gradient[k] }
    case .descent(let momentum):
      for k in parameters.indices {
        moments[k] = momentum * moments[k] + gradient[k]
        parameters[k] -= rate * moments[k]
      }
    case .adam(let beta1, let beta2, let epsilon):
      let first = 1 / (1 - Trainer.power(beta1, stepCount))
      let second = 1 / (1 - Trainer.power(beta2, stepCount))
      for k in parameters.indices {
        let slope = gradient[k]
        moments[k] = beta1 * moments[k] + (1 - beta1) * slope
        squares[k] = beta2 * squares[k] + (1 - beta2) * slope * slope
        parameters[k] -= rate * first * moments[k] / ((second * squares[k]).squareRoot() + epsilon)
      }
    }
  }

  /// base^exponent by squaring: the same bits on every machine.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
