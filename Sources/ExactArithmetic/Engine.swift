import CFLINT

/// The exact-arithmetic engine Crease links.
public enum ExactEngine {
  /// The engine's name and version.
  public static var version: String { "FLINT \(FLINT_VERSION)" }
}
