/// What the shade of a region stands for.
public enum Shading: Hashable, Sendable {
  /// The value of the named quantity at a point inside the region, such as an output of the network.
  case value(String)
  /// The length of the gradient on the region.
  case gradientNorm
  /// The class of the region, as an index into these names.
  case category([String])

  /// The heading of the legend.
  var title: String {
    switch self {
    case .value(let label): return label
    case .gradientNorm: return "Length of the gradient"
    case .category: return "Class"
    }
  }
}
