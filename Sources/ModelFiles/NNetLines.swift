/// The lines of an `.nnet` file, without blank ones and `//` comments.
struct NNetLines {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// The number of the line last read, from 1.
  private(set) var number = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// An upper bound of how many numbers the file holds.
  var capacity: Int { bytes.count / 2 + 1 }

  /// For messages: the line last read.
  var place: String { "line \(number)" }

  /// The next line that says something, or nil at the end.
  mutating func next() -> Range<Int>? {
    while position < bytes.count {
      let start = position
      while position < bytes.count, bytes[position] != 10 { position += 1 }
      let line = start..<position
      position += 1
      number += 1
      guard let first = line.first(where: { !NNetLines.isBlank(bytes[$0]) }) else { continue }
      if bytes[first] == 0x2F, first + 1 < line.upperBound, bytes[first + 1] == 0x2F { continue }
      return line
    }
    return nil
  }

  /// The numbers of the next line, for the header.
  mutating func numbers(_ what: String) throws(ModelFileError.Cause) -> [Double] {
    var numbers: [Double] = []
    try append(to: &numbers, atMost: .max, what: { what })
    return numbers
  }

  /// Appends the numbers of the next line, and returns how many there were.
  ///
  /// Numbers are parted by commas, blanks or both; a comma may end the line.
  @discardableResult
  mutating func append(
    to numbers: inout [Double], atMost limit: Int, what: () -> String
  ) throws(ModelFileError.Cause) -> Int {
    guard let line = next() else {
      throw .malformed(place: "line \(number + 1)", expected: what(), found: "the end of the file")
    }
    var count = 0
    var cursor = line.lowerBound
    var commaSeen = true
    while cursor < line.upperBound {
      let byte = bytes[cursor]
      if NNetLines.isBlank(byte) {
        cursor += 1
      } else if byte == 0x2C {
        if commaSeen { throw .malformed(place: place, expected: what(), found: "nothing before a comma") }
        commaSeen = true
        cursor += 1
      } else {
        let number = try number(at: cursor, in: line, what: what)
        count += 1
        if count > limit {
          throw .malformed(place: place, expected: what(), found: "more numbers")
        }
        numbers.append(number.nearest)
        cursor = number.end
        commaSeen = false
      }
    }
    return count
  }

  /// The number at `start`, which a comma, a blank or the end of the line must follow.
  private func number(
    at start: Int, in line: Range<Int>, what: () -> String
  ) throws(ModelFileError.Cause) -> DecimalText {
    if let number = DecimalText(bytes, from: start, before: line.upperBound),
      number.end == line.upperBound || NNetLines.isBlank(bytes[number.end]) || bytes[number.end] == 0x2C
    {
      if number.nearest.isFinite { return number }
      throw .notFinite(place: place, found: "\(text(from: start, in: line)), beyond the range of doubles")
    }
    let found = text(from: start, in: line)
    switch found.lowercased().drop(while: { $0 == "-" || $0 == "+" }) {
    case "nan", "inf", "infinity": throw .notFinite(place: place, found: found)
    default: throw .malformed(place: place, expected: what(), found: quoted(found))
    }
  }

  /// The text up to the next comma or blank.
  private func text(from start: Int, in line: Range<Int>) -> String {
    let word = (start..<line.upperBound).prefix { bytes[$0] != 0x2C && !NNetLines.isBlank(bytes[$0]) }
    return String(decoding: word.prefix(40).map { bytes[$0] }, as: UTF8.self)
  }

  /// Whether the byte is a blank, a tab or the carriage return of a Windows line end.
  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}
