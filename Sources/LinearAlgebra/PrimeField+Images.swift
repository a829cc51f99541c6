import ExactArithmetic

extension PrimeField {
  /// The residue of the exact value of a double.
  ///
  /// - Requires: `value` is finite.
  /// - Complexity: O(1), a few nanoseconds: the power of two comes from a table.
  public func residue(of value: Double) -> Double {
    let bits = value.bitPattern
    let field = Int((bits >> 52) & 0x7FF)
    precondition(field != 0x7FF, "a residue needs a finite double, got \(value)")
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    let significand = field == 0 ? fraction : fraction | 0x10_0000_0000_0000
    // Two halves of at most 27 bits: the sum stays below 2^53 for every p.
    let high = Double(Int64(significand >> 26))
    let low = Double(Int64(significand & 0x3FF_FFFF))
    let residue = kernel.reduced(kernel.reduced(high * kernel.split + low) * powersOfTwo[max(field, 1)])
    return bits >> 63 == 0 ? residue : 0 - residue  // 0, not −0
  }

  /// The residue of a dyadic number.
  ///
  /// - Complexity: O(1) for doubles, O(bits) beyond.
  public func residue(of value: Dyadic) -> Double {
    if let double = value.double { return residue(of: double) }
    let odd = Double(value.oddPart.remainder(modulo: UInt64(prime)))
    return product(residue(ofInteger: odd), power(2, value.binaryExponent))
  }

  /// The residue of a rational number; nil where p divides the denominator.
  public func residue(of value: Rational) -> Double? {
    let denominator = Double(value.denominator.remainder(modulo: UInt64(prime)))
    guard let inverse = inverse(residue(ofInteger: denominator)) else { return nil }
    return product(residue(of: value.numerator), inverse)
  }

  /// The residues of the exact values of doubles.
  ///
  /// - Requires: all are finite.
  public func residues(of values: [Double]) -> [Double] { values.map { residue(of: $0) } }

  /// The residues of dyadic numbers.
  public func residues(of values: [Dyadic]) -> [Double] { values.map { residue(of: $0) } }
}
