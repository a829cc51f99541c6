/// One hidden neuron: its layer, counted from 1 as in the papers, and its index in the layer, from 0.
///
/// The input counts as layer 0 where a source of signals may also be an input coordinate.
public struct Neuron: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The layer, 1 for the first hidden layer.
  public let layer: Int
  /// The index within the layer, from 0.
  public let index: Int

  /// The neuron `index` (from 0) of hidden layer `layer` (from 1).
  public init(layer: Int, index: Int) {
    self.layer = layer
    self.index = index
  }

  /// By layer, then by index.
  public static func < (a: Neuron, b: Neuron) -> Bool { (a.layer, a.index) < (b.layer, b.index) }

  /// `neuron 3 of layer 2`.
  public var description: String { "neuron \(index) of layer \(layer)" }
}
