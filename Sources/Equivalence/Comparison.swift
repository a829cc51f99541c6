import ExactArithmetic
import Networks
import Symmetry

/// The comparison of two networks: the verdict, its certificate, and how it was reached.
public struct Comparison: Sendable {
  /// The answer.
  public let verdict: Verdict
  /// What ``Certificate/verify(_:_:)`` re-checks; nil when undecided.
  public let certificate: Certificate?
  /// The inputs the answer is about; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The largest relative difference of corresponding entries in units in the last place of the coarser storage
  /// format, where the signals of both networks were paired; nil elsewhere.
  public let backwardError: Double?
  /// The storage format that ``backwardError`` refers to.
  public let precision: StoragePrecision
  /// What is proved of sup |f − g| by other means than the verdict's, where it was asked for.
  public let supremum: Verdict.Bounds?
  /// For each output a proved bound of its difference, in the unit of the verdict's; nil where only that was proved.
  public var outputBounds: [Double]?
  /// How many parts of the domain were bounded; nil where none was.
  public var parts: Int?

  /// The most units in the last place by which entries may differ that are equal but for rounding: one or two for a
  /// rescaled entry, the rest for the scales, which are themselves estimated in doubles.
  public static let roundingUnits = 16.0
}

/// What a comparison may be told.
public struct ComparisonOptions: Sendable {
  /// The inputs to compare on; nil for all of ℝⁿ.
  public var domain: InputDomain?
  /// The difference to accept: the question becomes |f − g|∞ ≤ epsilon on a domain, and ≤ epsilon · max(1, ‖x‖∞) on
  /// all of ℝⁿ.
  public var epsilon: Double?
  /// What is asked.
  public var question: Question
  /// The seed of the search for witnesses.
  public var seed: UInt64
  /// How many inputs the search for witnesses may evaluate.
  public var witnessSamples: Int
  /// How much work to do where neither symmetries nor sampling decide.
  public var budget: ComparisonBudget
  /// Whether the largest difference is sought even when the networks differ.
  public var boundsDifference: Bool
  /// How close the bounds of the largest difference shall come, relative to it.
  public var tolerance: Double
  /// Proofs of signs of hidden neurons on the domain, to be used for the first and the second network.
  public var signs: (a: [SignProof], b: [SignProof]) = ([], [])
  /// The number of threads; answers do not depend on it.
  public var threads: Int
  /// Told of each step, and asked whether to stop.
  public var progress: Progress

  /// What is asked about two networks.
  public enum Question: Hashable, Sendable {
    /// Whether they are the same function, or how much they differ.
    case outputs
    /// Whether the second network's largest output is the first one's, wherever the softmax of the first gives that
    /// more than a confidence; 0 for everywhere.
    case largestOutput(confidence: Double)
  }

  /// The options; by default all of ℝⁿ, exact up to the rounding of the files.
  public init(
    domain: InputDomain? = nil, epsilon: Double? = nil, question: Question = .outputs, seed: UInt64 = 0,
    witnessSamples: Int = 4096, budget: ComparisonBudget = ComparisonBudget(), boundsDifference: Bool = false,
    tolerance: Double = 0.01, threads: Int = Concurrency.coreCount, progress: Progress = Progress()
  ) {
    self.domain = domain
    self.epsilon = epsilon
    self.question = question
    self.seed = seed
    self.witnessSamples = witnessSamples
    self.budget = budget
    self.boundsDifference = boundsDifference
    self.tolerance = tolerance
    self.threads = threads
    self.progress = progress
  }
}

/// Two networks that cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// They take or give different numbers of values.
  case shapesDiffer(inputs: Int, outputs: Int, otherInputs: Int, otherOutputs: Int)
  /// The domain has another dimension than the input.
  case domainDiffers(dimension: Int, inputs: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .shapesDiffer(let inputs, let outputs, let otherInputs, let otherOutputs):
      "the first network maps \(inputs) inputs to \(outputs) outputs, the second \(otherInputs) to \(otherOutputs)"
    case .domainDiffers(let dimension, let inputs):
      "the domain has \(dimension) dimensions, the networks \(inputs) inputs"
    }
  }
}

extension Network {
  /// Decides whether this network and another compute the same function.
  ///
  /// 1. Both are told in one numbering of signals; equal outputs mean *identical*.
  /// 2. Else each is reduced alone, and their signals paired under the tolerance of the storage format; entries that
  ///    agree up to rounding mean *within ε*, with a proved ε.
  /// 3. Else an input is sought at which exact evaluation shows a gap: *different*.
  /// 4. Else, for few inputs, f − g is decided on every activation region: *identical*, or *different*.
  /// 5. Else the domain is divided, and f − g bounded on every part, until the bound meets ε or the budget is spent.
  /// 6. Else *undecided*, with the bounds that were proved.
  ///
  /// Every answer but the last has been re-checked by `Certificate/verify(_:_:)` before it is given.
  ///
  ///     let f = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])          // relu(x) + relu(-x)
  ///     let g = Network(weights: [[[2], [1], [-1]], [[1, -1, 1]]], biases: [[0, 0, 0], [0]])
  ///     try f.compared(with: g).verdict                                                   // .equivalent(.identical)
  ///
  /// - Exactness: every verdict is a theorem about the stored weights.
  /// - Throws: `ComparisonError`; `CancellationError` when told to stop.
  /// - Complexity: O(parameters) unless neurons are flipped or folded, plus the search for a witness.
  public func compared(
    with other: Network, options: ComparisonOptions = ComparisonOptions()
  ) throws -> Comparison {
    guard inputCount == other.inputCount, outputCount == other.outputCount else {
      throw ComparisonError.shapesDiffer(
        inputs: inputCount, outputs: outputCount, otherInputs: other.inputCount,
        otherOutputs: other.outputCount)
    }
    if let domain = options.domain, domain.dimension != inputCount {
      throw ComparisonError.domainDiffers(dimension: domain.dimension, inputs: inputCount)
    }
    return try Decision(self, other, options).decide()
  }
}
