import ExactArithmetic
import LinearAlgebra
import Networks

/// The kernel of the Jacobian over the activation regions of a search, and the part of it on few columns.
///
/// Definition: the rows that made the rank grow span all rows, so the kernel on a set S of columns is that of these
/// rows restricted to S. Its vectors are the kernel vectors supported on S.
///
/// - Exactness: rationals that agree with several primes; exact for all rows once ``isOrthogonal(_:)`` says so.
struct SampleKernel {
  let network: Network
  let parameters: Parameters
  let patterns: [ActivationPattern]
  let chart: HomogeneousChart
  private let rank: RegionRank
  /// Vectors eliminated at a time.
  private static let vectorsTogether = 256
  private let options: DimensionOptions

  init(
    _ network: Network, parameters: Parameters, search: RegionSearch, chart: HomogeneousChart,
    options: DimensionOptions
  ) {
    self.network = network
    self.parameters = parameters
    self.chart = chart
    self.options = options
    patterns = search.patterns
    rank = search.rank
  }

  /// The prime that blocks are tested with first.
  var field: PrimeField { rank.space.field }

  /// The row space on some columns, modulo a prime; `rankBound`, where the rank is known, spares most of the rows.
  func space(on columns: [Int], field: PrimeField, rankBound: Int? = nil) -> EchelonBasis {
    var restricted = RegionRank(
      network, parameters: parameters, columns: columns, chart: chart, field: field, rankBound: rankBound,
      seed: options.seed, threads: options.threads)
    restricted.replay(rank)
    return restricted.space
  }

  /// The kernel modulo the prime that ``field`` has, from a space that the known kernel vectors span.
  ///
  /// On the columns that the search looked at, known vectors have been taken out: what is left there and the known ones
  /// are the whole kernel, so that no row has to be eliminated again.
  func residues(
    beside known: EchelonBasis, columns: [Int], progress: Progress
  ) throws -> ResidueKernel {
    precondition(known.field == field, "two primes, \(known.field.prime) and \(field.prime)")
    precondition(rank.space.columns == columns.count, "\(columns.count) of \(rank.space.columns) columns")
    var kernel = known
    // Many at a time: each insertion changes all vectors known before.
    let vectors = rank.space.kernelBasis()
    for start in stride(from: 0, to: vectors.count, by: SampleKernel.vectorsTogether) {
      let block = vectors[start..<min(vectors.count, start + SampleKernel.vectorsTogether)]
      var rows = Array(repeating: 0.0, count: block.count * kernel.columns)
      for (row, vector) in block.enumerated() {
        for (column, residue) in vector { rows[row * kernel.columns + columns[column]] = residue }
      }
      kernel.insert(rows: rows, count: block.count, threads: options.threads)
      try progress.step("gathering the kernel", done: start + block.count, of: vectors.count)
    }
    return ResidueKernel(spannedBy: kernel)
  }

  /// The columns of the reduced kernel vectors that a known space does not have, ascending: often few of all columns.
  ///
  /// Kernel vectors on these columns, together with the space, span the kernel on `columns`.
  func support(outside isKnown: ([Double]) -> Bool, columns: [Int]) -> [Int] {
    var support: Set<Int> = []
    for vector in rank.space.kernelBasis() {
      var row = Array(repeating: 0.0, count: parameters.count)
      for (column, residue) in vector { row[columns[column]] = residue }
      if !isKnown(row) { support.formUnion(vector.map { columns[$0.column] }) }
    }
    return support.sorted()
  }

  /// A basis of the kernel vectors supported on some columns; empty where fractions do not settle.
  ///
  /// - Parameters:
  ///   - dimension: Of how many vectors, where that is known modulo ``field``.
  ///   - work: About how many operations may be spent; what was is taken off.
  func vectors(
    on columns: [Int], dimension: Int? = nil, work: inout Int, progress: Progress
  ) throws -> [[(index: Int, value: Dyadic)]] {
    if columns.isEmpty { return [] }
    let rankBound = dimension.map { columns.count - $0 }
    var rng = SplitMix64(seed: options.seed)
    // For each prime rows are written and eliminated.
    let perPrime = rank.rank * parameters.count + columns.count * columns.count * columns.count
    let primes = min(200, work / max(1, perPrime))
    var tried = 0
    defer { work -= tried * perPrime }
    let kernel = try RationalKernel(columns: columns.count, maximumPrimes: primes, using: &rng) { field in
      try progress.step("reconstructing the kernel")
      tried += 1
      return space(on: columns, field: field, rankBound: rankBound)
    }
    return (kernel?.vectors ?? []).map { vector in
      RationalKernel.clearingDenominators(vector).map { (index: columns[$0.column], value: $0.value) }
    }
  }

  /// For each vector whether it is orthogonal to the rows on all regions, exactly; nil where that is too much work.
  func areOrthogonal(_ vectors: [[(index: Int, value: Dyadic)]]) -> [Bool]? {
    let layout = parameters.layout
    // Signals and sensitivities for each region, then a few products for each entry.
    let entryCount = vectors.reduce(0) { $0 + $1.count }
    let perRegion =
      layout.count * (chart.dimension + 1 + network.outputCount)
      + entryCount * (chart.dimension + 2) * network.outputCount
    let work = patterns.count * perRegion
    guard work <= options.exactWork else { return nil }
    let entries = vectors.map { ExactRows.entries($0, layout) }
    let (network, patterns, basis) = (network, patterns, chart.exactBasis)
    let tests = Concurrency.map(count: patterns.count, threads: options.threads, minimumRange: 16) { part in
      part.map { index in
        let rows = ExactRows(network, layout: layout, at: basis, on: patterns[index])
        return entries.map { rows.areOrthogonal(to: $0) }
      }
    }
    return entries.indices.map { k in tests.allSatisfy { $0[k] } }
  }

  /// The stretches of parameters in which sparse kernel vectors are sought, the smallest first.
  var blocks: [[Int]] {
    let layout = parameters.layout
    var rows: [[Int]] = []
    var columns: [[Int]] = []
    var stars: [[Int]] = []
    for (position, layer) in layout.layers.enumerated() {
      for row in 0..<layer.width { rows.append(Array(layout.range(ofRow: row, layer: position + 1))) }
    }
    for neuron in network.hiddenNeurons {
      let outgoing = self.outgoing(of: neuron)
      columns.append(outgoing.weights)
      stars.append(
        (layout.range(ofRow: neuron.index, layer: neuron.layer) + outgoing.weights + outgoing.biases).sorted()
      )
    }
    return rows + columns + stars
  }

  /// The weights that read a neuron, and the biases of their rows.
  func outgoing(of neuron: Neuron) -> (weights: [Int], biases: [Int]) {
    let layout = parameters.layout
    var weights: [Int] = []
    var biases: [Int] = []
    for (position, shape) in layout.layers.enumerated() {
      guard let source = shape.source(neuron.layer) else { continue }
      for row in 0..<shape.width {
        let range = layout.range(ofRow: row, layer: position + 1)
        weights.append(range.lowerBound + source.offset + neuron.index)
        biases.append(range.upperBound - 1)
      }
    }
    return (weights, biases)
  }
}
