import ExactArithmetic
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A part of a box: a smaller box, and on it the points at which some hidden neurons have a given sign.
struct DomainPart: Hashable, Sendable {
  /// Which of two networks.
  enum Side: Int, Hashable, Sendable {
    case first, second
  }

  /// A neuron's sign: z ≥ 0 where it is active, z ≤ 0 where it is not.
  struct KnownSign: Hashable, Sendable {
    let side: Side
    let neuron: Neuron
    let isActive: Bool
  }

  /// The box around the part.
  var box: [Interval]
  /// The signs, none twice.
  var signs: [KnownSign] = []

  /// The signs in a layer of a network, by the neuron's index.
  func signs(_ side: Side, ofLayer layer: Int) -> [KnownSign] {
    signs.filter { $0.side == side && $0.neuron.layer == layer }
  }

  /// The two parts that a split makes, the lower half or the inactive neuron first; nil where it makes none.
  func divided(by split: Split) -> [DomainPart]? {
    var (low, high) = (self, self)
    switch split {
    case .coordinate(let c):
      guard let middle = DomainPart.middle(of: box[c]) else { return nil }
      low.box[c] = Interval(box[c].lower, middle)
      high.box[c] = Interval(middle, box[c].upper)
    case .neuron(let side, let neuron):
      if signs.contains(where: { $0.side == side && $0.neuron == neuron }) { return nil }
      low.signs.append(KnownSign(side: side, neuron: neuron, isActive: false))
      high.signs.append(KnownSign(side: side, neuron: neuron, isActive: true))
    }
    return [low, high]
  }

  /// Where an interval is halved; nil where doubles have no room.
  static func middle(of side: Interval) -> Double? {
    let middle = side.middle
    return side.lower < middle && middle < side.upper ? middle : nil
  }
}

/// What a part is divided by.
enum Split: Hashable, Sendable {
  /// A coordinate, which is halved.
  case coordinate(Int)
  /// The sign of a hidden neuron.
  case neuron(DomainPart.Side, Neuron)

  /// The number in ``BoxTree/splits``.
  func number(_ f: Network, _ g: Network) -> Int {
    switch self {
    case .coordinate(let c): return c
    case .neuron(let side, let neuron):
      let network = side == .first ? f : g
      let before = side == .first ? 0 : f.hiddenLayers.reduce(0) { $0 + $1.width }
      return f.inputCount + before + network.layers[..<(neuron.layer - 1)].reduce(0) { $0 + $1.width }
        + neuron.index
    }
  }
}

/// What a part may be divided by, and by how much that promises to lower its bound.
struct SplitChoice: Hashable, Sendable {
  /// A split, and what it promises.
  struct Promise: Hashable, Sendable {
    let split: Split
    let gain: Double
  }

  var coordinate: Promise?
  var neuron: Promise?
  /// How many neurons of both networks change sign.
  var unsettled = 0

  /// How much of what was promised splits of each kind have kept so far.
  ///
  /// Signs of neurons close a bound where all of them can be gone through, and hardly move it elsewhere: they are for
  /// parts with no more unsettled neurons than a tree of the size allowed has room for, two to a pair.
  struct Record: Sendable {
    private let mostNeurons: Double
    // Each kind starts as if it had kept a small promise, neurons half of it: often it takes both of a pair to gain.
    private var promised = [0.1, 0.1]
    private var kept = [0.1, 0.05]

    /// The record at the start of a search over a number of parts.
    init(parts: Int) { mostNeurons = 2 * log2(Double(max(parts, 2))) }

    /// Notes what a split did, as shares of the bound before.
    mutating func note(_ split: Split, promised gain: Double, kept share: Double) {
      let kind = Record.kind(split)
      promised[kind] += gain
      kept[kind] += share
    }

    /// The split of which most is to be hoped.
    func best(of choice: SplitChoice) -> Promise? {
      guard let coordinate = choice.coordinate, let neuron = choice.neuron else {
        return choice.coordinate ?? choice.neuron
      }
      if Double(choice.unsettled) > mostNeurons { return coordinate }
      return hope(neuron) > hope(coordinate) ? neuron : coordinate
    }

    private func hope(_ promise: Promise) -> Double {
      let kind = Record.kind(promise.split)
      return promise.gain * kept[kind] / promised[kind]
    }

    private static func kind(_ split: Split) -> Int { if case .coordinate = split { 0 } else { 1 } }
  }
}
