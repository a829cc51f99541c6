import Networks

/// Walls in one hyperplane that are not zeros of one neuron under one pattern of the layers before it.
public struct SharedHyperplane: Hashable, Sendable {
  /// The neurons that are zero there: one, under two patterns, or more.
  public let neurons: [Neuron]
  /// The walls that show it, by number: one on which several neurons are zero, or two in one hyperplane.
  public let walls: [Int]
}

extension Folds {
  /// The first hyperplane in which not all walls are zeros of one neuron under one pattern of the layers before it, hidden walls
  /// included; nil where there is none.
  ///
  /// Together with ``PolyhedralComplex/zeroOptima()`` this decides whether a network is *general* on the domain in the
  /// sense of ``BendOrder``.
  ///
  /// - Exactness: exact.
  /// - Complexity: O(walls).
  public func sharedHyperplane() -> SharedHyperplane? {
    var known: [Int: (wall: Int, neuron: Neuron, before: [UInt64])] = [:]
    for wall in 0..<complex.wallCount where !complex.isBoundary(wall) {
      let zero = complex.neurons(of: wall)
      guard zero.count == 1, let hyperplane = hyperplanes[wall] else {
        return SharedHyperplane(neurons: zero, walls: [wall])
      }
      let before = complex.pattern(before: zero[0].layer, of: complex.regions(of: wall).0)
      guard let other = known[hyperplane] else {
        known[hyperplane] = (wall, zero[0], before)
        continue
      }
      if other.neuron != zero[0] || other.before != before {
        return SharedHyperplane(
          neurons: other.neuron == zero[0] ? zero : [other.neuron, zero[0]], walls: [other.wall, wall])
      }
    }
    return nil
  }
}

extension PolyhedralComplex {
  /// The states of the neurons of the layers before a given one on a region.
  fileprivate func pattern(before layer: Int, of region: Int) -> [UInt64] {
    let end = network.layers.prefix(layer - 1).reduce(0) { $0 + $1.width }
    return pattern(of: region).prefix((end + 63) / 64).enumerated().map { word, bits in
      let kept = min(64, end - word * 64)
      return kept == 64 ? bits : bits & (1 << UInt64(kept) - 1)
    }
  }
}
