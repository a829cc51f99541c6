import Foundation
import Testing

@testable import Figures

@Suite("Colours")
struct ColourTests {
  /// The coordinates of a colour in OKLab.
  private func lab(_ colour: Colour) -> (lightness: Double, a: Double, b: Double) {
    let linear = [colour.red, colour.green, colour.blue].map { byte -> Double in
      let part = Double(byte) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    func cone(_ red: Double, _ green: Double, _ blue: Double) -> Double {
      cbrt(red * linear[0] + green * linear[1] + blue * linear[2])
    }
    let l = cone(0.4122214708, 0.5363325363, 0.0514459929)
    let m = cone(0.2119034982, 0.6806995451, 0.1073969566)
    let s = cone(0.0883024619, 0.2817188376, 0.6299787005)
    return (
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    )
  }

  @Test("Maps change lightness steadily, in one direction", arguments: [0, 1, 2])
  func monotone(index: Int) {
    let map = [ColourMap.quietOnLight, .quietOnDark, .vivid][index]
    let steps = (0...32).map { lab(map.colour(at: Double($0) / 32)).lightness }
    let whole = steps[32] - steps[0]
    for (next, step) in zip(steps.dropFirst(), steps) {
      #expect((next - step) / whole > 0.4 / 32, "a step of \(next - step)")
      #expect((next - step) / whole < 2.0 / 32, "a step of \(next - step)")
    }
  }

  @Test("Values beyond the map have the colour of its end")
  func clamped() {
    #expect(ColourMap.vivid.colour(at: -3) == ColourMap.vivid.colour(at: 0))
    #expect(ColourMap.vivid.colour(at: 9) == ColourMap.vivid.colour(at: 1))
    #expect(Colour(0x00_0A_FF).hex == "#000aff")
  }

  @Test("Lines of every layer stand out from every quiet shade", arguments: [true, false])
  func contrast(isLight: Bool) {
    let palette = isLight ? Palette.light : .dark
    for layer in palette.layers {
      for shade in palette.quiet.table {
        #expect(
          (lab(layer).lightness - lab(shade).lightness).magnitude > 0.12, "\(layer.hex) on \(shade.hex)")
      }
    }
  }

  @Test("Layers can be told apart", arguments: [true, false])
  func distinct(isLight: Bool) {
    let layers = (isLight ? Palette.light : .dark).layers.map(lab)
    for (index, first) in layers.enumerated() {
      for second in layers[..<index] {
        let (l, a, b) = (first.lightness - second.lightness, first.a - second.a, first.b - second.b)
        #expect((l * l + a * a + b * b).squareRoot() > 0.1)
      }
    }
  }

  @Test("A few extreme numbers do not flatten the scale")
  func scale() {
    let plain = ShadeScale(for: (0..<1000).map(Double.init))
    #expect(plain.range == 0...999 && !plain.isOpenAbove && !plain.isOpenBelow)
    let skewed = ShadeScale(for: (0..<1000).map(Double.init) + [1e9])
    #expect(skewed.range.upperBound < 1000 && skewed.isOpenAbove)
    #expect(skewed.step(of: 1e9) == ColourMap.steps - 1 && skewed.step(of: .nan) == nil)
    #expect(ShadeScale(for: []).step(of: 0.5) != nil)
    #expect(ShadeScale(for: [4, 4]).step(of: 4) == ColourMap.steps / 2)
  }
}
