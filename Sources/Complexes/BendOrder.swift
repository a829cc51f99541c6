import Networks

/// In which order the folds of a function must have been made, whichever general network made them.
///
/// Definition: around a ridge inside the domain, the folds that continue straight on come in pairs that share a hyperplane; the
/// others are *bent*. Call a network *general* on the domain if a neuron is zero only where it takes both signs nearby
/// (``PolyhedralComplex/zeroOptima()``), and all zeros of neurons in one hyperplane belong to one neuron under one pattern of the
/// layers before it (``Folds/sharedHyperplane()``). Then for every general network with this function, of any depth and
/// widths:
///
/// 1. all folds in one hyperplane belong to one neuron, with one pattern of the layers before it;
/// 2. where exactly two folds around a ridge are bent, both belong to one neuron;
/// 3. where besides these some fold continues straight on, the layer of its neuron is smaller than theirs.
///
/// *Classes* are the hyperplanes that 2 joins, *edges* are the inequalities of 3. A chain of m edges upwards from a class
/// leaves its neuron a layer of at most L − m in a network with L hidden layers, one of m edges downwards a layer of
/// at least m + 1.
///
/// Proof of 3, 2 alike: look at the neurons that are zero at an inner point of the ridge. Those of the lowest such layer ℓ are
/// affine there. A fold that continues straight on cannot belong to a higher layer, since it would lie on both sides of
/// a lowest neuron's zero set, and so under two patterns. Going down from the highest layer, leave out neurons whose effect on
/// the outputs is zero there. The first that remains, t, has one nonzero effect all around the ridge, so its whole zero set is
/// seen; if its layer were ℓ, all folds would continue straight on. So it is higher than ℓ, its zero set has at least
/// two branches, as it takes both signs, and none of them continues straight on: they are the two bent folds.
///
/// - Exactness: exact.
/// - Reference: [PL20] dependency graph; the guide "Identifiability" for the proof.
public struct BendOrder: Sendable {
  /// A fold bends on another: its class belongs to a later layer.
  public struct Edge: Hashable, Sendable {
    /// The class of the fold that continues straight on.
    public let lower: Int
    /// The class of the folds that bend there.
    public let higher: Int
  }

  /// For each hyperplane the class it belongs to; nil where no fold lies in it.
  public let classOfHyperplane: [Int?]
  /// The number of classes.
  public let classCount: Int
  /// The edges, by the lower, then by the higher class.
  public let edges: [Edge]
  /// For each class the number of edges on the longest chain upwards; nil where the edges form a cycle.
  public let above: [Int]?
  /// For each class the number of edges on the longest chain downwards; nil where the edges form a cycle.
  public let below: [Int]?

  /// The fewest hidden layers of a general network with this function; nil where none has it.
  public var depthBound: Int? { above.map { $0.isEmpty ? 0 : ($0.max() ?? 0) + 1 } }

  /// The layers a class can belong to in a general network with `depth` hidden layers; nil where there are none.
  public func layers(ofClass number: Int, depth: Int) -> ClosedRange<Int>? {
    guard let above, let below else { return nil }
    let (low, high) = (below[number] + 1, depth - above[number])
    return low <= high ? low...high : nil
  }

  /// The class of a wall; nil for hidden walls.
  public func classOf(wall: Int, in folds: Folds) -> Int? {
    guard folds.isVisible(wall), let hyperplane = folds.hyperplanes[wall] else { return nil }
    return classOfHyperplane[hyperplane]
  }

  init(_ folds: Folds) {
    let count = folds.hyperplanes.count
    var sets = DisjointSets(count: count)
    var found: [(straight: [Int], bent: Int)] = []
    for ridge in 0..<folds.ridges.count where folds.ridges.isInterior(ridge) {
      var walls: [Int: Int] = [:]
      for wall in folds.ridges.walls(around: ridge) where folds.isVisible(Int(wall)) {
        if let hyperplane = folds.hyperplanes[Int(wall)] { walls[hyperplane, default: 0] += 1 }
      }
      let bent = walls.filter { $0.value == 1 }.map(\.key)
      guard bent.count == 2 else { continue }
      sets.join(bent[0], bent[1])
      found.append((walls.filter { $0.value == 2 }.map(\.key), bent[0]))
    }
    var isSeen = Array(repeating: false, count: count)
    for wall in folds.foldSet { if let hyperplane = folds.hyperplanes[wall] { isSeen[hyperplane] = true } }
    var numbers: [Int: Int] = [:]
    var classes: [Int?] = []
    for hyperplane in 0..<count {
      guard isSeen[hyperplane] else {
        classes.append(nil)
        continue
      }
      let root = sets.find(hyperplane)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      classes.append(number)
    }
    var edges: Set<Edge> = []
    for (straight, bent) in found {
      for hyperplane in straight {
        if let lower = classes[hyperplane], let higher = classes[bent] {
          edges.insert(Edge(lower: lower, higher: higher))
        }
      }
    }
    classOfHyperplane = classes
    classCount = numbers.count
    self.edges = edges.sorted { ($0.lower, $0.higher) < ($1.lower, $1.higher) }
    above = BendOrder.longest(self.edges.map { ($0.lower, $0.higher) }, count: numbers.count)
    below = BendOrder.longest(self.edges.map { ($0.higher, $0.lower) }, count: numbers.count)
  }

  /// For each vertex of a graph the number of edges on the longest path that starts there; nil where there is a cycle.
  private static func longest(_ edges: [(from: Int, to: Int)], count: Int) -> [Int]? {
    var lengths = Array(repeating: 0, count: count)
    var waiting = Array(repeating: 0, count: count)
    var incoming: [[Int]] = Array(repeating: [], count: count)
    for edge in edges {
      waiting[edge.from] += 1
      incoming[edge.to].append(edge.from)
    }
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var done = 0
    while let next = ready.popLast() {
      done += 1
      for vertex in incoming[next] {
        lengths[vertex] = max(lengths[vertex], lengths[next] + 1)
        waiting[vertex] -= 1
        if waiting[vertex] == 0 { ready.append(vertex) }
      }
    }
    return done == count ? lengths : nil
  }
}

extension Folds {
  /// In which order the folds must have been made by any general network.
  public func bendOrder() -> BendOrder { BendOrder(self) }
}
