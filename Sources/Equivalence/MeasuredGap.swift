import Networks

/// How far two networks are apart at inputs that a seeded search looked at: a lower bound of sup |f − g|∞.
///
/// - Exactness: the gaps are exact evaluations, rounded down; nothing is said of other inputs.
public struct MeasuredGap: Hashable, Sendable {
  /// The best of the given and the random inputs; nil where no gap is above 0.
  public let sampled: Verdict.Witness?
  /// The best input after climbing on |f − g| from the best random ones; nil where no gap is above 0.
  public let climbed: Verdict.Witness?
  /// The inputs the search kept to; nil for all of ℝⁿ.
  public let domain: InputDomain?

  /// The larger gap; on all of ℝⁿ divided by max(1, ‖x‖∞).
  public var value: Double {
    [sampled, climbed].compactMap(\.self).map { $0.relativeGap(on: domain) }.max() ?? 0
  }

  /// The gap at given and random inputs alone, in the same unit.
  public var sampledValue: Double { sampled?.relativeGap(on: domain) ?? 0 }
}

extension Network {
  /// Looks for inputs at which this network and another differ most.
  ///
  /// - Parameters:
  ///   - domain: The inputs to look at; nil for all of ℝⁿ, where gaps count in units of max(1, ‖x‖∞).
  ///   - inputs: Inputs to look at beside random ones; those outside the domain are passed over.
  ///   - samples: How many random inputs to evaluate.
  /// - Requires: the same numbers of inputs and outputs.
  /// - Throws: `CancellationError`.
  public func measuredGap(
    to other: Network, domain: InputDomain?, at inputs: [[Double]] = [], samples: Int = 4096,
    seed: UInt64 = 0,
    progress: Progress = Progress()
  ) throws -> MeasuredGap {
    precondition(
      inputCount == other.inputCount && outputCount == other.outputCount,
      "\(inputCount) to \(outputCount) and \(other.inputCount) to \(other.outputCount) numbers")
    var search = WitnessSearch(
      self, other,
      ComparisonOptions(domain: domain, seed: seed, witnessSamples: samples, progress: progress))
    let found = try search.largest(at: inputs.filter { domain?.contains($0) ?? true })
    return MeasuredGap(sampled: found.sampled, climbed: found.climbed, domain: domain)
  }
}
