import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

@testable import Equivalence

/// Random pairs of networks, boxes, pairings and signs that look for what rounding forgets.
struct HostileCase {
  let f: Network
  let g: Network
  let box: [Interval]
  let pairs: [LayerPairing]
  /// Signs that both networks have at ``point``.
  let signs: [BoxReplay.KnownSign]
  let point: [Double]

  init(using rng: inout SplitMix64) {
    let inputs = Int.random(in: 1...3, using: &rng)
    let outputs = Int.random(in: 1...2, using: &rng)
    let entries = HostileEntries(using: &rng)
    let f = HostileCase.network(inputs, outputs, entries, using: &rng)
    let g =
      switch Int.random(in: 0...3, using: &rng) {
      case 0: f
      case 1: f.disturbed(entries, using: &rng)
      default: HostileCase.network(inputs, outputs, entries, using: &rng)
      }
    let box = HostileCase.box(inputs, entries, using: &rng)
    let point = HostileCase.points(of: box, 1, using: &rng)[0]
    (self.f, self.g, self.box, self.point) = (f, g, box, point)
    pairs = HostileCase.pairs(f, g, using: &rng)
    signs = HostileCase.signs(f, g, at: point, using: &rng)
  }

  private static func network(
    _ inputs: Int, _ outputs: Int, _ entries: HostileEntries, using rng: inout SplitMix64
  ) -> Network {
    let depth = Int.random(in: 0...4, using: &rng)
    var widths = [inputs]
    var layers: [Network.Layer] = []
    for l in 0...depth {
      let width =
        l == depth
        ? outputs : Int.random(in: 0...10, using: &rng) == 0 ? 0 : Int.random(in: 1...4, using: &rng)
      let isSequential = Bool.random(using: &rng)
      let sources = isSequential ? [l] : (0...l).filter { _ in Int.random(in: 0...2, using: &rng) > 0 }
      layers.append(
        Network.Layer(
          blocks: sources.map {
            Network.Block(source: $0, weights: entries.matrix(width, widths[$0], using: &rng))
          },
          bias: entries.matrix(width, 1, using: &rng)))
      widths.append(width)
    }
    return Network(inputCount: inputs, layers: layers)
  }

  private static func box(_ inputs: Int, _ entries: HostileEntries, using rng: inout SplitMix64) -> [Interval]
  {
    (0..<inputs).map { _ in
      let centre = entries.double(using: &rng)
      switch Int.random(in: 0...5, using: &rng) {
      case 0: return Interval(centre)
      case 1: return Interval(centre, centre.nextUp)
      case 2: return Interval(-centre.magnitude, centre.magnitude)
      case 3: return Interval(0, centre.magnitude)
      default:
        let other = entries.double(using: &rng)
        return Interval(min(centre, other), max(centre, other))
      }
    }
  }

  /// Points of a box: corners, middles, others.
  static func points(of box: [Interval], _ count: Int, using rng: inout SplitMix64) -> [[Double]] {
    (0..<count).map { _ in
      box.map { side in
        switch Int.random(in: 0...4, using: &rng) {
        case 0: side.lower
        case 1: side.upper
        case 2: side.contains(0) ? 0 : side.lower
        default:
          min(
            max(side.lower + Double.random(in: 0...1, using: &rng) * (side.upper - side.lower), side.lower),
            side.upper)
        }
      }
    }
  }

  /// Any pairing is right, so any is tried.
  private static func pairs(_ f: Network, _ g: Network, using rng: inout SplitMix64) -> [LayerPairing] {
    var pairs: [LayerPairing] = []
    var second = 0
    for first in 1..<max(1, f.layers.count) where Int.random(in: 0...3, using: &rng) > 0 {
      second = max(second + 1, min(first, g.layers.count - 1))
      if second >= g.layers.count { break }
      let left = Array(0..<f.layers[first - 1].width)
      let right = Array(0..<g.layers[second - 1].width)
      let isAligned = Bool.random(using: &rng)
      let rows = zip(
        isAligned ? left : left.shuffled(using: &rng), isAligned ? right : right.shuffled(using: &rng)
      )
      .filter { _ in Int.random(in: 0...4, using: &rng) > 0 }
      .map { i, j in
        let scale =
          switch Int.random(in: 0...9, using: &rng) {
          case 0: 1e-308
          case 1: 1e300
          case 2...4: Double.random(in: 0.1...3, using: &rng)
          default: 1.0
          }
        return LayerPairing.Row(first: i, second: j, scale: scale)
      }
      pairs.append(LayerPairing(first: first, second: second, rows: rows))
    }
    return pairs
  }

