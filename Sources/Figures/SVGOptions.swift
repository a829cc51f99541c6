/// How a figure is drawn as a still picture.
public struct SVGOptions: Hashable, Sendable {
  /// The width of the plot in pixels, without legend and margins.
  public var plotWidth: Double
  /// The number of regions or faces above which the smallest are not drawn as shapes.
  public var shapeLimit: Int
  /// How strong the shades of regions are.
  public var colours: FigureColours

  /// The given options.
  ///
  /// - Requires: a plot of at least 100 pixels.
  public init(plotWidth: Double = 640, shapeLimit: Int = 20_000, colours: FigureColours = .automatic) {
    precondition(plotWidth >= 100, "a plot of \(plotWidth) pixels")
    self.plotWidth = plotWidth
    self.shapeLimit = shapeLimit
    self.colours = colours
  }
}
