import Networks

/// Collects the cells of all bent hyperplanes, joins those that meet, and finds where they bend.
///
/// A cell is a neuron together with a wall or a region; cells are numbered, walls first.
struct BentHyperplaneSearch {
  /// A neuron, by number, and one of its cells.
  private typealias Member = (neuron: Int32, cell: Int)

  private let folds: Folds
  private let complex: PolyhedralComplex
  /// For each neuron its layer.
  private let layers: [Int]
  /// For each wall the neurons it is a cell of.
  private var wallNeurons = IndexLists()
  /// For each region the neurons that vanish on it.
  private var regionNeurons = IndexLists()
  private var sets: DisjointSets
  private var bends: [[BentHyperplane.Bend]]
  private var counts: [Pair: (meetings: Int, bends: Int)] = [:]

  /// An earlier and a later neuron, by number.
  private struct Pair: Hashable {
    let earlier: Int32
    let later: Int32
  }

  init(_ folds: Folds) {
    self.folds = folds
    let complex = folds.complex
    self.complex = complex
    layers = complex.network.hiddenLayers.enumerated().flatMap { Array(repeating: $0 + 1, count: $1.width) }
    bends = Array(repeating: [], count: layers.count)
    let words = complex.key.neuronWords
    let vanishing = complex.buffer.vanishing
    for wall in 0..<complex.wallCount {
      if case (let first, let second?) = complex.regions(of: wall) {
        for number in complex.zeroNeurons(of: wall) {
          let both = vanishing[first * words + number >> 6] & vanishing[second * words + number >> 6]
          if both >> UInt64(number & 63) & 1 == 0 { wallNeurons.append(Int32(number)) }
        }
      }
      wallNeurons.endList()
    }
    for region in 0..<complex.regionCount {
      for number in bitNumbers(vanishing[region * words..<(region + 1) * words]) {
        regionNeurons.append(Int32(number))
      }
      regionNeurons.endList()
    }
    sets = DisjointSets(count: wallNeurons.values.count + regionNeurons.values.count)
  }

  private func cells(ofWall wall: Int) -> [Member] {
    (wallNeurons.offsets[wall]..<wallNeurons.offsets[wall + 1]).map { (wallNeurons.values[$0], $0) }
  }

  private func cells(ofRegion region: Int) -> [Member] {
    let base = wallNeurons.values.count
    return (regionNeurons.offsets[region]..<regionNeurons.offsets[region + 1]).map {
      (regionNeurons.values[$0], base + $0)
    }
  }

  /// Joins cells of the same neuron that share a ridge, or a region and its facet.
  mutating func joinCells() {
    for ridge in 0..<folds.ridges.count {
      var members: [Member] = []
      for wall in folds.ridges.walls(around: ridge) { members += cells(ofWall: Int(wall)) }
      for region in folds.ridges.regions(around: ridge) {
        members += cells(ofRegion: Int(region)).filter { isZero($0.neuron, on: ridge) }
      }
      join(members)
    }
    for wall in 0..<complex.wallCount {
      guard case (let first, let second?) = complex.regions(of: wall) else { continue }
      join(cells(ofWall: wall) + cells(ofRegion: first) + cells(ofRegion: second))
    }
  }

  private func isZero(_ neuron: Int32, on ridge: Int) -> Bool {
    folds.ridges.keys.words[ridge * complex.key.width + Int(neuron) >> 6] >> UInt64(neuron & 63) & 1 == 1
  }

  private mutating func join(_ members: [Member]) {
    for (place, member) in members.enumerated() {
      if let earlier = members[..<place].first(where: { $0.neuron == member.neuron }) {
        sets.join(earlier.cell, member.cell)
      }
    }
  }

