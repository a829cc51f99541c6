import ExactArithmetic
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Branch and bound: a question about two networks, answered for a whole box from answers for its parts.
///
/// The part with the largest bound is divided first, along a coordinate or by the sign of a neuron, always a fixed
/// number of parts at a time, so that the course of the search depends neither on the number of threads nor on their
/// speed.
///
/// - Exactness: the upper bound is proved; the lower one is what was found in doubles, to be proved by its finder.
struct BoxSearch: Sendable {
  /// What ends a search.
  enum End: Hashable, Sendable {
    /// Every box meets the target.
    case proved
    /// A point exceeds the target, in doubles.
    case refuted
    /// Upper and lower bound are within the tolerance of one another.
    case tight
    /// The budget is spent.
    case budget
    /// What is left cannot be halved any further.
    case exhausted
  }

  /// What a search is told.
  struct Limits: Sendable {
    /// Boxes at or below it are done.
    var target: Double
    /// Whether a point above the target ends the search.
    var stopsAtWitness: Bool
    /// The search ends when upper ≤ lower · (1 + tolerance).
    var tolerance: Double
    /// The most boxes that are bounded.
    var boxes: Int
    /// Asked before each round whether the time is over.
    var isOver: @Sendable () -> Bool
    var threads: Int
  }

  let pair: PairedNetworks
  let question: PairedQuestion
  private(set) var limits: Limits
  /// The nodes of the tree of halvings.
  private(set) var nodes: [Node] = []
  /// The open nodes: a heap with the largest bound on top.
  private var open: [Int] = []
  /// The largest bound of a node that is done.
  private var settled = -Double.infinity
  /// The largest difference found, in doubles.
  private(set) var lower = 0.0
  /// Where it was found.
  private(set) var best: [Double]?
  private var record: SplitChoice.Record

  /// Boxes halved at a time.
  private static let batch = 16

  /// A box of the tree.
  struct Node: Sendable {
    let part: DomainPart
    var upper: Double
    var perOutput: [Double]
    /// What it may be divided by.
    let splits: SplitChoice
    /// What it was divided by.
    var split: Split?
    /// The numbers of the two parts, as ``DomainPart/divided(by:)`` orders them; the second has the next number.
    var children: Int?
  }

  init(_ pair: PairedNetworks, _ question: PairedQuestion, on box: [Interval], limits: Limits) {
    self.pair = pair
    self.question = question
    self.limits = limits
    record = SplitChoice.Record(parts: limits.boxes)
    let whole = DomainPart(box: box)
    take(BoxAnswer(question, pair, over: whole), whole, parent: nil)
  }

  /// Looks at some points.
  mutating func consider(_ points: [[Double]]) {
    let (gap, point) = BoxSearch.largestGap(question, pair, at: question.points(among: points, pair))
    if gap > lower { (lower, best) = (gap, point) }
  }

  /// The proved upper bound on the whole box.
  var upper: Double { max(settled, open.first.map { nodes[$0].upper } ?? -.infinity) }

  /// For each output the proved upper bound of its difference.
  var perOutput: [Double] {
    nodes.lazy.filter { $0.children == nil }.reduce(into: Array(repeating: 0.0, count: pair.f.outputCount)) {
      sums, leaf in
      for (k, value) in leaf.perOutput.enumerated() { sums[k] = max(sums[k], value) }
    }
  }

  /// Searches until something ends it.
  ///
  /// - Parameter report: told the bounds after each round.
  /// - Throws: what `report` throws, with the bounds so far still at hand.
  mutating func run(report: (_ search: BoxSearch) throws -> Void) throws -> End {
    while true {
      if let end { return end }
      try report(self)
      if nodes.count >= limits.boxes || limits.isOver() { return .budget }
      var chosen: [(node: Int, promise: SplitChoice.Promise)] = []
      var halves: [(parent: Int, part: DomainPart)] = []
      while chosen.count < BoxSearch.batch, let node = popOpen() {
        if let promise = record.best(of: nodes[node].splits),
          let parts = nodes[node].part.divided(by: promise.split)
        {
          nodes[node].split = promise.split
          chosen.append((node, promise))
          halves += parts.map { (node, $0) }
        } else {
          settled = max(settled, nodes[node].upper)
        }
      }
      if chosen.isEmpty { return end ?? .exhausted }
      let (pair, question, parts) = (pair, question, halves.map(\.part))
      let answers = Concurrency.map(count: halves.count, threads: limits.threads, minimumRange: 1) { range in
        range.map { k -> (BoxAnswer, Double, [Double]?) in
          let answer = BoxAnswer(question, pair, over: parts[k])
          let points = question.points(among: answer.candidates, pair)
          let (gap, point) = BoxSearch.largestGap(question, pair, at: points)
          return (answer, gap, point)
        }
      }
      for (k, (answer, gap, point)) in answers.enumerated() {
        if gap > lower { (lower, best) = (gap, point) }
        take(answer, halves[k].part, parent: halves[k].parent)
      }
      for (node, promise) in chosen { keepRecord(node, promise) }
    }
  }

  private var end: End? {
    if upper <= limits.target { return .proved }
    if limits.stopsAtWitness, lower > limits.target, lower > 0 { return .refuted }
    if question == .difference, upper <= lower * (1 + limits.tolerance) { return .tight }
    return nil
  }

