import ExactArithmetic

/// A decimal number in text, such as `-12.5e-3`.
///
/// No hexadecimal, no words, no separators.
struct DecimalText {
  /// Where the number ends.
  let end: Int
  /// The nearest double, ties to even; infinite beyond the range.
  let nearest: Double

  /// The longest number that is read; the exact decimals of doubles have up to 1100 characters.
  private static let longest = 4096

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that begins at `start`, or nil where none does.
  ///
  /// - Exactness: correctly rounded.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, before limit: Int) {
    var position = start
    let negative = position < limit && bytes[position] == UInt8(ascii: "-")
    if position < limit, negative || bytes[position] == UInt8(ascii: "+") { position += 1 }
    var significand: UInt64 = 0
    var digits = 0
    var scale = 0
    var isShort = true
    var afterPoint = false
    while position < limit {
      let digit = bytes[position] &- 48
      if digit < 10 {
        digits += 1
        if significand < 1_000_000_000_000_000_000 {
          significand = significand * 10 + UInt64(digit)
          if afterPoint { scale -= 1 }
        } else {
          isShort = false
        }
      } else if bytes[position] == UInt8(ascii: "."), !afterPoint {
        afterPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < limit, bytes[position] | 0x20 == UInt8(ascii: "e") {
      var cursor = position + 1
      let down = cursor < limit && bytes[cursor] == UInt8(ascii: "-")
      if cursor < limit, down || bytes[cursor] == UInt8(ascii: "+") { cursor += 1 }
      let first = cursor
      var power = 0
      while cursor < limit, bytes[cursor] &- 48 < 10 {
        power = min(power * 10 + Int(bytes[cursor] &- 48), 1_000_000)
        cursor += 1
      }
      guard cursor > first else { return nil }
      scale += down ? -power : power
      position = cursor
    }
    guard position - start <= DecimalText.longest else { return nil }
    end = position
    // Both factors are doubles, so the one operation rounds correctly.
    if isShort, significand >> 53 == 0, scale.magnitude <= 22 {
      let value = Double(significand)
      let size =
        scale < 0 ? value / DecimalText.powers[-scale] : value * DecimalText.powers[scale]
      nearest = negative ? -size : size
    } else {
      guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else { return nil }
      nearest = value
    }
  }

  /// The number that `text` is, or nil.
  static func nearest(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let number = DecimalText(bytes, from: 0, before: bytes.count), number.end == bytes.count else {
        return nil
      }
      return number.nearest
    }
  }

  /// The smallest interval with double ends that holds the exact number `text` is, or nil where it is none.
  ///
  /// - Exactness: the ends are the neighbouring doubles, equal where a double is the number.
  static func enclosure(_ text: String) -> Interval? {
    guard let nearest = nearest(text) else { return nil }
    guard nearest.isFinite else {
      let edge = Double.greatestFiniteMagnitude
      return nearest > 0 ? Interval(edge, .infinity) : Interval(-.infinity, -edge)
    }
    switch sign(of: text, minus: nearest) {
    case 0: return Interval(nearest)
    case 1: return Interval(nearest, nearest.nextUp)
    default: return Interval(nearest.nextDown, nearest)
    }
  }

  /// The sign of the exact number less a double near it.
  private static func sign(of text: String, minus value: Double) -> Int {
    let parts = text.split(maxSplits: 1, whereSeparator: { $0 == "e" || $0 == "E" })
    guard let head = parts.first else { return 0 }
    let power = parts.count < 2 ? 0 : Int(parts[1]) ?? (parts[1].hasPrefix("-") ? -1_000_000 : 1_000_000)
    let fraction = head.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).dropFirst()
      .first
    guard let integer = BigInteger(decimal: head.filter { $0 != "." && $0 != "+" }), integer.sign != 0 else {
      return 0
    }
    let scale = power - (fraction?.utf8.count ?? 0)
    // A finite double near it bounds the scale, except where the number underflows.
    guard scale >= -6000 else { return integer.sign }
    let (left, right) =
      scale >= 0
      ? (Dyadic(integer * BigInteger(10).raised(to: UInt(scale))), Dyadic(value))
      : (Dyadic(integer), Dyadic(value) * Dyadic(BigInteger(10).raised(to: UInt(-scale))))
    return left < right ? -1 : left == right ? 0 : 1
  }
}
