/// A colour of the screen: red, green and blue in sRGB, a byte each.
struct Colour: Hashable, Sendable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  /// The colour written 0xRRGGBB.
  init(_ code: UInt32) {
    red = UInt8(truncatingIfNeeded: code >> 16)
    green = UInt8(truncatingIfNeeded: code >> 8)
    blue = UInt8(truncatingIfNeeded: code)
  }

  /// The colour between two others: `fraction` 0 gives `first`, 1 gives `second`.
  init(between first: Colour, and second: Colour, _ fraction: Double) {
    func mix(_ left: UInt8, _ right: UInt8) -> UInt8 {
      UInt8((Double(left) + (Double(right) - Double(left)) * fraction).rounded())
    }
    red = mix(first.red, second.red)
    green = mix(first.green, second.green)
    blue = mix(first.blue, second.blue)
  }

  /// The colour as CSS and SVG write it: "#0b5fa5".
  var hex: String {
    let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
