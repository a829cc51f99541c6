import ExactArithmetic
import LinearAlgebra
import Networks

/// Proved bounds of a spectral norm ‖W‖₂, the largest singular value.
///
///     let w = Matrix(rows: 2, columns: 2, elements: [3.0, 0, 4, 5])
///     let norm = SpectralNorm(of: w)          // √45 = 6.708203932499369…
///     norm.lower...norm.upper                 // a relative 10⁻¹⁴ wide
///
/// Upper bound: with G = W Wᵀ on the shorter side, k × k, and t a little above an estimate of its largest eigenvalue,
/// a Cholesky factorization of t·I − G that runs to its end proves λ_max(G) ≤ t + e, where e collects
///
/// - γ_N ‖W‖_F² for the rounded entries of G, N the longer side,
/// - γ/(1−γ) · trace(t·I − G) with γ = γ_{2k+16} for the factorization,
/// - a relative 2⁻⁴⁵ for the diagonal's rounding, underflow, and the evaluation of this bound.
///
/// The estimate comes from a Lanczos iteration and nothing rests on it: one that is too small makes the factorization
/// fail, and t grows. Lower bound: ‖Wᵀv‖ / ‖v‖ for the Lanczos vector v, with every rounding taken downward.
///
/// - Exactness: proved, assuming that BLAS and LAPACK round each operation as IEEE 754 does, in any order, and multiply
///   matrices in the conventional way.
/// - Reference: [Rum06] the factorization as proof; [Hig02] Lemma 8.4, Theorem 10.3.
public struct SpectralNorm: Hashable, Sendable {
  /// What the upper bound rests on.
  public enum Method: String, Hashable, Sendable {
    /// The matrix is zero.
    case zero
    /// A factorization of t·I − W Wᵀ: as tight as rounding lets it be.
    case factorization
    /// The largest quotient (|W| |W|ᵀ v)_i / v_i for a positive v, or the Frobenius norm: signs are lost.
    case magnitudes
  }

  /// A proved lower bound.
  public let lower: Double
  /// A proved upper bound.
  public let upper: Double
  /// What the upper bound rests on.
  public let method: Method

  /// The largest side k up to which a Gram matrix of k² doubles is made and factored unless asked otherwise.
  public static let gramLimit = 4096

  /// How far apart the bounds are, relative to the upper one; 0 for the zero matrix.
  public var relativeGap: Double { upper == 0 ? 0 : (upper - lower) / upper }

  init(lower: Double, upper: Double, method: Method) {
    self.lower = lower
    self.upper = upper
    self.method = method
  }

  /// The bounds for a matrix of finite doubles.
  ///
  /// - Parameter gramLimit: Up to which shorter side the tight method is used; beyond, that of magnitudes.
  /// - Requires: all entries are finite.
  /// - Complexity: k² N multiplications for the Gram matrix and k³/3 for each factorization, seldom more than two.
  public init(of matrix: Matrix<Double>, gramLimit: Int = SpectralNorm.gramLimit) {
    precondition(matrix.elements.allSatisfy(\.isFinite), "a spectral norm needs finite entries")
    let largest = matrix.elements.reduce(0) { max($0, $1.magnitude) }
    if largest == 0 {
      self.init(lower: 0, upper: 0, method: .zero)
      return
    }
    // With the largest entry in [1, 2) nothing overflows, and what underflows is below a relative 2^-900.
    let exponent = Int(largest.exponent)
    let wide = matrix.rows <= matrix.columns ? matrix : matrix.transposed
    let scaled = Matrix(
      rows: wide.rows, columns: wide.columns,
      elements: wide.elements.map { Double(sign: .plus, exponent: -exponent, significand: $0) })
    let estimate = SpectralEstimate(scaled, gramLimit: gramLimit)
    let (upper, method) = estimate.upperBound()
    self.init(
      lower: SpectralNorm.scale(estimate.lowerBound(), exponent, .down),
      upper: SpectralNorm.scale(upper, exponent, .up), method: method)
  }

  /// The bounds for a matrix of exact numbers.
  ///
  /// Entries that no double holds are off by a relative 2⁻⁵³, or by 2⁻¹⁰⁷⁵: the norm moves by no more than the
  /// Frobenius norm of that.
  public init(of matrix: ExactMatrix, gramLimit: Int = SpectralNorm.gramLimit) {
    let nearest = SpectralNorm(of: matrix.nearest, gramLimit: gramLimit)
    if matrix.holdsDoublesOnly {
      self = nearest
      return
    }
    let count = Double(matrix.corrections.count)
    let slack = 0x1p-52 * UpwardNorms.frobenius(matrix.nearest.elements) + 0x1p-1070 * count
    self.init(
      lower: max(0, (nearest.lower - slack).nextDown), upper: (nearest.upper + slack).nextUp,
      method: nearest.method)
  }

  /// value · 2^exponent, rounded to the safe side where it leaves the range of doubles.
  private static func scale(_ value: Double, _ exponent: Int, _ rule: FloatingPointRoundingRule) -> Double {
    let result = Double(sign: .plus, exponent: exponent, significand: value)
    // Only subnormal results are rounded, and only huge ones overflow.
    if rule == .up { return result < .leastNormalMagnitude ? result.nextUp : result }
    if result == .infinity { return .greatestFiniteMagnitude }
    return result < .leastNormalMagnitude ? max(0, result.nextDown) : result
  }
}
