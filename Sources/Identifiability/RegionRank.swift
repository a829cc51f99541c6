import LinearAlgebra
import Networks

/// The rank, modulo a prime, of the Jacobian over a growing set of activation regions.
///
/// On each region the rows are affine in the input, so the rows at all its inputs span a space of at most (n₀ + 1) n_L
/// dimensions. In each pass a region gives one row: at a random integer point in homogeneous coordinates, of a random
/// integer combination of the outputs. When a pass over all regions adds nothing, then but for a chance of 1/p for each
/// region no pass ever will.
///
/// - Exactness: the rank is a proved lower bound of the rank of the Jacobian over the regions: the rows are exact rows
///   of it, combined with integers.
struct RegionRank: Sendable {
  /// The space of the rows, in the columns that known kernel vectors leave.
  private(set) var space: EchelonBasis
  private let rows: JacobianRows
  private let columns: [Int]
  private let annihilator: [Double]
  private let chart: HomogeneousChart
  private let seed: UInt64
  private let threads: Int
  /// The blocks of rows that made the rank grow: they span the whole space.
  private(set) var grown: [(patterns: [ActivationPattern], start: Int, pass: Int)] = []

  /// Rows eliminated at a time.
  private static let blockRows = 256

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
    rows = JacobianRows(parameters, inputCount: network.inputCount, field: field)
    space = EchelonBasis(columns: columns.count, field: field, rankBound: rankBound)
    self.columns = columns
    self.annihilator = annihilator ?? Array(repeating: 0, count: parameters.count)
    self.chart = chart
    self.seed = seed
    self.threads = threads
  }

  /// The rank so far.
  var rank: Int { space.rank }

  /// Adds one row for each of some regions.
  ///
  /// - Returns: by how much the rank grew.
  mutating func add(
    _ patterns: ArraySlice<ActivationPattern>, pass: Int, progress: Progress = Progress()
  ) throws -> Int {
    let before = rank
    var start = patterns.startIndex
    while start < patterns.endIndex, !space.isComplete {
      let end = min(patterns.endIndex, start + RegionRank.blockRows)
      if insert(patterns[start..<end], pass: pass) > 0 {
        grown.append((Array(patterns[start..<end]), start, pass))
      }
      start = end
      try progress.step("eliminating: rank", done: rank, of: columns.count)
    }
    return rank - before
  }

  /// Adds the rows of the blocks that made another rank over the same regions grow.
  mutating func replay(_ other: RegionRank) {
    for block in other.grown where !space.isComplete {
      _ = insert(block.patterns[...], first: block.start, pass: block.pass)
    }
  }

  private mutating func insert(_ patterns: ArraySlice<ActivationPattern>, first: Int? = nil, pass: Int) -> Int
  {
    let rank = self
    let shift = (first ?? patterns.startIndex) - patterns.startIndex
    let elements = Concurrency.map(
      count: patterns.count, threads: threads, minimumRange: max(1, 20_000 / rows.layout.count)
    ) { part in
      part.flatMap {
        let index = patterns.startIndex + $0
        return rank.row(of: index + shift, patterns[index], pass: pass)
      }
    }
    return space.insert(rows: elements, count: patterns.count, threads: threads)
  }

  /// The row that a region gives in a pass: the same integer combination of rows modulo every prime.
  private func row(of region: Int, _ pattern: ActivationPattern, pass: Int) -> [Double] {
    var rng = SplitMix64(seed: seed &+ UInt64(region) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(pass) << 48)
    let field = space.field
    func integer(_ rng: inout SplitMix64) -> Double {
      field.residue(of: Int.random(in: -(1 << 20)...1 << 20, using: &rng))
    }
    let input = chart.input(field: field) { integer(&rng) }
    let outputs = rows.outputCount == 1 ? [1] : (0..<rows.outputCount).map { _ in integer(&rng) }
    var row = Array(repeating: 0.0, count: rows.layout.count)
    row.withUnsafeMutableBufferPointer { rows.write(outputs: outputs, at: input, on: pattern, to: $0) }
    rows.check(row, annihilator: annihilator)
    return columns.count == row.count ? row : columns.map { row[$0] }
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
    return fixed.map { $0.map { field.product(field.residue(of: $0), t) } ?? next() } + [t]
  }
}
