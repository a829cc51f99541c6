import ExactArithmetic

/// Add, Sub, Mul, Div, Neg and Sum, with NumPy's broadcasting.
enum ONNXArithmetic {
  /// Attributes of opset 6, which stretched the second operand along named axes.
  private static let old: Set<String> = ["axis", "broadcast"]

  static let table: [String: ONNXOperator] = [
    "Add": ONNXOperator(2...2, old) { (node, lowering) throws(ONNXFailure) in
      let (a, b) = try operands(node, &lowering)
      return [a + b]
    },
    "Sub": ONNXOperator(2...2, old) { (node, lowering) throws(ONNXFailure) in
      let (a, b) = try operands(node, &lowering)
      return [a - b]
    },
    "Mul": ONNXOperator(2...2, old) { (node, lowering) throws(ONNXFailure) in
      let (a, b) = try operands(node, &lowering)
      if b.isConstant { return [a.scaled(by: b)] }
      if a.isConstant { return [b.scaled(by: a)] }
      throw .notLinear(node.place, "a product of two computed tensors")
    },
    "Div": ONNXOperator(2...2, old) { (node, lowering) throws(ONNXFailure) in
      let (a, b) = try operands(node, &lowering)
      return [try quotient(a, b, node)]
    },
    "Neg": ONNXOperator(1...1) { (node, _) throws(ONNXFailure) in [-(try node.input(0))] },
    "Sum": ONNXOperator(1...Int(Int32.max)) { (node, lowering) throws(ONNXFailure) in
      var sum = try node.input(0)
      for position in node.inputs.indices.dropFirst() {
        let (a, b) = try node.broadcast(sum, try node.input(position), &lowering)
        sum = a + b
      }
      return [sum]
    },
  ]

  /// The two operands, stretched to one shape.
  private static func operands(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> (AffineTensor, AffineTensor) {
    let a = try node.input(0)
    var b = try node.input(1)
    if node.opset < 7 {
      // Opset 6: equal shapes, or with `broadcast` the second operand matched from `axis` on.
      if try node.int("broadcast", default: 0) == 0 {
        if a.shape != b.shape {
          throw .malformed(node.place, expected: "equal shapes", found: "\(a.shape) and \(b.shape)")
        }
      } else if node.attributes["axis"] != nil {
        let axis = try node.axis(try node.int("axis"), rank: a.rank)
        guard axis + b.rank <= a.rank else {
          throw .malformed(
            node.place, expected: "shapes that fit each other", found: "\(a.shape) and \(b.shape)")
        }
        b = b.reshaped(b.shape + Array(repeating: 1, count: a.rank - axis - b.rank))
      }
    } else if let name = node.attributes.keys.min() {
      throw .malformed(node.place, expected: "no attributes since opset 7", found: quoted(name))
    }
    return try node.broadcast(a, b, &lowering)
  }

  /// a / b for a constant b, both of one shape.
  ///
  /// Dividing by ±2^k is exact, and so is any quotient of constants that is a double; otherwise 1/b is rounded and
  /// the error bounded. Whole numbers are divided as ONNX does, towards zero.
  private static func quotient(
    _ a: AffineTensor, _ b: AffineTensor, _ node: ONNXNode
  ) throws(ONNXFailure) -> AffineTensor {
    guard b.isConstant else { throw .notLinear(node.place, "a division by a computed tensor") }
    if !a.type.isFloat {
      guard a.isConstant else { throw .notLinear(node.place, "a division of whole numbers") }
      let divisors = try node.integers(of: b)
      let dividends = try node.integers(of: a)
      var result: [Int] = []
      for (x, y) in zip(dividends, divisors) {
        let (value, overflow) = x.dividedReportingOverflow(by: y)
        if overflow { throw .malformed(node.place, expected: "a quotient of 64 bits", found: "\(x) / \(y)") }
        result.append(value)
      }
      var tensor = AffineTensor(integers: result, shape: a.shape)
      tensor.type = a.type
      return tensor
    }
    if a.isConstant, a.errors.isEmpty, b.errors.isEmpty, let exact = exactQuotients(a.constants, b.constants)
    {
      return AffineTensor(shape: a.shape, type: a.type, constants: exact)
    }
    return a.scaled(by: try reciprocals(of: b, node.place))
  }

  /// The quotients, nil unless each is a double.
  private static func exactQuotients(_ a: ExactValues, _ b: ExactValues) -> ExactValues? {
    guard case .doubles(let dividends) = a, case .doubles(let divisors) = b else { return nil }
    var result: [Double] = []
    for (x, y) in zip(dividends, divisors) {
      let quotient = x / y
      guard quotient.isFinite, Dyadic(quotient) * Dyadic(y) == Dyadic(x) else { return nil }
      result.append(quotient)
    }
    return .doubles(result)
  }

  /// The reciprocals of a constant tensor: doubles, with bounds of what rounding them changed.
  static func reciprocals(of tensor: AffineTensor, _ place: String) throws(ONNXFailure) -> AffineTensor {
    var values: [Double] = []
    var errors: [Double] = []
    for i in 0..<tensor.count {
      let divisor = tensor.constants[i]
      let error = tensor.errors.isEmpty ? 0 : tensor.errors[i]
      let range = divisor.interval + Interval(-error, error)
      if divisor.isZero || (range.lower <= 0 && range.upper >= 0) {
        throw .malformed(place, expected: "a divisor other than 0", found: "0")
      }
      let (value, bound) = RoundedNumber.nearest(to: Interval(1) / range)
      guard value.isFinite, bound.isFinite else {
        throw .notFinite(place, found: "the reciprocal of \(divisor)")
      }
      values.append(value)
      errors.append(error == 0 && Dyadic(value) * divisor == .one ? 0 : bound)
    }
    return AffineTensor(shape: tensor.shape, type: tensor.type, constants: .doubles(values), errors: errors)
  }
}

/// Doubles that stand for reals known to lie in an interval.
enum RoundedNumber {
  /// A double in the middle of `range`, and a bound of its distance to every real there.
  static func nearest(to range: Interval) -> (value: Double, error: Double) {
    let middle = range.lower / 2 + range.upper / 2
    let value = min(max(middle, range.lower), range.upper)
    return (value, max((range.upper - value).nextUp, (value - range.lower).nextUp))
  }
}
