extension PrimeField {
  /// The primes that ``random(using:)`` draws from: their products add up 511 times and more before a reduction.
  public static let preferredPrimes = 1 << 22..<1 << 23

  /// A field whose prime is uniform among the 268 216 of ``preferredPrimes``.
  ///
  /// A minor that is not zero vanishes modulo few of them: one of b bits modulo at most b/22.
  public static func random(using rng: inout some RandomNumberGenerator) -> PrimeField {
    while true {
      if let field = PrimeField(prime: Int.random(in: preferredPrimes, using: &rng) | 1) { return field }
    }
  }

  /// Whether a number below 2^32 is prime, decided.
  ///
  /// - Requires: `0 ≤ number < 2^32`.
  /// - Reference: [Jae93] strong pseudoprimes to the bases 2, 7 and 61 begin at 4 759 123 141.
  static func isPrime(_ number: Int) -> Bool {
    precondition(number >= 0 && number < 1 << 32, "\(number) is not below 2^32")
    if number < 2 { return false }
    for small in [2, 3, 5, 7, 61] where number % small == 0 { return number == small }
    let modulus = UInt64(number)
    let twos = (number - 1).trailingZeroBitCount
    return [2, 7, 61].allSatisfy { base in
      var power: UInt64 = 1
      var square = UInt64(base)
      var exponent = (number - 1) >> twos
      while exponent > 0 {
        if exponent & 1 == 1 { power = power * square % modulus }
        square = square * square % modulus
        exponent >>= 1
      }
      if power == 1 || power == modulus - 1 { return true }
      for _ in 1..<max(1, twos) {
        power = power * power % modulus
        if power == modulus - 1 { return true }
      }
      return false
    }
  }
}
