import ExactArithmetic
import Networks

/// A pairing of the signals of two networks that agree up to rounding: permutation and positive scales.
///
/// Signal `pairs[k].b` of the second graph is close to `scale ·` signal `pairs[k].a` of the first. A pairing proves
/// nothing by itself; the bound of the difference computed from it does.
public struct NearMatching: Sendable {
  /// Two signals and the positive factor between them, by increasing depth.
  public struct Pair: Hashable, Sendable {
    /// The signal of the first graph, from 0.
    public let a: Int
    /// The signal of the second graph, from 0.
    public let b: Int
    /// The factor: signal b ≈ scale · signal a.
    public let scale: Double
  }

  /// All signals of both graphs, paired.
  public let pairs: [Pair]
  /// The largest relative difference of two corresponding entries; infinite where one is zero and the other not.
  public let componentwiseDifference: Double

  /// The pairing of two graphs under a tolerance, or nil when there is none.
  ///
  /// Depth by depth, rows are written in the signals already paired and scaled to 1-norm 1; rows within `tolerance`
  /// in the 1-norm are candidates. Where a row has several, the readers decide: candidates are tried in the order of
  /// how well their outgoing weights agree, and a choice that leaves a later row without partner is taken back.
  ///
  /// - Exactness: a search in floating point; see the type.
  /// - Complexity: O(entries + n log n) without ties; at most `patience` assignments with them.
  public init?(
    _ a: SignalGraph, _ b: SignalGraph, tolerance: Double, patience: Int = 512
  ) {
    guard a.inputCount == b.inputCount, a.outputs.count == b.outputs.count, a.depths == b.depths else {
      return nil
    }
    var search = NearMatchingSearch(a, b, tolerance: tolerance, patience: patience)
    guard let pairs = search.match() else { return nil }
    self.pairs = pairs.sorted { $0.a < $1.a }
    self.componentwiseDifference = search.componentwiseDifference(of: self.pairs)
  }
}

/// The depth-first search behind ``NearMatching``.
private struct NearMatchingSearch {
  let a: SignalGraph
  let b: SignalGraph
  let tolerance: Double
  var patience: Int
  // For each signal of b, inputs first: its partner in a and the factor.
  var partner: [Int]
  var scale: [Double]
  let layers: [Range<Int>]

  init(_ a: SignalGraph, _ b: SignalGraph, tolerance: Double, patience: Int) {
    self.a = a
    self.b = b
    self.tolerance = tolerance
    self.patience = patience
    partner = Array(0..<a.inputCount) + Array(repeating: -1, count: b.forms.count)
    scale = Array(repeating: 1, count: a.inputCount + b.forms.count)
    var layers: [Range<Int>] = []
    var start = 0
    while start < a.depths.count {
      let end = a.depths[start...].firstIndex { $0 != a.depths[start] } ?? a.depths.count
      layers.append(start..<end)
      start = end
    }
    self.layers = layers
  }

  mutating func match() -> [NearMatching.Pair]? {
    guard descend(into: 0) else { return nil }
    return b.forms.indices.map { j in
      let signal = b.inputCount + j
      return NearMatching.Pair(a: partner[signal] - a.inputCount, b: j, scale: scale[signal])
    }
  }

  /// Pairs the layers from `first` on; false when that cannot be done.
  ///
  /// Layers without ties are taken one after the other; only a tie opens a branch of the search, so the recursion is
  /// no deeper than the patience.
  private mutating func descend(into first: Int) -> Bool {
    for level in first..<layers.count {
      let layer = layers[level]
      let rowsA = layer.map { Row(a.forms[$0], partner: nil, scale: nil) }
      let rowsB = layer.map { Row(b.forms[$0], partner: partner, scale: scale) }
      var candidates = nearby(rowsA, rowsB)
      if candidates.contains(where: \.isEmpty) { return false }
      if candidates.allSatisfy({ $0.count == 1 }) {
        guard Set(candidates.joined()).count == layer.count else { return false }
        for j in candidates.indices { take(candidates[j][0], j, level, rowsA, rowsB) }
        continue
      }
      sortByReaders(&candidates, layer)
      // Rows without choice first: they narrow the rest.
      let order = candidates.indices.sorted { candidates[$0].count < candidates[$1].count }
      var used = Array(repeating: false, count: layer.count)
      return assign(order[...], in: level, candidates, rowsA, rowsB, &used)
    }
    return true
  }

