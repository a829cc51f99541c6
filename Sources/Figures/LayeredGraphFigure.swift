/// A picture of a directed graph whose vertices have layers: columns from left to right, edges between them.
///
///     LayeredGraphFigure(
///       title: "bends", vertices: [.init("a", layer: 1), .init("b", layer: 2)], edges: [.init(0, 1)])
public struct LayeredGraphFigure: Sendable {
  /// What the picture shows; any text, it is escaped where it is written.
  public var title: String
  /// Lines under the title.
  public var caption: [String]
  /// The vertices.
  public var vertices: [Vertex]
  /// The edges.
  public var edges: [Edge]

  /// A vertex.
  public struct Vertex: Hashable, Sendable {
    /// What is written beside it.
    public var label: String
    /// The layer, from 1.
    public var layer: Int
    /// What is told under the pointer.
    public var note: String

    /// The vertex of a label and a layer.
    public init(_ label: String, layer: Int, note: String = "") {
      self.label = label
      self.layer = layer
      self.note = note
    }
  }

  /// An edge from one vertex to another.
  public struct Edge: Hashable, Sendable {
    /// The vertex where it starts, by number.
    public var start: Int
    /// The vertex where it ends, by number.
    public var end: Int

    /// The edge between two vertices.
    public init(_ start: Int, _ end: Int) {
      self.start = start
      self.end = end
    }
  }

  /// The figure of the given parts.
  ///
  /// - Requires: edges between vertices of the list; layers of at least 1.
  public init(title: String, caption: [String] = [], vertices: [Vertex], edges: [Edge]) {
    precondition(vertices.allSatisfy { $0.layer >= 1 }, "layers count from 1")
    for edge in edges {
      precondition(
        vertices.indices.contains(edge.start) && vertices.indices.contains(edge.end),
        "an edge from \(edge.start) to \(edge.end) among \(vertices.count) vertices")
    }
    self.title = title
    self.caption = caption
    self.vertices = vertices
    self.edges = edges
  }

  /// The picture as a self-contained SVG document.
  ///
  /// Within a layer, vertices are ordered by the mean place of the neighbours in earlier layers.
  public func svg(options: SVGOptions = SVGOptions()) -> String {
    let layers = Set(vertices.map(\.layer)).sorted()
    let columns = columns(layers)
    let tallest = columns.map(\.count).max() ?? 1
    let width = options.plotWidth
    let height = max(160, Double(tallest) * 44)
    var places = Array(repeating: (x: 0.0, y: 0.0), count: vertices.count)
    for (column, members) in columns.enumerated() {
      let x = width * (Double(column) + 0.5) / Double(max(1, columns.count))
      for (row, vertex) in members.enumerated() {
        places[vertex] = (x, height * (Double(row) + 0.5) / Double(members.count))
      }
    }
    func code(_ value: Double) -> String { NumberText.code(value) }
    var plot = "<g class=\"edges\">\n"
    for edge in edges {
      let (a, b) = (places[edge.start], places[edge.end])
      plot += "<path class=\"wall w1 sample\" d=\"M\(code(a.x)) \(code(a.y))L\(code(b.x)) \(code(b.y))\"/>\n"
    }
    plot += "</g>\n<g class=\"vertices\">\n"
    for (vertex, place) in zip(vertices, places) {
      let (x, y) = (code(place.x), code(place.y))
      plot += "<circle class=\"f \(PlanarDrawing.layerClass(vertex.layer))\" cx=\"\(x)\" cy=\"\(y)\" r=\"7\">"
      plot += "<title>\((vertex.note.isEmpty ? vertex.label : vertex.note).escapedForMarkup)</title></circle>"
      plot += "<text x=\"\(code(place.x + 12))\" y=\"\(code(place.y - 8))\">"
      plot += "\(vertex.label.escapedForMarkup)</text>\n"
    }
    plot += "</g>\n"
    var sheet = SVGSheet(title: title, caption: caption, plotWidth: width, plotHeight: height)
    sheet.legend.heading("Layers")
    for layer in layers.prefix(8) {
      let count = vertices.count { $0.layer == layer }
      sheet.legend.swatch("f \(PlanarDrawing.layerClass(layer))", "layer \(layer) · \(count)")
    }
    let style = SVGStyle(shades: ([], []), layers: layers.last ?? 1, lineScale: 1)
    return sheet.document(
      plot: plot, css: style.css,
      description: "\(vertices.count) vertices in \(layers.count) layers, \(edges.count) edges.")
  }

  /// For each layer its vertices from top to bottom.
  private func columns(_ layers: [Int]) -> [[Int]] {
    var places = Array(repeating: 0.0, count: vertices.count)
    var result: [[Int]] = []
    for layer in layers {
      let members = vertices.indices.filter { vertices[$0].layer == layer }
      let centres = members.map { vertex -> Double in
        let earlier = edges.filter { $0.end == vertex && vertices[$0.start].layer < layer }
        return earlier.isEmpty
          ? .infinity : earlier.reduce(0) { $0 + places[$1.start] } / Double(earlier.count)
      }
      let order = members.indices.sorted { (centres[$0], $0) < (centres[$1], $1) }.map { members[$0] }
      for (row, vertex) in order.enumerated() {
        places[vertex] = (Double(row) + 0.5) / Double(order.count)
      }
      result.append(order)
    }
    return result
  }
}
