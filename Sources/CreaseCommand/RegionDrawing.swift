import Crease
import Figures

/// A complex in two or three dimensions as a figure.
struct RegionDrawing {
  private let complex: PolyhedralComplex
  private let linear: LinearRegions
  private let network: Network
  private let output: Int
  private let shade: RegionResults.Shade
  private let title: String
  private let caption: [String]
  private let axes: [FigureAxis]
  private let widths: [Int]
  /// The outputs that are the largest somewhere.
  private var classes: [Int]
  private let curve: TopologyFindings.Curve?

  init(
    _ complex: PolyhedralComplex, _ linear: LinearRegions, _ view: SliceView, _ network: Network,
    title: String, output: Int, shade: RegionResults.Shade, curve: TopologyFindings.Curve?, threads: Int
  ) throws {
    self.title = title.split(separator: "/").last.map(String.init) ?? title
    self.network = network
    self.curve = curve
    widths = network.hiddenLayers.map(\.width)
    self.output = output
    self.shade = shade
    var caption = [
      "\(network.summary), \(view.phrase)",
      "\(complex.regionCount) activation regions, \(linear.count) linear regions",
    ]
    if complex.domain.isBounded {
      self.complex = complex
      self.linear = linear
    } else {
      // Of an unbounded domain the box around all vertices is drawn, with a margin.
      let box = RegionDrawing.frame(of: complex)
      caption.append("drawn: the part around all vertices")
      self.complex = try PolyhedralComplex(
        complex.network, on: SubdivisionDomain(box: box, halfSpaces: complex.domain.halfSpaces),
        threads: threads)
      self.linear = self.complex.linearRegions()
    }
    self.caption = caption
    let drawn = self.complex
    classes = []
    axes = (0..<drawn.dimension).map { c in
      var low = Double.infinity
      var high = -Double.infinity
      for vertex in 0..<drawn.vertexCount {
        let x = drawn.coordinates(of: vertex)
        low = min(low, x[x.startIndex + c])
        high = max(high, x[x.startIndex + c])
      }
      return FigureAxis(view.axisNames[c], low...high)
    }
    if shade == .class { classes = Set((0..<drawn.regionCount).map(largestOutput)).sorted() }
  }

  /// The box around all vertices of a complex, with a margin.
  static func frame(of complex: PolyhedralComplex) -> [Interval] {
    (0..<complex.dimension).map { c in
      var low = Double.infinity
      var high = -Double.infinity
      for vertex in 0..<complex.vertexCount where !complex.isDirection(vertex) {
        let x = complex.coordinates(of: vertex)
        low = min(low, x[x.startIndex + c])
        high = max(high, x[x.startIndex + c])
      }
      guard low <= high else { return Interval(-1, 1) }
      let margin = max(0.15 * (high - low), 0x1p-20 * max(low.magnitude, high.magnitude), 0.1)
      return Interval(low - margin, high + margin)
    }
  }

  /// A still picture.
  var svg: String { complex.dimension == 2 ? planar.svg() : solid.svg() }

  /// An interactive page.
  var html: String { complex.dimension == 2 ? planar.htmlPage() : solid.htmlPage() }

  private var shading: Shading {
    switch shade {
    case .value: .value("output \(output)")
    case .gradient: .gradientNorm
    case .class: .category(classes.map { "output \($0)" })
    }
  }

  private var vertices: [Double] { (0..<complex.vertexCount).flatMap { complex.coordinates(of: $0) } }

  private var planar: PlanarFigure {
    PlanarFigure(
      title: title, caption: caption, horizontal: axes[0], vertical: axes[1], vertices: vertices,
      regions: (0..<complex.regionCount).map { region in
        let map = Array(complex.map(ofOutput: output, on: region))
        return PlanarFigure.Region(
          complex.cycle(ofRegion: region).map(Int.init), value: value(on: region),
          function: PlanarFigure.AffineFunction(a: map[0], b: map[1], c: map[2]), label: label(of: region),
          category: category(of: region))
      },
      walls: (0..<complex.wallCount).filter { !complex.isBoundary($0) }.map { wall in
        let ends = complex.vertices(ofWall: wall)
        return PlanarFigure.Wall(
          Int(ends[0]), Int(ends[1]), neurons: neurons(of: wall), weight: weight(of: wall),
          isVisible: linear.isVisible[wall])
      },
      shading: shading,
      levelSet: curve.map { PlanarFigure.LevelSet(label: $0.name, segments: $0.coordinates) })
  }

  private var solid: SolidFigure {
    SolidFigure(
      title: title, caption: caption, axes: axes, vertices: vertices,
      faces: (0..<complex.wallCount).map { wall in
        SolidFigure.Face(
          complex.cycle(ofWall: wall).map(Int.init), neurons: neurons(of: wall), weight: weight(of: wall),
          isVisible: linear.isVisible[wall], isOnBoundary: complex.isBoundary(wall))
      },
      regions: (0..<complex.regionCount).map { region in
        SolidFigure.Region(
          complex.walls(of: region).map(Int.init), label: label(of: region), value: value(on: region),
          category: category(of: region))
      },
      shading: shading,
      levelSet: curve.map { SolidFigure.LevelSet(label: $0.name, triangles: $0.coordinates) })
  }

  private func neurons(of wall: Int) -> [FigureNeuron] {
    complex.neurons(of: wall).map { FigureNeuron(layer: $0.layer, index: $0.index) }
  }

  /// The length of the jump of the gradient, over all outputs.
  private func weight(of wall: Int) -> Double {
    guard linear.isVisible[wall] else { return 0 }
    return complex.gradientJump(across: wall).elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func value(_ output: Int, on region: Int) -> Double {
    let map = complex.map(ofOutput: output, on: region)
    return zip(map, complex.interiorPoint(of: region) + [1]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func value(on region: Int) -> Double {
    guard shade == .gradient else { return value(output, on: region) }
    return complex.map(ofOutput: output, on: region).dropLast().reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func category(of region: Int) -> Int? {
    guard shade == .class else { return nil }
    return classes.firstIndex(of: largestOutput(on: region))
  }

  private func largestOutput(on region: Int) -> Int {
    let values = (0..<network.outputCount).map { value($0, on: region) }
    return values.indices.max { values[$0] < values[$1] } ?? 0
  }

  /// The pattern, layer by layer; of wide networks how many neurons of each layer are active.
  private func label(of region: Int) -> String {
    let pattern = complex.pattern(of: region)
    var number = 0
    let isNarrow = network.hiddenNeuronCount <= 64
    return widths.map { width in
      var bits: [UInt8] = []
      var active = 0
      for _ in 0..<width {
        let isActive = pattern[pattern.startIndex + number >> 6] >> UInt64(number & 63) & 1 == 1
        if isNarrow { bits.append(isActive ? 49 : 48) }
        active += isActive ? 1 : 0
        number += 1
      }
      return isNarrow ? String(decoding: bits, as: UTF8.self) : "\(active) of \(width) on"
    }.joined(separator: isNarrow ? " " : ", ")
  }
}
