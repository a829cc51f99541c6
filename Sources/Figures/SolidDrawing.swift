/// A solid figure seen from one side: the box of its axes becomes the cube [−1, 1]³, turned and projected.
struct SolidDrawing {
  let figure: SolidFigure
  /// The faces that are drawn, without those on the boundary.
  let faces: [Int]
  /// What a reader must know; empty if every face is drawn.
  let notes: [String]
  /// The side of the square picture in pixels.
  let side: Double

  // Turned by 35 degrees about the upright axis, seen from 24 degrees above.
  private static let turn = (cosine: 0.8191520442889918, sine: -0.573576436351046)
  private static let lift = (cosine: 0.9135454576426009, sine: 0.4067366430758002)

  /// The view of `figure` in a square of the given side, with at most `limit` faces.
  init(of figure: SolidFigure, side: Double, limit: Int) {
    self.figure = figure
    self.side = side
    let kept = Self.largest(of: figure, limit: limit)
    notes = kept.notes
    faces = kept.faces
  }

  /// The inner faces of `figure`, of too many the largest, with a note that says so.
  static func largest(of figure: SolidFigure, limit: Int) -> (faces: [Int], notes: [String]) {
    let inner = figure.faces.indices.filter { !figure.faces[$0].isOnBoundary }
    if inner.count <= limit { return (inner, []) }
    let areas = inner.map { figure.area(of: figure.faces[$0]) }
    let order = inner.indices.sorted { (areas[$1], $0) < (areas[$0], $1) }
    let note =
      "\(NumberText.grouped(inner.count)) walls: the \(NumberText.grouped(limit)) largest are drawn; "
      + "the other \(NumberText.grouped(inner.count - limit)) are left out."
    return (order.prefix(limit).map { inner[$0] }.sorted(), [note])
  }

  /// How opaque a face is, so that a line of sight through all of them is not quite closed.
  var opacity: Double {
    let area = faces.reduce(0) { $0 + figure.area(of: figure.faces[$1]) }
    return min(0.34, max(0.03, 1.35 / max(1, area / 8)))
  }

  /// The place on the screen of a point of the cube, y down, and how far away it is.
  private static func turned(_ point: [Double]) -> (x: Double, y: Double, depth: Double) {
    let across = point[0] * turn.cosine - point[1] * turn.sine
    let away = point[0] * turn.sine + point[1] * turn.cosine
    let up = point[2] * lift.cosine + away * lift.sine
    return (across, -up, away * lift.cosine - point[2] * lift.sine)
  }

  /// The place in the picture, in pixels, of a point of the cube.
  func place(_ point: [Double]) -> (x: Double, y: Double) {
    let turned = Self.turned(point)
    return (side / 2 + turned.x * side / 3.25, side / 2 + turned.y * side / 3.25)
  }

  /// The faces and the triangles of the level set as polygons with titles, farthest first.
  var polygons: String {
    var pieces = faces.map {
      (depth: depth(figure.faces[$0].corners.map(figure.cube(at:))), markup: markup(ofFace: $0))
    }
    if let levelSet = figure.levelSet {
      let title = "<title>\(levelSet.label.escapedForMarkup)</title>"
      for start in stride(from: 0, to: levelSet.triangles.count, by: 9) {
        let corners = (0..<3).map {
          figure.cube(Array(levelSet.triangles[start + 3 * $0..<start + 3 * $0 + 3]))
        }
        let markup = "<polygon class=\"surface\" points=\"\(points(corners))\">\(title)</polygon>\n"
        pieces.append((depth(corners), markup))
      }
    }
    let sorted = pieces.sorted { $0.depth > $1.depth }
    let alpha = NumberText.code(opacity, digits: 2)
    return "<g class=\"faces\" fill-opacity=\"\(alpha)\">\n" + sorted.map(\.markup).joined() + "</g>\n"
  }

  private func markup(ofFace index: Int) -> String {
    let face = figure.faces[index]
    let layer = PlanarDrawing.layerClass(face.neurons.map(\.layer).min() ?? 1)
    let name = FigureText.ofWall(neurons: face.neurons, weight: face.weight, isVisible: face.isVisible)
    return "<polygon class=\"f \(layer)\(face.isVisible ? "" : " unseen")\""
      + " points=\"\(points(face.corners.map(figure.cube(at:))))\">"
      + "<title>\(name.escapedForMarkup)</title></polygon>\n"
  }

  private func points(_ corners: [[Double]]) -> String {
    corners.map { corner in
      let place = place(corner)
      return PlanarDrawing.hundredths(place.x) + "," + PlanarDrawing.hundredths(place.y)
    }.joined(separator: " ")
  }

  private func depth(_ corners: [[Double]]) -> Double {
    corners.reduce(0) { $0 + Self.turned($1).depth } / Double(max(1, corners.count))
  }
}

extension SolidFigure {
  /// The layers that occur inside the domain, increasing, each with its number of neurons.
  var layers: [(layer: Int, neurons: Int)] {
    FigureNeuron.layers(of: faces.lazy.filter { !$0.isOnBoundary }.map(\.neurons))
  }

  /// The place of a vertex in the cube [−1, 1]³.
  func cube(at vertex: Int) -> [Double] { cube(Array(vertices[3 * vertex..<3 * vertex + 3])) }

  /// The place of a point in the cube [−1, 1]³.
  func cube(_ point: [Double]) -> [Double] { (0..<3).map { 2 * axes[$0].fraction(point[$0]) - 1 } }

  /// The area of a face in the cube [−1, 1]³.
  func area(of face: Face) -> Double {
    guard let first = face.corners.first else { return 0 }
    let origin = cube(at: first)
    var sum = [0.0, 0.0, 0.0]
    var previous = [0.0, 0.0, 0.0]
    for corner in face.corners.dropFirst() {
      let place = cube(at: corner)
      let side = (0..<3).map { place[$0] - origin[$0] }
      for axis in 0..<3 {
        let (next, last) = ((axis + 1) % 3, (axis + 2) % 3)
        sum[axis] += previous[next] * side[last] - previous[last] * side[next]
      }
      previous = side
    }
    return (sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]).squareRoot() / 2
  }
}
