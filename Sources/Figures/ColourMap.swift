/// Colours for numbers from 0 to 1, of steadily changing lightness.
///
/// The control points are equally spaced in the lightness of OKLab, so that equal steps of the number look alike and
/// the order survives in print and for every kind of colour vision.
struct ColourMap: Hashable, Sendable {
  /// The number of steps in which figures use a map.
  static let steps = 64

  private let controls: [Colour]

  /// The map through the given colours, equally spaced.
  init(_ codes: [UInt32]) { controls = codes.map(Colour.init) }

  /// The colour of `fraction`, which is clamped to 0...1.
  func colour(at fraction: Double) -> Colour {
    let place = min(1, max(0, fraction)) * Double(controls.count - 1)
    let index = min(Int(place), controls.count - 2)
    return Colour(between: controls[index], and: controls[index + 1], place - Double(index))
  }

  /// The colours of all steps.
  var table: [Colour] { (0..<Self.steps).map { colour(at: (Double($0) + 0.5) / Double(Self.steps)) } }

  /// Sand to slate, light: a ground on which coloured lines stay readable.
  static let quietOnLight = ColourMap([
    0xFBF7E7, 0xF0EDD6, 0xE2E4C6, 0xC7DEC2, 0xABD6C5, 0x97CAC9, 0x8CBBCB, 0x82AEC8, 0x7D9FC3,
  ])

  /// Night to moss, dark: the same for a dark page.
  static let quietOnDark = ColourMap([
    0x1B2130, 0x1F2C3E, 0x23374C, 0x244455, 0x27515B, 0x33605B, 0x4A6C59, 0x667657, 0x847E5C,
  ])

  /// Indigo to yellow, the full range of lightness, for pictures that are mostly shade.
  static let vivid = ColourMap([
    0x32095A, 0x3A2979, 0x3D4596, 0x2668A5, 0x1687A9, 0x00ABA4, 0x59C886, 0xA9DE6E, 0xF9ED59,
  ])
}
