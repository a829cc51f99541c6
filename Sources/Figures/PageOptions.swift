/// How a figure is made into an interactive page.
public struct PageOptions: Hashable, Sendable {
  /// The number of regions above which the smallest are painted as points.
  public var shapeLimit: Int
  /// The number of regions up to which shapes are elements of the page; above it they are drawn on a canvas.
  public var elementLimit: Int
  /// How strong the shades of regions are at first.
  public var colours: FigureColours
  /// The number of letters that all labels of regions together may take; longer ones are cut evenly.
  public var labelBudget: Int

  /// The given options.
  public init(
    shapeLimit: Int = 60_000, elementLimit: Int = 3_000, colours: FigureColours = .automatic,
    labelBudget: Int = 4_000_000
  ) {
    self.shapeLimit = shapeLimit
    self.elementLimit = elementLimit
    self.colours = colours
    self.labelBudget = labelBudget
  }
}
