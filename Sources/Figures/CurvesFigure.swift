/// Curves over one axis, several by name: bounds against precision, losses against steps.
///
///     CurvesFigure(
///       title: "Squares", caption: [], horizontal: CurvesFigure.Axis("x"),
///       vertical: CurvesFigure.Axis("y", scale: .logarithmic),
///       series: [CurvesFigure.Series("x²", points: [CurvesFigure.Point(1, 1), CurvesFigure.Point(10, 100)])])
public struct CurvesFigure: Hashable, Sendable {
  /// The title.
  public let title: String
  /// What is shown, in a few lines.
  public let caption: [String]
  /// The axis of abscissas.
  public let horizontal: Axis
  /// The axis of ordinates.
  public let vertical: Axis
  /// The curves in the order of the legend.
  public let series: [Series]
  /// Remarks below the picture.
  public let notes: [String]

  /// A figure of the given curves.
  ///
  /// - Requires: coordinates are finite, and positive along logarithmic axes.
  public init(
    title: String, caption: [String], horizontal: Axis, vertical: Axis, series: [Series], notes: [String] = []
  ) {
    for point in series.flatMap(\.points) {
      precondition(
        horizontal.shows(point.x) && vertical.shows(point.y)
          && (point.spread.map { vertical.shows($0.lowerBound) && vertical.shows($0.upperBound) } ?? true),
        "(\(point.x), \(point.y)) is not on the axes of \(title)")
    }
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.series = series
    self.notes = notes
  }

  /// How numbers are laid out along an axis.
  public enum Scale: Hashable, Sendable {
    /// Equal differences at equal lengths.
    case linear
    /// Equal ratios at equal lengths.
    case logarithmic
  }

  /// What an axis measures, and how.
  public struct Axis: Hashable, Sendable {
    /// The name of the quantity.
    public let label: String
    /// How numbers are laid out.
    public let scale: Scale
    /// Whether numbers decrease to the right or upwards.
    public let isReversed: Bool

    /// The axis of the given name.
    public init(_ label: String, scale: Scale = .linear, isReversed: Bool = false) {
      self.label = label
      self.scale = scale
      self.isReversed = isReversed
    }

    /// Whether the axis has a place for a number.
    func shows(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }
  }

  /// A point of a curve.
  public struct Point: Hashable, Sendable {
    /// The abscissa.
    public let x: Double
    /// The ordinate.
    public let y: Double
    /// Where the ordinate may lie, if it is not sure: drawn as a band around the curve.
    public let spread: ClosedRange<Double>?

    /// The point (x, y).
    public init(_ x: Double, _ y: Double, spread: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.spread = spread
    }
  }

  /// A curve: points joined by straight lines.
  public struct Series: Hashable, Sendable {
    /// Its name in the legend.
    public let label: String
    /// Its points from left to right.
    public let points: [Point]
    /// Whether the line is dashed, for curves of lesser standing.
    public let isDashed: Bool

    /// The curve through the given points.
    public init(_ label: String, points: [Point], isDashed: Bool = false) {
      self.label = label
      self.points = points
      self.isDashed = isDashed
    }
  }

  /// The figure as a page that needs nothing else, with a table of numbers below it.
  ///
  /// - Parameters:
  ///   - columns: The heads of the table.
  ///   - rows: Its rows, of as many cells; the first cell of each is its name.
  public func page(columns: [String], rows: [[String]]) -> String {
    TablePage.document(title: title, svg: svg(), columns: columns, rows: rows)
  }
}
