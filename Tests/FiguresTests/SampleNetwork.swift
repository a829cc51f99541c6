import Figures
import _TestSupport

/// A small random network on the square, cut into its regions by a plain polygon cutter, to have true pictures of.
struct SampleNetwork {
  /// A function a·x + b·y + c.
  typealias Affine = PlanarFigure.AffineFunction

  /// A polygon, the functions that its active neurons of the last layer have, and its pattern.
  private struct Cell {
    var corners: [Int]
    var signals: [Affine] = [Affine(a: 1, b: 0, c: 0), Affine(a: 0, b: 1, c: 0)]
    var next: [Affine] = []
    var pattern = ""
  }

  private struct Edge: Hashable {
    let low: Int
    let high: Int
    init(_ first: Int, _ second: Int) {
      low = min(first, second)
      high = max(first, second)
    }
  }

  private(set) var vertices: [Double] = [-1, -1, 1, -1, 1, 1, -1, 1]
  private var cells = [Cell(corners: [0, 1, 2, 3])]
  private var neuronsOf: [Edge: [FigureNeuron]] = [:]
  private var output: [Double] = []

  /// A network with the given hidden widths and weights drawn from `rng`.
  init(widths: [Int], using rng: inout some RandomNumberGenerator) {
    func normal() -> Double {
      (0..<6).reduce(0) { sum, _ in sum + .random(in: -1...1, using: &rng) } / 2.0.squareRoot()
    }
    var inputs = 2
    for (depth, width) in widths.enumerated() {
      for index in 0..<width {
        let scale = (1 / Double(inputs)).squareRoot()
        let weights = (0..<inputs).map { _ in normal() * scale }
        cut(FigureNeuron(layer: depth + 1, index: index), weights: weights, bias: normal() * 0.35)
      }
      for index in cells.indices {
        cells[index].signals = cells[index].next
        cells[index].next = []
        cells[index].pattern += " "
      }
      inputs = width
    }
    output = (0..<inputs).map { _ in normal() / Double(inputs).squareRoot() }
  }

  private static func combine(_ weights: [Double], _ signals: [Affine], bias: Double) -> Affine {
    var sum = Affine(a: 0, b: 0, c: bias)
    for (weight, signal) in zip(weights, signals) {
      sum.a += weight * signal.a
      sum.b += weight * signal.b
      sum.c += weight * signal.c
    }
    return sum
  }

  private mutating func cut(_ neuron: FigureNeuron, weights: [Double], bias: Double) {
    var signs: [Int: Double] = [:]
    var crossings: [Edge: Int] = [:]
    var result: [Cell] = []
    for cell in cells {
      let affine = Self.combine(weights, cell.signals, bias: bias)
      let values = cell.corners.map { corner -> Double in
        if let known = signs[corner] { return known }
        let value = affine.a * vertices[2 * corner] + affine.b * vertices[2 * corner + 1] + affine.c
        signs[corner] = value
        return value
      }
      var halves: (on: [Int], off: [Int]) = ([], [])
      var ends: [Int] = []
      for place in cell.corners.indices {
        let next = (place + 1) % cell.corners.count
        let (corner, far) = (cell.corners[place], cell.corners[next])
        if values[place] > 0 { halves.on.append(corner) } else { halves.off.append(corner) }
        if (values[place] > 0) == (values[next] > 0) { continue }
        let edge = Edge(corner, far)
        let vertex: Int
        if let known = crossings[edge] {
          vertex = known
        } else {
          let part = values[place] / (values[place] - values[next])
          vertex = vertices.count / 2
          for axis in 0..<2 {
            vertices.append(vertices[2 * corner + axis] * (1 - part) + vertices[2 * far + axis] * part)
          }
          crossings[edge] = vertex
          if let names = neuronsOf[edge] {
            neuronsOf[Edge(corner, vertex)] = names
            neuronsOf[Edge(vertex, far)] = names
          }
        }
        halves.on.append(vertex)
        halves.off.append(vertex)
        ends.append(vertex)
      }
      if ends.count == 2 { neuronsOf[Edge(ends[0], ends[1])] = [neuron] }
      for (corners, isOn) in [(halves.on, true), (halves.off, false)] where corners.count >= 3 {
        var part = cell
        part.corners = corners
        part.next.append(isOn ? affine : Affine(a: 0, b: 0, c: 0))
        part.pattern += isOn ? "1" : "0"
        result.append(part)
      }
    }
    cells = result
  }

  /// The picture, with weights of walls measured from the functions on their sides.
  func figure(title: String, caption: [String] = []) -> PlanarFigure {
    let functions = cells.map { Self.combine(output, $0.signals, bias: 0) }
    var sides: [Edge: [Int]] = [:]
    var segments: [Double] = []
    let regions = cells.enumerated().map { index, cell -> PlanarFigure.Region in
      let function = functions[index]
      let count = Double(cell.corners.count)
      let middle = (0..<2).map { axis in cell.corners.reduce(0) { $0 + vertices[2 * $1 + axis] } / count }
      for place in cell.corners.indices {
        let (corner, far) = (cell.corners[place], cell.corners[(place + 1) % cell.corners.count])
        sides[Edge(corner, far), default: []].append(index)
        let ends = [corner, far].map {
          function.a * vertices[2 * $0] + function.b * vertices[2 * $0 + 1] + function.c
        }
        if (ends[0] > 0) != (ends[1] > 0) {
          let part = ends[0] / (ends[0] - ends[1])
          segments += (0..<2).map { vertices[2 * corner + $0] * (1 - part) + vertices[2 * far + $0] * part }
        }
      }
      let value = function.a * middle[0] + function.b * middle[1] + function.c
      return PlanarFigure.Region(
        cell.corners, value: value, function: function,
        label: cell.pattern.split(separator: " ").joined(separator: " "),
        category: value > 0 ? 1 : 0)
    }
    let walls = sides.filter { $0.value.count == 2 }.sorted {
      ($0.key.low, $0.key.high) < ($1.key.low, $1.key.high)
    }
    .map { edge, sides -> PlanarFigure.Wall in
      let jump = PlanarFigure.AffineFunction(
        a: functions[sides[0]].a - functions[sides[1]].a, b: functions[sides[0]].b - functions[sides[1]].b,
        c: 0
      ).gradientNorm
      return PlanarFigure.Wall(
        edge.low, edge.high, neurons: neuronsOf[edge] ?? [], weight: jump, isVisible: jump > 1e-12)
    }
    return PlanarFigure(
      title: title, caption: caption, horizontal: FigureAxis("x0", -1...1),
      vertical: FigureAxis("x1", -1...1),
      vertices: vertices, regions: regions, walls: walls, shading: .value("Output f"),
      levelSet: PlanarFigure.LevelSet(label: "f = 0", segments: segments))
  }

  /// The picture of the network with the given hidden widths that the generator of `seed` draws.
  static func figure(widths: [Int], seed: UInt64, title: String) -> PlanarFigure {
    var figures: [PlanarFigure] = []
    forEachSeed(seed..<seed + 1) { _, rng in
      figures.append(SampleNetwork(widths: widths, using: &rng).figure(title: title))
    }
    return figures[0]
  }
}
