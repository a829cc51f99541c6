import ExactArithmetic
import Networks

extension BoxTree {
  /// A part of a box: a smaller box, and signs of neurons.
  struct Part: Sendable {
    var box: [Interval]
    var signs: [BoxReplay.KnownSign] = []
  }

  /// The parts of a box, in preorder.
  ///
  /// - Parameter widths: the widths of the hidden layers of both networks.
  /// - Throws: ``ProofFailure`` where the splits are not a tree, or divide what cannot be divided.
  func parts(of box: [Interval], widths: [[Int]]) throws(ProofFailure) -> [Part] {
    var parts: [Part] = []
    var pending = [Part(box: box)]
    for split in splits {
      guard let part = pending.popLast() else {
        throw ProofFailure(step: "splits", reason: "more splits than parts")
      }
      if split < 0 {
        parts.append(part)
        continue
      }
      var (low, high) = (part, part)
      if split < box.count {
        let side = part.box[split]
        let middle = side.lower / 2 + side.upper / 2
        guard side.lower < middle, middle < side.upper else {
          throw ProofFailure(step: "splits", reason: "a side that cannot be halved")
        }
        low.box[split] = Interval(side.lower, middle)
        high.box[split] = Interval(middle, side.upper)
      } else {
        let place = try BoxTree.neuron(split - box.count, widths: widths)
        func sign(_ isActive: Bool) -> BoxReplay.KnownSign {
          BoxReplay.KnownSign(
            network: place.network, layer: place.layer, index: place.index, isActive: isActive)
        }
        low.signs.append(sign(false))
        high.signs.append(sign(true))
      }
      pending.append(high)
      pending.append(low)
    }
    if !pending.isEmpty { throw ProofFailure(step: "splits", reason: "\(pending.count) parts are missing") }
    return parts
  }

  /// The hidden neuron of a number, counted through the layers of the first network, then of the second.
  private static func neuron(
    _ number: Int, widths: [[Int]]
  ) throws(ProofFailure) -> (network: Int, layer: Int, index: Int) {
    var left = number
    for (network, layers) in widths.enumerated() {
      for (layer, width) in layers.enumerated() {
        if left < width { return (network, layer, left) }
        left -= width
      }
    }
    throw ProofFailure(step: "splits", reason: "neuron \(number) of \(number - left)")
  }

  /// The bounds of |f − g|, output by output, over all parts of a box.
  ///
  /// - Throws: ``ProofFailure`` where pairing or splits are none, or the check was told to stop.
  func bounds(
    _ a: Network, _ b: Network, over box: [Interval], threads: Int, progress: Progress
  ) throws(ProofFailure) -> [Double] {
    let bounds = try checked(a, b, over: box, threads: threads, progress: progress) {
      $0.isEmpty ? Array(repeating: 0, count: a.outputCount) : $0.ranges.map(\.magnitude)
    }
    return bounds.reduce(Array(repeating: 0, count: a.outputCount)) { zip($0, $1).map { max($0, $1) } }
  }

  /// What the bounds of each part say, some parts at a time.
  private func checked<Answer: Sendable>(
    _ a: Network, _ b: Network, over box: [Interval], threads: Int, progress: Progress,
    _ answer: @Sendable (BoxReplay.Part) -> Answer
  ) throws(ProofFailure) -> [Answer] {
    let replay = try BoxReplay(a, b, pairs: pairs)
    let parts = try parts(of: box, widths: [a, b].map { $0.hiddenLayers.map(\.width) })
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
      ) { range in range.map { answer(replay.part(parts[first + $0].box, signs: parts[first + $0].signs)) } }
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
    if isEmpty { return true }
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