  /// Notes by how much a split has lowered the bound.
  private mutating func keepRecord(_ node: Int, _ promise: SplitChoice.Promise) {
    guard let first = nodes[node].children, nodes[node].upper.isFinite else { return }
    let floor = max(limits.target, lower)
    let height = nodes[node].upper - floor
    guard height > 0 else { return }
    let left = [first, first + 1].map { min(max(nodes[$0].upper - floor, 0) / height, 1) }
    // The worse part counts most: it is the one that is divided again.
    let rest = (5 * max(left[0], left[1]) + min(left[0], left[1])) / 6
    record.note(promise.split, promised: min(promise.gain / height, 1), kept: 1 - rest)
  }

  private mutating func take(_ answer: BoxAnswer, _ part: DomainPart, parent: Int?) {
    var node = Node(
      part: part, upper: answer.upper, perOutput: answer.perOutput, splits: answer.splits, children: nil)
    if let parent {
      // A part is never worse than the whole.
      node.upper = min(node.upper, nodes[parent].upper)
      node.perOutput = zip(node.perOutput, nodes[parent].perOutput).map { min($0, $1) }
      if nodes[parent].children == nil { nodes[parent].children = nodes.count }
    }
    nodes.append(node)
    if node.upper <= limits.target {
      settled = max(settled, node.upper)
    } else {
      pushOpen(nodes.count - 1)
    }
  }

  /// The largest gap at some points, in doubles, and where.
  private static func largestGap(
    _ question: PairedQuestion, _ pair: PairedNetworks, at points: [[Double]]
  ) -> (Double, [Double]?) {
    var result: (Double, [Double]?) = (0, nil)
    for x in points {
      let gap = question.gap(pair.f.outputs(at: x), pair.g.outputs(at: x))
      if gap > result.0 { result = (gap, x) }
    }
    return result
  }

  // MARK: The heap: larger bounds first, then smaller numbers

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    nodes[a].upper != nodes[b].upper ? nodes[a].upper > nodes[b].upper : a < b
  }

  private mutating func pushOpen(_ node: Int) {
    open.append(node)
    var k = open.count - 1
    while k > 0, precedes(open[k], open[(k - 1) / 2]) {
      open.swapAt(k, (k - 1) / 2)
      k = (k - 1) / 2
    }
  }

  private mutating func popOpen() -> Int? {
    guard let top = open.first else { return nil }
    let last = open.removeLast()
    if open.isEmpty { return top }
    open[0] = last
    var k = 0
    while true {
      var first = k
      for child in [2 * k + 1, 2 * k + 2] where child < open.count && precedes(open[child], open[first]) {
        first = child
      }
      if first == k { return top }
      open.swapAt(k, first)
      k = first
    }
  }
}

extension PairedQuestion {
  /// The points to look at: those given, and for largest outputs points between the first of them and others at which
  /// one network has switched and the other has not.
  func points(among points: [[Double]], _ pair: PairedNetworks) -> [[Double]] {
    guard case .sameLargest = self, let start = points.first else { return points }
    let (f, g) = (pair.f.largestOutput(at: start), pair.g.largestOutput(at: start))
    let between = points.dropFirst().lazy
      .filter { pair.f.largestOutput(at: $0) != f || pair.g.largestOutput(at: $0) != g }
      .prefix(4)
      .map { end -> [Double] in
        let place = (pair.f.switchPlace(from: start, to: end) + pair.g.switchPlace(from: start, to: end)) / 2
        return PairedQuestion.point(from: start, to: end, at: place)
      }
    return points + Array(between)
  }

  fileprivate static func point(from start: [Double], to end: [Double], at place: Double) -> [Double] {
    zip(start, end).map { low, high in
      min(max(low + place * (high - low), min(low, high)), max(low, high))
    }
  }

  /// What two outputs say: their distance, or how far g's choice is from f's.
  func gap(_ y: [Double], _ z: [Double]) -> Double {
    switch self {
    case .difference:
      return zip(y, z).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    case .excess:
      return zip(y, z).reduce(0) { max($0, $1.0 - $1.1) }
    case .sameLargest(_, let confidence):
      guard let i = y.indices.max(by: { y[$0] < y[$1] }) else { return 0 }
      let total = y.reduce(0) { $0 + exp($1 - y[i]) }
      let behind = z.indices.filter { $0 != i }.map { z[$0] - z[i] }.max() ?? -.infinity
      return 1 / total > confidence + 1e-12 && behind > 0 ? behind : 0
    }
  }
}

extension Network {
  /// The first of the largest outputs, in doubles.
  fileprivate func largestOutput(at x: [Double]) -> Int? {
    let outputs = outputs(at: x)
    return outputs.indices.max { outputs[$0] < outputs[$1] }
  }

  /// Where on the way between two points the largest output changes first or again, by halving; 1 where it does not.
  fileprivate func switchPlace(from start: [Double], to end: [Double]) -> Double {
    let first = largestOutput(at: start)
    if largestOutput(at: end) == first { return 1 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<48 {
      let middle = low / 2 + high / 2
      if largestOutput(at: PairedQuestion.point(from: start, to: end, at: middle)) == first {
        low = middle
      } else {
        high = middle
      }
    }
    return low / 2 + high / 2
  }
}
