/// A picture of a polyhedral complex in space: wall polygons, the regions they bound, and what they mean.
///
/// - Units: vertices in the units of the axes.
public struct SolidFigure: Sendable {
  /// What the picture shows; any text, it is escaped where it is written.
  public var title: String
  /// Lines under the title, such as counts.
  public var caption: [String]
  /// The three axes.
  public var axes: [FigureAxis]
  /// The vertices, three coordinates each.
  public var vertices: [Double]
  /// The polygons.
  public var faces: [Face]
  /// The cells between the faces; they are seen where a plane cuts the figure open.
  public var regions: [Region]
  /// What the values of the regions stand for.
  public var shading: Shading
  /// A surface to draw among the faces, such as a decision boundary.
  public var levelSet: LevelSet?

  /// The figure of the given parts.
  ///
  /// - Requires: three axes; finite coordinates, three for each vertex; every index in range.
  public init(
    title: String, caption: [String] = [], axes: [FigureAxis], vertices: [Double], faces: [Face],
    regions: [Region] = [], shading: Shading = .value("Value"), levelSet: LevelSet? = nil
  ) {
    let count = vertices.count / 3
    precondition(axes.count == 3, "\(axes.count) axes in space")
    precondition(vertices.count == 3 * count, "\(vertices.count) coordinates are not triples")
    precondition(vertices.allSatisfy(\.isFinite), "a vertex is not finite")
    for face in faces {
      precondition(
        face.corners.allSatisfy { $0 >= 0 && $0 < count }, "a corner is not among \(count) vertices")
    }
    for region in regions {
      precondition(
        region.faces.allSatisfy { $0 >= 0 && $0 < faces.count }, "a face is not among \(faces.count) faces")
    }
    self.title = title
    self.caption = caption
    self.axes = axes
    self.vertices = vertices
    self.faces = faces
    self.regions = regions
    self.shading = shading
    self.levelSet = levelSet
  }
}

extension SolidFigure {
  /// A convex polygon on which neurons switch, or a piece of the domain's boundary.
  public struct Face: Sendable {
    /// The vertices around the polygon, the first not repeated.
    public var corners: [Int]
    /// The neurons that switch here.
    public var neurons: [FigureNeuron]
    /// The jump of the gradient across the face, at least 0.
    public var weight: Double
    /// Whether the function bends here.
    public var isVisible: Bool
    /// Whether the face lies on the boundary of the domain.
    public var isOnBoundary: Bool

    /// The face with the given corners.
    public init(
      _ corners: [Int], neurons: [FigureNeuron], weight: Double, isVisible: Bool = true,
      isOnBoundary: Bool = false
    ) {
      precondition(weight >= 0, "a face of weight \(weight)")
      self.corners = corners
      self.neurons = neurons
      self.weight = weight
      self.isVisible = isVisible
      self.isOnBoundary = isOnBoundary
    }
  }

  /// A convex cell.
  public struct Region: Sendable {
    /// The indices of the faces that bound it.
    public var faces: [Int]
    /// A short name, such as the activation pattern.
    public var label: String
    /// The number that is shaded where the cell is cut open.
    public var value: Double
    /// The class, where regions have classes.
    public var category: Int?

    /// The cell bounded by the given faces.
    public init(_ faces: [Int], label: String = "", value: Double, category: Int? = nil) {
      self.faces = faces
      self.label = label
      self.value = value
      self.category = category
    }
  }

  /// A surface made of triangles, such as where an output is zero.
  public struct LevelSet: Sendable {
    /// The name in the legend.
    public var label: String
    /// The triangles, nine coordinates each.
    public var triangles: [Double]

    /// The surface of the given triangles.
    ///
    /// - Requires: nine finite coordinates for each triangle.
    public init(label: String, triangles: [Double]) {
      precondition(triangles.count % 9 == 0, "\(triangles.count) coordinates are not triangles")
      precondition(triangles.allSatisfy(\.isFinite), "a triangle is not finite")
      self.label = label
      self.triangles = triangles
    }
  }
}