  /// Gives the rows named by `order` free candidates, then pairs the layers after this one.
  private mutating func assign(
    _ order: ArraySlice<Int>, in level: Int, _ candidates: [[Int]], _ rowsA: [Row], _ rowsB: [Row],
    _ used: inout [Bool]
  ) -> Bool {
    var rest = order
    var taken: [Int] = []
    defer { for i in taken { used[i] = false } }
    while let j = rest.first {
      let free = candidates[j].filter { !used[$0] }
      if free.isEmpty { return false }
      if free.count > 1 { break }
      take(free[0], j, level, rowsA, rowsB)
      used[free[0]] = true
      taken.append(free[0])
      rest = rest.dropFirst()
    }
    guard let j = rest.first else { return descend(into: level + 1) }
    for i in candidates[j] where !used[i] {
      if patience == 0 { return false }
      patience -= 1
      take(i, j, level, rowsA, rowsB)
      used[i] = true
      let found = assign(rest.dropFirst(), in: level, candidates, rowsA, rowsB, &used)
      used[i] = false
      if found { return true }
    }
    return false
  }

  private mutating func take(_ i: Int, _ j: Int, _ level: Int, _ rowsA: [Row], _ rowsB: [Row]) {
    let signal = b.inputCount + layers[level].lowerBound + j
    partner[signal] = a.inputCount + layers[level].lowerBound + i
    scale[signal] = rowsB[j].norm / rowsA[i].norm
  }

  /// For each row of b the rows of a within the tolerance, nearest first.
  private func nearby(_ rowsA: [Row], _ rowsB: [Row]) -> [[Int]] {
    let order = rowsA.indices.sorted { rowsA[$0].projection < rowsA[$1].projection }
    let sorted = order.map { rowsA[$0].projection }
    return rowsB.map { row in
      // The projection has coefficients in [−1, 1], so rows within the tolerance project within it.
      var position = sorted.partitioningIndex { $0 >= row.projection - tolerance }
      var found: [(distance: Double, row: Int)] = []
      while position < sorted.count, sorted[position] <= row.projection + tolerance {
        let distance = rowsA[order[position]].distance(to: row, within: tolerance)
        if distance <= tolerance { found.append((distance, order[position])) }
        position += 1
      }
      return found.sorted { $0.distance < $1.distance }.map(\.row)
    }
  }

  /// Puts candidates whose outgoing weights agree best with the row's first.
  private func sortByReaders(_ candidates: inout [[Int]], _ layer: Range<Int>) {
    let outgoingA = readers(a, layer)
    let outgoingB = readers(b, layer)
    for j in candidates.indices where candidates[j].count > 1 {
      candidates[j].sort {
        signatureGap(outgoingA[$0], outgoingB[j]) < signatureGap(outgoingA[$1], outgoingB[j])
      }
    }
  }

  private func signatureGap(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count == y.count else { return .infinity }
    return zip(x, y).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
  }

  /// For each signal of a layer its weights into the outputs and the sorted shares it has in the rows that read it,
  /// times its own norm: numbers that permutations and rescalings leave alone.
  private func readers(_ graph: SignalGraph, _ layer: Range<Int>) -> [[Double]] {
    var shares: [[Double]] = Array(repeating: [], count: layer.count)
    var direct: [[Double]] = Array(
      repeating: Array(repeating: 0, count: graph.outputs.count), count: layer.count)
    let own = layer.map { Row(graph.forms[$0], partner: nil, scale: nil).norm }
    let first = graph.inputCount + layer.lowerBound
    for (index, form) in (graph.forms + graph.outputs).enumerated() {
      let weights = form.signals.indices.compactMap { position -> (Int, Double)? in
        let k = Int(form.signals[position]) - first
        return k >= 0 && k < layer.count ? (k, form.coefficient(at: position).nearestDouble * own[k]) : nil
      }
      let total = weights.reduce(0) { $0 + $1.1.magnitude }
      for (k, weight) in weights {
        if index >= graph.forms.count {
          direct[k][index - graph.forms.count] = weight
        } else {
          shares[k].append(weight / total)
        }
      }
    }
    return layer.indices.map { k in
      direct[k - layer.lowerBound] + shares[k - layer.lowerBound].sorted()
    }
  }

