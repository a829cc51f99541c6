import Networks

/// A pair of neurons in adjacent layers.
public struct NeuronPair: Hashable, Comparable, Sendable {
  /// The neuron of the earlier layer.
  public let earlier: Neuron
  /// The neuron of the next layer.
  public let later: Neuron

  /// The pair of two neurons.
  public init(earlier: Neuron, later: Neuron) {
    self.earlier = earlier
    self.later = later
  }

  /// The order by the earlier, then by the later neuron.
  public static func < (a: NeuronPair, b: NeuronPair) -> Bool { (a.earlier, a.later) < (b.earlier, b.later) }
}

extension Folds {
  /// The pairs of neurons of adjacent layers whose bent hyperplanes cross: there is a ridge inside the domain around
  /// which the later neuron takes both signs on walls of the earlier one.
  ///
  /// - Exactness: exact.
  /// - Reference: [GLR23] transversal pairwise intersections.
  public func crossings() -> Set<NeuronPair> {
    var found: Set<NeuronPair> = []
    for ridge in 0..<ridges.count where ridges.isInterior(ridge) {
      let neurons = ridges.neurons(of: ridge)
      for earlier in neurons {
        for later in neurons where later.layer == earlier.layer + 1 {
          let pair = NeuronPair(earlier: earlier, later: later)
          if !found.contains(pair), crosses(pair, at: ridge) { found.insert(pair) }
        }
      }
    }
    return found
  }

  /// Whether the later neuron takes both signs on the walls of the earlier one around a ridge.
  private func crosses(_ pair: NeuronPair, at ridge: Int) -> Bool {
    var signs: Set<Bool> = []
    for wall in ridges.walls(around: ridge).lazy.map({ Int($0) }) {
      let zero = complex.neurons(of: wall)
      guard zero.contains(pair.earlier), !zero.contains(pair.later),
        case (let first, let second?) = complex.regions(of: wall),
        complex.isActive(pair.earlier, on: first) != complex.isActive(pair.earlier, on: second)
      else { continue }
      signs.insert(complex.isActive(pair.later, on: first))
    }
    return signs.count == 2
  }

  /// The pairs of neurons of adjacent layers that are active together on some region.
  public func coactivePairs() -> Set<NeuronPair> {
    var found: Set<NeuronPair> = []
    let widths = complex.network.hiddenLayers.map(\.width)
    for region in 0..<complex.regionCount {
      let active = widths.enumerated().map { position, width in
        (0..<width).map { Neuron(layer: position + 1, index: $0) }.filter { complex.isActive($0, on: region) }
      }
      for (lower, upper) in zip(active, active.dropFirst()) {
        for earlier in lower {
          for later in upper { found.insert(NeuronPair(earlier: earlier, later: later)) }
        }
      }
    }
    return found
  }
}
