/// A rational number, kept as a dyadic numerator over an odd positive denominator in lowest terms.
///
/// The split suits networks: weights are dyadic, and denominators arise only where one row of weights is a
/// multiple of another by a factor such as 1/3. The representation is unique, so `==` compares fields.
///
/// - Exactness: exact.
public struct Rational: Hashable, Sendable {
  /// The dyadic numerator, its odd part coprime to ``denominator``.
  public let numerator: Dyadic
  /// The odd positive denominator.
  public let denominator: BigInteger

  private static let unit = BigInteger(1)

  private init(reduced numerator: Dyadic, _ denominator: BigInteger) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The exact value of a dyadic.
  public init(_ value: Dyadic) { self.init(reduced: value, Rational.unit) }

  /// `numerator / denominator` in lowest terms.
  ///
  /// - Requires: `denominator` is not zero.
  public init(_ numerator: Dyadic, over denominator: Dyadic) {
    precondition(!denominator.isZero, "division by zero")
    if numerator.isZero {
      self.init(.zero)
      return
    }
    var top = numerator.oddPart
    var bottom = denominator.oddPart
    if bottom.sign < 0 { (top, bottom) = (-top, -bottom) }
    let common = top.greatestCommonDivisor(with: bottom)
    self.init(
      reduced: Dyadic(
        top.dividedExactly(by: common) ?? top,
        exponent: numerator.binaryExponent - denominator.binaryExponent),
      bottom.dividedExactly(by: common) ?? bottom)
  }

  /// The dyadic of the same value, or nil.
  public var dyadic: Dyadic? { denominator == Rational.unit ? numerator : nil }

  private var over: Dyadic { Dyadic(denominator) }
}

extension Rational: ExactScalar {
  /// Zero.
  public static let zero = Rational(.zero)
  /// One.
  public static let one = Rational(.one)
  /// Whether the number is zero.
  public var isZero: Bool { numerator.isZero }
  /// -1, 0 or 1.
  public var sign: Int { numerator.sign }
  /// The number itself.
  public var rational: Rational { self }
  /// The image in the integers modulo 2^61 − 1; 0 where the denominator is a multiple of that prime.
  public var residue: Mersenne61 { numerator.residue * (over.residue.inverse ?? .zero) }

  /// The number of bits of numerator and denominator.
  public var bits: Int { numerator.bits + denominator.bitWidth }

  /// The double of the same value, or nil when no double has it.
  public var double: Double? { dyadic?.double }

  /// The quotient of two roundings: within two units in the last place of the value.
  public var nearestDouble: Double {
    if let dyadic { return dyadic.nearestDouble }
    // Scale so that both parts are in range before dividing.
    let shift = (numerator.magnitudeExponent ?? 0) - (over.magnitudeExponent ?? 0)
    let top = numerator.scaled(byPowerOfTwo: -(numerator.magnitudeExponent ?? 0)).nearestDouble
    let bottom = over.scaled(byPowerOfTwo: -(over.magnitudeExponent ?? 0)).nearestDouble
    return Double(sign: .plus, exponent: shift, significand: top / bottom)
  }

  /// An enclosure by doubles.
  public var interval: Interval {
    if let dyadic { return dyadic.interval }
    return numerator.interval / over.interval
  }

  /// The sum.
  public static func + (a: Rational, b: Rational) -> Rational {
    if a.denominator == b.denominator { return Rational(a.numerator + b.numerator, over: a.over) }
    return Rational(a.numerator * b.over + b.numerator * a.over, over: a.over * b.over)
  }

  /// The difference.
  public static func - (a: Rational, b: Rational) -> Rational { a + (-b) }

  /// The product.
  public static func * (a: Rational, b: Rational) -> Rational {
    if let x = a.dyadic, let y = b.dyadic { return Rational(x * y) }
    return Rational(a.numerator * b.numerator, over: a.over * b.over)
  }

  /// The negative.
  public static prefix func - (a: Rational) -> Rational { Rational(-a.numerator, over: a.over) }

  /// The quotient; never nil.
  ///
  /// - Requires: `divisor` is not zero.
  public func dividedExactly(by divisor: Rational) -> Rational? {
    Rational(numerator * divisor.over, over: over * divisor.numerator)
  }
}

extension Rational: Comparable {
  /// Order of values.
  public static func < (a: Rational, b: Rational) -> Bool { (a - b).sign < 0 }
}

extension Rational: CustomStringConvertible {
  /// `m*2^e` or `m*2^e/d`; read back by ``init(_:)-(String)``.
  public var description: String { dyadic == nil ? "\(numerator)/\(denominator)" : "\(numerator)" }

  /// Reads what ``description`` writes: `m`, `m*2^e`, `m/d` or `m*2^e/d`; nil for anything else.
  ///
  /// - Requires: nothing; exponents beyond ±100 000 and digits beyond 100 000 are refused, so hostile text is cheap.
  public init?(_ text: String) {
    guard text.utf8.count <= 100_000 else { return nil }
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
    guard let significand = BigInteger(decimal: String(parts[0])) else { return nil }
    var exponent = 0
    if parts.count == 2 {
      guard parts[1].hasPrefix("2^"), !parts[1].hasPrefix("2^+"), let value = Int(parts[1].dropFirst(2)),
        (-100_000...100_000).contains(value)
      else { return nil }
      exponent = value
    }
    var bottom = Dyadic.one
    if halves.count == 2 {
      guard let denominator = BigInteger(decimal: String(halves[1])), denominator.sign > 0 else { return nil }
      bottom = Dyadic(denominator)
    }
    self.init(Dyadic(significand, exponent: exponent), over: bottom)
  }
}
