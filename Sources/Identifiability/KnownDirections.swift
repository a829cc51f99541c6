import ExactArithmetic
import LinearAlgebra
import Networks

/// A vector in parameter space along which the function does not change to first order, with its reason.
struct KnownDirection: Sendable {
  let mechanism: DimensionBound.Mechanism
  /// The number of the neuron, or −1.
  let neuron: Int
  /// The nonzero entries by increasing index.
  let entries: [(index: Int, value: Dyadic)]
}

/// The kernel vectors of the Jacobian that are known by proof, on the whole of a domain.
///
/// With signals h, sensitivities δ and the gradient entries ∂f/∂W_{kj} = δ_k h_j, ∂f/∂b_k = δ_k, a vector v of
/// parameters is in the kernel at every smooth input when
///
/// - it is a rescaling: w_j on the incoming weights and the bias of neuron j, −u_j on the outgoing ones. For then
///   J v = δ_j z_j − a_j h_j = 0.
/// - it puts a relation Σ λ_j h_j + λ₀ = 0 into the row of a neuron that reads all these signals;
/// - it puts a relation Σ μ_k δ_k = 0 into the column of a signal that all these neurons read, or into the biases;
/// - it mixes two always active neurons i and j of one layer: w_j, b_j on the parameters of i, −u_i on the outgoing
///   weights of j. For then J v = δ_i z_j − a_i h_j = a_i (z_j − h_j) = 0.
///
/// - Exactness: exact vectors; proved. There may be other kernel vectors.
struct KnownDirections {
  private(set) var vectors: [KnownDirection] = []
  private let network: Network
  private let layout: ParameterLayout
  private let roles: NeuronRoles
  private let neurons: [Neuron]

  /// The most pairs of always active neurons of a layer that are mixed.
  private static let pairLimit = 10_000

  /// The known kernel vectors of a network on a domain.
  init(_ network: Network, roles: NeuronRoles, domain: InputDomain?, field: PrimeField) {
    self.network = network
    self.roles = roles
    layout = ParameterLayout(of: network)
    neurons = network.hiddenLayers.enumerated().flatMap { position, layer in
      (0..<layer.width).map { Neuron(layer: position + 1, index: $0) }
    }
    let signals = SignalRelations(network, roles: roles, domain: domain)
    let sensitivities = SensitivityRelations(network, roles: roles)
    for number in neurons.indices { addRescaling(number) }
    addRows(signals, field)
    addColumns(sensitivities, field)
    addMixing()
    let order = Dictionary(
      uniqueKeysWithValues: DimensionBound.Mechanism.allCases.enumerated().map { ($1, $0) })
    vectors = vectors.enumerated().sorted {
      (order[$0.element.mechanism, default: 0], $0.offset) < (order[$1.element.mechanism, default: 0], $1.offset)
    }.map(\.element)
  }

  private mutating func add(
    _ mechanism: DimensionBound.Mechanism, _ neuron: Int, _ entries: some Sequence<(Int, Dyadic)>
  ) {
    let kept = entries.filter { !$0.1.isZero }.sorted { $0.0 < $1.0 }
    if kept.isEmpty { return }
    vectors.append(
      KnownDirection(mechanism: mechanism, neuron: neuron, entries: kept.map { (index: $0.0, value: $0.1) }))
  }

  /// The weights and the bias of a neuron, at the places of the parameters of another of its layer.
  private func incoming(of neuron: Neuron, at target: Neuron) -> [(Int, Dyadic)] {
    let row = layout.range(ofRow: target.index, layer: target.layer)
    var entries: [(Int, Dyadic)] = []
    let layer = network.layers[neuron.layer - 1]
    for (block, source) in zip(layer.blocks, layout.layers[neuron.layer - 1].sources) {
      for j in 0..<source.width {
        entries.append((row.lowerBound + source.offset + j, block.weights[neuron.index, j]))
      }
    }
    return entries + [(row.upperBound - 1, layer.bias[neuron.index, 0])]
  }

  /// Minus the outgoing weights of a neuron, at the places of those of another of its layer.
  private func outgoing(of neuron: Neuron, at target: Neuron) -> [(Int, Dyadic)] {
    var entries: [(Int, Dyadic)] = []
    for (position, shape) in layout.layers.enumerated() where position >= neuron.layer {
      guard let source = shape.source(neuron.layer),
        let block = network.layers[position].blocks.first(where: { $0.source == neuron.layer })
      else { continue }
      for k in 0..<shape.width {
        let index = shape.start + k * shape.rowLength + source.offset + target.index
        entries.append((index, -block.weights[k, neuron.index]))
      }
    }
    return entries
  }

