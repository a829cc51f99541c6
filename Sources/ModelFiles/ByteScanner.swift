/// A cursor over the bytes of a small text: the headers of safetensors and `.npy`.
///
/// Nothing here allocates more than the text is long.
struct ByteScanner {
  private let bytes: [UInt8]
  /// The next byte.
  private(set) var position: Int
  /// One past the last byte.
  let end: Int
  /// Where the text is, for messages.
  let place: String

  init(_ bytes: [UInt8], _ range: Range<Int>, place: String) {
    self.bytes = bytes
    self.position = range.lowerBound
    self.end = range.upperBound
    self.place = place
  }

  /// The next byte that is not white space, without taking it.
  mutating func peek() -> UInt8? {
    while position < end, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    return position < end ? bytes[position] : nil
  }

  /// Takes the next byte that is not white space if it is this one.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let next = peek(), UInt32(next) == character.value else { return false }
    position += 1
    return true
  }

  /// Takes this byte, or throws.
  mutating func expect(_ character: Unicode.Scalar) throws(ModelFileError.Cause) {
    if !take(character) { throw failure("'\(character)'") }
  }

  /// Takes a word of letters.
  mutating func word() -> String {
    _ = peek()
    let start = position
    while position < end, (65...90).contains(bytes[position] & 0xDF) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Takes a number ≥ 0 without sign, point or exponent.
  mutating func natural(_ what: String) throws(ModelFileError.Cause) -> Int {
    guard let first = peek(), (48...57).contains(first) else { throw failure(what) }
    var value = 0
    let start = position
    while position < end, (48...57).contains(bytes[position]) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 48))
      if overflow || carry {
        throw .malformed(place: place, expected: "\(what) below 2^63", found: "a larger number")
      }
      value = sum
      position += 1
    }
    if first == 48, position > start + 1 {
      throw .malformed(place: place, expected: what, found: "a number with leading zeros")
    }
    return value
  }

  /// Takes a string in the given quotes, with JSON's escapes.
  mutating func string(_ what: String, quote: Unicode.Scalar = "\"") throws(ModelFileError.Cause) -> String {
    guard take(quote) else { throw failure(what) }
    var text: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      position += 1
      if UInt32(byte) == quote.value {
        guard let string = String(validating: text, as: UTF8.self) else {
          throw .malformed(place: place, expected: "\(what) in UTF-8", found: "other bytes")
        }
        return string
      }
      if byte < 32 { break }
      text.append(byte)
      if byte == 0x5C {
        text.removeLast()
        text += Array(String(try escaped()).utf8)
      }
    }
    throw .malformed(place: place, expected: "the end of a string", found: describeNext())
  }

  /// What follows a backslash.
  private mutating func escaped() throws(ModelFileError.Cause) -> Unicode.Scalar {
    guard position < end else { throw failure("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
      return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      guard unit < 0xDC00, end - position >= 2, bytes[position] == 0x5C, bytes[position + 1] == 0x75 else {
        throw failure("a pair of surrogates")
      }
      position += 2
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw failure("a pair of surrogates") }
      return scalar
    default: throw failure("an escape")
    }
  }

  private mutating func hexadecimal() throws(ModelFileError.Cause) -> UInt32 {
    guard end - position >= 4,
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+")
    else { throw failure("four hexadecimal digits") }
    position += 4
    return value
  }

  /// The error that something else is here.
  mutating func failure(_ expected: String) -> ModelFileError.Cause {
    _ = peek()
    return .malformed(place: "\(place), byte \(position)", expected: expected, found: describeNext())
  }

  private func describeNext() -> String {
    guard position < end else { return "its end" }
    return quoted(String(decoding: bytes[position..<min(position + 16, end)], as: UTF8.self))
  }
}
