import ExactArithmetic
import Networks

extension BoxTree {
  /// A part of a box: a smaller box, and signs of neurons.
  struct Part: Sendable {
    var box: [Interval]
    var signs: [BoxReplay.KnownSign] = []
  }

  /// The bounds of |f − g|, output by output, over all parts of a box.
  ///
  /// - Throws: ``ProofFailure`` where pairing or splits are none, or the check was told to stop.
  func bounds(
    _ a: Network, _ b: Network, over box: [Interval], threads: Int, progress: Progress
  ) throws(ProofFailure) -> [Double] {
    var bounds = Array(repeating: 0.0, count: a.outputCount)
    try check(
      BoxReplay(a, b, pairs: pairs), over: box, threads: threads, progress: progress,
      { $0.ranges.map(\.magnitude) },
      { _, part in for (k, bound) in part.enumerated() { bounds[k] = max(bounds[k], bound) } })
    return bounds
  }

  /// Checks that the largest outputs agree wherever the first network's lead is at least `margin`.
  func checkLargest(
    _ a: Network, _ b: Network, margin: Double, over box: [Interval], threads: Int, progress: Progress
  ) throws(ProofFailure) {
    try check(
      BoxReplay(a, b, pairs: pairs), over: box, threads: threads, progress: progress,
      { $0.haveSameLargest(margin: margin) }
    ) { number, agree throws(ProofFailure) in
      if !agree {
        throw ProofFailure(step: "part \(number)", reason: "the largest outputs may disagree there")
      }
    }
  }

  /// Hands on, in order, what the bounds of each part say that holds a point; a few parts at a time, for there may be
  /// millions.
  ///
  /// - Throws: ``ProofFailure`` where the splits are no tree, the check was told to stop, or `take` throws.
  func check<Answer: Sendable>(
    _ replay: BoxReplay, over box: [Interval], usesTriangles: Bool = false, threads: Int, progress: Progress,
    _ answer: @Sendable (BoxReplay.Part) -> Answer,
    _ take: (_ number: Int, _ answer: Answer) throws(ProofFailure) -> Void
  ) throws(ProofFailure) {
    let start = BoxTreeWalk(
      splits, of: box, widths: [replay.a, replay.b].map { $0.hiddenLayers.map(\.width) })
    var count = 0
    // Before any work: whether this is a tree.
    var walk = start
    while try walk.advance() { count += 1 }
    walk = start
    for first in stride(from: 0, to: count, by: 32) {
      do {
        try progress.step("checking the proof: parts", done: first, of: count)
      } catch {
        throw ProofFailure(step: "part \(first)", reason: "interrupted")
      }
      var parts: [Part] = []
      while parts.count < 32, try walk.advance() { parts.append(walk.part) }
      let known = parts
      let answers = Concurrency.map(count: known.count, threads: threads, minimumRange: 1) { range in
        range.map { k -> Answer? in
          let part = replay.part(known[k].box, signs: known[k].signs, usesTriangles: usesTriangles)
          return part.isEmpty ? nil : answer(part)
        }
      }
      for (k, found) in answers.enumerated() {
        if let found { try take(first + k, found) }
      }
    }
  }
}

extension BoxReplay.Part {
  /// Whether no f_i can lead by the margin where another g_j is largest.
  ///
  /// Where they disagree, f_i − f_k ≥ margin for all k ≠ i, and g_j − g_k ≥ 0 for all k for some j ≠ i.
  func haveSameLargest(margin: Double) -> Bool {
    // Written so that a margin that is no number excludes nothing.
    let leaders = first.indices.filter { i in
      first.indices.allSatisfy { $0 == i || !(upper(first, i, $0) < margin) }
    }
    let rivals = second.indices.filter { j in
      second.indices.allSatisfy { $0 == j || !(upper(second, j, $0) < 0) }
    }
    // (f_i − f_j) + (g_j − g_i) ≥ margin is needed as well.
    return leaders.allSatisfy { i in rivals.allSatisfy { $0 == i || upper(differences, i, $0) < margin } }
  }

  /// An upper bound of the difference of two rows.
  private func upper(_ forms: [BoxReplay.Form], _ i: Int, _ j: Int) -> Double {
    let (x, y) = (forms[i], forms[j])
    let count = max(x.terms.count, y.terms.count)
    var difference = BoxReplay.Form(
      terms: (0..<count).map { k in
        (k < x.terms.count ? x.terms[k] : 0) - (k < y.terms.count ? y.terms[k] : 0)
      }, slack: 0)
    difference.slack = (x.slack + y.slack + (x.size + y.size) * 0x1p-52 * Double(count + 8)).nextUp
    if !(difference.slack + difference.size).isFinite { return .infinity }
    return BoxReplay.Conditions(known, columns: count + known.reduce(0) { max($0, $1.terms.count) })
      .range(of: difference).upper
  }
}
