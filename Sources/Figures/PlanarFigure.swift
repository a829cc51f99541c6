/// A picture of a planar polyhedral complex: convex polygons, the walls between them, and what they mean.
///
/// All shapes refer to one list of vertices. The figure knows nothing of networks: whoever builds it supplies the
/// values, the names and the caption.
///
///     PlanarFigure(
///       title: "relu(x0)", horizontal: FigureAxis("x0", -1...1), vertical: FigureAxis("x1", 0...1),
///       vertices: [-1, 0, 0, 0, 0, 1, -1, 1, 1, 0, 1, 1],
///       regions: [.init([0, 1, 2, 3], value: 0, label: "0"), .init([1, 4, 5, 2], value: 0.5, label: "1")],
///       walls: [.init(1, 2, neurons: [FigureNeuron(layer: 1, index: 0)], weight: 1)])
///
/// - Units: vertices in the units of the axes.
public struct PlanarFigure: Sendable {
  /// What the picture shows; any text, it is escaped where it is written.
  public var title: String
  /// Lines under the title, such as counts.
  public var caption: [String]
  /// The axis to the right.
  public var horizontal: FigureAxis
  /// The axis upwards.
  public var vertical: FigureAxis
  /// The vertices x₀, y₀, x₁, y₁ and so on.
  public var vertices: [Double]
  /// The polygons.
  public var regions: [Region]
  /// The edges that belong to neurons.
  public var walls: [Wall]
  /// What the shades of the regions stand for.
  public var shading: Shading
  /// A curve to draw above everything, such as a decision boundary.
  public var levelSet: LevelSet?

  /// The figure of the given parts.
  ///
  /// - Requires: an even number of finite coordinates; every vertex index below half of it.
  public init(
    title: String, caption: [String] = [], horizontal: FigureAxis, vertical: FigureAxis, vertices: [Double],
    regions: [Region], walls: [Wall], shading: Shading = .value("Value"), levelSet: LevelSet? = nil
  ) {
    let count = vertices.count / 2
    precondition(vertices.count == 2 * count, "\(vertices.count) coordinates are not pairs")
    precondition(vertices.allSatisfy(\.isFinite), "a vertex is not finite")
    for region in regions {
      precondition(
        region.corners.allSatisfy { $0 >= 0 && $0 < count }, "a corner is not among \(count) vertices")
    }
    for wall in walls {
      precondition(
        wall.start >= 0 && wall.start < count && wall.end >= 0 && wall.end < count,
        "a wall from \(wall.start) to \(wall.end) among \(count) vertices")
    }
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.vertices = vertices
    self.regions = regions
    self.walls = walls
    self.shading = shading
    self.levelSet = levelSet
  }
}

extension PlanarFigure {
  /// A convex polygon on which the pictured function is affine.
  public struct Region: Sendable {
    /// The vertices around the polygon, in either direction, the first not repeated.
    public var corners: [Int]
    /// The number that is shaded.
    public var value: Double
    /// The function on the region, where it is known.
    public var function: AffineFunction?
    /// A short name, such as the activation pattern.
    public var label: String
    /// The class, where regions have classes.
    public var category: Int?

    /// The region with the given corners.
    public init(
      _ corners: [Int], value: Double, function: AffineFunction? = nil, label: String = "",
      category: Int? = nil
    ) {
      self.corners = corners
      self.value = value
      self.function = function
      self.label = label
      self.category = category
    }
  }

  /// The function a·x + b·y + c in the coordinates of the axes.
  public struct AffineFunction: Hashable, Sendable {
    /// The slope along the horizontal axis.
    public var a: Double
    /// The slope along the vertical axis.
    public var b: Double
    /// The value at the origin.
    public var c: Double

    /// The function a·x + b·y + c.
    public init(a: Double, b: Double, c: Double) {
      self.a = a
      self.b = b
      self.c = c
    }

    /// The length of the gradient (a, b).
    public var gradientNorm: Double { (a * a + b * b).squareRoot() }
  }

  /// An edge on which neurons switch.
  public struct Wall: Sendable {
    /// The vertex at one end.
    public var start: Int
    /// The vertex at the other end.
    public var end: Int
    /// The neurons that switch here.
    public var neurons: [FigureNeuron]
    /// The jump of the gradient across the wall, at least 0.
    public var weight: Double
    /// Whether the function bends here; a hidden wall leaves no trace in it.
    public var isVisible: Bool

    /// The wall between two vertices.
    public init(_ start: Int, _ end: Int, neurons: [FigureNeuron], weight: Double, isVisible: Bool = true) {
      precondition(weight >= 0, "a wall of weight \(weight)")
      self.start = start
      self.end = end
      self.neurons = neurons
      self.weight = weight
      self.isVisible = isVisible
    }
  }

  /// A curve made of segments, such as where an output is zero.
  public struct LevelSet: Sendable {
    /// The name in the legend.
    public var label: String
    /// The segments, four coordinates each: x₀, y₀, x₁, y₁.
    public var segments: [Double]

    /// The curve of the given segments.
    ///
    /// - Requires: four finite coordinates for each segment.
    public init(label: String, segments: [Double]) {
      precondition(segments.count % 4 == 0, "\(segments.count) coordinates are not segments")
      precondition(segments.allSatisfy(\.isFinite), "a segment is not finite")
      self.label = label
      self.segments = segments
    }
  }
}
