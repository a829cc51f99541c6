import Crease
import Figures

/// The folds of a function by layer, and which bend on which, as figures.
struct BendDrawing {
  private let complex: PolyhedralComplex
  private let kept: Folds
  private let order: BendOrder
  private let network: Network
  private let title: String

  init(_ folds: Folds, _ order: BendOrder, _ network: Network, title: String) {
    complex = folds.complex
    kept = folds
    self.order = order
    self.network = network
    self.title = title.split(separator: "/").last.map(String.init) ?? title
  }

  private var caption: [String] {
    [
      "\(network.summary); \(order.classCount) classes of folds, \(order.edges.count) bends between them",
      "a layer is the least that a general network with this function can give a fold",
    ]
  }

  /// The fold set, coloured by the least layer of each class; hidden walls dashed.
  func folds(threads: Int) throws -> String {
    let complex: PolyhedralComplex
    if self.complex.domain.isBounded {
      complex = self.complex
    } else {
      // Of an unbounded domain the box around all vertices is drawn, with a margin.
      complex = try PolyhedralComplex(
        self.complex.network,
        on: SubdivisionDomain(
          box: RegionDrawing.frame(of: self.complex), halfSpaces: self.complex.domain.halfSpaces),
        threads: threads)
    }
    let folds = Folds(complex, threads: threads)
    let layers = layerOfHyperplanes
    let values = (0..<complex.vertexCount).map { Array(complex.coordinates(of: $0)) }
    let axes = (0..<2).map { c in
      FigureAxis("x\(c)", (values.map { $0[c] }.min() ?? -1)...(values.map { $0[c] }.max() ?? 1))
    }
    return PlanarFigure(
      title: title, caption: caption, horizontal: axes[0], vertical: axes[1],
      vertices: values.flatMap(\.self),
      regions: (0..<complex.regionCount).map { region in
        let map = Array(complex.map(ofOutput: 0, on: region))
        let centre = complex.interiorPoint(of: region) + [1]
        return PlanarFigure.Region(
          complex.cycle(ofRegion: region).map(Int.init),
          value: zip(map, centre).reduce(0) { $0 + $1.0 * $1.1 },
          function: PlanarFigure.AffineFunction(a: map[0], b: map[1], c: map[2]),
          label: complex.patternText(of: region).joined(separator: " "))
      },
      walls: (0..<complex.wallCount).filter { !complex.isBoundary($0) }.map { wall in
        let ends = complex.vertices(ofWall: wall)
        let place = folds.hyperplanes[wall].flatMap { layers[folds.hyperplanes.forms[$0]] }
        let jump = complex.gradientJump(across: wall).elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let isVisible = folds.isVisible(wall)
        return PlanarFigure.Wall(
          Int(ends[0]), Int(ends[1]),
          neurons: [FigureNeuron(layer: place?.layer ?? 1, index: place?.number ?? 0)],
          weight: isVisible ? jump : 0, isVisible: isVisible)
      }, shading: .value("output 0")
    ).svg()
  }

  /// For each hyperplane with folds the number and the least layer of its class.
  private var layerOfHyperplanes: [[Rational]: (number: Int, layer: Int)] {
    var result: [[Rational]: (number: Int, layer: Int)] = [:]
    for (hyperplane, form) in kept.hyperplanes.forms.enumerated() {
      guard let number = order.classOfHyperplane[hyperplane] else { continue }
      result[form] = (number, (order.below?[number] ?? 0) + 1)
    }
    return result
  }

  /// The classes of folds by layer, with an edge where one bends on another.
  var graph: String {
    var neurons: [Set<Neuron>] = Array(repeating: [], count: order.classCount)
    for wall in kept.foldSet {
      if let number = order.classOf(wall: wall, in: kept) {
        neurons[number].formUnion(complex.switchingNeurons(of: wall))
      }
    }
    let depth = network.hiddenLayers.count
    return LayeredGraphFigure(
      title: title, caption: caption,
      vertices: (0..<order.classCount).map { number in
        let names = neurons[number].sorted().map { "\($0.layer).\($0.index)" }.joined(separator: ", ")
        let range = order.layers(ofClass: number, depth: depth)
        return LayeredGraphFigure.Vertex(
          names, layer: (order.below?[number] ?? 0) + 1,
          note: "neuron \(names); from the function: "
            + (range.map {
              $0.count == 1 ? "layer \($0.lowerBound)" : "layer \($0.lowerBound) to \($0.upperBound)"
            }
              ?? "no layer"))
      }, edges: order.edges.map { LayeredGraphFigure.Edge($0.lower, $0.higher) }
    ).svg()
  }
}
