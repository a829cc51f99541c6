/// The integers modulo an odd prime p < 2^26, their residues held in doubles.
///
/// A residue is the integer of its class with |x| ≤ (p − 1)/2. Doubles add products of such integers without
/// rounding until 2^53, so elimination modulo p runs at the speed of floating-point matrix products.
///
///     if let field = PrimeField(prime: 7) {
///       field.product(3, 3)              // 2
///       field.residue(of: 0.75)          // -1: 3 · 2⁻¹ · 2⁻¹ = 3 · 16
///     }
///
/// Two is invertible, so every dyadic number has an image, and the rank of the image of a matrix never exceeds the
/// rank of the matrix.
///
/// - Exactness: exact.
/// - Reference: [DGP08] finite fields in doubles with delayed reduction.
public struct PrimeField: Sendable {
  /// The prime p.
  public let prime: Int
  /// How many products of two residues add up, beside one residue, before a reduction is due.
  public let productsBeforeReduction: Int
  /// The residue of 2^k for every exponent k of the last bit of a double, from k = −1075.
  let powersOfTwo: [Double]
  let kernel: ResidueArithmetic

  /// The field with `prime` elements; nil unless `prime` is an odd prime below 2^26.
  public init?(prime: Int) {
    guard prime > 2, prime < 1 << 26, PrimeField.isPrime(prime) else { return nil }
    self.prime = prime
    let kernel = ResidueArithmetic(prime: Double(prime))
    self.kernel = kernel
    productsBeforeReduction = kernel.depth
    let half = Double((prime + 1) / 2)
    var power = 1.0
    for _ in 0..<1075 { power = kernel.reduced(power * kernel.reduced(half)) }
    powersOfTwo = (0..<2047).map { _ in
      defer { power = kernel.reduced(power * 2) }
      return power
    }
  }

  /// The residue of an integer held in a double.
  ///
  /// - Requires: `integer` is an integer of magnitude at most 2^52.
  public func residue(ofInteger integer: Double) -> Double {
    precondition(
      integer.magnitude <= 0x1p52 && integer == integer.rounded(), "\(integer) is not an integer up to 2^52")
    // In two halves, so that also p = 3 stays inside the range of the reduction.
    let high = (integer * 0x1p-26).rounded(.towardZero)
    return kernel.canonical(kernel.reduced(high * kernel.split) + (integer - high * 0x1p26))
  }

  /// The residue of an integer.
  public func residue(of integer: Int) -> Double {
    let remainder = integer % prime
    return residue(ofInteger: Double(remainder))
  }

  /// The sum of two residues.
  public func sum(_ a: Double, _ b: Double) -> Double { kernel.reduced(a + b) }

  /// The difference of two residues.
  public func difference(_ a: Double, _ b: Double) -> Double { kernel.reduced(a - b) }

  /// The product of two residues.
  public func product(_ a: Double, _ b: Double) -> Double { kernel.reduced(a * b) }

  /// The inverse of a residue; nil for zero.
  public func inverse(_ a: Double) -> Double? {
    a == 0 ? nil : power(a, prime - 2)  // Fermat
  }

  /// The power of a residue, for an exponent of either sign; the power 0 is 1.
  ///
  /// - Requires: `a` is not zero where the exponent is negative.
  public func power(_ a: Double, _ exponent: Int) -> Double {
    precondition(a != 0 || exponent >= 0, "zero has no inverse modulo \(prime)")
    var result = 1.0
    var square = a
    // Exponents count modulo p − 1, except for zero itself.
    var rest = exponent % (prime - 1)
    if rest < 0 { rest += prime - 1 }
    if a == 0 && exponent != 0 { return 0 }
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }
}

extension PrimeField: Hashable {
  /// Equality of primes.
  public static func == (a: PrimeField, b: PrimeField) -> Bool { a.prime == b.prime }

  /// Feeds the prime.
  public func hash(into hasher: inout Hasher) { hasher.combine(prime) }
}
