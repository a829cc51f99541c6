import ExactArithmetic
import Networks

/// A network laid out for subdivision, with what bounds the rounding errors of its affine forms.
///
/// On a cell where the signs of the layers before are fixed, a pre-activation is an affine form a·x + b·t in
/// homogeneous coordinates (x, t). A *block* holds the forms of one layer, lane after lane, a lane being one number
/// for each neuron (padded to a multiple of four):
///
///     lanes 0 ..< d: a      lane d: b      lane d+1: α      lane d+2: β
///
/// The computed form is off by at most α|x|∞ + β|t| at any point. A block starts as the bias and the weights on the
/// input; when neuron i of an earlier layer is found active, its form is added through a column of the weights.
///
/// Underflow: wherever a form or a weight is not zero, α, β and the magnitudes of weights are kept above floors
/// (2^-900 and 2^-100) that dominate the at most 2^-1075 lost in each product.
///
/// Overflow: forms and points beyond 2^500 get infinite bounds, so that no sum that decides a sign overflows on its way.
final class CompiledNetwork: @unchecked Sendable {  // immutable after init
  /// The network, for the exact path.
  let network: Network
  /// The number of inputs d.
  let dimension: Int
  /// The layers, hidden ones and the output.
  let layers: [Layer]
  /// The number of hidden neurons.
  let neuronCount: Int
  /// For each hidden neuron the place of its layer, from 0.
  let layerOfNeuron: UnsafePointer<Int32>
  /// For each hidden layer its first neuron and its padded width.
  let placement: UnsafePointer<(first: Int, padded: Int)>
  /// The number of hidden layers.
  let hiddenLayerCount: Int
  private var buffers: [UnsafeMutablePointer<Double>] = []

  struct Layer {
    /// The number of neurons.
    let width: Int
    /// The width rounded up to a multiple of four.
    let padded: Int
    /// The number of the first neuron among all hidden neurons.
    let firstNeuron: Int
    /// The block as it starts: bias and input weights.
    let initial: UnsafePointer<Double>
    /// The layers that read this one, with a column of weights and one of their magnitudes for each neuron of it.
    var readers: [(layer: Int, padded: Int, columns: UnsafePointer<Double>)]
    /// γ: bounds the relative rounding error of a sum over everything a layer reads.
    var rounding: Double
  }

  /// The number of lanes of a block that is being summed up.
  var laneCount: Int { dimension + 3 }

  static let floorOfErrors = 0x1p-900
  static let floorOfMagnitudes = 0x1p-100
  static let limitOfMagnitudes = 0x1p500

  /// A bound of magnitudes at a point as evaluation wants it: 0, or above the floor, and infinite beyond the limit.
  @inline(__always)
  static func bounded(_ magnitude: Double) -> Double {
    magnitude == 0 ? 0 : magnitude < limitOfMagnitudes ? max(magnitude, floorOfMagnitudes) : .infinity
  }

  /// Lays out the network; without `output` the output layer is left alone, which is enough for counting.
  init(_ network: Network, output: Bool) {
    self.network = network
    let d = network.inputCount
    dimension = d
    neuronCount = network.hiddenNeuronCount
    hiddenLayerCount = network.layers.count - 1
    var buffers: [UnsafeMutablePointer<Double>] = []
    func buffer(_ count: Int) -> UnsafeMutablePointer<Double> {
      let place = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count))
      place.initialize(repeating: 0, count: max(1, count))
      buffers.append(place)
      return place
    }
    let used = output ? network.layers.count : hiddenLayerCount
    var layers: [Layer] = []
    var firstNeuron = 0
    for layer in network.layers.prefix(used) {
      let padded = (layer.width + 3) & ~3
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      let rounding = Double(terms + d + 16) * 0x1.1p-53
      let block = buffer((d + 3) * padded)
      for j in 0..<layer.width {
        let bias = layer.bias.nearest[j, 0]
        var size = 0.0
        if let input = layer.blocks.first, input.source == 0 {
          for c in 0..<d {
            let weight = input.weights.nearest[j, c]
            block[c * padded + j] = weight
            size += CompiledNetwork.size(weight, isZero: input.weights.sign(j, c) == 0)
          }
        }
        block[d * padded + j] = bias
        block[(d + 1) * padded + j] = CompiledNetwork.floored(rounding * size)
        block[(d + 2) * padded + j] = CompiledNetwork.floored(
          rounding * CompiledNetwork.size(bias, isZero: layer.bias.sign(j, 0) == 0))
      }
      layers.append(
        Layer(
          width: layer.width, padded: padded, firstNeuron: firstNeuron, initial: UnsafePointer(block),
          readers: [], rounding: rounding))
      firstNeuron += layer.width
    }
    for (position, layer) in network.layers.prefix(used).enumerated() {
      let padded = layers[position].padded
      for block in layer.blocks where block.source > 0 {
        let columns = buffer(2 * padded * block.weights.columns)
        for i in 0..<block.weights.columns {
          for j in 0..<layer.width {
            let weight = block.weights.nearest[j, i]
            columns[2 * padded * i + j] = weight
            columns[2 * padded * i + padded + j] = CompiledNetwork.size(
              weight, isZero: block.weights.sign(j, i) == 0)
          }
        }
        layers[block.source - 1].readers.append((position + 1, padded, UnsafePointer(columns)))
      }
    }
    // A neuron's contribution is rounded in the sum of the layer that reads it.
    for position in layers.indices {
      layers[position].rounding = layers[position].readers.reduce(layers[position].rounding) {
        max($0, layers[$1.layer - 1].rounding)
      }
    }
    self.layers = layers
    self.buffers = buffers
    let layerOfNeuron = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, neuronCount))
    let placement = UnsafeMutablePointer<(first: Int, padded: Int)>.allocate(
      capacity: max(1, hiddenLayerCount))
    for (position, layer) in layers.prefix(hiddenLayerCount).enumerated() {
      (placement + position).initialize(to: (layer.firstNeuron, layer.padded))
      (layerOfNeuron + layer.firstNeuron).initialize(repeating: Int32(position), count: layer.width)
    }
    self.layerOfNeuron = UnsafePointer(layerOfNeuron)
    self.placement = UnsafePointer(placement)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
    layerOfNeuron.deallocate()
    placement.deallocate()
  }

  private static func size(_ value: Double, isZero: Bool) -> Double {
    isZero ? 0 : max(value.magnitude, floorOfMagnitudes)
  }

  private static func floored(_ error: Double) -> Double { error > 0 ? max(error, floorOfErrors) : 0 }

  /// The neuron with the given number among all hidden neurons.
  func neuron(_ number: Int) -> Neuron {
    let position = Int(layerOfNeuron[number])
    return Neuron(layer: position + 1, index: number - layers[position].firstNeuron)
  }
}
