import LinearAlgebra
import Networks

/// Named tensors put in order as the layers of a multilayer perceptron: ReLU between them, none at the end.
///
/// Names group weights with biases and order the layers where they differ only in numbers (9 before 10).
/// Between differently named groups the widths decide: the order counts as known if exactly one chains. A
/// missing bias is zero. ``TensorRole`` has the naming schemes.
struct TensorLayers {
  private struct Group {
    let role: TensorRole
    var weight: NamedTensor?
    var orientation = TensorRole.Orientation.outputsFirst
    var bias: NamedTensor?
    /// The name, for messages.
    var place: String { "tensor \(quoted(weight?.name ?? bias?.name ?? ""))" }
  }

  /// One weight read one way.
  private struct Reading {
    let inputs: Int
    let outputs: Int
    let isTransposed: Bool
  }

  private static let naming = "name them 0.weight, 0.bias, 2.weight, … or W0, b0, W1, …"
  private let tensors: [NamedTensor]
  private var groups: [Group] = []

  init(_ tensors: [NamedTensor]) throws(ModelFileError.Cause) {
    self.tensors = tensors
    var positions: [[String]: Int] = [:]
    for tensor in tensors {
      if tensor.name.hasSuffix("running_mean") || tensor.name.hasSuffix("running_var") {
        throw .unsupported(
          place: "tensor \(quoted(tensor.name))", what: "batch normalisation",
          advice: "export to ONNX, which says where it stands")
      }
      guard let role = TensorRole(tensor.name) else { throw ambiguous("no layer in \(tensor.summary)") }
      let key = role.layerTexts + ["/"] + role.layerNumbers.map(String.init)
      let position = positions[key] ?? groups.count
      if position == groups.count {
        positions[key] = position
        groups.append(Group(role: role))
      }
      try add(tensor, role.kind, to: position)
    }
    if groups.isEmpty { throw ambiguous("no tensors") }
    if let orphan = groups.first(where: { $0.weight == nil }) {
      throw ambiguous("a bias without a weight at \(orphan.place)")
    }
  }

  private mutating func add(
    _ tensor: NamedTensor, _ kind: TensorRole.Kind, to position: Int
  ) throws(ModelFileError.Cause) {
    let place = "tensor \(quoted(tensor.name))"
    if let bad = tensor.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(place: "\(place), entry \(bad)", found: "\(tensor.values[bad])")
    }
    guard !tensor.values.isEmpty else {
      throw .malformed(place: place, expected: "entries", found: "shape \(NamedTensor.text(tensor.shape))")
    }
    switch kind {
    case .weight(let orientation):
      guard tensor.shape.count == 2 else {
        throw .unsupported(
          place: place, what: "a weight of shape \(NamedTensor.text(tensor.shape)) where a matrix is read",
          advice: "export to ONNX, which says how it is used")
      }
      guard groups[position].weight == nil else { throw ambiguous("two weights of one layer at \(place)") }
      groups[position].weight = tensor
      groups[position].orientation = orientation
    case .bias:
      // Some writers keep the bias as a row or a column.
      guard tensor.shape.filter({ $0 != 1 }).count <= 1, tensor.shape.count <= 2 else {
        throw .malformed(place: place, expected: "a vector", found: "shape \(NamedTensor.text(tensor.shape))")
      }
      guard groups[position].bias == nil else { throw ambiguous("two biases of one layer at \(place)") }
      groups[position].bias = tensor
    }
  }

  /// The network, in the one order and orientation that chains.
  func network() throws(ModelFileError.Cause) -> Network {
    let free = groups.contains { $0.orientation == .usuallyOutputsFirst || $0.orientation == .unknown }
    let straight = orders(freeTransposed: false)
    let transposed = free ? orders(freeTransposed: true) : []
    let hasUnknown = groups.contains { $0.orientation == .unknown }
    if hasUnknown, !straight.isEmpty, !transposed.isEmpty {
      throw ambiguous("matrices that chain both as outputs × inputs and as inputs × outputs")
    }
    let useTransposed = straight.isEmpty && !transposed.isEmpty
    let found = useTransposed ? transposed : straight
    guard let order = found.first else { throw unchained() }
    guard found.count == 1 else { throw ambiguous("several orders of the layers that chain") }
    var layers: [Network.Layer] = []
    for (position, index) in order.enumerated() {
      guard let weight = groups[index].weight else { continue }
      let matrix = Matrix(rows: weight.shape[0], columns: weight.shape[1], elements: weight.values)
      let reading = reading(of: groups[index], weight, useTransposed)
      layers.append(
        Network.Layer(
          weights: reading.isTransposed ? matrix.transposed : matrix,
          bias: groups[index].bias?.values ?? Array(repeating: 0, count: reading.outputs), reading: position))
    }
    let storage = tensors.map(\.precision).min { $0.significantBits < $1.significantBits } ?? .float64
    return Network(
      inputCount: layers[0].blocks[0].weights.columns, layers: layers, storage: storage)
  }

  private func reading(of group: Group, _ weight: NamedTensor, _ freeTransposed: Bool) -> Reading {
    let isTransposed =
      switch group.orientation {
      case .outputsFirst: false
      case .inputsFirst: true
      case .usuallyOutputsFirst, .unknown: freeTransposed
      }
    let (rows, columns) = (weight.shape[0], weight.shape[1])
    return isTransposed
      ? Reading(inputs: rows, outputs: columns, isTransposed: true)
      : Reading(inputs: columns, outputs: rows, isTransposed: false)
  }

  /// The orders of the groups in which widths and biases chain: none, one, or two of several.
  ///
  /// Groups whose names differ only in numbers keep the order of these.
  private func orders(freeTransposed: Bool) -> [[Int]] {
    let readings = groups.compactMap { group in group.weight.map { reading(of: group, $0, freeTransposed) } }
    for (group, reading) in zip(groups, readings) {
      if let bias = group.bias, bias.values.count != reading.outputs { return [] }
    }
    var families: [[String]: [Int]] = [:]
    for (index, group) in groups.enumerated() { families[group.role.layerTexts, default: []].append(index) }
    let chains = families.values.map { family in
      family.sorted { groups[$0].role.layerNumbers.lexicographicallyPrecedes(groups[$1].role.layerNumbers) }
    }.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    var search = OrderSearch(
      chains: chains, ranks: groups.map(\.role.rank), widths: readings.map { ($0.inputs, $0.outputs) })
    search.run()
    return search.found
  }

  private func ambiguous(_ found: String) -> ModelFileError.Cause {
    .ambiguous(place: "tensors", found: "\(found) (\(listing))", advice: TensorLayers.naming)
  }

  private func unchained() -> ModelFileError.Cause {
    .malformed(place: "tensors", expected: "widths and biases that chain from layer to layer", found: listing)
  }

  /// The names and shapes, at most eight.
  private var listing: String {
    let shown = tensors.prefix(8).map(\.summary).joined(separator: ", ")
    return tensors.count > 8 ? "\(shown) and \(tensors.count - 8) more" : shown
  }
}
