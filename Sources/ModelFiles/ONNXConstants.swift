import ExactArithmetic

/// Operators that make or convert constants: Constant, Shape, ConstantOfShape, Cast, DequantizeLinear.
enum ONNXConstants {
  static let table: [String: ONNXOperator] = [
    "Constant": ONNXOperator(
      0...0, ["value", "value_float", "value_floats", "value_int", "value_ints"]
    ) { (node, lowering) throws(ONNXFailure) in [try constant(node, &lowering)] },
    "Shape": ONNXOperator(1...1, ["start", "end"]) { (node, _) throws(ONNXFailure) in
      let shape = try node.input(0).shape
      func bound(_ name: String, _ standard: Int) throws(ONNXFailure) -> Int {
        let value = try node.int(name, default: standard)
        return min(max(value < 0 ? value + shape.count : value, 0), shape.count)
      }
      let start = try bound("start", 0)
      let end = max(start, try bound("end", shape.count))
      return [AffineTensor(integers: Array(shape[start..<end]), shape: [end - start])]
    },
    "ConstantOfShape": ONNXOperator(1...1, ["value"]) { (node, lowering) throws(ONNXFailure) in
      let shape = try node.integers(0)
      let count = try lowering.declaredCount(shape, place: node.place)
      guard let value = try node.attribute("value", .tensor)?.t else {
        return [AffineTensor(shape: shape, type: .float32, constants: .zeros(count))]
      }
      let filler = try lowering.stored(value, place: node.place)
      guard filler.count == 1 else {
        throw .malformed(node.place, expected: "a value of one element", found: "\(filler.count)")
      }
      return [filler.selecting(Array(repeating: 0, count: count), shape: shape)]
    },
    "Cast": ONNXOperator(1...1, ["to", "saturate", "round_mode"]) { (node, _) throws(ONNXFailure) in
      guard let code = Int32(exactly: try node.int("to")) else {
        throw .malformed(node.place, expected: "a data type", found: "a large number")
      }
      return [try cast(node.input(0), to: try ONNXElementType(code: code, place: node.place), node)]
    },
    "CastLike": ONNXOperator(2...2, ["saturate", "round_mode"]) { (node, _) throws(ONNXFailure) in
      [try cast(node.input(0), to: try node.input(1).type, node)]
    },
    "DequantizeLinear": ONNXOperator(2...3, ["axis", "block_size", "output_dtype"]) {
      (node, lowering) throws(ONNXFailure) in [try dequantized(node, &lowering)]
    },
  ]

  private static func constant(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    guard node.attributes.count == 1, let name = node.attributes.keys.first else {
      throw .malformed(node.place, expected: "one value", found: "\(node.attributes.count)")
    }
    switch name {
    case "value_float":
      return AffineTensor(shape: [], type: .float32, constants: .doubles([try node.float(name)]))
    case "value_floats":
      let values = try node.attribute(name, .floats)?.floats ?? []
      for value in values where !value.isFinite { throw .notFinite(node.place, found: "\(value)") }
      return AffineTensor(
        shape: [values.count], type: .float32, constants: .doubles(values.map { Double($0) }))
    case "value_int": return AffineTensor(integers: [try node.int(name)], shape: [])
    case "value_ints":
      let values = try node.ints(name) ?? []
      return AffineTensor(integers: values, shape: [values.count])
    default:
      guard let value = try node.attribute(name, .tensor), value.hasT else {
        throw .malformed(node.place, expected: "a tensor", found: "none")
      }
      return try lowering.stored(value.t, place: node.place)
    }
  }

  /// A cast; computed values may only be cast where nothing is rounded.
  private static func cast(
    _ tensor: AffineTensor, to type: ONNXElementType, _ node: ONNXNode
  ) throws(ONNXFailure) -> AffineTensor {
    var result = tensor
    result.type = type
    // From whole numbers to floats only huge numbers would round, so a computed whole number passes.
    let isSmallInteger = !tensor.type.isFloat && (type == .float32 || type == .float64)
    if type.holdsAll(of: tensor.type) || (isSmallInteger && !tensor.isConstant) { return result }
    guard tensor.isConstant, tensor.errors.isEmpty, case .doubles(let values) = tensor.constants else {
      throw .notLinear(node.place, "a cast of computed values from \(tensor.type) to \(type) rounds them")
    }
    var rounded: [Double] = []
    for value in values {
      guard let new = converted(value, to: type) else {
        throw .unsupported(
          node.place, "the cast to \(type) changes \(value)", advice: "store the constant in its final type")
      }
      rounded.append(new)
    }
    result.constants = .doubles(rounded)
    return result
  }

  /// The constant as the type holds it; nil where that is not a rounding Crease vouches for.
  private static func converted(_ value: Double, to type: ONNXElementType) -> Double? {
    switch type {
    case .float64: return value
    case .float32:
      let rounded = Double(Float(value))
      return rounded.isFinite ? rounded : nil
    case .float16: return fits(value, bits: 11, lowest: -24, highest: 15) ? value : nil
    case .bfloat16: return fits(value, bits: 8, lowest: -133, highest: 127) ? value : nil
    case .bool: return value == 0 ? 0 : 1
    default:
      let whole = value.rounded(.towardZero)
      let isSigned = [.int8, .int16, .int32, .int64].contains(type)
      let width = type.byteCount * 8 - (isSigned ? 1 : 0)
      let limit = Double(sign: .plus, exponent: width, significand: 1)
      return whole < limit && whole >= (isSigned ? -limit : 0) ? whole : nil
    }
  }

  /// Whether `value` is m · 2^e with m of at most `bits` bits, e ≥ `lowest`, below 2^(highest + 1).
  static func fits(_ value: Double, bits: Int, lowest: Int, highest: Int) -> Bool {
    if value == 0 { return true }
    let number = Dyadic(value)
    guard let top = number.magnitudeExponent else { return true }
    return top <= highest && number.binaryExponent >= max(lowest, top - bits + 1)
  }

  /// (q − zero point) · scale for a constant q.
  private static func dequantized(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    var x = try node.constant(0)
    var scale = try node.constant(1)
    let blockSize = try node.int("block_size", default: 0)
    let outputType = try node.int("output_dtype", default: 0)
    if blockSize != 0 || outputType != 0 {
      throw .unsupported(node.place, "blocked quantisation is not read yet", advice: "dequantise the weights")
    }
    var shape = Array(repeating: 1, count: x.rank)
    if scale.count != 1 {
      let axis = try node.axis(try node.int("axis", default: 1), rank: x.rank)
      guard scale.shape == [x.shape[axis]] else {
        throw .malformed(node.place, expected: "\(x.shape[axis]) scales", found: "shape \(scale.shape)")
      }
      shape[axis] = x.shape[axis]
    }
    if var zero = node.optional(2) {
      try node.requireOneType(x, zero)
      guard zero.isConstant, zero.count == scale.count else {
        throw .malformed(node.place, expected: "\(scale.count) zero points", found: "\(zero.count)")
      }
      zero = zero.reshaped(shape).broadcast(to: x.shape)
      x = x - zero
    }
    x.type = scale.type
    scale = scale.reshaped(shape).broadcast(to: x.shape)
    return x.scaled(by: scale)
  }
}
