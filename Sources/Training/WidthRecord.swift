import LinearAlgebra
import Symmetry

/// Under which settings a width study's runs were made; records of different settings do not go together.
public struct WidthStudyOrigin: Hashable, Sendable, Codable {
  /// What the user chooses.
  public struct Settings: Hashable, Sendable, Codable {
    /// The number of hidden layers.
    public var depth = 1
    /// How networks are trained.
    public var options = TrainingOptions()
    /// The standard deviation of initial biases.
    public var biasDeviation = 0.0
    /// The loss of the whole task that ends a run.
    public var targetLoss = 0.1
    /// The steps after which a run is given up.
    public var maximumSteps = 20_000
    /// How many steps lie between two evaluations of the loss: the resolution of the numbers of steps.
    public var interval = 10
    /// One cycle of this balancing after every step; nil for none.
    public var balancing: NormBalancing?
    /// The seed of all networks and batches.
    public var seed: UInt64 = 1

    /// One hidden layer, plain gradient descent, to a loss of 0.1 in at most 20 000 steps.
    public init() {}
  }

  /// What the user chose.
  public let settings: Settings
  /// The narrowest width, to which controls refer.
  public let narrowest: Int
  /// The numbers of samples, inputs and outputs of the task.
  public let samples: Int, inputs: Int, outputs: Int
  /// A checksum of the task's numbers.
  public let checksum: String

  init(_ settings: Settings, narrowest: Int, task: TrainingTask) {
    precondition(
      settings.depth > 0 && settings.maximumSteps > 0 && settings.interval > 0,
      "\(settings.depth) hidden layers, \(settings.maximumSteps) steps, evaluated every \(settings.interval)")
    self.settings = settings
    self.narrowest = narrowest
    samples = task.inputs.rows
    inputs = task.inputs.columns
    outputs = task.targets.columns
    // FNV-1a over the words: two tasks that differ are told apart, nothing more is asked of it.
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in task.inputs.elements + task.targets.elements {
      state = (state ^ value.bitPattern) &* 0x100_0000_01B3
      state ^= state >> 29
    }
    checksum = String(state, radix: 16)
  }
}

/// What one run of a width study gave.
public struct WidthRecord: Hashable, Sendable, Codable {
  /// The settings.
  public let origin: WidthStudyOrigin
  /// The run.
  public let item: WidthStudy.Item
  /// The steps to the loss, a multiple of the interval; nil where it was not reached.
  public let steps: Int?
  /// The loss of the whole task before the first step.
  public let initialLoss: Double
  /// The loss at the end; nil where it left the range of doubles.
  public let loss: Double?
  /// The largest |h_v(end) − h_v(start)| over the hidden neurons; nil where it left the range of doubles.
  public let lawDrift: Double?
  /// The time the run took.
  public let seconds: Double

  /// The record without its time, which is all that may differ between two runs.
  public var timeless: WidthRecord {
    WidthRecord(
      origin: origin, item: item, steps: steps, initialLoss: initialLoss, loss: loss, lawDrift: lawDrift,
      seconds: 0)
  }
}
