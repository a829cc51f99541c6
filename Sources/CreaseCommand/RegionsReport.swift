import Crease

/// What `crease regions` found, told to people and to scripts.
struct RegionsReport {
  typealias Kept = (
    complex: PolyhedralComplex, linear: LinearRegions, findings: TopologyFindings?,
    folds: FoldFindings?, written: [String]
  )

  private let command: RegionsCommand
  private let network: Network
  private let view: SliceView
  private let counted: RegionCount
  private let kept: Kept?

  init(
    _ command: RegionsCommand, _ network: Network, _ view: SliceView, _ counted: RegionCount, _ kept: Kept?
  ) {
    self.command = command
    self.network = network
    self.view = view
    self.counted = counted
    self.kept = kept
  }

  private var dimension: Int { view.subdivision.domain.dimension }

  /// The walls between two regions: those of the boundary left out.
  private var walls: Int? {
    kept.map { kept in (0..<kept.complex.wallCount).count { !kept.complex.isBoundary($0) } }
  }

  private var hiddenWalls: Int? {
    guard let kept, let walls else { return nil }
    return walls - kept.linear.isVisible.count { $0 }
  }

  // MARK: For people

  var text: String {
    let unbounded =
      counted.unboundedRegions > 0 ? ", \(counted.unboundedRegions) of them unbounded" : ""
    var lines = [
      "\(Terminal.bold(command.model)): \(network.summary)",
      "  \(view.phrase)",
      "  activation regions  \(Terminal.bold("\(counted.activationRegions)"))\(unbounded)",
    ]
    if let kept {
      lines.append("  linear regions      \(Terminal.bold("\(kept.linear.count)"))")
      let hidden = hiddenWalls ?? 0
      lines.append(
        "  walls               \(walls ?? 0)"
          + (hidden > 0 ? ", \(hidden) of them hidden in the function" : ""))
    }
    if let vector = counted.fVector {
      lines.append(
        "  faces               \(vector.map(String.init).joined(separator: ", ")) of dimension 0 to \(dimension); "
          + "Euler characteristic \(counted.eulerCharacteristic ?? 0)")
    } else if let vertices = counted.faceCounts.first ?? nil {
      lines.append("  vertices            \(vertices)")
    }
    let predicates = counted.exactPredicates
    lines.append(
      "  exact               every sign proved, \(predicates.signs) of them by exact arithmetic")
    if case .rounded = network.lowering {
      lines.append("  lowering            the network itself is rounded, within a proved bound")
    }
    lines += kept?.folds?.lines ?? []
    lines += kept?.findings?.lines.map { "  \($0)" } ?? []
    lines += kept?.written.map { "  written             \($0)" } ?? []
    return lines.joined(separator: "\n")
  }

  // MARK: For scripts

  var document: RegionsDocument {
    RegionsDocument(
      file: command.model, dimension: dimension, phrase: view.phrase,
      activationRegions: counted.activationRegions, unboundedRegions: counted.unboundedRegions,
      linearRegions: kept?.linear.count, walls: walls, hiddenWalls: hiddenWalls,
      vertices: counted.faceCounts.first ?? nil, fVector: counted.fVector,
      eulerCharacteristic: counted.eulerCharacteristic, loweringIsExact: network.lowering == .exact,
      exactSigns: counted.exactPredicates.signs, exactVertices: counted.exactPredicates.vertices,
      topology: kept?.findings?.documents, folds: kept?.folds?.document, written: kept?.written ?? [])
  }
}

struct RegionsDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "regions"
  let engines = Release.engines
  let file: String
  let dimension: Int
  let domain: String
  let activationRegions: Int
  let unboundedRegions: Int
  let linearRegions: Int?
  let walls: Int?
  let hiddenWalls: Int?
  let vertices: Int?
  let fVector: [Int]?
  let eulerCharacteristic: Int?
  let exact = true
  let loweringIsExact: Bool
  let exactPredicates: Int
  let exactSigns: Int
  let exactVertices: Int
  let topology: [TopologyFindings.Document]?
  let folds: FoldFindings.Document?
  let written: [String]

  init(
    file: String, dimension: Int, phrase: String, activationRegions: Int, unboundedRegions: Int,
    linearRegions: Int?, walls: Int?, hiddenWalls: Int?, vertices: Int?, fVector: [Int]?,
    eulerCharacteristic: Int?, loweringIsExact: Bool, exactSigns: Int, exactVertices: Int,
    topology: [TopologyFindings.Document]?, folds: FoldFindings.Document?, written: [String]
  ) {
    self.file = file
    self.dimension = dimension
    domain = phrase
    self.activationRegions = activationRegions
    self.unboundedRegions = unboundedRegions
    self.linearRegions = linearRegions
    self.walls = walls
    self.hiddenWalls = hiddenWalls
    self.vertices = vertices
    self.fVector = fVector
    self.eulerCharacteristic = eulerCharacteristic
    self.loweringIsExact = loweringIsExact
    exactPredicates = exactSigns + exactVertices
    self.exactSigns = exactSigns
    self.exactVertices = exactVertices
    self.topology = topology
    self.folds = folds
    self.written = written
  }
}
