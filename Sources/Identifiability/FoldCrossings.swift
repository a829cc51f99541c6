import ExactArithmetic
import Networks

/// For pairs of neurons of neighbouring hidden layers, whether the fold of the earlier one crosses that of the later one.
///
/// Two points of a line on both sides of the fold of one neuron, and on one side of all other folds up to its layer,
/// have a point of the fold between them. There the pre-activation of a later neuron is known from those at the two
/// points; folds cross where it is negative at one point of a connected fold and positive at another.
///
/// - Exactness: a crossing is proved: signs are exact.
/// - Requires: folds are connected. Those of networks with positive weights after the first layer, and positive weights
///   on the last input in the first, are graphs over the other inputs.
/// - Reference: [GLR23] transversal pairwise intersection.
struct FoldCrossings {
  /// The pairs for which no crossing was found.
  private(set) var missing: Set<FoldPair> = []

  /// Two neurons of neighbouring layers.
  struct FoldPair: Hashable {
    let lower: Neuron
    let higher: Neuron
  }

  /// Whether all folds are connected for the reason given above.
  static func haveConnectedFolds(_ network: Network) -> Bool {
    network.isSequential
      && network.hiddenLayers.enumerated().allSatisfy { position, layer in
        guard let block = layer.blocks.first else { return false }
        let n = block.weights.columns
        return (0..<layer.width).allSatisfy { i in
          (position == 0 ? n - 1..<n : 0..<n).allSatisfy { block.weights.sign(i, $0) > 0 }
        }
      }
  }

  /// Looks for crossings on lines through given places.
  ///
  /// - Throws: `CancellationError`.
  init(_ network: Network, around places: [ConstructionPlace], lines: Int, seed: UInt64, progress: Progress)
    throws
  {
    var open: [FoldPair: Set<Int>] = [:]
    for (position, layer) in network.hiddenLayers.enumerated().dropLast() {
      for i in 0..<layer.width {
        for j in 0..<network.layers[position + 1].width {
          let pair = FoldPair(
            lower: Neuron(layer: position + 1, index: i), higher: Neuron(layer: position + 2, index: j))
          open[pair] = [-1, 1]
        }
      }
    }
    let total = open.count
    var rng = SplitMix64(seed: seed)
    let walk = LineWalk(network)
    for line in 0..<lines where !open.isEmpty && !places.isEmpty {
      let place = places[line % places.count]
      func number() -> Double { Double.random(in: -2...2, using: &rng) }
      let origin = place.centre.map { $0 + place.scale * number() }
      let direction = place.centre.map { _ in place.scale * number() }
      var last: [[Dyadic]]?
      let path = LineWalk.Line(origin: origin, direction: direction, range: -1e6...1e6)
      for stop in walk.regions(on: path, in: nil).stops {
        let values = network.exactPreactivations(at: stop.point)
        if let last {
          FoldCrossings.visit(network, last, values) { pair, sign in
            guard open[pair]?.remove(sign) != nil, open[pair]?.isEmpty == true else { return }
            open[pair] = nil
          }
        }
        last = values
      }
      try progress.step("looking for crossings", done: total - open.count, of: total)
    }
    missing = Set(open.keys)
  }

  /// Tells the signs of later neurons on the fold between two points.
  private static func visit(
    _ network: Network, _ p: [[Dyadic]], _ q: [[Dyadic]], _ found: (FoldPair, Int) -> Void
  ) {
    for l in 0..<max(0, p.count - 1) {
      let changed = p[l].indices.filter { p[l][$0].sign != q[l][$0].sign }
      if changed.isEmpty, p[l].allSatisfy({ !$0.isZero }) { continue }
      // Only the first layer that changes has one cell of earlier layers around both points.
      guard changed.count == 1, p[l][changed[0]].sign * q[l][changed[0]].sign < 0,
        let block = network.layers[l + 1].blocks.first
      else { return }
      let k = changed[0]
      let (inactive, active) = p[l][k].sign < 0 ? (p, q) : (q, p)
      let (below, above) = (inactive[l][k].magnitude, active[l][k])
      for j in p[l + 1].indices {
        let straight = active[l + 1][j] - block.weights[j, k] * above
        let sign = (inactive[l + 1][j] * above + straight * below).sign
        found(
          FoldPair(lower: Neuron(layer: l + 1, index: k), higher: Neuron(layer: l + 2, index: j)), sign)
      }
      return
    }
  }
}

extension Network {
  /// The exact pre-activations of all hidden layers at an input.
  func exactPreactivations(at x: [Double]) -> [[Dyadic]] {
    var signals = [x.map { Dyadic($0) }]
    var result: [[Dyadic]] = []
    for layer in hiddenLayers {
      let values = (0..<layer.width).map { i in
        layer.blocks.reduce(layer.bias[i, 0]) { sum, block in
          signals[block.source].enumerated().reduce(sum) {
            $1.element.isZero ? $0 : $0 + block.weights[i, $1.offset] * $1.element
          }
        }
      }
      result.append(values)
      signals.append(values.map { $0.sign > 0 ? $0 : .zero })
    }
    return result
  }
}
