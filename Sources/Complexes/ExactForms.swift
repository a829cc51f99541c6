import ExactArithmetic
import Networks
import Polyhedra

/// The exact affine forms of constraints on the cell at hand, computed when a sign needs them.
///
/// Constraints are numbered: the hidden neurons first, then the two sides of each coordinate of the box, then t ≥ 0
/// (*infinity*), then the half-spaces of the domain.
struct ExactForms {
  private let network: Network
  private let firstNeuron: [Int]
  private let layerOf: [Int32]
  private let sides: [HalfSpace]
  private var cache: [[Dyadic]?]
  /// For each hidden layer whether any of its forms is kept.
  private var isKept: [Bool]

  /// The forms of a network over a domain whose constraints, after the neurons, are `sides`.
  init(_ network: Network, sides: [HalfSpace]) {
    self.network = network
    self.sides = sides
    var firstNeuron: [Int] = []
    var layerOf: [Int32] = []
    for (position, layer) in network.hiddenLayers.enumerated() {
      firstNeuron.append(layerOf.count)
      layerOf += Array(repeating: Int32(position), count: layer.width)
    }
    self.firstNeuron = firstNeuron
    self.layerOf = layerOf
    cache = Array(repeating: nil, count: layerOf.count)
    isKept = Array(repeating: false, count: firstNeuron.count)
  }

  /// Forgets the forms of a layer (from 1): the signs of the layers before it have changed.
  mutating func forget(layer: Int) {
    guard isKept[layer - 1] else { return }
    isKept[layer - 1] = false
    for neuron in firstNeuron[layer - 1]..<firstNeuron[layer - 1] + network.layers[layer - 1].width {
      cache[neuron] = nil
    }
  }

  /// Forgets everything.
  mutating func forgetAll() {
    for layer in isKept.indices { forget(layer: layer + 1) }
  }

  /// The d + 1 coefficients of a constraint where the neurons set in `pattern` are active.
  mutating func form(_ constraint: Int, pattern: UnsafePointer<UInt64>) -> [Dyadic] {
    if constraint >= cache.count {
      let side = sides[constraint - cache.count]
      return side.normal + [side.offset]
    }
    if let known = cache[constraint] { return known }
    let position = Int(layerOf[constraint])
    let form = self.form(
      of: network.layers[position], row: constraint - firstNeuron[position], pattern: pattern)
    cache[constraint] = form
    isKept[position] = true
    return form
  }

  /// The d + 1 coefficients of an output.
  mutating func output(_ index: Int, pattern: UnsafePointer<UInt64>) -> [Dyadic] {
    form(of: network.outputLayer, row: index, pattern: pattern)
  }

  private mutating func form(
    of layer: Network.Layer, row j: Int, pattern: UnsafePointer<UInt64>
  ) -> [Dyadic] {
    let d = network.inputCount
    var sum = Array(repeating: Dyadic.zero, count: d + 1)
    sum[d] = layer.bias[j, 0]
    for block in layer.blocks {
      let row = j * block.weights.columns
      if block.source == 0 {
        for c in 0..<d { sum[c] = sum[c] + block.weights[at: row + c] }
        continue
      }
      for i in 0..<block.weights.columns {
        let number = firstNeuron[block.source - 1] + i
        guard pattern[number >> 6] >> UInt64(number & 63) & 1 == 1 else { continue }
        let weight = block.weights[at: row + i]
        if weight.isZero { continue }
        let inner = form(number, pattern: pattern)
        for c in 0...d where !inner[c].isZero { sum[c] = sum[c] + weight * inner[c] }
      }
    }
    return sum
  }
}
