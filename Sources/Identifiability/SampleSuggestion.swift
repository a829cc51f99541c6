import Complexes
import LinearAlgebra
import Networks

/// Inputs to add to a sample, or to start one with, so that it identifies the parameters of a network locally.
///
/// Points are drawn from activation regions met on lines through the domain; at each step one is taken whose rows raise the rank
/// by all n_L, as long as such points are found, then by less. Inputs that turn out not to be needed are dropped.
///
///     let found = try SampleSuggestion(for: network, count: 40)
///     found.isIdentifying, found.inputs.count, found.lowerBound
///
/// - Exactness: ``rank`` is a proved lower bound of the rank at the sample and these inputs: D* proves local identifiability.
/// - Reference: [BMB22] C_S.
public struct SampleSuggestion: Hashable, Sendable {
  /// The inputs, each off kinks.
  public let inputs: [[Double]]
  /// The rank, modulo a prime, at the sample alone.
  public let rankBefore: Int
  /// The rank at the sample and the inputs.
  public let rank: Int
  /// D*: the rank that identifies.
  public let target: Int
  /// The most rank that any inputs of the domain can have: proved directions that never move the function are taken off D.
  public let reachable: Int
  /// Every choice of inputs that attains ``rank`` has at least so many.
  public let lowerBound: Int

  /// Whether the sample with these inputs identifies the parameters locally: proved.
  public var isIdentifying: Bool { rank == target }

  /// How often the search starts anew for fewer inputs.
  private static let restarts = 6
  /// Rounds of lines without an input that adds as much as is asked for before less is asked for.
  private static let patience = 6

  /// Looks for at most `count` inputs.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - sample: The inputs there are.
  ///   - domain: Where inputs may lie; nil for all of ℝⁿ.
  ///   - count: The most inputs to suggest.
  /// - Throws: `CancellationError`.
  public init(
    for network: Network, beside sample: [[Double]] = [], on domain: InputDomain? = nil, count: Int,
    options: DimensionOptions = DimensionOptions(), progress: Progress = Progress()
  ) throws {
    precondition(count >= 0, "\(count) inputs")
    target = network.parameterCount - network.hiddenNeuronCount
    let whole = try FunctionalDimension(of: network, on: domain, options: options, progress: progress)
    reachable = whole.upper
    let given = SmoothSample(network, sample, threads: options.threads)
    var rng = SplitMix64(seed: options.seed)
    let rows = given.rows(modulo: PrimeField.random(using: &rng))
    let bound = whole.isExactUpToPrimes ? whole.lower : whole.upper
    var start = EchelonBasis(columns: network.parameterCount, field: rows.field, rankBound: bound)
    for index in given.inputs.indices where !start.isComplete {
      start.insert(rows: rows(index), count: network.outputCount)
    }
    rankBefore = start.rank
    let outputs = network.outputCount
    var best: Trial?
    var places: [RegionPlace]?
    for restart in 0..<SampleSuggestion.restarts {
      let trial = try Trial(
        network, on: domain, rows: rows, from: start, places: &places,
        seed: options.seed &+ UInt64(restart) &* 0x5851_F42D, options: options, progress: progress)
      let isBetter =
        best.map { (trial.rank, -trial.inputs.count) > ($0.rank, -$0.inputs.count) } ?? true
      if isBetter { best = trial }
      guard let best else { break }
      let fewest = (best.rank - start.rank + outputs - 1) / outputs
      if best.rank >= whole.lower, best.inputs.count <= fewest { break }
      // Large networks are searched once.
      if network.parameterCount > 2_000 { break }
    }
    var space = start
    var chosen: [[Double]] = []
    for input in (best?.inputs ?? []).prefix(count) {
      guard let pattern = network.activationPattern(at: input) else { continue }
      space.insert(rows: rows(at: input, on: pattern), count: outputs)
      chosen.append(input)
    }
    inputs = chosen
    rank = space.rank
    lowerBound = (space.rank - start.rank + outputs - 1) / outputs
  }

  /// One search.
  private struct Trial {
    var inputs: [[Double]] = []
    var rank: Int

