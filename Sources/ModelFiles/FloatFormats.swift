import Networks

/// The binary number formats of tensors: decoding, rounding and encoding.
extension StoragePrecision {
  /// The bytes of one number; decimal text is written as binary64.
  var byteCount: Int {
    switch self {
    case .bfloat16, .float16: 2
    case .float32: 4
    case .float64, .decimal: 8
    }
  }

  /// The numbers stored in a range of bytes.
  ///
  /// - Requires: the range lies in `bytes`; its length is a multiple of ``byteCount``.
  /// - Exactness: exact; every format embeds in the doubles.
  func decode(_ bytes: [UInt8], _ range: Range<Int>, bigEndian: Bool = false) -> [Double] {
    let size = byteCount
    let count = range.count / size
    return bytes.withUnsafeBytes { buffer in
      let source = UnsafeRawBufferPointer(rebasing: buffer[range])
      return [Double](unsafeUninitializedCapacity: count) { target, filled in
        for i in 0..<count {
          target.initializeElement(at: i, to: decode(source, at: i * size, bigEndian))
        }
        filled = count
      }
    }
  }

  @inline(__always)
  private func decode(_ source: UnsafeRawBufferPointer, at offset: Int, _ bigEndian: Bool) -> Double {
    func load<Bits: FixedWidthInteger>(_ type: Bits.Type) -> Bits {
      let bits = source.loadUnaligned(fromByteOffset: offset, as: type)
      return bigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
    }
    switch self {
    case .bfloat16: return Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16))
    case .float16: return StoragePrecision.half(load(UInt16.self))
    case .float32: return Double(Float(bitPattern: load(UInt32.self)))
    case .float64, .decimal: return Double(bitPattern: load(UInt64.self))
    }
  }

  /// The value of a binary16 pattern; `Float16` is not on every platform.
  private static func half(_ bits: UInt16) -> Double {
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Double(bits & 0x3FF)
    if exponent == 0x1F { return fraction != 0 ? .nan : sign == .plus ? .infinity : -.infinity }
    if exponent == 0 { return Double(sign: sign, exponent: -24, significand: fraction) }
    return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
  }

  /// The exponent of the least normal number.
  private var leastExponent: Int {
    switch self {
    case .float16: -14
    case .bfloat16, .float32: -126
    case .float64, .decimal: -1022
    }
  }

  /// The nearest number of this format, ties to even; infinite beyond its range.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .float64, .decimal: return value
    case .float32: return Double(Float(value))
    case .float16, .bfloat16:
      guard value.isFinite, value != 0 else { return value }
      // Scaling by powers of two is exact here, so only the rounding to an integer rounds.
      let grid = max(Int(value.exponent), leastExponent) - significantBits + 1
      let steps = (value * Double(sign: .plus, exponent: -grid, significand: 1)).rounded(.toNearestOrEven)
      let result = steps * Double(sign: .plus, exponent: grid, significand: 1)
      let limit = self == .float16 ? 65504 : 0x1.FEp127
      return result.magnitude <= limit ? result : value < 0 ? -.infinity : .infinity
    }
  }

  /// Appends the little-endian bytes of numbers of this format.
  ///
  /// - Requires: each value is its own ``rounded(_:)``.
  func encode(_ values: [Double], to bytes: inout [UInt8]) {
    func append(_ bits: some FixedWidthInteger) {
      withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.reserveCapacity(bytes.count + values.count * byteCount)
    for value in values {
      switch self {
      case .bfloat16: append(UInt16(truncatingIfNeeded: Float(value).bitPattern >> 16))
      case .float16: append(StoragePrecision.halfBits(value))
      case .float32: append(Float(value).bitPattern)
      case .float64, .decimal: append(value.bitPattern)
      }
    }
  }

  /// The binary16 pattern of a finite binary16 number.
  private static func halfBits(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let size = value.magnitude
    if size < 0x1p-14 { return sign | UInt16(size * 0x1p24) }
    let exponent = Int(size.exponent)
    return sign | UInt16(exponent + 15) << 10 | UInt16((size.significand - 1) * 1024)
  }
}