  private mutating func addRescaling(_ number: Int) {
    let neuron = neurons[number]
    add(.rescaling, number, incoming(of: neuron, at: neuron) + outgoing(of: neuron, at: neuron))
  }

  private mutating func addRows(_ signals: SignalRelations, _ field: PrimeField) {
    var known: [[Int]: [LinearRelation]] = [:]
    for (position, shape) in layout.layers.enumerated() {
      var place: [Int: Int] = [SignalRelations.one: shape.weightCount]
      for source in shape.sources {
        for j in 0..<source.width { place[signals.key(layer: source.layer, index: j)] = source.offset + j }
      }
      let sources = shape.sources.map(\.layer)
      let relations =
        known[sources]
        ?? LinearRelation.combinations(of: signals.relations, allowing: { place[$0] != nil }, field: field)
      known[sources] = relations
      for relation in relations {
        let entries = relation.terms.clearingDenominators
        let mechanism = self.mechanism(of: relation.neuron, isUnread: false)
        for row in 0..<shape.width {
          let start = layout.range(ofRow: row, layer: position + 1).lowerBound
          add(mechanism, relation.neuron, entries.map { (start + place[$0.key, default: 0], $0.value) })
        }
      }
    }
  }

  private mutating func addColumns(_ sensitivities: SensitivityRelations, _ field: PrimeField) {
    let layout = layout
    for relation in sensitivities.relations {
      addColumn(relation, sensitivities) { layout.range(ofRow: $1, layer: $0).upperBound - 1 }
    }
    for source in 0..<layout.layers.count {
      var readers: Set<Int> = []
      for (position, shape) in layout.layers.enumerated() where shape.source(source) != nil {
        for row in 0..<shape.width { readers.insert(sensitivities.key(layer: position + 1, row: row)) }
      }
      let relations = LinearRelation.combinations(
        of: sensitivities.relations, allowing: { readers.contains($0) }, field: field)
      for column in 0..<network.widths[source] {
        for relation in relations {
          addColumn(relation, sensitivities) { layer, row in
            layout.index(of: .weight(layer: layer, row: row, source: source, column: column)) ?? 0
          }
        }
      }
    }
  }

  private mutating func addColumn(
    _ relation: LinearRelation, _ sensitivities: SensitivityRelations, place: (_ layer: Int, _ row: Int) -> Int
  ) {
    let mechanism = self.mechanism(
      of: relation.neuron, isUnread: sensitivities.unread.contains(relation.neuron))
    add(
      mechanism, relation.neuron,
      relation.terms.clearingDenominators.map { key, value in
        let (layer, row) = position(ofKey: key)
        return (place(layer, row), value)
      })
  }

  /// The layer and the row of a sensitivity.
  private func position(ofKey key: Int) -> (layer: Int, row: Int) {
    key < neurons.count
      ? (neurons[key].layer, neurons[key].index) : (layout.layers.count, key - neurons.count)
  }

  private mutating func addMixing() {
    for (position, layer) in roles.layers.enumerated() {
      let active = layer.indices.filter { layer[$0] == .active }
      if active.count * active.count > KnownDirections.pairLimit { continue }
      for i in active {
        for j in active where i != j {
          let (first, second) = (Neuron(layer: position + 1, index: i), Neuron(layer: position + 1, index: j))
          let number = neurons.firstIndex(of: first) ?? -1
          add(.stablyActive, number, incoming(of: second, at: first) + outgoing(of: first, at: second))
        }
      }
    }
  }

  private func mechanism(of number: Int, isUnread: Bool) -> DimensionBound.Mechanism {
    guard number >= 0 else { return .fixedInput }
    if isUnread { return .unread }
    let neuron = neurons[number]
    switch roles[neuron] {
    case .inactive: return .inactive
    case .signal: return .unread
    case .multiple: return .twin
    case .opposite: return .opposite
    case .active:
      let layer = network.layers[neuron.layer - 1]
      let isConstant = layer.blocks.allSatisfy { block in
        (0..<block.weights.columns).allSatisfy { block.weights.sign(neuron.index, $0) == 0 }
      }
      return isConstant ? .constant : .stablyActive
    }
  }
}
