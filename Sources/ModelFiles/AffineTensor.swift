import ExactArithmetic

/// A tensor each element of which is an affine function of the inputs and the hidden neurons made so far.
///
/// Element i is Σ_g coefficient(i, g) · g + constant(i) over the generators g: the inputs, then the hidden neurons
/// in order of creation. A tensor without linear parts is a constant (weights, shapes, indices).
///
/// - Exactness: exact where `errors` is empty; else every entry of element i, coefficient or constant, is within
///   `errors[i]` of the true one.
struct AffineTensor: Sendable {
  /// The sizes of the axes; empty for a single number.
  var shape: [Int]
  /// The declared number type.
  var type: ONNXElementType
  /// The constant of each element, last axis fastest.
  var constants: ExactValues
  /// The linear part of each element; nil for a constant tensor.
  var linear: LinearParts?
  /// Error bounds of the elements; empty where all are exact.
  var errors: [Double]

  /// The tensor with the given parts.
  ///
  /// - Requires: the product of `shape` is the number of constants.
  init(
    shape: [Int], type: ONNXElementType, constants: ExactValues, linear: LinearParts? = nil,
    errors: [Double] = []
  ) {
    self.shape = shape
    self.type = type
    self.constants = constants
    self.linear = linear
    self.errors = errors.contains { $0 != 0 } ? errors : []
  }

  /// The constant tensor of whole numbers.
  init(integers: [Int], shape: [Int]) {
    self.init(shape: shape, type: .int64, constants: ExactValues(integers.map { Dyadic(Int64($0)) }))
  }

  /// The number of elements.
  var count: Int { constants.count }

  /// The number of axes.
  var rank: Int { shape.count }

  /// Whether no element depends on an input.
  var isConstant: Bool { linear == nil }

  /// The number of stored numbers.
  var size: Int { count + (linear?.entryCount ?? 0) }

  /// The linear part, empty rows for a constant.
  var linearOrEmpty: LinearParts { linear ?? .empty(count) }

  /// The elements at `positions` under a new shape, 0 where a position is −1.
  func selecting(_ positions: [Int], shape: [Int]) -> AffineTensor {
    AffineTensor(
      shape: shape, type: type, constants: constants.selecting(positions),
      linear: linear?.selecting(positions),
      errors: errors.isEmpty ? [] : positions.map { $0 < 0 ? 0 : errors[$0] })
  }

  /// The same elements under another shape of as many.
  func reshaped(_ shape: [Int]) -> AffineTensor {
    var result = self
    result.shape = shape
    return result
  }

  /// For each element an upper bound of the absolute values of its entries.
  var magnitudes: [Double] {
    let sizes = constants.magnitudesAbove
    guard let linear else { return sizes }
    return zip(sizes, linear.rowMagnitudes).map { max($0, $1) }
  }

  /// The tensors one after the other, as one list.
  static func concatenating(_ parts: [AffineTensor], type: ONNXElementType) -> AffineTensor {
    let count = parts.reduce(0) { $0 + $1.count }
    var linear: LinearParts?
    if parts.contains(where: { !$0.isConstant }) {
      linear = LinearParts.concatenating(parts.map(\.linearOrEmpty))
    }
    let errors =
      parts.contains { !$0.errors.isEmpty }
      ? parts.flatMap { $0.errors.isEmpty ? Array(repeating: 0, count: $0.count) : $0.errors } : []
    return AffineTensor(
      shape: [count], type: type, constants: .concatenating(parts.map(\.constants)), linear: linear,
      errors: errors)
  }
}

extension AffineTensor {
  /// Element by element, the sum of two tensors of one shape.
  static func + (a: AffineTensor, b: AffineTensor) -> AffineTensor {
    let linear: LinearParts? =
      switch (a.linear, b.linear) {
      case (nil, let other): other
      case (let other, nil): other
      case (let x?, let y?): x + y
      }
    return AffineTensor(
      shape: a.shape, type: a.type, constants: a.constants + b.constants, linear: linear,
      errors: Self.sumOfErrors(a.errors, b.errors))
  }

  /// The negatives, exactly.
  static prefix func - (a: AffineTensor) -> AffineTensor {
    var result = a
    result.constants = -a.constants
    result.linear = a.linear?.scaled(by: .doubles(Array(repeating: -1, count: a.count)))
    return result
  }

  /// Element by element, the difference of two tensors of one shape.
  static func - (a: AffineTensor, b: AffineTensor) -> AffineTensor { a + (-b) }

  /// Each element multiplied by the constant in the same place of `factors`.
  ///
  /// - Requires: `factors` is a constant tensor of the same shape.
  func scaled(by factors: AffineTensor) -> AffineTensor {
    var bounds: [Double] = []
    if !errors.isEmpty || !factors.errors.isEmpty {
      let map = LinearMap(
        starts: Array(0...count), columns: Array(0..<count), weights: factors.constants,
        errors: factors.errors)
      bounds = map.errorBounds(of: errors) { magnitudes }
    }
    return AffineTensor(
      shape: shape, type: type, constants: constants * factors.constants,
      linear: linear?.scaled(by: factors.constants), errors: bounds)
  }

  /// Each element multiplied by one exact number.
  func scaled(by factor: Dyadic) -> AffineTensor {
    if factor == .one { return self }
    let factors = ExactValues(Array(repeating: factor, count: count))
    return scaled(by: AffineTensor(shape: shape, type: type, constants: factors))
  }

  /// The rows of a constant matrix applied to the elements, as a tensor of the given shape.
  func applying(_ map: LinearMap, shape: [Int]) -> AffineTensor {
    AffineTensor(
      shape: shape, type: type, constants: map.applied(to: constants), linear: linear?.applying(map),
      errors: map.errorBounds(of: errors) { magnitudes })
  }

  private static func sumOfErrors(_ a: [Double], _ b: [Double]) -> [Double] {
    if a.isEmpty { return b }
    return b.isEmpty ? a : zip(a, b).map { Upward.sum($0, $1) }
  }
}

extension LinearParts {
  /// All rows of the parts, in turn.
  static func concatenating(_ parts: [LinearParts]) -> LinearParts {
    var doubles: [SparseRows<Double>] = []
    for part in parts {
      guard case .doubles(let rows) = part else {
        return LinearParts(SparseRows.concatenating(parts.map(\.exact)))
      }
      doubles.append(rows)
    }
    return .doubles(SparseRows.concatenating(doubles))
  }
}

extension SparseRows {
  /// All rows of the parts, in turn.
  static func concatenating(_ parts: [SparseRows]) -> SparseRows {
    var result = SparseRows(
      rows: parts.reduce(0) { $0 + $1.rowCount }, entries: parts.reduce(0) { $0 + $1.sources.count })
    for part in parts {
      let base = result.sources.count
      result.sources += part.sources
      result.coefficients += part.coefficients
      result.starts += part.starts.dropFirst().map { $0 + base }
    }
    return result
  }
}