  /// The largest relative difference of corresponding entries under a complete pairing.
  func componentwiseDifference(of pairs: [NearMatching.Pair]) -> Double {
    var partner = Array(0..<a.inputCount) + Array(repeating: -1, count: b.forms.count)
    var scale = Array(repeating: 1.0, count: a.inputCount + b.forms.count)
    for pair in pairs {
      partner[b.inputCount + pair.b] = a.inputCount + pair.a
      scale[b.inputCount + pair.b] = pair.scale
    }
    var worst = 0.0
    for pair in pairs {
      let row = Row(b.forms[pair.b], partner: partner, scale: scale)
      worst = max(
        worst, Row(a.forms[pair.a], partner: nil, scale: nil).difference(to: row, factor: pair.scale))
    }
    for (x, y) in zip(a.outputs, b.outputs) {
      let row = Row(y, partner: partner, scale: scale)
      worst = max(worst, Row(x, partner: nil, scale: nil).difference(to: row, factor: 1))
    }
    return worst
  }
}

/// A form as a sparse vector of doubles in the signals of the first graph, its constant last.
private struct Row {
  /// The entries by signal of the first graph; the constant has signal −1.
  let entries: [(signal: Int, value: Double)]
  /// The sum of the absolute values.
  let norm: Double
  /// A fixed random functional of the row divided by its norm.
  let projection: Double

  init(_ form: AffineForm<Dyadic>, partner: [Int]?, scale: [Double]?) {
    var entries: [(signal: Int, value: Double)] = []
    entries.reserveCapacity(form.count + 1)
    for position in form.signals.indices {
      let signal = Int(form.signals[position])
      let value = form.coefficient(at: position).nearestDouble
      if let partner, let scale {
        entries.append((partner[signal], value * scale[signal]))
      } else {
        entries.append((signal, value))
      }
    }
    if partner != nil { entries.sort { $0.signal < $1.signal } }
    let constant = form.constant.nearestDouble
    if constant != 0 { entries.insert((-1, constant), at: 0) }
    let norm = entries.reduce(0) { $0 + $1.value.magnitude }
    self.entries = entries
    self.norm = norm
    projection = entries.reduce(0) { $0 + Row.direction($1.signal) * $1.value } / norm
  }

  /// The 1-norm distance of the two rows divided by their norms, or something above `limit`.
  func distance(to other: Row, within limit: Double) -> Double {
    merged(with: other, from: 0) { sum, x, y in
      sum <= limit ? sum + (x / norm - y / other.norm).magnitude : sum
    }
  }

  /// The largest |factor · x − y| / max(|factor · x|, |y|) over corresponding entries.
  func difference(to other: Row, factor: Double) -> Double {
    merged(with: other, from: 0) { worst, x, y in
      if x == 0 || y == 0 { return .infinity }
      return max(worst, (factor * x - y).magnitude / max((factor * x).magnitude, y.magnitude))
    }
  }

  private func merged(
    with other: Row, from start: Double, _ combine: (Double, Double, Double) -> Double
  ) -> Double {
    var result = start
    var i = 0
    var j = 0
    while i < entries.count || j < other.entries.count {
      if j == other.entries.count || (i < entries.count && entries[i].signal < other.entries[j].signal) {
        result = combine(result, entries[i].value, 0)
        i += 1
      } else if i == entries.count || other.entries[j].signal < entries[i].signal {
        result = combine(result, 0, other.entries[j].value)
        j += 1
      } else {
        result = combine(result, entries[i].value, other.entries[j].value)
        i += 1
        j += 1
      }
    }
    return result
  }

  /// A fixed pseudo-random number in [−1, 1] for each signal.
  private static func direction(_ signal: Int) -> Double {
    var rng = SplitMix64(seed: UInt64(bitPattern: Int64(signal)))
    return Double(Int64(bitPattern: rng.next())) * 0x1p-63
  }
}

extension Array where Element == Double {
  /// The first index whose element satisfies a predicate that holds for a tail of the array.
  fileprivate func partitioningIndex(where belongsToTail: (Double) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongsToTail(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
