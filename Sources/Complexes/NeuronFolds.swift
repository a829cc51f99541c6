import Networks

/// What one hidden neuron contributes to the walls of a complex.
public struct NeuronFolds: Hashable, Sendable {
  /// The neuron.
  public let neuron: Neuron
  /// The number of its walls: those on which it is zero without vanishing on both sides.
  public let wallCount: Int
  /// The number of those that can be seen in the function.
  public let visibleWallCount: Int
  /// The (d−1)-dimensional volume of its walls within the domain: length in dimension two, area in dimension three; rounded.
  public let volume: Double
  /// The (d−1)-dimensional volume of those that can be seen; rounded.
  public let visibleVolume: Double
}

extension Folds {
  /// What each hidden neuron contributes to the walls, layer after layer.
  ///
  /// - Exactness: counts are exact, volumes rounded; infinite where a wall is not bounded.
  public func neuronTable(_ hyperplanes: [BentHyperplane]? = nil) -> [NeuronFolds] {
    (hyperplanes ?? bentHyperplanes()).map { bent in
      var volume = 0.0
      var visibleVolume = 0.0
      for wall in bent.walls {
        let part = complex.volume(ofWall: wall)
        volume += part
        if isVisible(wall) { visibleVolume += part }
      }
      return NeuronFolds(
        neuron: bent.neuron, wallCount: bent.walls.count, visibleWallCount: bent.visibleWallCount,
        volume: volume, visibleVolume: visibleVolume)
    }
  }
}
