/// Bytes as text of 64 letters, as data URIs and the pages hold them.
enum Base64 {
  /// The standard encoding with padding.
  static func text(of bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { target in
      var place = 0
      var index = 0
      while index < bytes.count {
        let left = bytes.count - index
        let group =
          UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
          | (left > 2 ? UInt32(bytes[index + 2]) : 0)
        target[place] = letters[Int(group >> 18)]
        target[place + 1] = letters[Int(group >> 12 & 63)]
        target[place + 2] = left > 1 ? letters[Int(group >> 6 & 63)] : UInt8(ascii: "=")
        target[place + 3] = left > 2 ? letters[Int(group & 63)] : UInt8(ascii: "=")
        place += 4
        index += 3
      }
      return place
    }
  }

  /// The numbers as 32-bit floats, low byte first.
  static func floats(_ values: [Double]) -> String {
    words(values.map { Float($0).bitPattern })
  }

  /// The numbers as 32-bit unsigned integers, low byte first.
  static func integers(_ values: [Int]) -> String {
    words(values.map { UInt32(clamping: $0) })
  }

  private static func words(_ values: [UInt32]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      bytes.append(UInt8(truncatingIfNeeded: value))
      bytes.append(UInt8(truncatingIfNeeded: value >> 8))
      bytes.append(UInt8(truncatingIfNeeded: value >> 16))
      bytes.append(UInt8(truncatingIfNeeded: value >> 24))
    }
    return text(of: bytes)
  }
}
