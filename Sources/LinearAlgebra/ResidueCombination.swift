import CFLINT
import ExactArithmetic

/// Rational numbers from their residues modulo several primes.
///
/// Definition: residues modulo distinct primes p₁, …, p_k determine an integer modulo M = p₁ ⋯ p_k, and that at most
/// one fraction n/d with |n|, d ≤ √(M/2) and d prime to M.
///
/// - Exactness: exact; whether the fraction is the number sought, more primes tell.
/// - Reference: [Wang81] rational reconstruction; [FLINT] `_fmpq_reconstruct_fmpz`.
final class ResidueCombination {
  private let primes: [UInt]
  /// The products of the first 0, 1, …, k primes.
  private let products: UnsafeMutablePointer<fmpz>
  /// The inverse of the product of the earlier primes modulo each.
  private let inverses: [UInt]
  /// The integer, numerator and denominator in work.
  private let work: UnsafeMutablePointer<fmpz>

  /// Prepares for residues modulo the given distinct primes.
  init(fields: [PrimeField]) {
    primes = fields.map { UInt($0.prime) }
    products = .allocate(capacity: primes.count + 1)
    products.initialize(repeating: 0, count: primes.count + 1)
    work = .allocate(capacity: 3)
    work.initialize(repeating: 0, count: 3)
    fmpz_set_ui(products, 1)
    var inverses: [UInt] = []
    for (k, field) in fields.enumerated() {
      let product = field.residue(of: Int(fmpz_fdiv_ui(products + k, primes[k])))
      guard let inverse = field.inverse(product) else { preconditionFailure("the primes are not distinct") }
      inverses.append(UInt(inverse < 0 ? Int(inverse) + field.prime : Int(inverse)))
      fmpz_mul_ui(products + k + 1, products + k, primes[k])
    }
    self.inverses = inverses
  }

  deinit {
    for k in 0...primes.count { fmpz_clear(products + k) }
    for k in 0..<3 { fmpz_clear(work + k) }
    products.deallocate()
    work.deallocate()
  }

  /// The fraction of small numerator and denominator with these residues, or nil.
  ///
  /// - Shapes: one residue for each prime, of magnitude below it.
  func rational(_ residues: [Int32]) -> Rational? {
    precondition(residues.count == primes.count, "\(residues.count) residues for \(primes.count) primes")
    let (value, numerator, denominator) = (work, work + 1, work + 2)
    fmpz_zero(value)
    for (k, prime) in primes.enumerated() {
      // The next digit in the mixed radix of the primes.
      let known = Int(fmpz_fdiv_ui(value, prime))
      let missing = (Int(residues[k]) - known) % Int(prime)
      let digit = UInt(missing < 0 ? missing + Int(prime) : missing) * inverses[k] % prime
      fmpz_addmul_ui(value, products + k, digit)
    }
    guard _fmpq_reconstruct_fmpz(numerator, denominator, value, products + primes.count) != 0 else {
      return nil
    }
    return Rational(
      Dyadic(ResidueCombination.integer(numerator)), over: Dyadic(ResidueCombination.integer(denominator)))
  }

  private static func integer(_ value: UnsafeMutablePointer<fmpz>) -> BigInteger {
    if fmpz_fits_si(value) != 0 { return BigInteger(Int64(fmpz_get_si(value))) }
    guard let text = fmpz_get_str(nil, 10, value) else { preconditionFailure("no memory for digits") }
    defer { flint_free(text) }
    guard let result = BigInteger(decimal: String(cString: text)) else { preconditionFailure("no digits") }
    return result
  }
}
