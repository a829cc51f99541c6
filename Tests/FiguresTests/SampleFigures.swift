import Figures

/// Pictures with a known number of regions.
enum SampleFigures {
  /// `side` × `side` quadrilaterals of a wavy grid; rows belong to layer 1, columns to layer 2.
  static func grid(side: Int, title: String = "A wavy grid") -> PlanarFigure {
    let count = side + 1
    var vertices: [Double] = []
    vertices.reserveCapacity(2 * count * count)
    for row in 0..<count {
      for column in 0..<count {
        let (u, v) = (Double(column) / Double(side), Double(row) / Double(side))
        let bend = 0.35 * u * (1 - u) * v * (1 - v)
        vertices.append(100 * (u + bend * (2 * v - 1) * 3))
        vertices.append(v + bend * (u - 0.3) * 4)
      }
    }
    var regions: [PlanarFigure.Region] = []
    var walls: [PlanarFigure.Wall] = []
    for row in 0..<side {
      for column in 0..<side {
        let corner = row * count + column
        let (u, v) = (Double(column) / Double(side) - 0.4, Double(row) / Double(side) - 0.5)
        let value = u * u - 2 * u * v * v + 0.5 * v
        regions.append(
          .init(
            [corner, corner + 1, corner + 1 + count, corner + count], value: value, label: "r\(row)c\(column)"
          ))
        if row > 0 {
          walls.append(
            .init(
              corner, corner + 1, neurons: [.init(layer: 1, index: row)], weight: 1, isVisible: row % 7 != 3))
        }
        if column > 0 {
          walls.append(.init(corner, corner + count, neurons: [.init(layer: 2, index: column)], weight: 0.4))
        }
      }
    }
    return PlanarFigure(
      title: title, caption: ["\(side * side) regions"],
      horizontal: FigureAxis("speed", unit: "m/s", 0...100),
      vertical: FigureAxis("angle", unit: "rad", 0...1), vertices: vertices, regions: regions, walls: walls)
  }

  /// `side`³ boxes, every box bounded by six faces; planes across each axis are the neurons of one layer.
  static func boxes(side: Int, title: String = "A grid of boxes") -> SolidFigure {
    let count = side + 1
    func vertex(_ place: [Int]) -> Int { (place[0] * count + place[1]) * count + place[2] }
    var vertices: [Double] = []
    for x in 0..<count {
      for y in 0..<count {
        for z in 0..<count {
          let place = [x, y, z].map { Double($0) / Double(side) * 2 - 1 }
          let bend = 0.25 * (1 - place[0] * place[0]) * (1 - place[1] * place[1]) * (1 - place[2] * place[2])
          vertices += [place[0] + bend * place[1], place[1] - bend * place[2], place[2] + bend * place[0]]
        }
      }
    }
    var faces: [SolidFigure.Face] = []
    var faceAt: [[Int]: Int] = [:]
    func face(_ axis: Int, _ place: [Int]) -> Int {
      if let known = faceAt[[axis] + place] { return known }
      let (second, third) = ((axis + 1) % 3, (axis + 2) % 3)
      let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map { step -> Int in
        var corner = place
        corner[second] += step.0
        corner[third] += step.1
        return vertex(corner)
      }
      let isOuter = place[axis] == 0 || place[axis] == side
      faces.append(
        .init(
          corners, neurons: isOuter ? [] : [.init(layer: axis + 1, index: place[axis])],
          weight: isOuter ? 0 : 0.5,
          isVisible: isOuter || place[axis] % 5 != 4, isOnBoundary: isOuter))
      faceAt[[axis] + place] = faces.count - 1
      return faces.count - 1
    }
    var regions: [SolidFigure.Region] = []
    for x in 0..<side {
      for y in 0..<side {
        for z in 0..<side {
          let sides = (0..<3).flatMap { axis -> [Int] in
            var far = [x, y, z]
            far[axis] += 1
            return [face(axis, [x, y, z]), face(axis, far)]
          }
          regions.append(.init(sides, label: "box \(x) \(y) \(z)", value: Double(x * y - z * z)))
        }
      }
    }
    let level: [Double] = [-1, -1, 0.2, 1, -1, 0.6, 1, 1, -0.4, -1, -1, 0.2, 1, 1, -0.4, -1, 1, -0.8]
    return SolidFigure(
      title: title, caption: ["\(side * side * side) regions, \(faces.count) faces"],
      axes: [FigureAxis("x0", -1...1), FigureAxis("x1", -1...1), FigureAxis("x2", -1...1)],
      vertices: vertices,
      faces: faces, regions: regions, shading: .value("Output f"),
      levelSet: .init(label: "f = 0", triangles: level))
  }
}
