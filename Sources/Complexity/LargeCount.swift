import ExactArithmetic

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A count that may have millions of digits: exact while that is cheap, and its decimal logarithm always.
///
///     LargeCount.multisets(of: 10, from: BigInteger(4)).exact   // C(13, 10) = 286
///
/// Exactness: `exact` is exact; `log10` is an enclosure, which rests on the C library's logarithm being within four units
/// in the last place.
public struct LargeCount: Hashable, Sendable {
  /// The count itself, where it has at most ``digitLimit`` bits.
  public let exact: BigInteger?
  /// An enclosure of the decimal logarithm; −∞ for 0.
  public let log10: Interval

  /// The most bits of a count that is kept exactly.
  public static let digitLimit = 1 << 16

  /// The given count.
  ///
  /// - Requires: it is not negative.
  public init(_ value: BigInteger) {
    exact = value.bitWidth <= LargeCount.digitLimit ? value : nil
    log10 = value.log10
  }

  private init(exact: BigInteger?, log10: Interval) {
    self.exact = exact
    self.log10 = log10
  }

  /// One.
  public static let one = LargeCount(BigInteger(1))

  /// The product.
  public static func * (a: LargeCount, b: LargeCount) -> LargeCount {
    if let x = a.exact, let y = b.exact, x.bitWidth + y.bitWidth <= digitLimit { return LargeCount(x * y) }
    return LargeCount(exact: nil, log10: a.log10 + b.log10)
  }

  /// The power; 1 for the power 0.
  public func raised(to exponent: Int) -> LargeCount {
    precondition(exponent >= 0, "a count to the power \(exponent)")
    if self == .one || exponent == 0 { return .one }
    if let exact, exact.bitWidth * exponent <= LargeCount.digitLimit {
      return LargeCount(exact.raised(to: UInt(exponent)))
    }
    return LargeCount(exact: nil, log10: Interval(Double(exponent)) * log10)
  }

  /// The number of orders of `count` things: count!.
  public static func orders(of count: Int) -> LargeCount {
    LargeCount(
      exact: count <= 4096 ? BigInteger.factorial(UInt(max(0, count))) : nil, log10: logFactorial(count))
  }

  /// The number of multisets of `size` elements out of `kinds` kinds: C(kinds + size − 1, size).
  ///
  /// Definition: Π_{i<size} (kinds + i) / size!. Where the count is too large to be kept, its logarithm is
  /// Σ log(kinds + i) − log size!, term by term while kinds < 2^62; beyond, each term lies between log kinds and
  /// log kinds + i / kinds.
  ///
  /// Exactness: exact, or an enclosure.
  ///
  /// - Requires: `size` and `kinds` are not negative.
  /// - Complexity: O(size) logarithms.
  public static func multisets(of size: Int, from kinds: BigInteger) -> LargeCount {
    precondition(size >= 0 && kinds.sign >= 0, "multisets of \(size) out of \(kinds)")
    if size == 0 { return .one }
    if kinds.sign == 0 { return LargeCount(BigInteger(0)) }
    let bits = max(kinds.bitWidth, Int.bitWidth - size.leadingZeroBitCount) + 1
    if bits * size <= digitLimit {
      let product = kinds.risingFactorial(UInt(size))
      return LargeCount(product.dividedExactly(by: BigInteger.factorial(UInt(size))) ?? product)
    }
    let product: Interval
    if let first = kinds.int64, first < 1 << 62 {
      product = (0..<Int64(size)).reduce(Interval(0)) { $0 + Dyadic(first + $1).log10 }
    } else {
      product = logRising(kinds.log10, size)
    }
    return LargeCount(exact: nil, log10: product - logFactorial(size))
  }

  /// The same of a number of kinds that may itself be too large to be kept.
  public static func multisets(of size: Int, from kinds: LargeCount) -> LargeCount {
    if let exact = kinds.exact { return multisets(of: size, from: exact) }
    if size == 0 { return .one }
    return LargeCount(exact: nil, log10: logRising(kinds.log10, size) - logFactorial(size))
  }

  /// The logarithm of kinds (kinds + 1) ⋯ (kinds + size − 1), given that of kinds.
  ///
  /// It is at least size · log kinds, and at most that and the sum of i / kinds over ln 10 > 2.
  private static func logRising(_ kinds: Interval, _ size: Int) -> Interval {
    let slack = 1.001 * pow(10, -kinds.lower) * Double(size) * Double(size) / 4
    return Interval(Double(size)) * kinds + Interval(0, slack.nextUp)
  }

  /// The number of rows of `length` cells out of m in each place that have one of the two outermost cells somewhere:
  /// m^length − (m − 2)^length, with 0 for m − 2 where m = 1.
  ///
  /// Where that is too large to be kept, its logarithm is length · log m + log(1 − (1 − x)^length) with x = 2/m, and for
  /// an x that no double holds the last term is log(length · x), from which it differs by less than length · x.
  ///
  /// Exactness: exact, or an enclosure.
  ///
  /// - Requires: both are positive.
  public static func boundaryRows(of length: Int, from cells: BigInteger) -> LargeCount {
    precondition(length > 0 && cells.sign > 0, "rows of \(length) out of \(cells) cells")
    let two = BigInteger(2)
    if length == 1 { return LargeCount(cells < two ? cells : two) }
    let inner = cells < two ? BigInteger(0) : cells - two
    if inner.sign == 0 { return LargeCount(cells).raised(to: length) }
    if cells.bitWidth * length <= digitLimit {
      return LargeCount(cells.raised(to: UInt(length)) - inner.raised(to: UInt(length)))
    }
    let share: Interval
    if cells.bitWidth <= 900 {
      let outside = -expm1(Double(length) * log1p(-2 / Dyadic(cells).nearestDouble))
      // Every step is within a few units in the last place.
      share = Interval(log10Of: outside, exponent: 0, slack: 0x1p-48)
    } else {
      share = Dyadic(2 * Int64(length)).log10 - cells.log10 + Interval(-0x1p-800, 0)
    }
    return LargeCount(exact: nil, log10: Interval(Double(length)) * cells.log10 + share)
  }

  /// An enclosure of log₁₀ n!.
  ///
  /// Beyond 2^16, n! lies between √(2πn) (n/e)^n e^{1/(12n+1)} and √(2πn) (n/e)^n e^{1/(12n)}.
  ///
  /// Reference: [Rob55].
  static func logFactorial(_ n: Int) -> Interval {
    if n <= 1 << 16 { return BigInteger.factorial(UInt(max(0, n))).log10 }
    let size = Dyadic(Int64(n))
    // log₁₀ e and log₁₀ √(2π), each between neighbouring doubles.
    let logOfE = Interval(0.4342944819032518.nextDown, 0.4342944819032518.nextUp)
    let logOfRoot = Interval(0.3990899341790575.nextDown, 0.3990899341790575.nextUp)
    let main = size.interval * (size.log10 - logOfE) + Interval(0.5) * size.log10 + logOfRoot
    let low = logOfE / (Interval(12) * size.interval + Interval(1))
    let high = logOfE / (Interval(12) * size.interval)
    return main + Interval(low.lower, high.upper)
  }
}
