import Crease

// What a sample, suggested inputs and a least width say, to people and to scripts.

extension SampleIdentifiability {
  /// Ranks, a smaller sample, and how far parameters may move.
  var lines: [String] {
    let place = "\(rank.inputCount) of \(kinks.inputCount) inputs, \(rank.regions) regions"
    let value = rank.functionalDimension.map(String.init) ?? "\(rank.lower) to \(rank.upper)"
    let activations =
      activationRank.map {
        $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
      } ?? "not measured"
    var lines = [
      "  ranks                \(value) at \(place); identified at \(target); activations allow \(activations)"
    ]
    if let subset {
      let quality =
        subset.isSmallest
        ? "as few as can be"
        : "at least \(subset.lowerBound) are needed" + (subset.isMinimal ? "; none can be left out" : "")
      lines.append("  the same rank        at \(subset.inputs.count) of the inputs, \(quality)")
    }
    if let radii {
      lines.append(
        "  pattern radius       \(radii.patternRadius.shortBelow): smaller changes of parameters keep all activation patterns, proved"
      )
      if let radius = radii.numericalIdentificationRadius, let sigma = radii.numericalSingularValue {
        lines.append(
          "  identified within    \(radius.short), least singular value \(sigma.short); numerical, not proved"
        )
      }
    }
    return lines
  }
}

extension SampleSuggestion {
  /// The suggestion as an answer of its own.
  var report: IdentifiabilityReport {
    let inputs = "\(self.inputs.count) inputs"
    if isIdentifying {
      return IdentifiabilityReport(
        verdict: .proved, scope: .local,
        statement:
          "all parameters near these with the same outputs at the suggested \(inputs) are rescalings of these",
        conditions: [])
    }
    return IdentifiabilityReport(
      verdict: .undecided, scope: .local,
      statement: reachable < target
        ? "not decided: the rank is at most \(reachable) for any inputs, and \(target) would identify"
        : "not decided: the rank at the suggested \(inputs) is \(rank), and \(target) would identify",
      conditions: [])
  }

  /// How many inputs, and what they do.
  var lines: [String] {
    let effect = "rank \(rankBefore) becomes \(rank) of \(target)"
    let reach = isIdentifying ? "identified locally" : "at most \(reachable) by any inputs"
    return [
      "  suggested            \(inputs.count) inputs: \(effect), \(reach); at least \(lowerBound) are needed for that"
    ]
  }
}

extension MinimalWidth {
  /// The least number of hidden neurons.
  var lines: [String] {
    let value = width.map(String.init) ?? "\(bounds.lowerBound) to \(bounds.upperBound)"
    return [
      "  least width          \(value) hidden neurons, proved; the gradient jumps on \(hyperplanes) hyperplanes"
    ]
  }
}

struct SampleDocument: Encodable {
  struct Subset: Encodable {
    let inputs: [Int]
    let lowerBound: Int
    let minimal: Bool
    let smallest: Bool
  }

  let inputs: Int
  let kinkInputs: [Int]
  let kinkNeurons: [[Int]]
  let degenerate: [[Int]]
  let regions: Int
  let rankLowerBound: Int
  let rankUpperBound: Int
  let rank: Int?
  let identifiedAt: Int
  let activationRank: Int?
  let subset: Subset?
  let margin: Double?
  let patternRadius: Double?
  let numericalSingularValue: Double?
  let numericalIdentificationRadius: Double?

  init(_ found: SampleIdentifiability) {
    func pairs(_ neurons: [Neuron]) -> [[Int]] { neurons.map { [$0.layer, $0.index] } }
    inputs = found.kinks.inputCount
    kinkInputs = found.kinks.inputs
    kinkNeurons = pairs(found.kinks.neurons.map(\.neuron))
    degenerate = pairs(found.degenerate)
    regions = found.rank.regions
    rankLowerBound = found.rank.lower
    rankUpperBound = found.rank.upper
    rank = found.rank.functionalDimension
    identifiedAt = found.target
    activationRank = found.activationRank.flatMap { $0.lowerBound == $0.upperBound ? $0.lowerBound : nil }
    subset = found.subset.map {
      Subset(inputs: $0.inputs, lowerBound: $0.lowerBound, minimal: $0.isMinimal, smallest: $0.isSmallest)
    }
    margin = found.radii?.margin
    patternRadius = found.radii?.patternRadius
    numericalSingularValue = found.radii?.numericalSingularValue
    numericalIdentificationRadius = found.radii?.numericalIdentificationRadius
  }
}

struct SuggestionDocument: Encodable {
  let inputs: [[Double]]
  let rankBefore: Int
  let rank: Int
  let identifiedAt: Int
  let reachable: Int
  let lowerBound: Int
  let identifies: Bool

  init(_ found: SampleSuggestion) {
    inputs = found.inputs
    rankBefore = found.rankBefore
    rank = found.rank
    identifiedAt = found.target
    reachable = found.reachable
    lowerBound = found.lowerBound
    identifies = found.isIdentifying
  }
}

struct MinimalDocument: Encodable {
  let hyperplanes: Int
  let lowerBound: Int
  let upperBound: Int
  let width: Int?

  init(_ found: MinimalWidth) {
    hyperplanes = found.hyperplanes
    lowerBound = found.bounds.lowerBound
    upperBound = found.bounds.upperBound
    width = found.width
  }
}
