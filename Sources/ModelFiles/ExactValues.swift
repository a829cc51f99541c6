import ExactArithmetic

/// A list of exact numbers: doubles while every one of them is a double, dyadics otherwise.
///
/// Every operation is written once for both (``ExactCoefficient``), tried on doubles, and repeated on dyadics only
/// where a double had to round.
///
/// - Exactness: exact.
enum ExactValues: Sendable {
  /// All values are finite doubles.
  case doubles([Double])
  /// Some value is not a double.
  case dyadics([Dyadic])

  /// The given dyadics, as doubles where all of them are.
  init(_ values: [Dyadic]) {
    var doubles: [Double] = []
    doubles.reserveCapacity(values.count)
    for value in values {
      guard let double = value.double else {
        self = .dyadics(values)
        return
      }
      doubles.append(double)
    }
    self = .doubles(doubles)
  }

  /// `count` zeros.
  static func zeros(_ count: Int) -> ExactValues { .doubles(Array(repeating: 0, count: count)) }

  /// The number of values.
  var count: Int {
    switch self {
    case .doubles(let values): values.count
    case .dyadics(let values): values.count
    }
  }

  /// The values as dyadics.
  var exact: [Dyadic] {
    switch self {
    case .doubles(let values): values.map { Dyadic($0) }
    case .dyadics(let values): values
    }
  }

  /// The value at `position`.
  subscript(position: Int) -> Dyadic {
    switch self {
    case .doubles(let values): Dyadic(values[position])
    case .dyadics(let values): values[position]
    }
  }

  /// Whether all values are 0.
  var areZero: Bool {
    switch self {
    case .doubles(let values): values.allSatisfy { $0 == 0 }
    case .dyadics(let values): values.allSatisfy(\.isZero)
    }
  }

  /// Whether all values are 1.
  var areOne: Bool {
    switch self {
    case .doubles(let values): values.allSatisfy { $0 == 1 }
    case .dyadics: false
    }
  }

  /// Whether every value is of a size that folding may reach.
  var areOfReasonableSize: Bool {
    switch self {
    case .doubles: true
    case .dyadics(let values): values.allSatisfy(\.isOfReasonableSize)
    }
  }

  /// Upper bounds of the absolute values.
  var magnitudesAbove: [Double] {
    switch self {
    case .doubles(let values): values.map(\.magnitude)
    case .dyadics(let values): values.map(\.magnitudeAbove)
    }
  }

  /// The values at `positions`, 0 where a position is −1.
  func selecting(_ positions: [Int]) -> ExactValues {
    switch self {
    case .doubles(let values): .doubles(positions.map { $0 < 0 ? 0 : values[$0] })
    case .dyadics(let values): ExactValues(positions.map { $0 < 0 ? .zero : values[$0] })
    }
  }

  /// These values, then those of `others`.
  static func concatenating(_ parts: [ExactValues]) -> ExactValues {
    var doubles: [Double] = []
    for part in parts {
      guard case .doubles(let values) = part else {
        return .dyadics(parts.flatMap(\.exact))
      }
      doubles += values
    }
    return .doubles(doubles)
  }

  /// Entry by entry, a + b.
  static func + (a: ExactValues, b: ExactValues) -> ExactValues { paired(a, b, Sum()) }

  /// Entry by entry, a · b.
  static func * (a: ExactValues, b: ExactValues) -> ExactValues { paired(a, b, Product()) }

  /// The negatives.
  static prefix func - (a: ExactValues) -> ExactValues {
    switch a {
    case .doubles(let values): .doubles(values.map { -$0 })
    case .dyadics(let values): .dyadics(values.map { -$0 })
    }
  }

  private static func paired(_ a: ExactValues, _ b: ExactValues, _ operation: some PairOperation)
    -> ExactValues
  {
    if case .doubles(let x) = a, case .doubles(let y) = b {
      var exact = true
      let result = paired(x, y, operation, &exact)
      if exact { return .doubles(result) }
    }
    var exact = true
    return ExactValues(paired(a.exact, b.exact, operation, &exact))
  }

  private static func paired<C: ExactCoefficient>(
    _ a: [C], _ b: [C], _ operation: some PairOperation, _ exact: inout Bool
  ) -> [C] {
    var result: [C] = []
    result.reserveCapacity(a.count)
    for i in a.indices {
      result.append(operation.apply(a[i], b[i], &exact))
      if !exact { break }
    }
    return result
  }
}

/// An operation on two exact numbers, written once for doubles and dyadics.
private protocol PairOperation {
  func apply<C: ExactCoefficient>(_ a: C, _ b: C, _ exact: inout Bool) -> C
}

private struct Sum: PairOperation {
  func apply<C: ExactCoefficient>(_ a: C, _ b: C, _ exact: inout Bool) -> C { C.sum(a, b, &exact) }
}

private struct Product: PairOperation {
  func apply<C: ExactCoefficient>(_ a: C, _ b: C, _ exact: inout Bool) -> C { C.product(a, b, &exact) }
}
