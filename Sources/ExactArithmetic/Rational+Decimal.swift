extension Rational {
  /// The exact value of a decimal such as `-0.05` or `1.5e-3`; nil for anything else.
  ///
  ///     Rational(decimal: "0.1")   // 1/10, which no double is
  ///
  /// - Requires: nothing; more than 400 characters and powers of ten beyond ±400 are refused.
  public init?(decimal text: String) {
    guard text.utf8.count <= 400 else { return nil }
    let parts = text.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "e" || $0 == "E" })
    var power = 0
    if parts.count == 2 {
      guard let value = Int(parts[1]), (-400...400).contains(value) else { return nil }
      power = value
    }
    let halves = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let places = halves.count == 2 ? halves[1].utf8.count : 0
    guard let digits = BigInteger(decimal: halves.joined()) else { return nil }
    let scale = BigInteger(10).raised(to: (power - places).magnitude)
    self.init(
      Dyadic(power >= places ? digits * scale : digits), over: power >= places ? .one : Dyadic(scale))
  }

  /// The smallest integer that is not below the number.
  public var roundedUp: BigInteger {
    let top = numerator.oddPart
    let shift = numerator.binaryExponent
    return shift >= 0
      ? top.shiftedLeft(by: shift).quotientRoundedUp(by: denominator)
      : top.quotientRoundedUp(by: denominator.shiftedLeft(by: -shift))
  }
}
