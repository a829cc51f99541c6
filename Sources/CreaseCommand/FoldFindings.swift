import Crease

/// What each neuron contributes to a complex, told to people and to scripts.
struct FoldFindings {
  private let hyperplanes: [BentHyperplane]
  private let dependencies: [NeuronDependency]
  private let residual: Double
  private let pieces: Int
  private let order: Int?
  private let isTransparent: Bool

  init(_ folds: Folds) {
    hyperplanes = folds.bentHyperplanes()
    dependencies = folds.dependencies()
    let weights = folds.weights()
    residual = weights.balancingResidual
    pieces = weights.merged().pieces.count
    order = folds.layering().order
    isTransparent = folds.complex.isTransparent
  }

  /// The most neurons a text lists; the JSON document has them all.
  private static let listed = 40

  var lines: [String] {
    var lines = [
      "  visible pieces      \(pieces) between linear regions; gradients balance around every face of codimension 2 up to \(residual.shortAbove)",
      "  layers in f         "
        + (order.map { "\($0), told from the function alone" } ?? "not told by the function alone")
        + (isTransparent ? "; transparent" : "; not transparent"),
      "  neuron             walls  visible  pieces  bends",
    ]
    for plane in hyperplanes.prefix(FoldFindings.listed) {
      let name = "layer \(plane.neuron.layer), neuron \(plane.neuron.index)"
      if plane.isEmpty {
        lines.append("    \(name.padded(to: 18)) does not meet the domain")
      } else {
        let numbers = [
          "\(plane.walls.count)".padded(to: 7), "\(plane.visibleWallCount)".padded(to: 9),
          "\(plane.componentCount)".padded(to: 8), "\(plane.bends.count)",
        ]
        lines.append("    \(name.padded(to: 18)) \(numbers.joined())")
      }
    }
    if hyperplanes.count > FoldFindings.listed {
      lines.append("    and \(hyperplanes.count - FoldFindings.listed) more; --json lists all")
    }
    return lines
  }

  struct Document: Encodable {
    struct Hyperplane: Encodable {
      let layer: Int
      let index: Int
      let walls: Int
      let visibleWalls: Int
      let vanishingRegions: Int
      let components: Int
      let isEmpty: Bool
      let isBounded: Bool
      let bends: Int
      let bendsOn: [[Int]]
    }

    let neurons: [Hyperplane]
    let visiblePieces: Int
    let balancingResidual: Double
    let order: Int?
    let isTransparent: Bool
  }

  var document: Document {
    var bendsOn: [Neuron: [[Int]]] = [:]
    for dependency in dependencies where dependency.isEdge {
      bendsOn[dependency.later, default: []].append([dependency.earlier.layer, dependency.earlier.index])
    }
    return Document(
      neurons: hyperplanes.map {
        Document.Hyperplane(
          layer: $0.neuron.layer, index: $0.neuron.index, walls: $0.walls.count,
          visibleWalls: $0.visibleWallCount, vanishingRegions: $0.vanishingRegions.count,
          components: $0.componentCount, isEmpty: $0.isEmpty, isBounded: $0.isBounded, bends: $0.bends.count,
          bendsOn: bendsOn[$0.neuron] ?? [])
      },
      visiblePieces: pieces, balancingResidual: residual, order: order, isTransparent: isTransparent)
  }
}

extension String {
  /// The text, filled up with spaces.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
