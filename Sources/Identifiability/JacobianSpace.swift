import LinearAlgebra
import Networks

/// The space, modulo a prime, of rows of a Jacobian, made of as few of them as it takes.
///
/// A place that may have new rows is asked first: a random vector of the kernel found so far is orthogonal to the row of
/// a place, but for a chance of 1/p, only if the row is known. So only rows that raise the rank are written and
/// eliminated; the others cost two evaluations of the network.
///
/// - Exactness: the rank is a proved lower bound of the rank of the Jacobian: its rows are exact rows modulo p.
struct JacobianSpace: Sendable {
  /// The space of the rows, in the columns that count.
  private(set) var space: EchelonBasis
  private let writer: RowWriter
  private let probe: JacobianProbe
  private let threads: Int
  private var rng: SplitMix64

  /// Rows eliminated at a time, at most.
  private static let blockRows = 256
  /// Rows that are worth eliminating together: fewer take as long, since each time all known rows change.
  private static let fewRows = 32
  /// Places asked at a time, at most.
  private static let mostPlaces = 1 << 13

  /// The zero space in given columns; `annihilator`, where given, is a vector that every row must be orthogonal to.
  init(
    _ parameters: Parameters, inputCount: Int, columns: [Int], annihilator: [Double]? = nil,
    field: PrimeField,
    rankBound: Int? = nil, seed: UInt64, threads: Int
  ) {
    writer = RowWriter(
      rows: JacobianRows(parameters, inputCount: inputCount, field: field), columns: columns,
      annihilator: annihilator)
    probe = JacobianProbe(parameters, inputCount: inputCount, field: field)
    space = EchelonBasis(columns: columns.count, field: field, rankBound: rankBound)
    self.threads = threads
    rng = SplitMix64(seed: seed)
  }

  /// The number of outputs of the network.
  var outputCount: Int { writer.rows.outputCount }

  /// Takes in rows.
  ///
  /// - Returns: by how much the rank grew.
  @discardableResult
  mutating func insert(_ requests: [RowRequest]) -> Int {
    let before = space.rank
    for start in stride(from: 0, to: requests.count, by: JacobianSpace.blockRows) where !space.isComplete {
      let block = requests[start..<min(requests.count, start + JacobianSpace.blockRows)]
      let writer = writer
      let elements = Concurrency.map(
        count: block.count, threads: threads, minimumRange: max(1, 20_000 / max(1, writer.rows.layout.count))
      ) { writer.elements(of: block, $0) }
      space.insert(rows: elements, count: block.count, threads: threads)
    }
    return space.rank - before
  }

  /// For each row whether it is new; a new one is taken for known with a chance of 1/p.
  private mutating func areNew(_ requests: [RowRequest]) -> [Bool] {
    let vector = space.randomKernelVector(using: &rng)
    var direction = Array(repeating: 0.0, count: writer.rows.layout.count)
    for (column, value) in zip(writer.columns, vector) { direction[column] = value }
    let derivatives = probe.derivatives(along: direction, at: requests, threads: threads)
    let (field, outputs) = (space.field, outputCount)
    return requests.enumerated().map { index, request in
      var sum = 0.0
      for k in 0..<outputs {
        sum = field.sum(sum, field.product(request.outputs[k], derivatives[index * outputs + k]))
      }
      return sum != 0
    }
  }

  /// Takes in rows from many places until none of them has a new one.
  ///
  /// - Parameters:
  ///   - places: The numbers of the places.
  ///   - firstTurn: The number of turns that each place has had.
  ///   - progress: Told of the rank.
  ///   - request: The row that a place offers at its next turn: a random one of those it has.
  /// - Returns: the turns at which rows were taken in. They span the space that was added.
  mutating func exhaust(
    _ places: some Collection<Int>, firstTurn: Int = 0, progress: Progress,
    request: (Turn) -> RowRequest
  ) throws -> [Turn] {
    var queue = places.map { Turn(place: $0, turn: firstTurn) }
    var taken: [Turn] = []
    var wanted = JacobianSpace.blockRows
    var reach = JacobianSpace.blockRows
    var next = 0
    while next < queue.count, !space.isComplete {
      let end = min(queue.count, next + max(reach, 4 * wanted))
      let turns = Array(queue[next..<end])
      let requests = turns.map(request)
      let new = areNew(requests)
      var chosen: [RowRequest] = []
      var again: [Turn] = []
      for (k, turn) in turns.enumerated() where new[k] {
        if chosen.count < wanted {
          chosen.append(requests[k])
          taken.append(turn)
          again.append(Turn(place: turn.place, turn: turn.turn + 1))
        } else {
          again.append(turn)
        }
      }
      let growth = insert(chosen)
      precondition(growth > 0 || chosen.isEmpty, "a row said to be new was known")
      // Where few directions are missing, many places offer the same row.
      if !chosen.isEmpty {
        wanted =
          growth == chosen.count
          ? min(JacobianSpace.blockRows, 2 * wanted) : max(JacobianSpace.fewRows, growth)
      }
      // Where few places have new rows, more are asked at a time.
      reach =
        chosen.count < JacobianSpace.fewRows
        ? min(JacobianSpace.mostPlaces, 2 * reach) : JacobianSpace.blockRows
      next = end - again.count
      queue.replaceSubrange(next..<end, with: again)
      try progress.step("eliminating: rank", done: space.rank, of: writer.columns.count)
    }
    return taken
  }

  /// The row that a place offers when it is asked for the `turn`-th time.
  struct Turn: Hashable, Sendable {
    let place: Int
    let turn: Int
  }
}

/// Writes rows of a Jacobian on the columns that count.
private struct RowWriter: Sendable {
  let rows: JacobianRows
  let columns: [Int]
  let annihilator: [Double]?

  func elements(of block: ArraySlice<RowRequest>, _ part: Range<Int>) -> [Double] {
    var elements: [Double] = []
    elements.reserveCapacity(part.count * columns.count)
    for index in part {
      let request = block[block.startIndex + index]
      var row = Array(repeating: 0.0, count: rows.layout.count)
      row.withUnsafeMutableBufferPointer {
        rows.write(outputs: request.outputs, at: request.input, on: request.pattern, to: $0)
      }
      if let annihilator { rows.check(row, annihilator: annihilator) }
      if columns.count == row.count {
        elements += row
      } else {
        for column in columns { elements.append(row[column]) }
      }
    }
    return elements
  }
}
