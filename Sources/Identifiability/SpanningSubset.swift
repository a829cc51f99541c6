import LinearAlgebra
import Networks

/// A small part of a sample that has the batch functional dimension of the whole.
///
/// At each step the input is taken whose rows raise the rank most, the first of these; then inputs without which the rank
/// stays are dropped. With one output every basis of the rows is a smallest subset.
///
/// - Exactness: the rank of the subset is proved: it is attained modulo a prime.
/// - Complexity: O(n_L R (D − R)) for each input and step of the gain, and (inputs)² of these to drop some.
public struct SpanningSubset: Hashable, Sendable {
  /// The inputs by their numbers in the sample, ascending.
  public let inputs: [Int]
  /// The rank of the rows at these inputs, a proved lower bound.
  public let rank: Int
  /// No subset of fewer inputs has this rank: the rank over n_L, rounded up.
  public let lowerBound: Int
  /// Whether the rank falls if any of the inputs is left out, modulo the prime; false where that was too much work.
  public let isMinimal: Bool

  /// Whether no subset has fewer inputs.
  public var isSmallest: Bool { inputs.count == lowerBound }

  /// The most floating-point operations that go into a subset.
  static let workLimit = 4e11

  /// A subset of the rank of the whole; nil where that is too much work.
  ///
  /// - Throws: `CancellationError`.
  init?(of sample: SmoothSample, rank bound: Int, field: PrimeField, progress: Progress) throws {
    let columns = sample.parameters.count
    let outputs = sample.network.outputCount
    let rowWork = 2 * Double(bound) * Double(columns - bound) + Double(columns)
    guard Double(sample.inputs.count * outputs) * rowWork <= SpanningSubset.workLimit else { return nil }
    let rows = sample.rows(modulo: field)
    var cover = GreedyCover(outputs: outputs)
    var space = EchelonBasis(columns: columns, field: field, rankBound: bound)
    try cover.extend(&space, candidates: sample.inputs.count, progress: progress) { rows($0) }
    var chosen = cover.chosen
    var isMinimal = outputs == 1
    let dropWork = Double(chosen.count * chosen.count * outputs) * rowWork
    if outputs > 1, dropWork <= SpanningSubset.workLimit {
      chosen = try GreedyCover.withoutNeedless(
        chosen, from: EchelonBasis(columns: columns, field: field, rankBound: space.rank), outputs: outputs,
        progress: progress
      ) { rows($0) }
      isMinimal = true
    }
    inputs = chosen.map { sample.numbers[$0] }.sorted()
    rank = space.rank
    lowerBound = (space.rank + outputs - 1) / outputs
    self.isMinimal = isMinimal
  }
}

/// Places taken one after the other, each time one that raises a rank most.
struct GreedyCover: Sendable {
  let outputs: Int
  /// The places taken, in this order.
  private(set) var chosen: [Int] = []
  /// For each place an upper bound of what it adds.
  private var gains: [Int] = []

  init(outputs: Int) {
    self.outputs = outputs
  }

  /// Takes places until none adds as much as `least`.
  ///
  /// What a place adds only falls as others are taken; so one look at each place for each gain is enough.
  ///
  /// - Throws: `CancellationError`.
  mutating func extend(
    _ space: inout EchelonBasis, candidates: Int, least: Int = 1, progress: Progress,
    rows: (Int) -> [Double]
  ) throws {
    gains += Array(repeating: outputs, count: candidates - gains.count)
    for wanted in stride(from: outputs, through: least, by: -1) {
      for index in 0..<candidates where gains[index] >= wanted && !space.isComplete {
        let rows = rows(index)
        gains[index] = space.growth(of: rows, count: outputs)
        guard gains[index] >= wanted else { continue }
        space.insert(rows: rows, count: outputs)
        gains[index] = 0
        chosen.append(index)
        try progress.step("choosing inputs: rank", done: space.rank, of: space.rankBound)
      }
    }
  }

  /// Places without those that the rank does not need, looked at from the last to the first.
  ///
  /// - Parameter start: the space of what is there anyway, whose rank bound is to be reached.
  static func withoutNeedless(
    _ places: [Int], from start: EchelonBasis, outputs: Int, progress: Progress, rows: (Int) -> [Double]
  ) throws -> [Int] {
    let all = places.map(rows)
    var kept = Array(places.indices)
    for candidate in places.indices.reversed() {
      try progress.step("dropping inputs", done: places.count - candidate, of: places.count)
      var space = start
      for index in kept where index != candidate { space.insert(rows: all[index], count: outputs) }
      if space.isComplete { kept.removeAll { $0 == candidate } }
    }
    return kept.map { places[$0] }
  }
}
