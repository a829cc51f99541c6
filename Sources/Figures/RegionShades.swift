/// The shade of every region of a figure, and what the shades stand for.
struct RegionShades: Sendable {
  /// How a shade is found.
  enum Key: Sendable {
    /// Numbers on a colour map.
    case scale(ShadeScale)
    /// Classes by name.
    case categories([String])
  }

  /// What the shades stand for.
  let key: Key
  /// The step or class of each region; 255 where it has none.
  let steps: [UInt8]

  /// The shades of `values` and `categories` under `shading`.
  init(shading: Shading, values: [Double], categories: [Int?]) {
    if case .category(let names) = shading {
      key = .categories(names)
      steps = categories.map { category in
        guard let category, category >= 0 else { return RegionRaster.empty }
        return UInt8(category % Palette.light.categories.count)
      }
    } else {
      let scale = ShadeScale(for: values)
      key = .scale(scale)
      steps = values.map { scale.step(of: $0).map(UInt8.init) ?? RegionRaster.empty }
    }
  }

  /// The shades of a planar figure.
  init(of figure: PlanarFigure) {
    self.init(
      shading: figure.shading, values: figure.regions.map(\.value), categories: figure.regions.map(\.category)
    )
  }

  /// The colours of the steps.
  func colours(_ palette: Palette, isVivid: Bool) -> [Colour] {
    switch key {
    case .scale: return (isVivid ? ColourMap.vivid : palette.quiet).table
    case .categories: return palette.categories
    }
  }
}
