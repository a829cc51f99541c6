/// A piece of a bent hyperplane as it is drawn: one wall, or walls of the same neurons joined end to end.
///
/// - Units: points in fractions of the axes, 0...1 across the picture.
struct WallCurve: Sendable {
  /// The neurons that switch here.
  var neurons: [FigureNeuron]
  /// The jump of the gradient; over joined walls the mean by length.
  var weight: Double
  /// Whether the function bends here.
  var isVisible: Bool
  /// The points x₀, y₀, x₁, y₁ and so on.
  var points: [Double]

  /// The walls of `figure`, each its own curve.
  static func walls(of figure: PlanarFigure) -> [WallCurve] {
    figure.walls.map { wall in
      WallCurve(
        neurons: wall.neurons, weight: wall.weight, isVisible: wall.isVisible,
        points: figure.fractions(at: wall.start) + figure.fractions(at: wall.end))
    }
  }

  /// The walls of `figure` joined into as few curves as their neurons allow, and straightened.
  ///
  /// Walls are joined where exactly two of the same neurons and visibility meet; points that lie within `tolerance`
  /// of the line through their neighbours on the simplified curve are left out.
  ///
  /// - Units: `tolerance` in fractions of the axes.
  static func joined(wallsOf figure: PlanarFigure, tolerance: Double) -> [WallCurve] {
    struct Key: Hashable {
      let neurons: [FigureNeuron]
      let isVisible: Bool
    }
    var groupOf: [Key: Int] = [:]
    var groups: [[Int]] = []
    for (index, wall) in figure.walls.enumerated() {
      let key = Key(neurons: wall.neurons, isVisible: wall.isVisible)
      if let group = groupOf[key] {
        groups[group].append(index)
      } else {
        groupOf[key] = groups.count
        groups.append([index])
      }
    }
    return groups.flatMap { group in
      chains(of: group, in: figure).map { curve(of: $0, in: figure, tolerance: tolerance) }
    }
  }

  /// The walls `group` in runs, each with the vertices it passes.
  private static func chains(of group: [Int], in figure: PlanarFigure) -> [(walls: [Int], vertices: [Int])] {
    var around: [Int: [Int]] = [:]
    for index in group {
      around[figure.walls[index].start, default: []].append(index)
      around[figure.walls[index].end, default: []].append(index)
    }
    var isUsed = Set<Int>(minimumCapacity: group.count)
    var chains: [(walls: [Int], vertices: [Int])] = []
    func follow(_ first: Int, from vertex: Int) {
      var walls: [Int] = []
      var vertices = [vertex]
      var next: Int? = first
      while let index = next, isUsed.insert(index).inserted {
        walls.append(index)
        let wall = figure.walls[index]
        let far = wall.start == vertices[vertices.count - 1] ? wall.end : wall.start
        vertices.append(far)
        let meeting = around[far] ?? []
        next = meeting.count == 2 ? (meeting[0] == index ? meeting[1] : meeting[0]) : nil
      }
      chains.append((walls, vertices))
    }
    // Ends and crossings first; what is left then are closed curves.
    for index in group where !isUsed.contains(index) {
      let wall = figure.walls[index]
      if around[wall.start]?.count != 2 {
        follow(index, from: wall.start)
      } else if around[wall.end]?.count != 2 {
        follow(index, from: wall.end)
      }
    }
    for index in group where !isUsed.contains(index) { follow(index, from: figure.walls[index].start) }
    return chains
  }

  private static func curve(
    of chain: (walls: [Int], vertices: [Int]), in figure: PlanarFigure, tolerance: Double
  ) -> WallCurve {
    let points = chain.vertices.flatMap { figure.fractions(at: $0) }
    var length = 0.0
    var sum = 0.0
    for (place, index) in chain.walls.enumerated() {
      let across = points[2 * place + 2] - points[2 * place]
      let up = points[2 * place + 3] - points[2 * place + 1]
      let piece = (across * across + up * up).squareRoot()
      length += piece
      sum += piece * figure.walls[index].weight
    }
    let first = figure.walls[chain.walls[0]]
    return WallCurve(
      neurons: first.neurons, weight: length > 0 ? sum / length : first.weight, isVisible: first.isVisible,
      points: straightened(points, tolerance: tolerance))
  }

  /// The curve through as few of its points as stay within `tolerance` of all of them.
  ///
  /// - Reference: [DP73] Douglas and Peucker, splitting at the farthest point.
  static func straightened(_ points: [Double], tolerance: Double) -> [Double] {
    let count = points.count / 2
    if count < 3 { return points }
    var keeps = [Bool](repeating: false, count: count)
    keeps[0] = true
    keeps[count - 1] = true
    var stack = [(0, count - 1)]
    while let (start, end) = stack.popLast() {
      var farthest = -1
      var greatest = tolerance * tolerance
      let (x, y) = (points[2 * start], points[2 * start + 1])
      let (across, up) = (points[2 * end] - x, points[2 * end + 1] - y)
      let square = across * across + up * up
      for index in stride(from: start + 1, to: end, by: 1) {
        let (right, above) = (points[2 * index] - x, points[2 * index + 1] - y)
        let along = square > 0 ? min(1, max(0, (right * across + above * up) / square)) : 0
        let (missX, missY) = (right - along * across, above - along * up)
        let miss = missX * missX + missY * missY
        if miss > greatest {
          greatest = miss
          farthest = index
        }
      }
      if farthest >= 0 {
        keeps[farthest] = true
        stack.append((start, farthest))
        stack.append((farthest, end))
      }
    }
    return (0..<count).flatMap { keeps[$0] ? [points[2 * $0], points[2 * $0 + 1]] : [] }
  }
}

extension PlanarFigure {
  /// The place of a vertex in fractions of the axes.
  func fractions(at vertex: Int) -> [Double] {
    [horizontal.fraction(vertices[2 * vertex]), vertical.fraction(vertices[2 * vertex + 1])]
  }
}
