import ExactArithmetic
import Foundation

/// Reads stored tensors: initialisers and the values of Constant nodes.
enum ONNXTensorData {
  /// The constant tensor a message holds.
  ///
  /// - Parameter external: the bytes of a tensor kept in another file.
  /// - Exactness: every number of the supported types is read exactly.
  /// - Throws: where sizes and bytes disagree (checked before anything is allocated), or a number is not finite.
  static func tensor(
    _ message: Onnx_TensorProto, place: String, external: (Onnx_TensorProto) throws(ONNXFailure) -> Data
  ) throws(ONNXFailure) -> AffineTensor {
    let type = try ONNXElementType(code: message.dataType, place: place)
    let (shape, count) = try checkedShape(message.dims, place: place)
    if message.hasSegment {
      throw .unsupported(place, "segmented tensors are not read", advice: "save the model as one file")
    }
    let constants: ExactValues
    if message.dataLocation == .external {
      constants = try numbers(in: try external(message), type, count, place)
    } else if message.hasRawData {
      constants = try numbers(in: message.rawData, type, count, place)
    } else {
      constants = try typedNumbers(message, type, count, place)
    }
    return AffineTensor(shape: shape, type: type, constants: constants)
  }

  /// Sizes as machine integers, and their product.
  static func checkedShape(_ dims: [Int64], place: String) throws(ONNXFailure) -> ([Int], Int) {
    var shape: [Int] = []
    var count = 1
    for dim in dims {
      guard let size = Int(exactly: dim), size >= 0 else {
        throw .malformed(place, expected: "sizes of at least 0", found: "\(dim)")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow {
        throw .malformed(place, expected: "a tensor that fits the file", found: "sizes beyond 2^63 elements")
      }
      shape.append(size)
      count = product
    }
    return (shape, count)
  }

  /// Numbers stored as little-endian bytes.
  private static func numbers(
    in bytes: Data, _ type: ONNXElementType, _ count: Int, _ place: String
  ) throws(ONNXFailure) -> ExactValues {
    let (needed, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, needed == bytes.count else {
      throw .malformed(
        place, expected: overflow ? "fewer elements" : "\(needed) bytes", found: "\(bytes.count) bytes")
    }
    switch type {
    case .float32:
      return try finite(fixed(bytes, count, UInt32.self) { Double(Float(bitPattern: $0)) }, place)
    case .float64: return try finite(fixed(bytes, count, UInt64.self) { Double(bitPattern: $0) }, place)
    case .float16: return try finite(fixed(bytes, count, UInt16.self) { double(binary16: $0) }, place)
    case .bfloat16: return try finite(fixed(bytes, count, UInt16.self) { double(bfloat16: $0) }, place)
    case .int8: return .doubles(fixed(bytes, count, UInt8.self) { Double(Int8(bitPattern: $0)) })
    case .uint8: return .doubles(fixed(bytes, count, UInt8.self) { Double($0) })
    case .bool: return .doubles(fixed(bytes, count, UInt8.self) { $0 == 0 ? 0 : 1 })
    case .int16: return .doubles(fixed(bytes, count, UInt16.self) { Double(Int16(bitPattern: $0)) })
    case .uint16: return .doubles(fixed(bytes, count, UInt16.self) { Double($0) })
    case .int32: return .doubles(fixed(bytes, count, UInt32.self) { Double(Int32(bitPattern: $0)) })
    case .uint32: return .doubles(fixed(bytes, count, UInt32.self) { Double($0) })
    case .int64: return ExactValues(fixed(bytes, count, UInt64.self) { Dyadic(Int64(bitPattern: $0)) })
    case .uint64: return ExactValues(fixed(bytes, count, UInt64.self) { dyadic($0) })
    }
  }

  /// Numbers stored in the message's typed fields.
  private static func typedNumbers(
    _ message: Onnx_TensorProto, _ type: ONNXElementType, _ count: Int, _ place: String
  ) throws(ONNXFailure) -> ExactValues {
    func check(_ found: Int) throws(ONNXFailure) {
      if found != count { throw .malformed(place, expected: "\(count) numbers", found: "\(found)") }
    }
    switch type {
    case .float32:
      try check(message.floatData.count)
      return try finite(message.floatData.map { Double($0) }, place)
    case .float64:
      try check(message.doubleData.count)
      return try finite(message.doubleData, place)
    case .float16:
      try check(message.int32Data.count)
      return try finite(message.int32Data.map { double(binary16: UInt16(truncatingIfNeeded: $0)) }, place)
    case .bfloat16:
      try check(message.int32Data.count)
      return try finite(message.int32Data.map { double(bfloat16: UInt16(truncatingIfNeeded: $0)) }, place)
    case .int8, .uint8, .int16, .uint16, .int32:
      try check(message.int32Data.count)
      return .doubles(message.int32Data.map { Double($0) })
    case .bool:
      try check(message.int32Data.count)
      return .doubles(message.int32Data.map { $0 == 0 ? 0 : 1 })
    case .int64:
      try check(message.int64Data.count)
      return ExactValues(message.int64Data.map { Dyadic($0) })
    case .uint32, .uint64:
      try check(message.uint64Data.count)
      return ExactValues(message.uint64Data.map { dyadic($0) })
    }
  }

  private static func finite(_ values: [Double], _ place: String) throws(ONNXFailure) -> ExactValues {
    for (position, value) in values.enumerated() where !value.isFinite {
      throw .notFinite("\(place), element \(position)", found: value.isNaN ? "NaN" : "infinite")
    }
    return .doubles(values)
  }

  /// Little-endian words of a fixed size, each turned into a number.
  ///
  /// - Requires: `bytes` holds `count` words.
  private static func fixed<Word: FixedWidthInteger, Number>(
    _ bytes: Data, _ count: Int, _ word: Word.Type, _ number: (Word) -> Number
  ) -> [Number] {
    bytes.withUnsafeBytes { buffer in
      (0..<count).map { i in
        number(
          Word(littleEndian: buffer.loadUnaligned(fromByteOffset: i * MemoryLayout<Word>.size, as: Word.self))
        )
      }
    }
  }

  private static func dyadic(_ value: UInt64) -> Dyadic {
    Dyadic(Int64(value >> 1)).scaled(byPowerOfTwo: 1) + Dyadic(Int64(value & 1))
  }

  /// The value of an IEEE binary16 pattern.
  static func double(binary16 bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10) & 31
    let fraction = Double(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }

  /// The value of a bfloat16 pattern: the upper half of a binary32.
  static func double(bfloat16 bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }
}