  /// Finds the ridges where neurons bend, and counts where neurons of different layers meet.
  mutating func findBends() {
    for ridge in 0..<folds.ridges.count where folds.ridges.isInterior(ridge) {
      let walls = folds.ridges.walls(around: ridge)
      var present: [Int32] = []
      for wall in walls {
        for neuron in wallNeurons[Int(wall)] where !present.contains(neuron) { present.append(neuron) }
      }
      let regions = folds.ridges.regions(around: ridge)
      for later in present {
        let isBend = bend(of: later, walls, regions)
        var earlier: [Neuron] = []
        for other in present where layers[Int(other)] < layers[Int(later)] {
          let changes = isBend && changesState(other, regions)
          if changes { earlier.append(complex.neuron(Int(other))) }
          let pair = Pair(earlier: other, later: later)
          let known = counts[pair, default: (0, 0)]
          counts[pair] = (known.meetings + 1, known.bends + (changes ? 1 : 0))
        }
        if isBend { bends[Int(later)].append(BentHyperplane.Bend(ridge: ridge, earlier: earlier.sorted())) }
      }
    }
  }

  /// Whether the walls of a neuron around a ridge lie in different hyperplanes, and it vanishes on no region there.
  private func bend(of neuron: Int32, _ walls: ArraySlice<Int32>, _ regions: ArraySlice<Int32>) -> Bool {
    let own = walls.filter { wallNeurons[Int($0)].contains(neuron) }
    guard let first = own.first, own.contains(where: { !folds.hyperplanes.agree(Int(first), Int($0)) })
    else { return false }
    return !regions.contains { regionNeurons[Int($0)].contains(neuron) }
  }

  private func changesState(_ neuron: Int32, _ regions: ArraySlice<Int32>) -> Bool {
    let words = complex.key.neuronWords
    let states = regions.map {
      complex.buffer.patterns[Int($0) * words + Int(neuron) >> 6] >> UInt64(neuron & 63) & 1
    }
    return states.contains(0) && states.contains(1)
  }

  /// The pairs of neurons that meet.
  func dependencies() -> [NeuronDependency] {
    counts.map { pair, count in
      NeuronDependency(
        earlier: complex.neuron(Int(pair.earlier)), later: complex.neuron(Int(pair.later)),
        meetings: count.meetings, bends: count.bends)
    }.sorted { ($0.earlier, $0.later) < ($1.earlier, $1.later) }
  }

  /// The bent hyperplanes of all neurons.
  mutating func result() -> [BentHyperplane] {
    var walls: [[Int]] = Array(repeating: [], count: layers.count)
    var regions = walls
    var roots: [Set<Int>] = Array(repeating: [], count: layers.count)
    var reachesEnd = Array(repeating: false, count: layers.count)
    for wall in 0..<complex.wallCount {
      let members = cells(ofWall: wall)
      guard !members.isEmpty else { continue }
      let isEnd = complex.vertices(ofWall: wall).contains { !complex.isInnerVertex(Int($0)) }
      for member in members {
        walls[Int(member.neuron)].append(wall)
        roots[Int(member.neuron)].insert(sets.find(member.cell))
        if isEnd { reachesEnd[Int(member.neuron)] = true }
      }
    }
    for region in 0..<complex.regionCount {
      let members = cells(ofRegion: region)
      guard !members.isEmpty else { continue }
      let isEnd = complex.vertices(of: region).contains { !complex.isInnerVertex(Int($0)) }
      for member in members {
        regions[Int(member.neuron)].append(region)
        roots[Int(member.neuron)].insert(sets.find(member.cell))
        if isEnd { reachesEnd[Int(member.neuron)] = true }
      }
    }
    return layers.indices.map { number in
      BentHyperplane(
        neuron: complex.neuron(number), walls: walls[number], vanishingRegions: regions[number],
        componentCount: roots[number].count, isBounded: !reachesEnd[number], bends: bends[number],
        visibleWallCount: walls[number].count { folds.isVisible($0) })
    }
  }
}

extension PolyhedralComplex {
  /// Whether a vertex lies neither on the boundary of the domain nor at infinity.
  func isInnerVertex(_ vertex: Int) -> Bool {
    (key.sideStart..<key.width).allSatisfy { buffer.vertices.words[vertex * key.width + $0] == 0 }
  }
}
