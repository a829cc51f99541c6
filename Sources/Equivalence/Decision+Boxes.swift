import ExactArithmetic
import Networks

/// How much work a comparison may do once symmetries and sampling are through.
public struct ComparisonBudget: Hashable, Sendable {
  /// The most boxes that are bounded.
  public var boxes: Int
  /// The most seconds; nil for no limit.
  ///
  /// Only with a limit does the outcome depend on the machine.
  public var seconds: Double?
  /// The most activation regions that are enumerated.
  public var regions: Int

  /// A budget; by default a few seconds for small networks.
  public init(boxes: Int = 20_000, seconds: Double? = nil, regions: Int = 200_000) {
    self.boxes = boxes
    self.seconds = seconds
    self.regions = regions
  }
}

/// A comparison that was told to stop, with what was proved by then.
public struct ComparisonInterrupted: Error, Hashable, Sendable {
  /// The bounds of sup |f − g| so far.
  public let bounds: Verdict.Bounds
}

extension Decision {
  /// What a search over boxes found.
  struct BoxOutcome {
    let end: BoxSearch.End
    let tree: BoxTree
    /// A proved bound for each output.
    let perOutput: [Double]
    let upper: Double
    /// The most promising point, in doubles.
    let point: [Double]?
    let boxes: Int
  }

  /// Divides the domain until a question is answered or the budget is spent.
  ///
  /// - Parameter point: the best point known so far.
  func searchBoxes(
    _ question: PairedQuestion, target: Double, on domain: InputDomain, from point: [Double]?
  ) throws -> BoxOutcome {
    try options.progress.step("pairing neurons")
    var rng = SplitMix64(seed: options.seed)
    let samples = (0..<96).map { _ in
      domain.enclosure.map { side in
        let place = Double.random(in: 0...1, using: &rng)
        return side.lower + place * (side.upper - side.lower)
      }
    }
    let pair = PairedNetworks(a, b, samples: samples)
    let clock = ContinuousClock()
    let deadline = options.budget.seconds.map { clock.now + .seconds($0) }
    var search = BoxSearch(
      pair, question, on: domain.enclosure,
      limits: BoxSearch.Limits(
        target: target, stopsAtWitness: question != .difference || target > 0, tolerance: options.tolerance,
        boxes: options.budget.boxes,
        isOver: { deadline.map { clock.now >= $0 } ?? false }, threads: options.threads))
    if let point { search.consider([point]) }
    search.consider(samples)
    let progress = options.progress
    do {
      let end = try search.run { search in
        let found =
          "largest difference between \(search.lower.threeDigits) and \(search.upper.threeDigits), boxes"
        try progress.step(question == .difference ? found : "boxes", done: search.nodes.count)
      }
      return BoxOutcome(
        end: end, tree: search.tree, perOutput: search.perOutput, upper: search.upper, point: search.best,
        boxes: search.nodes.count)
    } catch is CancellationError {
      let witness = search.best.flatMap { WitnessSearch.proved(a, b, at: $0) }
      let isDifference = question == .difference
      throw ComparisonInterrupted(
        bounds: Verdict.Bounds(
          lower: isDifference ? witness?.gap ?? 0 : 0,
          upper: isDifference ? UpwardSum.sum(search.upper, readingBound(on: domain)) : .infinity,
          reason: "interrupted after \(search.nodes.count) boxes"))
    }
  }

  /// What reading may have changed in both networks, for the worst output.
  func readingBound(on domain: InputDomain?) -> Double {
    zip(a.loweringBound(domain: domain), b.loweringBound(domain: domain))
      .map { UpwardSum.sum($0, $1) }.max() ?? 0
  }
}

extension BoxSearch {
  /// The tree of halvings, with the pairing its bounds rest on.
  var tree: BoxTree {
    var splits: [Int] = []
    var pending = [0]
    while let node = pending.popLast() {
      guard let lower = nodes[node].children, let split = nodes[node].split else {
        splits.append(-1)
        continue
      }
      splits.append(split.number(pair.f, pair.g))
      pending.append(lower + 1)
      pending.append(lower)
    }
    return BoxTree(pairs: pair.pairs.dropLast(), splits: splits)
  }
}

extension Double {
  /// Three significant digits, for progress.
  fileprivate var threeDigits: String {
    guard isFinite, self != 0 else { return "\(self)" }
    let scale = 1000.0
    let power = Double(sign: .plus, exponent: exponent, significand: 1)
    return "\((self / power * scale).rounded() / scale * power)"
  }
}
