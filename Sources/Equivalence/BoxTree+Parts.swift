import ExactArithmetic
import Networks

extension BoxTree {
  /// The parts of a box, in preorder.
  ///
  /// - Throws: ``ProofFailure`` where the splits are not a tree, or halve what cannot be halved.
  func parts(of box: [Interval]) throws(ProofFailure) -> [[Interval]] {
    var parts: [[Interval]] = []
    var pending = [box]
    for split in splits {
      guard let part = pending.popLast() else {
        throw ProofFailure(step: "splits", reason: "more splits than parts")
      }
      if split < 0 {
        parts.append(part)
        continue
      }
      guard part.indices.contains(split) else {
        throw ProofFailure(step: "splits", reason: "coordinate \(split) of \(part.count)")
      }
      let middle = part[split].lower / 2 + part[split].upper / 2
      guard part[split].lower < middle, middle < part[split].upper else {
        throw ProofFailure(step: "splits", reason: "a side that cannot be halved")
      }
      var (low, high) = (part, part)
      low[split] = Interval(part[split].lower, middle)
      high[split] = Interval(middle, part[split].upper)
      pending.append(high)
      pending.append(low)
    }
    if !pending.isEmpty { throw ProofFailure(step: "splits", reason: "\(pending.count) parts are missing") }
    return parts
  }

  /// The bounds of |f − g|, output by output, over all parts of a box.
  ///
  /// - Throws: ``ProofFailure`` where pairing or splits are none, or the check was told to stop.
  func bounds(
    _ a: Network, _ b: Network, over box: [Interval], threads: Int, progress: Progress
  ) throws(ProofFailure) -> [Double] {
    let bounds = try checked(a, b, over: box, threads: threads, progress: progress) {
      $0.ranges.map(\.magnitude)
    }
    return bounds.reduce(Array(repeating: 0, count: a.outputCount)) { zip($0, $1).map { max($0, $1) } }
  }

  /// What the bounds of each part say, some parts at a time.
  private func checked<Answer: Sendable>(
    _ a: Network, _ b: Network, over box: [Interval], threads: Int, progress: Progress,
    _ answer: @Sendable (BoxReplay.Part) -> Answer
  ) throws(ProofFailure) -> [Answer] {
    let replay = try BoxReplay(a, b, pairs: pairs)
    let parts = try parts(of: box)
    var answers: [Answer] = []
    while answers.count < parts.count {
      let first = answers.count
      do {
        try progress.step("checking the proof: parts", done: first, of: parts.count)
      } catch {
        throw ProofFailure(step: "part \(first)", reason: "interrupted")
      }
      answers += Concurrency.map(
        count: min(32, parts.count - first), threads: threads, minimumRange: 1
      ) { range in range.map { answer(replay.part(parts[first + $0])) } }
    }
    return answers
  }

  /// Checks that the largest outputs agree wherever the first network's lead is at least `margin`.
  func checkLargest(
    _ a: Network, _ b: Network, margin: Double, over box: [Interval], threads: Int, progress: Progress
  ) throws(ProofFailure) {
    let agree = try checked(a, b, over: box, threads: threads, progress: progress) {
      $0.haveSameLargest(margin: margin)
    }
    if let k = agree.firstIndex(of: false) {
      throw ProofFailure(step: "part \(k)", reason: "the largest outputs may disagree there")
    }
  }
}

extension BoxReplay.Part {
  /// Whether f_i − f_j ≥ margin and g_j ≥ g_i exclude one another for all i ≠ j.
  func haveSameLargest(margin: Double) -> Bool {
    let ranges = first.map(\.range)
    let best = ranges.map(\.lower).max() ?? 0
    for i in ranges.indices where ranges[i].upper >= best {
      for j in ranges.indices where j != i {
        if upper(first, i, j) < margin { continue }
        if upper(second, j, i) < 0 { continue }
        // (f_i − f_j) + (g_j − g_i) ≥ margin is needed as well.
        if upper(differences, i, j) < margin { continue }
        return false
      }
    }
    return true
  }

  /// An upper bound of the difference of two rows.
  private func upper(_ forms: [BoxReplay.Form], _ i: Int, _ j: Int) -> Double {
    let (x, y) = (forms[i], forms[j])
    var radius = 0.0
    for k in 1..<max(x.terms.count, y.terms.count, 1) {
      radius += ((k < x.terms.count ? x.terms[k] : 0) - (k < y.terms.count ? y.terms[k] : 0)).magnitude
    }
    let size = x.size + y.size
    let rounding = size * 0x1p-52 * Double(max(x.terms.count, y.terms.count) + 8)
    let bound = x.terms[0] - y.terms[0] + radius + x.slack + y.slack + rounding
    return bound.isNaN ? .infinity : bound.nextUp
  }
}
