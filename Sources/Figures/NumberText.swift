/// Numbers as readers expect them: few digits, a true minus sign, groups of three.
enum NumberText {
  /// `value` with at most `digits` significant digits, for people: "−0.042", "1.3×10⁶".
  ///
  /// - Exactness: rounds the shortest decimal that reads back as `value`, half away from zero.
  static func readable(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return value.isNaN ? "undefined" : value > 0 ? "∞" : "−∞" }
    let (decimals, exponent) = rounded(value.magnitude, digits: digits)
    let sign = value < 0 && decimals != [0] ? "\u{2212}" : ""
    if exponent >= -5 && exponent < 7 { return sign + plain(decimals, exponent: exponent) }
    let mantissa = plain(decimals, exponent: 0)
    return sign + (mantissa == "1" ? "" : mantissa + "×") + "10" + superscript(exponent)
  }

  /// `value` with at most `digits` significant digits, for programs: "-0.042", "1.3e6".
  ///
  /// - Requires: `value` finite.
  static func code(_ value: Double, digits: Int = 6) -> String {
    let (decimals, exponent) = rounded(value.magnitude, digits: digits)
    let sign = value < 0 && decimals != [0] ? "-" : ""
    if exponent >= -4 && exponent < 9 { return sign + plain(decimals, exponent: exponent) }
    return sign + plain(decimals, exponent: 0) + "e\(exponent)"
  }

  /// `count` with its digits in groups of three: "1 000 000", the spaces narrow and unbreakable.
  static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var text = count < 0 ? "\u{2212}" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return text
  }

  /// The decimals d₀ d₁ … of a number d₀.d₁… × 10^exponent, without trailing zeros; zero is [0].
  private static func rounded(_ value: Double, digits: Int) -> (decimals: [UInt8], exponent: Int) {
    var decimals: [UInt8] = []
    var exponent = -1
    var seenPoint = false
    var written = 0
    var readingExponent = false
    var exponentSign = 1
    for byte in value.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): seenPoint = true
      case UInt8(ascii: "e"): readingExponent = true
      case UInt8(ascii: "-"): exponentSign = -1
      case UInt8(ascii: "+"): exponentSign = 1
      default:
        let digit = byte - UInt8(ascii: "0")
        if readingExponent {
          written = 10 * written + Int(digit)
        } else {
          if !decimals.isEmpty || digit != 0 { decimals.append(digit) }
          if !seenPoint && !decimals.isEmpty { exponent += 1 }
          if seenPoint && decimals.isEmpty { exponent -= 1 }
        }
      }
    }
    if decimals.isEmpty { return ([0], 0) }
    exponent += exponentSign * written
    if decimals.count > digits {
      let up = decimals[digits] >= 5
      decimals.removeSubrange(digits...)
      var place = digits - 1
      while up && place >= 0 && decimals[place] == 9 {
        decimals[place] = 0
        place -= 1
      }
      if up && place >= 0 { decimals[place] += 1 }
      if up && place < 0 {
        decimals = [1]
        exponent += 1
      }
    }
    while decimals.count > 1 && decimals[decimals.count - 1] == 0 { decimals.removeLast() }
    return (decimals, exponent)
  }

  private static func plain(_ decimals: [UInt8], exponent: Int) -> String {
    var text = exponent < 0 ? "0." + String(repeating: "0", count: -exponent - 1) : ""
    for (place, digit) in decimals.enumerated() {
      if place == exponent + 1 && exponent >= 0 { text += "." }
      text += String(digit)
    }
    if exponent >= decimals.count { text += String(repeating: "0", count: exponent + 1 - decimals.count) }
    return text
  }

  static func superscript(_ number: Int) -> String {
    let signs: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹",
    ]
    return String(String(number).compactMap { signs[$0] })
  }
}
