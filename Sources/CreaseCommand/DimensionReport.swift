import Crease

/// A functional dimension, of a domain or of a batch of inputs.
struct DimensionFinding {
  let place: String
  let parameters: Int
  let hiddenNeurons: Int
  let lower: Int
  let upper: Int
  let bounds: [DimensionBound]
  let ranks: [PrimeRank]
  let regions: Int
  let kinks: Int
  /// The number of inputs of a batch; nil for a domain.
  let inputs: Int?
  /// What was seen of a domain; nil for a batch.
  let coverage: RegionCoverage?
  let isExactUpToPrimes: Bool
  /// The inputs of a batch on kinks; of a domain, where no region was found, those of a sample.
  let kinkDetails: Kinks?

  init(_ dimension: FunctionalDimension, _ place: String, _ kinks: Kinks?) {
    kinkDetails = kinks
    self.place = place
    parameters = dimension.parameterCount
    hiddenNeurons = dimension.hiddenNeuronCount
    lower = dimension.lower
    upper = dimension.upper
    bounds = dimension.bounds
    ranks = dimension.ranks
    regions = dimension.coverage.regions
    self.kinks = dimension.coverage.kinks
    inputs = nil
    coverage = dimension.coverage
    isExactUpToPrimes = dimension.isExactUpToPrimes
  }

  init(_ batch: BatchFunctionalDimension, _ kinks: Kinks) {
    kinkDetails = kinks
    place = "at \(batch.inputCount) inputs"
    parameters = batch.parameterCount
    hiddenNeurons = batch.hiddenNeuronCount
    lower = batch.lower
    upper = batch.upper
    bounds = batch.bounds
    ranks = batch.ranks
    regions = batch.regions
    self.kinks = batch.kinks
    inputs = batch.inputCount
    coverage = nil
    isExactUpToPrimes = batch.primesAgree
  }

  func text(_ model: String, _ network: Network) -> String {
    let name = inputs == nil ? "functional dimension" : "batch functional dimension"
    var lines = ["\(Terminal.bold(model)): \(network.summary)"]
    if lower == upper {
      lines.append(
        "  \(name)  \(Terminal.bold("exactly \(lower)")) of \(parameters) parameters, \(place), proved")
    } else {
      lines.append(
        "  \(name)  \(Terminal.bold("from \(lower) to \(upper)")) of \(parameters) parameters, \(place), proved"
      )
      if isExactUpToPrimes, regions > 0 {
        lines.append(
          "    \(lower), unless \(ranks.count) random primes were all unlucky: everything was seen")
      }
    }
    lines.append("  parameters that do not move the function")
    for bound in bounds where bound.directions > 0 {
      lines.append("    \(bound.directions)  \(bound.reason)")
    }
    let most = parameters - hiddenNeurons
    lines.append(
      lower == most && lower == upper
        ? "  no hidden symmetry: near these parameters only rescaling leaves the function as it is"
        : "  at most \(most) for this architecture: parameters less hidden neurons")
    var seen = "  seen                  \(regions) activation regions"
    if let coverage {
      seen += coverage.isComplete ? ", all there are" : ", sampled"
      if !coverage.neverActive.isEmpty { seen += "; \(coverage.neverActive.count) neurons never active" }
      if !coverage.neverInactive.isEmpty { seen += "; \(coverage.neverInactive.count) never inactive" }
    }
    if kinks > 0 { seen += "; \(kinks) inputs on kinks left out" }
    lines.append(seen)
    if let kinkDetails { lines += kinkDetails.lines }
    return lines.joined(separator: "\n")
  }
}

extension Kinks {
  /// Which inputs are on kinks and which neurons are zero there; that there is no derivative at all.
  var lines: [String] {
    if inputs.isEmpty { return [] }
    func names(_ count: Int, _ shown: [String]) -> String {
      shown.joined(separator: ", ") + (count > shown.count ? " and \(count - shown.count) more" : "")
    }
    let most = neurons.sorted { ($1.inputs, $0.neuron) < ($0.inputs, $1.neuron) }
    let zero = names(most.count, most.prefix(3).map { "\($0.neuron) at \($0.inputs)" })
    let which = names(inputs.count, inputs.prefix(6).map(String.init))
    let place = "  on kinks              inputs \(which); exactly zero there: \(zero)"
    guard inputs.count == inputCount else { return [place] }
    let culprits = alwaysZero
    let why =
      culprits.isEmpty
      ? "some hidden neuron is zero at each"
      : "\(names(culprits.count, culprits.prefix(3).map(\.description))) \(culprits.count == 1 ? "is" : "are") zero at all of them"
    return ["  not differentiable    in the parameters at any of \(inputCount) inputs: \(why)"]
  }
}