  private static func signs(
    _ f: Network, _ g: Network, at x: [Double], using rng: inout SplitMix64
  ) -> [BoxReplay.KnownSign] {
    if Bool.random(using: &rng) { return [] }
    var all: [BoxReplay.KnownSign] = []
    for (number, network) in [f, g].enumerated() {
      let values = network.exactPreactivations(at: x)
      for l in network.hiddenLayers.indices {
        for (i, value) in values[l].enumerated() {
          let isActive = value.isZero ? Bool.random(using: &rng) : value.sign > 0
          all.append(.init(network: number, layer: l, index: i, isActive: isActive))
        }
      }
    }
    return Array(all.shuffled(using: &rng).prefix(Int.random(in: 1...5, using: &rng)))
  }

  /// The signs as the search has them.
  var knownSigns: [DomainPart.KnownSign] {
    signs.map {
      .init(
        side: $0.network == 0 ? .first : .second, neuron: Neuron(layer: $0.layer + 1, index: $0.index),
        isActive: $0.isActive)
    }
  }
}

/// A kind of numbers that entries are drawn from.
struct HostileEntries {
  /// How far exponents of 2 reach.
  private let reach: Int
  private let zeros: Int
  private let hasCorrections: Bool

  init(using rng: inout SplitMix64) {
    reach = [2, 2, 2, 30, 300, 1060].randomElement(using: &rng) ?? 2
    zeros = Int.random(in: 0...3, using: &rng)
    hasCorrections = Int.random(in: 0...2, using: &rng) == 0
  }

  func double(using rng: inout SplitMix64) -> Double {
    if Int.random(in: 0...9, using: &rng) < zeros { return 0 }
    let significand = Double.random(in: -2...2, using: &rng)
    let short = Bool.random(using: &rng) ? (significand * 4).rounded() / 4 : significand
    let value = Double(
      sign: .plus, exponent: Int.random(in: -reach...min(reach, 900), using: &rng), significand: short)
    return value.isFinite ? value : 1
  }

  private func exact(using rng: inout SplitMix64) -> Dyadic {
    let value = Dyadic(double(using: &rng))
    if !hasCorrections || Bool.random(using: &rng) { return value }
    return value * (Dyadic.one + Dyadic(1, exponent: -60))
      * Dyadic(1, exponent: Bool.random(using: &rng) ? 0 : -reach)
  }

  func matrix(_ rows: Int, _ columns: Int, using rng: inout SplitMix64) -> ExactMatrix {
    ExactMatrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in exact(using: &rng) })
  }
}

extension Network {
  /// The network with some entries drawn again, or moved a little.
  fileprivate func disturbed(_ entries: HostileEntries, using rng: inout SplitMix64) -> Network {
    func changed(_ matrix: ExactMatrix) -> ExactMatrix {
      ExactMatrix(
        rows: matrix.rows, columns: matrix.columns,
        elements: (0..<matrix.rows * matrix.columns).map { k in
          switch Int.random(in: 0...9, using: &rng) {
          case 0: entries.matrix(1, 1, using: &rng)[0, 0]
          case 1: matrix[at: k] * (Dyadic.one + Dyadic(1, exponent: -10))
          default: matrix[at: k]
          }
        })
    }
    return Network(
      inputCount: inputCount,
      layers: layers.map { layer in
        Layer(
          blocks: layer.blocks.map { Block(source: $0.source, weights: changed($0.weights)) },
          bias: changed(layer.bias))
      })
  }

  /// All pre-activations at an input, outputs last, by the definition.
  func exactPreactivations(at x: [Double]) -> [[Dyadic]] {
    var signals = [x.map { Dyadic($0) }]
    var result: [[Dyadic]] = []
    for layer in layers {
      let z = (0..<layer.width).map { i in
        layer.blocks.reduce(layer.bias[i, 0]) { sum, block in
          signals[block.source].indices.reduce(sum) { $0 + block.weights[i, $1] * signals[block.source][$1] }
        }
      }
      result.append(z)
      signals.append(z.map { $0.sign > 0 ? $0 : .zero })
    }
    return result
  }
}

extension Interval {
  /// Whether an exact number lies in the interval.
  func holds(_ value: Dyadic) -> Bool {
    (!lower.isFinite || Dyadic(lower) <= value) && (!upper.isFinite || value <= Dyadic(upper))
  }
}
