import ExactArithmetic
import Networks
import Symmetry

/// Which hidden neurons of a network never change sign on a box.
///
/// Definition: with z the pre-activation of a neuron, *active* means z ≥ 0 on the box, *inactive* z ≤ 0, *unstable*
/// that z takes both signs.
///
///     let f = Network(weights: [[[1, 1], [1, -1]], [[1, 1]]], biases: [[1, 0], [0]])
///     let box = [Interval(0, 1), Interval(0, 1)]
///     try NeuronStability(f, on: box).states[0]     // [.active, .unstable(negativeAt: ..., positiveAt: ...)]
///
/// - Exactness: active and inactive are proved by outward-rounded bounds, unstable by two inputs at which the signs
///   are exact; a neuron that neither settles within the budget is open.
/// - Reference: [SYKR21] stable neurons, found with samples first.
public struct NeuronStability: Sendable {
  /// What is known of a neuron.
  public enum State: Hashable, Sendable {
    /// Never negative on the box.
    case active
    /// Never positive on the box.
    case inactive
    /// Of both signs, at these two inputs of the box.
    case unstable(negativeAt: [Double], positiveAt: [Double])
    /// Not settled within the budget.
    case open
  }

  /// For each hidden layer and neuron what is known.
  public let states: [[State]]
  /// The box.
  public let box: [Interval]
  /// The proofs of all states but the unstable ones and those that show in the signs of the weights alone.
  public let proofs: [SignProof]

  /// Which step settled how many neurons.
  public let rungs: Rungs

  /// How the neurons were settled.
  public struct Rungs: Hashable, Sendable {
    /// Stable by the signs of the weights.
    public var weights = 0
    /// Stable by bounds on the whole box.
    public var bounds = 0
    /// Stable by linear programs over triangles.
    public var programs = 0
    /// Stable by bounds on parts of the box.
    public var parts = 0
    /// Unstable by sampled inputs.
    public var samples = 0
    /// Unstable by following the gradient.
    public var ascent = 0
    /// Unstable by an input met while dividing the box.
    public var search = 0
    /// The boxes that were bounded.
    public var boxes = 0
  }

  /// How hard to look.
  public struct Options: Sendable {
    /// The inputs that are sampled.
    public var samples: Int
    /// The most parts of the box that are bounded, for all neurons together.
    public var boxes: Int
    /// The most seconds spent on dividing the box; nil for no limit.
    ///
    /// Only with a limit does the outcome depend on the machine.
    public var seconds: Double?
    /// The seed of the samples.
    public var seed: UInt64
    /// The number of threads; answers do not depend on it.
    public var threads: Int
    /// Told of each step, and asked whether to stop.
    public var progress: Progress

    /// The options; by default some seconds for a small network.
    public init(
      samples: Int = 512, boxes: Int = 20_000, seconds: Double? = nil, seed: UInt64 = 0,
      threads: Int = Concurrency.coreCount, progress: Progress = Progress()
    ) {
      self.samples = samples
      self.boxes = boxes
      self.seconds = seconds
      self.seed = seed
      self.threads = threads
      self.progress = progress
    }
  }

  /// Settles each hidden neuron, each step only what the one before left open.
  ///
  /// Sampled inputs show most unstable neurons; signs of weights and bounds on the whole box most stable ones. For the
  /// rest the gradient is followed from the best sample, linear programs over the triangles z, 0 ≤ h bound what is
  /// left, and at last the box is divided, neuron by neuron.
  ///
  /// - Requires: as many intervals as inputs.
  /// - Throws: `CancellationError` when told to stop.
  public init(_ network: Network, on box: [Interval], options: Options = Options()) throws {
    try self.init(network, on: box, expecting: [], options: options)
  }

  /// Settles only the neurons whose expected sign is not open; all where none are given.
  init(_ network: Network, on box: [Interval], expecting signs: [[Sign]], options: Options) throws {
    precondition(box.count == network.inputCount, "\(box.count) intervals for \(network.inputCount) inputs")
    var search = StabilitySearch(network, box, expecting: signs, options)
    try search.run()
    self.box = box
    states = search.states
    proofs = search.proofs
    rungs = search.rungs
  }

  /// The signs of the hidden neurons: open where a neuron is unstable or not settled.
  public var signs: [[Sign]] {
    states.map { layer in
      layer.map { state in
        switch state {
        case .active: .nonnegative
        case .inactive: .nonpositive
        case .unstable, .open: .open
        }
      }
    }
  }
}
