import ExactArithmetic
import Networks
import Symmetry

/// The steps of a ``NetworkReduction`` on a multilayer perceptron, in exact numbers.
///
/// Each step gives whether it changed anything. A step that changes entries tells the new ones to ``holds(_:)`` first,
/// and is left out where they cannot be kept.
struct LayerReducer {
  /// A layer taken apart into rows; the outputs have no signs.
  struct Rows {
    var weights: [[Dyadic]]
    var bias: [Dyadic]
    var signs: [Sign]
    /// The hidden layer of the given network, from 0.
    let origin: Int

    mutating func remove(_ neurons: [Int]) {
      for i in neurons.sorted(by: >) {
        weights.remove(at: i)
        bias.remove(at: i)
        signs.remove(at: i)
      }
    }
  }

  /// The layers, outputs last.
  var layers: [Rows]
  var counts: [NetworkReduction.Layer]
  /// Steps that were left out; a neuron is counted once for each reason.
  var skipped: Int { skippedSteps.count }
  let box: [Interval]?
  let precision: StoragePrecision?
  let inputCount: Int
  var skippedSteps: Set<Step> = []

  /// A step that was left out, by what it would have done.
  struct Step: Hashable {
    let origin: Int
    let row: [Dyadic]
  }

  /// - Requires: a sequential network, and a sign for each hidden neuron.
  init(_ network: Network, signs: [[Sign]], box: [Interval]?, precision: StoragePrecision?) {
    precondition(network.isSequential, "layers are reduced one by one: no skip blocks")
    precondition(
      signs.map(\.count) == network.hiddenLayers.map(\.width),
      "\(signs.map(\.count)) signs for the widths \(network.widths)")
    inputCount = network.inputCount
    self.box = box
    self.precision = precision
    layers = network.layers.enumerated().map { position, layer in
      let columns = network.widths[position]
      return Rows(
        weights: (0..<layer.width).map { i in
          layer.blocks.first.map { block in (0..<columns).map { block.weights[i, $0] } }
            ?? Array(repeating: .zero, count: columns)
        },
        bias: (0..<layer.width).map { layer.bias[$0, 0] },
        signs: position < signs.count ? signs[position] : Array(repeating: .open, count: layer.width),
        origin: position)
    }
    counts = network.hiddenLayers.map { NetworkReduction.Layer(before: $0.width) }
  }

  /// Takes all steps, from the first layer to the last, until nothing changes.
  mutating func run(progress: Progress) throws {
    var isChanged = true
    while isChanged {
      isChanged = false
      var l = 0
      while l < layers.count - 1 {
        try progress.step("reducing layers", done: l, of: layers.count - 1)
        let count = layers.count
        let isSmaller = [
          dropUnread(l), dropConstant(l), mergeTwins(l), dropInactive(l), foldActive(l), mergeOpposite(l),
          foldLayer(l),
        ]
        if isSmaller.contains(true) { isChanged = true }
        // Where the layer is gone, the next one has taken its place.
        if layers.count == count { l += 1 }
      }
    }
    for layer in layers.dropLast() { counts[layer.origin].kept = layer.bias.count }
  }

  /// The network as it is now.
  func network(storage: StoragePrecision = .float64, domain: InputDomain? = nil) -> Network {
    var columns = inputCount
    let built = layers.enumerated().map { position, layer -> Network.Layer in
      let weights = ExactMatrix(
        rows: layer.bias.count, columns: columns, elements: layer.weights.flatMap(\.self))
      columns = layer.bias.count
      return Network.Layer(
        blocks: [Network.Block(source: position, weights: weights)],
        bias: ExactMatrix(rows: layer.bias.count, columns: 1, elements: layer.bias))
    }
    return Network(inputCount: inputCount, layers: built, storage: storage, domain: domain)
  }

  // MARK: What all steps use

  /// Whether numbers may be stored: as finite doubles with exact corrections, or exactly where a precision is asked for.
  func holds(_ values: some Sequence<Dyadic>) -> Bool {
    values.allSatisfy { value in
      guard let precision else { return value.nearestDouble.isFinite }
      return value.double != nil && value.bits <= precision.significantBits
    }
  }

  /// Notes that a step about a neuron was left out.
  mutating func skip(_ l: Int, _ i: Int) {
    skippedSteps.insert(Step(origin: layers[l].origin, row: layers[l].weights[i] + [layers[l].bias[i]]))
  }

  /// The outgoing weights of a neuron.
  func column(_ l: Int, _ j: Int) -> [Dyadic] { layers[l + 1].weights.map { $0[j] } }

  mutating func setColumn(_ l: Int, _ j: Int, _ column: [Dyadic]) {
    for k in column.indices { layers[l + 1].weights[k][j] = column[k] }
  }

  /// Removes neurons with their outgoing weights.
  mutating func remove(_ l: Int, _ neurons: [Int]) {
    layers[l].remove(neurons)
    for j in neurons.sorted(by: >) {
      for k in layers[l + 1].weights.indices { layers[l + 1].weights[k].remove(at: j) }
    }
  }

  // MARK: Steps that only remove

  /// Neurons whose outgoing weights are all 0.
  mutating func dropUnread(_ l: Int) -> Bool {
    let unread = layers[l].bias.indices.filter { column(l, $0).allSatisfy(\.isZero) }
    remove(l, unread)
    counts[layers[l].origin].unread += unread.count
    return !unread.isEmpty
  }

  /// Neurons that are 0 on the domain.
  mutating func dropInactive(_ l: Int) -> Bool {
    let inactive = layers[l].signs.indices.filter { layers[l].signs[$0] == .nonpositive }
    remove(l, inactive)
    counts[layers[l].origin].inactive += inactive.count
    return !inactive.isEmpty
  }

  /// Neurons without incoming weights: their value goes into the biases that read it.
  mutating func dropConstant(_ l: Int) -> Bool {
    var dropped: [Int] = []
    for j in layers[l].bias.indices where layers[l].weights[j].allSatisfy(\.isZero) {
      let value = layers[l].bias[j].sign > 0 ? layers[l].bias[j] : .zero
      let bias = zip(layers[l + 1].bias, column(l, j)).map { $0 + $1 * value }
      guard holds(bias) else {
        skip(l, j)
        continue
      }
      layers[l + 1].bias = bias
      dropped.append(j)
    }
    remove(l, dropped)
    counts[layers[l].origin].constant += dropped.count
    return !dropped.isEmpty
  }
}
