import ExactArithmetic
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension InputDomain {
  /// The cube [LO, HI]ⁿ that the text `LO,HI` describes.
  ///
  ///     try InputDomain.box("-1,1", inputs: 5)
  ///
  /// - Exactness: ends that are no doubles are rounded outward.
  /// - Throws: `ModelFileError` with the text in place of a file.
  public static func box(_ text: String, inputs: Int) throws(ModelFileError) -> InputDomain {
    do throws(ModelFileError.Cause) {
      let ends = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      guard ends.count == 2 else {
        throw .malformed(place: "box", expected: "two numbers LO,HI", found: quoted(text))
      }
      let side = try side(ends[0], ends[1], place: "box")
      return .box(Box(Array(repeating: side, count: inputs)))
    } catch {
      throw ModelFileError(file: quoted(text), cause: error)
    }
  }

  /// The box of a text file: a line `lo hi` for each input, `#` before comments.
  ///
  /// - Exactness: ends that are no doubles are rounded outward.
  /// - Throws: `ModelFileError`, naming the line.
  public init(boxFile url: URL, inputs: Int) throws(ModelFileError) {
    do throws(ModelFileError.Cause) {
      self = try InputDomain(boxText: FileBytes.read(url), inputs: inputs)
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  /// The box of the text in these bytes.
  init(boxText bytes: [UInt8], inputs: Int) throws(ModelFileError.Cause) {
    var sides: [Interval] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let place = "line \(index + 1)"
      let words = line.prefix { $0 != UInt8(ascii: "#") }
        .split { [32, 9, 13, 44].contains($0) }.map { String(decoding: $0, as: UTF8.self) }
      if words.isEmpty { continue }
      guard words.count == 2 else {
        throw .malformed(place: place, expected: "two numbers: lo hi", found: "\(words.count)")
      }
      guard sides.count < inputs else {
        throw .malformed(place: place, expected: "\(inputs) lines, one for each input", found: "more")
      }
      sides.append(try InputDomain.side(words[0], words[1], place: place))
    }
    guard sides.count == inputs else {
      throw .malformed(
        place: "file", expected: "\(inputs) lines, one for each input", found: "\(sides.count)")
    }
    self = .box(Box(sides))
  }

  /// The interval with these ends, rounded outward.
  private static func side(
    _ lower: String, _ upper: String, place: String
  ) throws(ModelFileError.Cause) -> Interval {
    let low = try end(lower, place: place).lower
    let high = try end(upper, place: place).upper
    guard low <= high else {
      throw .malformed(place: place, expected: "lo ≤ hi", found: "\(quoted(lower)) and \(quoted(upper))")
    }
    return Interval(low, high)
  }

  /// The tightest enclosure of a finite number in text.
  static func end(_ text: String, place: String) throws(ModelFileError.Cause) -> Interval {
    guard let enclosure = DecimalText.enclosure(text), enclosure.lower.isFinite, enclosure.upper.isFinite
    else {
      throw .malformed(place: place, expected: "a finite decimal number", found: quoted(text))
    }
    return enclosure
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