extension DimensionBound {
  /// The reason in words: `rescaling of 5 neurons`.
  var reason: String {
    let words = mechanism.words
    return neurons.isEmpty ? words : "\(words): \(neurons.count) \(neurons.count == 1 ? "neuron" : "neurons")"
  }
}

extension DimensionBound.Mechanism {
  /// The reason in words, without neurons.
  var words: String {
    switch self {
    case .inactive: "never active"
    case .unread: "read by no output"
    case .rescaling: "rescaling"
    case .constant: "constant"
    case .stablyActive: "always active, hence linear"
    case .twin: "twins"
    case .opposite: "opposite pairs"
    case .fixedInput: "inputs held fixed"
    case .regions: "found by the exact kernel over all regions"
    }
  }
}

struct DimensionDocument: Encodable {
  struct Bound: Encodable {
    let mechanism: String
    let directions: Int
    let neurons: [[Int]]
  }

  struct Prime: Encodable {
    let prime: Int
    let rank: Int
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "dimension"
  let engines = Release.engines
  let file: String
  let place: String
  let loweringIsExact: Bool
  let parameters: Int
  let hiddenNeurons: Int
  let lowerBound: Int
  let upperBound: Int
  let functionalDimension: Int?
  let batch: Int?
  let exactUpToPrimes: Bool
  let bounds: [Bound]
  let primes: [Prime]
  let regions: Int
  let allRegions: Bool?
  let kinks: Int
  let kinkInputs: [Int]?
  let kinkNeurons: [[Int]]?
  let differentiable: Bool
  let neverActive: [[Int]]?
  let neverInactive: [[Int]]?

  init(_ file: String, _ network: Network, _ finding: DimensionFinding) {
    func pairs(_ neurons: [Neuron]) -> [[Int]] { neurons.map { [$0.layer, $0.index] } }
    self.file = file
    place = finding.place
    loweringIsExact = network.lowering == .exact
    parameters = finding.parameters
    hiddenNeurons = finding.hiddenNeurons
    lowerBound = finding.lower
    upperBound = finding.upper
    functionalDimension = finding.lower == finding.upper ? finding.lower : nil
    batch = finding.inputs
    exactUpToPrimes = finding.isExactUpToPrimes
    bounds = finding.bounds.map {
      Bound(mechanism: $0.mechanism.rawValue, directions: $0.directions, neurons: pairs($0.neurons))
    }
    primes = finding.ranks.map { Prime(prime: $0.prime, rank: $0.rank) }
    regions = finding.regions
    allRegions = finding.coverage?.isComplete
    kinks = finding.kinks
    kinkInputs = finding.inputs == nil ? nil : finding.kinkDetails?.inputs
    differentiable = finding.regions > 0 || finding.kinkDetails?.inputs.isEmpty ?? true
    kinkNeurons = finding.kinkDetails.map { pairs($0.neurons.map(\.neuron)) }
    neverActive = (finding.coverage?.neverActive).map(pairs)
    neverInactive = (finding.coverage?.neverInactive).map(pairs)
  }
}

/// What floating point suggests of a rank; nothing here is proved.
struct NumericalDimensionDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "dimension"
  let engines = Release.engines
  let file: String
  let method = "numerical"
  let parameters: Int
  let hiddenNeurons: Int
  let batch: Int
  let kinks: Int
  let numericalRank: Int
  let tolerance: Double
  let smallestKept: Double?
  let largestDropped: Double?
  let gapRatio: Double?

  private let kinkLines: [String]

  enum CodingKeys: CodingKey {
    case crease, schema, command, engines, file, method, parameters, hiddenNeurons, batch, kinks,
      numericalRank
    case tolerance, smallestKept, largestDropped, gapRatio
  }

  init(_ file: String, _ network: Network, _ kinks: Kinks, _ rank: NumericalRank) {
    kinkLines = kinks.lines
    self.kinks = kinks.inputs.count
    self.file = file
    parameters = network.parameterCount
    hiddenNeurons = network.hiddenNeuronCount
    batch = kinks.inputCount - kinks.inputs.count
    numericalRank = rank.value
    tolerance = rank.tolerance
    smallestKept = rank.smallestKept
    largestDropped = rank.largestDropped
    gapRatio = rank.gapRatio
  }

  func text(_ network: Network) -> String {
    var lines = [
      "\(Terminal.bold(file)): \(network.summary)",
      "  numerical rank        \(numericalRank) of \(parameters) parameters, at \(batch) inputs; not proved",
      "  tolerance             \(tolerance.short)",
    ]
    if let smallestKept { lines.append("  smallest value kept   \(smallestKept.short)") }
    if let largestDropped { lines.append("  largest value dropped \(largestDropped.short)") }
    lines += kinkLines
    return lines.joined(separator: "\n")
  }
}
