import LinearAlgebra
import Networks

/// The rank, modulo a prime, of the Jacobian over a growing set of activation regions.
///
/// On each region the rows are affine in the input, so the rows at all its inputs span a space of at most (n₀ + 1) n_L
/// dimensions. At each turn a region offers one row: at a random integer point in homogeneous coordinates, of a random
/// integer combination of the outputs. When that row is known, then but for a chance of 1/p all its rows are.
///
/// - Exactness: the rank is a proved lower bound of the rank of the Jacobian over the regions: the rows are exact rows
///   of it, combined with integers.
struct RegionRank: Sendable {
  /// The space of the rows, in the columns that known kernel vectors leave.
  private(set) var rows: JacobianSpace
  private let offers: RegionOffers
  /// The rows that were taken in: they span the whole space.
  private(set) var taken: [(pattern: ActivationPattern, turn: JacobianSpace.Turn)] = []

  init(
    _ network: Network, parameters: Parameters, kernel: KnownKernel, chart: HomogeneousChart,
    field: PrimeField, rankBound: Int? = nil, seed: UInt64, threads: Int
  ) {
    var rng = SplitMix64(seed: seed)
    self.init(
      network, parameters: parameters, columns: kernel.columns,
      annihilator: kernel.combination(modulo: field, using: &rng), chart: chart, field: field,
      rankBound: rankBound, seed: seed, threads: threads)
  }

  /// The rank in given columns; `annihilator`, where given, is a vector that every row must be orthogonal to.
  init(
    _ network: Network, parameters: Parameters, columns: [Int], annihilator: [Double]? = nil,
    chart: HomogeneousChart, field: PrimeField, rankBound: Int? = nil, seed: UInt64, threads: Int
  ) {
    rows = JacobianSpace(
      parameters, inputCount: network.inputCount, columns: columns, annihilator: annihilator, field: field,
      rankBound: rankBound, seed: seed ^ UInt64(field.prime), threads: threads)
    offers = RegionOffers(chart: chart, field: field, outputCount: rows.outputCount, seed: seed)
  }

  /// The space of the rows.
  var space: EchelonBasis { rows.space }

  /// The rank so far.
  var rank: Int { rows.space.rank }

  /// Takes in all rows of some regions, which have had `turns` turns before.
  ///
  /// - Returns: by how much the rank grew.
  @discardableResult
  mutating func add(
    _ patterns: ArraySlice<ActivationPattern>, after turns: Int = 0, progress: Progress = Progress()
  ) throws -> Int {
    let before = rank
    let offers = offers
    let new = try rows.exhaust(patterns.indices, firstTurn: turns, progress: progress) {
      offers.row($0, patterns[$0.place])
    }
    taken += new.map { (patterns[$0.place], $0) }
    return rank - before
  }

  /// Adds the rows that another rank over the same regions is made of.
  mutating func replay(_ other: RegionRank) {
    rows.insert(other.taken.map { offers.row($0.turn, $0.pattern) })
  }
}

/// The rows that activation regions offer, turn after turn.
private struct RegionOffers: Sendable {
  let chart: HomogeneousChart
  let field: PrimeField
  let outputCount: Int
  let seed: UInt64

  /// The row that a region offers at a turn: the same integer combination of rows modulo every prime.
  func row(_ turn: JacobianSpace.Turn, _ pattern: ActivationPattern) -> RowRequest {
    var rng = SplitMix64(
      seed: seed &+ UInt64(turn.place) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(turn.turn) << 48)
    func integer(_ rng: inout SplitMix64) -> Double {
      field.residue(of: Int.random(in: -(1 << 20)...1 << 20, using: &rng))
    }
    let input = chart.input(field: field) { integer(&rng) }
    return RowRequest(
      pattern: pattern, input: input,
      outputs: outputCount == 1 ? [1] : (0..<outputCount).map { _ in integer(&rng) })
  }
}

/// The homogeneous inputs (x, t) of a domain: all of them, or those in which given coordinates are fixed.
struct HomogeneousChart: Sendable {
  /// For each coordinate its fixed value, if it has one.
  let fixed: [Double?]

  /// All of ℝⁿ, or the flat that a box spans.
  init(_ domain: InputDomain?, inputs: Int) {
    fixed =
      domain?.enclosure.map { $0.lower == $0.upper ? $0.lower : nil } ?? Array(repeating: nil, count: inputs)
  }

  /// The dimension of the domain.
  var dimension: Int { fixed.count { $0 == nil } }

  /// The residues of an input whose free coordinates and t are drawn by `next`.
  func input(field: PrimeField, _ next: () -> Double) -> [Double] {
    let t = next()
    var input: [Double] = []
    input.reserveCapacity(fixed.count + 1)
    for value in fixed { input.append(value.map { field.product(field.residue(of: $0), t) } ?? next()) }
    input.append(t)
    return input
  }
}
