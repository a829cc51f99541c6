import Networks

/// The number types of ONNX tensors that Crease reads.
enum ONNXElementType: Int, Sendable, CaseIterable {
  case float32 = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
  case float64 = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16

  /// The type with ONNX's code.
  init(code: Int32, place: String) throws(ONNXFailure) {
    if let type = ONNXElementType(rawValue: Int(code)) {
      self = type
      return
    }
    let names = Onnx_TensorProto.DataType(rawValue: Int(code)).map { "\($0)" } ?? "number \(code)"
    if code == 0 { throw .malformed(place, expected: "a data type", found: "none") }
    throw .unsupported(
      place, "data type \(names) is not read", advice: "use float16, bfloat16, float32 or float64")
  }

  /// Whether this is a floating-point type.
  var isFloat: Bool { storage != nil }

  /// The precision of a floating-point type, nil for the others.
  var storage: StoragePrecision? {
    switch self {
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    default: nil
    }
  }

  /// The bytes of one number in `raw_data`.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether every number of `other` is one of this type: a cast from it changes nothing.
  func holdsAll(of other: ONNXElementType) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.float64, .float32), (.float64, .float16), (.float64, .bfloat16): return true
    case (.float32, .float16), (.float32, .bfloat16): return true
    case (.float64, .int32), (.float64, .uint32): return true
    case (.float32, .int16), (.float32, .uint16), (.float64, .int16), (.float64, .uint16): return true
    case (_, .int8), (_, .uint8), (_, .bool): return isFloat
    default: return false
    }
  }
}
