/// The colours of a figure on a light or on a dark ground.
///
/// Layers differ in lightness as well as in hue, after the palettes of Okabe and Ito and of Tol, so that they can be
/// told apart with any kind of colour vision.
struct Palette: Hashable, Sendable {
  /// The ground of the page.
  let paper: Colour
  /// Text.
  let ink: Colour
  /// Lesser text.
  let quietInk: Colour
  /// Frames and ticks.
  let rule: Colour
  /// Bent hyperplanes by layer; deeper layers begin again.
  let layers: [Colour]
  /// Grounds for classes; more classes begin again.
  let categories: [Colour]
  /// Shades for values under lines.
  let quiet: ColourMap

  /// The colour of a layer, counted from 1.
  func layer(_ layer: Int) -> Colour { layers[max(0, layer - 1) % layers.count] }

  /// The colours on off-white.
  static let light = Palette(
    paper: Colour(0xFDFCF9), ink: Colour(0x1C1E21), quietInk: Colour(0x5B6068), rule: Colour(0x9A9EA5),
    layers: [0x0A4F96, 0xC23A10, 0x00684C, 0x8A2F83, 0x8F5B00, 0x4A4A4A].map(Colour.init),
    categories: [0xB8DCFF, 0xFECAB8, 0xBAE4C1, 0xF1C9EC, 0xE8D6A7, 0xA5E6E5, 0xD6D1FF, 0xFFC7CA].map(
      Colour.init),
    quiet: .quietOnLight)

  /// The colours on near-black.
  static let dark = Palette(
    paper: Colour(0x14161A), ink: Colour(0xE9E7E2), quietInk: Colour(0xA3A7AE), rule: Colour(0x5F646C),
    layers: [0x7CBCFF, 0xFF9166, 0x5BD6AA, 0xE3A4EA, 0xEFC65C, 0xCFCFCF].map(Colour.init),
    categories: [0x2E4A67, 0x633C2E, 0x2F5136, 0x5A3C57, 0x54461E, 0x155252, 0x474266, 0x643A3D].map(
      Colour.init),
    quiet: .quietOnDark)
}
