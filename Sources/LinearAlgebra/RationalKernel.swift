import ExactArithmetic

/// The vectors orthogonal to the rows of a rational matrix, found modulo primes.
///
/// Definition: for the lexicographically smallest pivot columns, the basis with one vector for each free column: 1
/// there, 0 at the other free columns.
///
/// The matrix itself is never asked for, only its reduced echelon form modulo primes. Unlucky primes, whose rank is
/// smaller or whose pivots are larger, are discarded. When fractions reconstructed from some primes also fit the
/// next, they are taken.
///
/// - Exactness: ``rank`` is a proved lower bound. The vectors are conjectured, until each is seen to be orthogonal
///   to all rows (``isOrthogonal(to:)``). Then the kernel has at least as many dimensions as there are vectors, so
///   the rank is exactly ``rank`` and the vectors are a basis: proved.
/// - Complexity: one elimination for each prime; entries of numerator and denominator below 2^b need about b/11.
/// - Reference: [Wang81] rational reconstruction.
public struct RationalKernel: Sendable {
  /// The nonzero entries of a vector by ascending column.
  public typealias SparseVector = [(column: Int, value: Rational)]

  /// The number of columns.
  public let columns: Int
  /// The pivot columns, ascending.
  public let pivotColumns: [Int]
  /// The columns that are not pivots, ascending.
  public let freeColumns: [Int]
  /// The vector of each free column.
  public let vectors: [SparseVector]
  /// The primes all entries agree with; the last of them was not used to find the entries, if there are any.
  public let primes: [Int]
  /// The vectors times their common denominators.
  private let dyadicVectors: [[(column: Int, value: Dyadic)]]

  /// The rank of the matrix modulo every one of ``primes``.
  public var rank: Int { pivotColumns.count }

  /// Finds the kernel from echelon forms modulo random primes.
  ///
  /// - Parameters:
  ///   - columns: The number of columns D.
  ///   - maximumPrimes: After how many eliminations to give up.
  ///   - rng: The source of the primes.
  ///   - echelonForm: The row space modulo a prime, of D columns; nil where a denominator vanishes modulo it.
  /// - Returns: nil when the fractions did not settle.
  public init?(
    columns: Int, maximumPrimes: Int = 200, using rng: inout some RandomNumberGenerator,
    echelonForm: (PrimeField) throws -> EchelonBasis?
  ) rethrows {
    var tried: Set<Int> = []
    var residues: KernelResidues?
    var candidate: [SparseVector]?
    while tried.count < min(maximumPrimes, 100_000) {
      let field = PrimeField.random(using: &rng)
      guard tried.insert(field.prime).inserted, let basis = try echelonForm(field) else { continue }
      precondition(
        basis.columns == columns && basis.field == field,
        "an echelon form of \(basis.columns) columns modulo \(basis.field.prime), not of \(columns) modulo \(field.prime)"
      )
      if var known = residues, known.pivotColumns == basis.pivotColumns {
        let confirmed = candidate.map { RationalKernel.agrees($0, basis) } ?? false
        known.append(basis)
        residues = known
        if confirmed, let vectors = candidate {
          self.init(known, vectors)
          return
        }
      } else if residues.map({ basis.isBetter(than: $0.pivotColumns) }) ?? true {
        residues = KernelResidues(basis)
      } else {
        continue
      }
      candidate = residues?.reconstructed()
    }
    return nil
  }

  private init(_ residues: KernelResidues, _ vectors: [SparseVector]) {
    columns = residues.columns
    pivotColumns = residues.pivotColumns
    freeColumns = residues.freeColumns
    primes = residues.fields.map(\.prime)
    self.vectors = vectors
    dyadicVectors = vectors.map(RationalKernel.clearingDenominators)
  }

  /// Whether all vectors are orthogonal to a row, exactly.
  ///
  /// - Shapes: D entries.
  public func isOrthogonal(to row: [Dyadic]) -> Bool {
    precondition(row.count == columns, "a row of \(row.count) entries in a space of \(columns) columns")
    return dyadicVectors.allSatisfy { vector in
      vector.reduce(Dyadic.zero) { $0 + row[$1.column] * $1.value }.isZero
    }
  }

  /// A vector times the least common multiple of the denominators, so that all entries are dyadic.
  public static func clearingDenominators(_ vector: SparseVector) -> [(column: Int, value: Dyadic)] {
    var common = BigInteger(1)
    for (_, value) in vector {
      let shared = common.greatestCommonDivisor(with: value.denominator)
      if let rest = value.denominator.dividedExactly(by: shared) { common = common * rest }
    }
    let multiple = Dyadic(common)
    return vector.map { column, value in
      // The denominator divides the common multiple, so nothing is left but a dyadic.
      guard let product = (value * Rational(multiple)).dyadic else {
        preconditionFailure("a fraction is left")
      }
      return (column, product)
    }
  }

  /// Whether fractions have the residues of a kernel basis, zeros included.
  private static func agrees(_ vectors: [SparseVector], _ basis: EchelonBasis) -> Bool {
    zip(vectors, basis.kernelBasis()).allSatisfy { vector, residues in
      vector.count == residues.count
        && zip(vector, residues).allSatisfy { entry, expected in
          entry.column == expected.column && basis.field.residue(of: entry.value) == expected.residue
        }
    }
  }
}

extension EchelonBasis {
  /// Whether the rank is larger, or equal with smaller pivots: the other prime was unlucky.
  fileprivate func isBetter(than pivots: [Int]) -> Bool {
    rank != pivots.count ? rank > pivots.count : pivotColumns.lexicographicallyPrecedes(pivots)
  }
}
