import ExactArithmetic
import LinearAlgebra
import Networks

/// The batch functional dimension of a network: the rank of ∂(f_θ(x₁), …, f_θ(x_m))/∂θ at given inputs.
///
/// Inputs at which a hidden neuron is exactly zero have no derivative; they are left out and counted.
///
///     let f = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
///     try BatchFunctionalDimension(of: f, at: [[1, 0], [0, 2], [-1, 1], [2, 1]]).functionalDimension   // 4
///
/// - Exactness: ``lower`` and ``upper`` are proved. Where they meet, so is ``functionalDimension``.
/// - Reference: [GLMW25] batch functional dimension.
public struct BatchFunctionalDimension: Hashable, Sendable {
  /// The number of parameters D.
  public let parameterCount: Int
  /// The number of hidden neurons N.
  public let hiddenNeuronCount: Int
  /// The number of inputs used.
  public let inputCount: Int
  /// The number of inputs left out, because some hidden neuron is exactly zero there.
  public let kinks: Int
  /// The number of activation regions the inputs lie in.
  public let regions: Int
  /// A proved lower bound: the largest rank modulo a prime.
  public let lower: Int
  /// A proved upper bound: of the number of rows, of n₀ + 1 inputs' rows for each region, and of D minus the directions
  /// of ``bounds``, the least.
  public let upper: Int
  /// Kernel directions of the Jacobian at these inputs, each counted once.
  public let bounds: [DimensionBound]
  /// The primes, with the rank modulo each; one prime is enough where the bounds meet.
  public let ranks: [PrimeRank]

  /// The rank, where it is proved.
  public var functionalDimension: Int? { lower == upper ? lower : nil }

  /// Whether the rank was the same modulo all primes.
  public var primesAgree: Bool { ranks.allSatisfy { $0.rank == lower } }

  /// Measures the rank at given inputs.
  ///
  /// - Parameters:
  ///   - network: The network; its normal form's parameters are θ.
  ///   - inputs: The inputs, each of n₀ finite doubles taken as exact.
  ///   - options: The seed, the number of primes and threads, the work for an exact proof.
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, at inputs: [[Double]], options: DimensionOptions = DimensionOptions(),
    progress: Progress = Progress()
  ) throws {
    let threads = options.threads
    let trace = SignTrace(network)
    let still = Array(repeating: 0.0, count: network.inputCount)
    let found = Concurrency.map(count: inputs.count, threads: threads, minimumRange: 64) { part in
      var workspace = trace.workspace
      return part.map { trace.pattern(at: inputs[$0], along: still, &workspace) }
    }
    var batch: [(pattern: ActivationPattern, inputs: [[Double]])] = []
    var place: [ActivationPattern: Int] = [:]
    for (input, pattern) in zip(inputs, found) {
      guard let pattern else { continue }
      if let index = place[pattern] {
        batch[index].inputs.append(input)
      } else {
        place[pattern] = batch.count
        batch.append((pattern, [input]))
      }
    }
    var rng = SplitMix64(seed: options.seed)
    let field = PrimeField.random(using: &rng)
    var roles = try NeuronRoles(network, on: nil, progress: progress)
    if !batch.isEmpty { roles = roles.restricted(to: batch.map(\.pattern)) }
    let known = KnownDirections(network, roles: roles, domain: nil, field: field)
    let parameters = network.parameters
    let kernel = KnownKernel(
      known.vectors, parameterCount: parameters.count, neurons: network.hiddenNeurons, field: field)
    let rows = BatchRows(network: network, parameters: parameters, kernel: kernel, batch: batch)
    let rowBound = rows.rankBound

    let first = try rows.space(
      modulo: field, bound: min(rowBound, kernel.columns.count), threads: threads, progress: progress)
    var ranks = [PrimeRank(prime: field.prime, rank: first.rank)]
    while !first.isComplete, ranks.count < options.primeCount {
      let other = PrimeField.random(using: &rng)
      if ranks.contains(where: { $0.prime == other.prime }) { continue }
      let space = try rows.space(
        modulo: other, bound: kernel.columns.count, threads: threads, progress: progress)
      ranks.append(PrimeRank(prime: other.prime, rank: space.rank))
    }
    let rank = ranks.map(\.rank).max() ?? 0
    var bounds = kernel.bounds
    if rank < min(rowBound, kernel.columns.count) {
      let extra = try rows.provedKernelDimension(
        rank: rank, work: options.exactWork, threads: threads, using: &rng, progress: progress)
      if extra > 0 { bounds.append(DimensionBound(mechanism: .regions, neurons: [], directions: extra)) }
    }
    parameterCount = parameters.count
    hiddenNeuronCount = network.hiddenNeuronCount
    inputCount = batch.reduce(0) { $0 + $1.inputs.count }
    kinks = inputs.count - inputCount
    regions = batch.count
    lower = rank
    upper = min(rowBound, parameters.count - bounds.reduce(0) { $0 + $1.directions })
    self.bounds = bounds
    self.ranks = ranks
  }
}

