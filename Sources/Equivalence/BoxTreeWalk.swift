import ExactArithmetic
import Networks

/// A walk through the parts of a tree in preorder, which holds the way to one part at a time.
struct BoxTreeWalk {
  /// The part that was come to.
  private(set) var part: BoxTree.Part
  private let splits: [Int]
  private let widths: [[Int]]
  private var position = 0
  private var way: [Step] = []
  /// The neurons that the way divides by.
  private var neurons: Set<Int> = []

  /// A split above the part.
  private struct Step {
    let split: Int
    /// The side that was halved, of a coordinate.
    let side: Interval?
    var isSecond = false
  }

  /// - Parameter widths: the widths of the hidden layers of both networks.
  init(_ splits: [Int], of box: [Interval], widths: [[Int]]) {
    self.splits = splits
    self.widths = widths
    part = BoxTree.Part(box: box)
  }

  /// Goes to the next part; false where that was the last.
  ///
  /// - Throws: ``ProofFailure`` where the splits are not a tree, or divide what cannot be divided.
  mutating func advance() throws(ProofFailure) -> Bool {
    if position > 0, !turn() {
      if position < splits.count { throw ProofFailure(step: "splits", reason: "more splits than parts") }
      return false
    }
    while position < splits.count {
      let split = splits[position]
      position += 1
      if split < 0 { return true }
      try descend(split)
    }
    throw ProofFailure(step: "splits", reason: "parts are missing")
  }

  /// Goes to the first half.
  private mutating func descend(_ split: Int) throws(ProofFailure) {
    guard split >= part.box.count else {
      let side = part.box[split]
      let middle = side.lower / 2 + side.upper / 2
      guard side.lower < middle, middle < side.upper else {
        throw ProofFailure(step: "splits", reason: "a side that cannot be halved")
      }
      part.box[split] = Interval(side.lower, middle)
      way.append(Step(split: split, side: side))
      return
    }
    let sign = try inactive(split - part.box.count)
    guard neurons.insert(split).inserted else {
      throw ProofFailure(step: "splits", reason: "a part that is divided twice by one neuron")
    }
    part.signs.append(sign)
    way.append(Step(split: split, side: nil))
  }

  /// Goes back to the last split whose second half is not done, and into that; false where there is none.
  private mutating func turn() -> Bool {
    while var step = way.popLast() {
      if step.isSecond {
        if let side = step.side {
          part.box[step.split] = side
        } else {
          part.signs.removeLast()
          neurons.remove(step.split)
        }
        continue
      }
      if let side = step.side {
        part.box[step.split] = Interval(part.box[step.split].upper, side.upper)
      } else {
        part.signs[part.signs.count - 1].isActive = true
      }
      step.isSecond = true
      way.append(step)
      return true
    }
    return false
  }

  /// The sign z ≤ 0 of the hidden neuron of a number, counted through the layers of the first network, then of the
  /// second.
  private func inactive(_ number: Int) throws(ProofFailure) -> BoxReplay.KnownSign {
    var left = number
    for (network, layers) in widths.enumerated() {
      for (layer, width) in layers.enumerated() {
        if left < width { return .init(network: network, layer: layer, index: left, isActive: false) }
        left -= width
      }
    }
    throw ProofFailure(step: "splits", reason: "neuron \(number) of \(number - left)")
  }
}