    init(
      _ network: Network, on domain: InputDomain?, rows: SmoothSample.Rows, from start: EchelonBasis,
      places: inout [RegionPlace]?, seed: UInt64, options: DimensionOptions, progress: Progress
    ) throws {
      let outputs = network.outputCount
      var sampler = RegionSampler(network, on: domain, seed: seed)
      var pool: [(input: [Double], pattern: ActivationPattern)] = []
      var cover = GreedyCover(outputs: outputs)
      var space = start
      var least = outputs
      var idle = 0
      var hasAll = false
      func poolRows(_ index: Int) -> [Double] { rows(at: pool[index].input, on: pool[index].pattern) }
      while !space.isComplete, least > 0, pool.count < options.regionBudget {
        var before = sampler.points
        _ = sampler.findMore(threads: options.threads)
        before += Array(repeating: [], count: sampler.points.count - before.count)
        for (region, point) in sampler.points.enumerated() where point != before[region] {
          pool.append((point, sampler.patterns[region]))
        }
        let rank = space.rank
        try cover.extend(
          &space, candidates: pool.count, least: least, progress: progress, rows: poolRows)
        idle = space.rank > rank ? 0 : idle + 1
        guard idle >= SampleSuggestion.patience else { continue }
        if !hasAll {
          // Regions that lines miss.
          hasAll = true
          let all =
            try places ?? RegionPlace.all(of: network, on: domain, options: options, progress: progress)
          places = all
          pool += all.map { ($0.input, $0.pattern) }
          try cover.extend(
            &space, candidates: pool.count, least: least, progress: progress, rows: poolRows)
        }
        (least, idle) = (least - 1, 0)
      }
      self.rank = space.rank
      let reached = EchelonBasis(columns: start.columns, field: start.field, rankBound: space.rank)
      var chosen = cover.chosen
      if outputs > 1, chosen.count < 400 {
        var bounded = reached
        bounded.insert(
          rows: start.reducedRows().flatMap { row in
            var full = Array(repeating: 0.0, count: start.columns)
            for (column, residue) in row { full[column] = residue }
            return full
          }, count: start.rank)
        chosen = try GreedyCover.withoutNeedless(
          chosen, from: bounded, outputs: outputs, progress: progress, rows: poolRows)
      }
      inputs = chosen.map { pool[$0].input }
    }
  }
}

/// A point in an activation region, and its pattern.
private struct RegionPlace {
  let input: [Double]
  let pattern: ActivationPattern

  /// Points in all activation regions, some in each; none where the regions cannot be enumerated.
  ///
  /// - Throws: `CancellationError`.
  static func all(
    of network: Network, on domain: InputDomain?, options: DimensionOptions, progress: Progress
  ) throws -> [RegionPlace] {
    let subdivision = Subdivision(network, on: SubdivisionDomain(domain, inputs: network.inputCount))
    let dimension = subdivision.domain.dimension
    guard network.hiddenNeuronCount > 0, dimension > 0, dimension <= options.enumeratedDimension else {
      return []
    }
    let complex: PolyhedralComplex
    do {
      complex = try subdivision.complex(
        threads: options.threads, limit: options.enumerationLimit, progress: progress)
    } catch is RegionLimitExceeded {
      return []
    } catch is SubdivisionError {
      return []
    }
    var rng = SplitMix64(seed: options.seed)
    return (0..<complex.regionCount).flatMap { region -> [RegionPlace] in
      let centre = complex.interiorPoint(of: region)
      let input = subdivision.slice.input(at: centre)
      guard let pattern = network.activationPattern(at: input) else { return [] }
      var found = [RegionPlace(input: input, pattern: pattern)]
      // Points around the centre, as near as the region asks for.
      for _ in 0..<dimension {
        let direction = centre.map { _ in Double.random(in: -1...1, using: &rng) }
        for exponent in stride(from: 0, through: -30, by: -3) {
          let step = Double(sign: .plus, exponent: exponent, significand: 1)
          let near = subdivision.slice.input(at: zip(centre, direction).map { $0 + step * $1 })
          guard domain?.contains(near) ?? true, network.activationPattern(at: near) == pattern else {
            continue
          }
          found.append(RegionPlace(input: near, pattern: pattern))
          break
        }
      }
      return found
    }
  }
}
