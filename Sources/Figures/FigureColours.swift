/// How strong the shades of regions are.
public enum FigureColours: String, Hashable, Sendable, CaseIterable {
  /// Quiet shades while walls can be told apart, vivid ones in denser pictures.
  case automatic
  /// Light shades that leave the coloured walls in front.
  case quiet
  /// The full range of lightness.
  case vivid

  /// Whether a picture of `regions` regions has vivid shades.
  func isVivid(regions: Int) -> Bool {
    switch self {
    case .automatic: return regions > 5_000
    case .quiet: return false
    case .vivid: return true
    }
  }
}
