/// The tokens of a VNN-LIB file: parentheses and words, with `;` before comments.
struct VNNLIBTokens {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// For messages: the line of the next token.
  var place: String { "line \(line)" }

  /// Whether a closing parenthesis is next.
  mutating func atClose() -> Bool { peek() == UInt8(ascii: ")") }

  /// The next token, or nil at the end.
  mutating func next() -> String? {
    guard let first = peek() else { return nil }
    let start = position
    position += 1
    if first != UInt8(ascii: "("), first != UInt8(ascii: ")") {
      while position < bytes.count, bytes[position] > 32, ![40, 41, 59].contains(bytes[position]) {
        position += 1
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Takes a token that is no parenthesis.
  mutating func word(_ expected: String) throws(ModelFileError.Cause) -> String {
    guard let token = next(), token != "(", token != ")" else { throw unexpected(nil, expected: expected) }
    return token
  }

  /// Takes a closing parenthesis.
  mutating func close() throws(ModelFileError.Cause) {
    let token = next()
    if token != ")" { throw unexpected(token, expected: ")") }
  }

  /// Skips to the end of the command that is open.
  mutating func skip() throws(ModelFileError.Cause) {
    var open = 1
    while open > 0 {
      guard let token = next() else { throw unexpected(nil, expected: ")") }
      open += token == "(" ? 1 : token == ")" ? -1 : 0
    }
  }

  /// The error that this token stands here.
  func unexpected(_ token: String?, expected: String) -> ModelFileError.Cause {
    .malformed(
      place: place, expected: expected, found: token.map { quoted($0) } ?? "something else or the end")
  }

  /// Skips blanks and comments, and returns the next byte without taking it.
  private mutating func peek() -> UInt8? {
    var inComment = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 10 {
        line += 1
        inComment = false
      } else if byte == UInt8(ascii: ";") {
        inComment = true
      } else if !inComment, byte > 32 {
        return byte
      }
      position += 1
    }
    return nil
  }
}