/// The rows of a Jacobian at given inputs, modulo any prime.
struct BatchRows: Sendable {
  let network: Network
  let parameters: Parameters
  let kernel: KnownKernel
  /// The inputs by activation region.
  let batch: [(pattern: ActivationPattern, inputs: [[Double]])]

  /// The columns that count.
  private var columns: [Int] { kernel.columns }

  /// The most that the rank can be by the number of rows: on one region n₀ + 1 inputs span all.
  var rankBound: Int {
    batch.reduce(0) { $0 + min($1.inputs.count, network.inputCount + 1) } * network.outputCount
  }

  /// The row space modulo a prime.
  func space(
    modulo field: PrimeField, bound: Int, threads: Int, progress: Progress
  ) throws -> EchelonBasis {
    var rng = SplitMix64(seed: UInt64(field.prime))
    var space = JacobianSpace(
      parameters, inputCount: network.inputCount, columns: columns,
      annihilator: kernel.combination(modulo: field, using: &rng), field: field, rankBound: bound,
      seed: rng.next(), threads: threads)
    let (places, outputs) = (self.places, network.outputCount)
    _ = try space.exhaust(places.indices, progress: progress) { turn in
      let place = places[turn.place]
      var rng = SplitMix64(seed: UInt64(turn.place) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(turn.turn))
      return RowRequest(
        pattern: batch[place.region].pattern,
        input: field.residues(of: batch[place.region].inputs[place.input]) + [1],
        outputs: outputs == 1
          ? [1] : (0..<outputs).map { _ in field.residue(of: Int.random(in: 0..<field.prime, using: &rng)) })
    }
    return space.space
  }

  /// The inputs by region and number: a first input of every region first.
  private var places: [(region: Int, input: Int)] {
    batch.indices.map { (region: $0, input: 0) }
      + batch.indices.flatMap { region in
        batch[region].inputs.indices.dropFirst().map { (region: region, input: $0) }
      }
  }

  /// The number of further kernel directions, orthogonal to all rows, that could be proved.
  func provedKernelDimension(
    rank: Int, work limit: Int, threads: Int, using rng: inout SplitMix64, progress: Progress
  ) throws -> Int {
    let layout = parameters.layout
    let inputs = batch.reduce(0) { $0 + $1.inputs.count }
    let work = layout.count * (columns.count - rank + 2) * (inputs + batch.count * network.outputCount)
    guard work <= limit else { return 0 }
    let candidate = try RationalKernel(columns: columns.count, using: &rng) { field in
      try space(modulo: field, bound: columns.count, threads: threads, progress: progress)
    }
    guard let candidate else { return 0 }
    let vectors = candidate.vectors.map { vector in
      ExactRows.entries(
        RationalKernel.clearingDenominators(vector).map { (index: columns[$0.column], value: $0.value) },
        layout)
    }
    let isOrthogonal = Concurrency.map(count: batch.count, threads: threads, minimumRange: 4) { part in
      part.map { index in
        let points = batch[index].inputs.map { $0.map { Dyadic($0) } + [.one] }
        let rows = ExactRows(network, layout: layout, at: points, on: batch[index].pattern)
        return vectors.map { rows.areOrthogonal(to: $0) }
      }
    }
    return vectors.indices.count { k in isOrthogonal.allSatisfy { $0[k] } }
  }
}
