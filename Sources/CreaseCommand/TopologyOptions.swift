import ArgumentParser
import Crease

/// Which level sets are looked at.
struct TopologyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tell the topology of where --output takes this value, below it and above it.", valueName: "c"))
  var level: Double?

  @Option(help: ArgumentHelp("The same for where two outputs are equal.", valueName: "a,b"))
  var boundary: String?

  @Flag(help: "Tell the components of where each output is the largest, and the topology of their boundary.")
  var classes = false

  var isWanted: Bool { level != nil || boundary != nil || classes }

  /// Refuses what cannot be told, before any work is done.
  func check(_ view: SliceView, _ network: Network) throws {
    guard isWanted else { return }
    if let level, !level.isFinite { throw ValidationError("--level takes a finite number") }
    let dimension = view.subdivision.domain.dimension
    guard (1...3).contains(dimension) else {
      throw ValidationError(
        "topology is told for 1 to 3 coordinates, and \(view.phrase) there are \(dimension); choose a slice with --axes or --slice"
      )
    }
    if classes, network.outputCount < 2 {
      throw ValidationError("--classes needs at least two outputs")
    }
    _ = try pair(network)
  }

  private func pair(_ network: Network) throws -> (Int, Int)? {
    guard let boundary else { return nil }
    let numbers = boundary.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] != numbers[1],
      numbers.allSatisfy({ (0..<network.outputCount).contains($0) })
    else {
      throw ValidationError(
        "--boundary takes two different outputs from 0 to \(network.outputCount - 1), got \(boundary)")
    }
    return (numbers[0], numbers[1])
  }

  /// The sets asked for.
  func findings(
    _ view: SliceView, _ network: Network, output: Int, threads: Int, progress: Progress
  ) throws -> TopologyFindings? {
    guard isWanted else { return nil }
    try progress.step("cutting at levels")
    var findings = TopologyFindings()
    let (subject, domain) = (view.subdivision.network, view.subdivision.domain)
    var combinations: [(OutputCombination, String, String)] = []
    if let level { combinations.append((.output(output, minus: level), "output \(output)", "\(level)")) }
    if let (a, b) = try pair(network) {
      combinations.append((.difference(a, b), "output \(a)", "output \(b)"))
    }
    if !combinations.isEmpty {
      let levels = try LevelSets(
        of: combinations.map(\.0), network: subject, on: domain, threads: threads, progress: progress)
      for (k, (_, left, right)) in combinations.enumerated() {
        findings.add("\(left) = \(right)", levels.levelSet(k).topology())
        findings.add("\(left) <= \(right)", levels.sublevelSet(k).topology())
        findings.add("\(left) >= \(right)", levels.superlevelSet(k).topology())
        if k == 0 {
          findings.curve = TopologyFindings.Curve("\(left) = \(right)", levels.complex, levels.neuron(k))
        }
      }
    }
    if classes {
      let regions = try DecisionRegions(of: subject, on: domain, threads: threads, progress: progress)
      for k in 0..<network.outputCount {
        findings.add("output \(k) largest", regions.region(of: k).topology())
      }
      findings.add("decision boundary", regions.boundary.topology())
    }
    return findings
  }
}

/// The topology of some sets, and a curve to draw.
struct TopologyFindings {
  private(set) var sets: [(name: String, topology: Topology)] = []
  var curve: Curve?

  mutating func add(_ name: String, _ topology: Topology) { sets.append((name, topology)) }

  var lines: [String] {
    let width = sets.map(\.name.count).max() ?? 0
    return sets.map { name, topology in
      let padded = name + String(repeating: " ", count: width - name.count)
      if topology.isEmpty { return "\(padded)  empty" }
      let numbers = topology.bettiNumbers.map(String.init).joined(separator: ", ")
      return "\(padded)  Betti numbers \(numbers); Euler characteristic \(topology.eulerCharacteristic)"
    }
  }

  struct Document: Encodable {
    let set: String
    let bettiNumbers: [Int]
    let eulerCharacteristic: Int
    let componentsInside: Int
    let faces: [Int]
  }

  var documents: [Document] {
    sets.map { name, topology in
      Document(
        set: name, bettiNumbers: topology.bettiNumbers, eulerCharacteristic: topology.eulerCharacteristic,
        componentsInside: topology.components.count { !$0.touchesBoundary }, faces: topology.fVector)
    }
  }

  /// A level set as segments in the plane, or triangles in space.
  struct Curve {
    let name: String
    /// Four coordinates for each segment, or nine for each triangle.
    let coordinates: [Double]

    init(_ name: String, _ complex: PolyhedralComplex, _ neuron: Neuron) {
      self.name = name
      var coordinates: [Double] = []
      for wall in 0..<complex.wallCount where complex.neurons(of: wall).contains(neuron) {
        let corners = complex.dimension == 3 ? complex.cycle(ofWall: wall) : complex.vertices(ofWall: wall)
        guard !corners.contains(where: { complex.isDirection(Int($0)) }) else { continue }
        let points = corners.map { Array(complex.coordinates(of: Int($0))) }
        if complex.dimension == 2 {
          coordinates += points.flatMap(\.self)
        } else if complex.dimension == 3 {
          for k in 1..<points.count - 1 { coordinates += points[0] + points[k] + points[k + 1] }
        }
      }
      self.coordinates = coordinates
    }
  }
}
