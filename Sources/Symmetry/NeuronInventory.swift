import ExactArithmetic
import Networks

/// What the hidden neurons of a network are good for: how many of each layer the function does not need, and why.
///
/// Each neuron is counted once, in the first kind that fits.
///
/// - Exactness: exact, on all of ℝⁿ or on the domain. A neuron counted as live may still be redundant for reasons
///   that only regions show.
public struct NeuronInventory: Hashable, Sendable {
  /// The neurons of one hidden layer by kind.
  public struct Layer: Hashable, Sendable {
    /// All neurons of the layer.
    public var width = 0
    /// No weights come in: the neuron is a constant.
    public var constant = 0
    /// Never positive, so always 0.
    public var inactive = 0
    /// Never negative, so linear.
    public var linear = 0
    /// A multiple, positive or negative, of a neuron met before.
    public var twins = 0
    /// Its signal reaches no output.
    public var unread = 0
    /// Needed, as far as these rules can tell.
    public var live = 0

    /// The neurons whose output changes nothing: inactive or unread.
    public var dead: Int { inactive + unread }
  }

  /// The hidden layers in order.
  public let layers: [Layer]

  /// The sum over all layers.
  public var total: Layer {
    layers.reduce(into: Layer()) { sum, layer in
      sum.width += layer.width
      sum.constant += layer.constant
      sum.inactive += layer.inactive
      sum.linear += layer.linear
      sum.twins += layer.twins
      sum.unread += layer.unread
      sum.live += layer.live
    }
  }

  /// The inventory of a network whose live part and facts are known.
  public init(of network: Network, graph: SignalGraph, facts: [[NeuronFact]]) {
    let live = Set(graph.origins)
    var layers: [Layer] = []
    for (position, (layer, layerFacts)) in zip(network.hiddenLayers, facts).enumerated() {
      var count = Layer(width: layer.width)
      for (i, fact) in layerFacts.enumerated() {
        let isConstant = layer.blocks.allSatisfy { block in
          (0..<block.weights.columns).allSatisfy { block.weights.sign(i, $0) == 0 }
        }
        switch fact {
        case .new:
          if live.contains(Neuron(layer: position + 1, index: i)) {
            count.live += 1
          } else {
            count.unread += 1
          }
        case .active: if isConstant { count.constant += 1 } else { count.linear += 1 }
        case .inactive: if isConstant { count.constant += 1 } else { count.inactive += 1 }
        case .multiple, .opposite: count.twins += 1
        }
      }
      layers.append(count)
    }
    self.layers = layers
  }
}
