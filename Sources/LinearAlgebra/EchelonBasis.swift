/// The row space, modulo a prime, of a matrix whose rows arrive in blocks: its reduced echelon form.
///
/// Definition: r pivot columns, the lexicographically smallest set on which the rows have rank r, and r reduced rows
/// with a 1 in their own pivot column and 0 in the others', 0 left of the pivot. Row space and field determine it,
/// so it depends neither on the order of the rows nor on their division into blocks nor on the number of threads.
///
///     var space = EchelonBasis(columns: 3, field: field)
///     space.insert(rows: [1, 2, 3, 2, 4, 6], count: 2)      // 1: the second row is twice the first
///     space.rank                                            // 1
///
/// Only the free columns are stored, r · (D − r) doubles for D columns: at most a quarter of a square matrix, and
/// next to nothing where the rank comes close to D.
///
/// - Exactness: exact modulo p. The rank is at most the rank over ℚ of any matrix whose image the rows are.
/// - Complexity: 2 r (D − r) floating-point operations for each row, in matrix products, once the rank is r; and
///   2 r (D − r) for each of the r independent rows.
/// - Reference: [DGP08] elimination modulo p by floating-point matrix products.
public struct EchelonBasis: Sendable {
  /// The number of columns D.
  public let columns: Int
  /// The integers modulo p.
  public let field: PrimeField
  /// No row beyond this rank is looked at: a proved bound of the rank, or the number of columns.
  public let rankBound: Int
  /// The columns that are not pivots, ascending.
  public private(set) var freeColumns: [Int]
  /// The pivot columns in the order of the stored rows.
  private(set) var pivots: [Int] = []
  /// The reduced rows on the free columns.
  var chunks: [EchelonChunk] = []

  /// Rows eliminated at a time: enough to run the products at full speed, few beside the rank.
  private static let panelRows = 128
  /// Rows stored together, about as many as one product takes before a reduction.
  private static let chunkRows = 512

  /// The zero space.
  ///
  /// - Requires: `rankBound`, if given, is at least the rank of all rows to come.
  public init(columns: Int, field: PrimeField, rankBound: Int? = nil) {
    precondition(columns >= 0, "\(columns) columns")
    self.columns = columns
    self.field = field
    self.rankBound = min(columns, max(0, rankBound ?? columns))
    freeColumns = Array(0..<columns)
  }

  /// The number of independent rows.
  public var rank: Int { pivots.count }

  /// Whether the rank has reached its bound, so that further rows cannot change anything.
  public var isComplete: Bool { rank >= rankBound }

  /// The pivot columns, ascending.
  public var pivotColumns: [Int] { pivots.sorted() }

  /// Takes a block of rows in.
  ///
  /// - Shapes: `rows` has `count` · D entries, row by row.
  /// - Requires: the entries are integers of magnitude at most 2^51; residues are.
  /// - Returns: by how much the rank grew.
  @discardableResult
  public mutating func insert(rows: [Double], count: Int, threads: Int = 1) -> Int {
    precondition(
      rows.count == count * columns, "\(rows.count) entries for \(count) rows of \(columns) columns")
    let before = rank
    for first in stride(from: 0, to: count, by: EchelonBasis.panelRows) {
      if isComplete { break }
      let panel = min(EchelonBasis.panelRows, count - first)
      var remainder = self.remainder(of: rows, first: first, count: panel, threads: threads)
      let found = remainder.eliminate(field, threads: threads)
      if found.isEmpty { continue }
      clear(found, by: remainder, threads: threads)
      remainder.keepRows(found.count)
      remainder.dropColumns(found)
      append(remainder)
      pivots += found.map { freeColumns[$0] }
      var isFree = [Bool](repeating: true, count: freeColumns.count)
      for column in found { isFree[column] = false }
      freeColumns = zip(freeColumns, isFree).compactMap { $1 ? $0 : nil }
    }
    return rank - before
  }

  /// Takes a block of rows of real numbers in, by the residues of their exact values.
  ///
  /// - Shapes: any number of rows of D entries.
  /// - Returns: by how much the rank grew.
  @discardableResult
  public mutating func insert(_ rows: Matrix<Double>, threads: Int = 1) -> Int {
    precondition(rows.columns == columns, "rows of \(rows.columns) entries in a space of \(columns) columns")
    if isComplete { return 0 }
    return insert(rows: field.residues(of: rows.elements), count: rows.rows, threads: threads)
  }

  /// What is left of rows on the free columns after the pivot columns are cleared by the reduced rows.
  func remainder(of rows: [Double], first: Int, count: Int, threads: Int) -> EchelonChunk {
    let (factors, start) = EchelonChunk.split(
      rows, first: first, count: count, columns: columns, pivots: pivots, free: freeColumns, field: field)
    var remainder = start
    var done = 0
    for chunk in chunks {
      remainder.subtract(
        factors, stride: rank, from: done, times: chunk, terms: chunk.rows, field, threads: threads)
      done += chunk.rows
    }
    return remainder
  }

  /// Clears new pivot columns in all reduced rows, and takes these columns out.
  private mutating func clear(_ found: [Int], by block: EchelonChunk, threads: Int) {
    for index in chunks.indices {
      let factors = chunks[index].gathered(found)
      chunks[index].subtract(
        factors, stride: found.count, from: 0, times: block, terms: found.count, field, threads: threads)
      chunks[index].dropColumns(found)
    }
  }

  /// Stores reduced rows, filling the last chunk first.
  private mutating func append(_ block: EchelonChunk) {
    var first = 0
    while first < block.rows {
      if chunks.last.map({ $0.rows >= EchelonBasis.chunkRows }) ?? true {
        chunks.append(EchelonChunk(columns: block.columns, capacity: EchelonBasis.chunkRows))
      }
      let last = chunks.count - 1
      let taken = min(block.rows - first, EchelonBasis.chunkRows - chunks[last].rows)
      chunks[last].append(block, rows: first..<first + taken)
      first += taken
    }
  }
}
