/// The number format in which a file stores its weights: what "equal up to rounding" refers to.
public enum StoragePrecision: String, Hashable, Sendable, CaseIterable {
  /// bfloat16: 8 significant bits.
  case bfloat16
  /// IEEE binary16: 11 significant bits.
  case float16
  /// IEEE binary32: 24 significant bits.
  case float32
  /// IEEE binary64: 53 significant bits.
  case float64
  /// Decimal text, read as the nearest binary64.
  case decimal

  /// The significant bits of a number in this format; decimal text counts as the binary64 it is read into.
  public var significantBits: Int {
    switch self {
    case .bfloat16: 8
    case .float16: 11
    case .float32: 24
    case .float64, .decimal: 53
    }
  }

  /// The distance from 1 to the next number: 2^(1 − significant bits).
  public var unitInTheLastPlace: Double {
    Double(sign: .plus, exponent: 1 - significantBits, significand: 1)
  }
}
