import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

/// The tests that tell which mechanism explains a kernel vector, with their evidence.
struct MechanismTests {
  private let kernel: SampleKernel
  private let roles: NeuronRoles
  private let neurons: [Neuron]
  private let rows: JacobianRows
  private let isComplete: Bool
  private let activeCounts: [Int]
  private let seen: Set<ActivationPattern>

  init(_ kernel: SampleKernel, roles: NeuronRoles, isComplete: Bool) {
    self.kernel = kernel
    self.roles = roles
    self.isComplete = isComplete
    neurons = kernel.network.hiddenNeurons
    rows = JacobianRows(kernel.parameters, inputCount: kernel.network.inputCount, field: kernel.field)
    var counts = Array(repeating: 0, count: neurons.count)
    for pattern in kernel.patterns {
      for number in counts.indices where pattern[number] { counts[number] += 1 }
    }
    activeCounts = counts
    seen = Set(kernel.patterns)
  }

  private var layout: ParameterLayout { kernel.parameters.layout }

  /// `all 7 regions` or `the 7 regions seen`.
  private var regions: String {
    isComplete ? "all \(kernel.patterns.count) regions" : "the \(kernel.patterns.count) regions seen"
  }

  private func number(of neuron: Neuron) -> Int { neurons.firstIndex(of: neuron) ?? 0 }

  // MARK: Directions that are known beforehand

  /// The mechanism of a direction that is proved on the whole domain.
  func explanation(of direction: KnownDirection) -> (HiddenMechanism, String) {
    guard direction.neuron >= 0 else { return (.fixedInput, "the domain holds an input fixed") }
    let neuron = neurons[direction.neuron]
    let layer = kernel.network.layers[neuron.layer - 1]
    let isZero = layer.blocks.allSatisfy { block in
      (0..<block.weights.columns).allSatisfy { block.weights.sign(neuron.index, $0) == 0 }
    }
    if isZero, direction.mechanism != .unread {
      return (
        .zeroRow, "all weights of \(neuron) are 0, its bias is \(layer.bias[neuron.index, 0].nearestDouble)"
      )
    }
    switch direction.mechanism {
    case .unread:
      return (.unread, "no output depends on \(neuron): its outgoing weights are 0 or lead nowhere")
    case .inactive: return (.inactive, "z ≤ 0 on the whole domain for \(neuron)")
    case .constant, .stablyActive: return (.stablyActive, "z ≥ 0 on the whole domain for \(neuron)")
    case .twin, .opposite:
      switch roles[neuron] {
      case .multiple(let other, let scale):
        return (.twin, "\(neuron) is \(scale.nearestDouble) times \(other), before the ReLU")
      case .opposite(let other, let scale):
        return (.opposite, "\(neuron) is \((-scale).nearestDouble) times \(other), before the ReLU")
      default: return (direction.mechanism == .twin ? .twin : .opposite, "\(neuron)")
      }
    case .fixedInput: return (.fixedInput, "the domain holds an input fixed")
    case .rescaling, .regions: return (.unexplained, "-")
    }
  }

  // MARK: Directions that the kernel shows

  /// The mechanism that explains a kernel vector of the regions.
  func explanation(of indices: [Int]) -> (HiddenMechanism, String) {
    let names = indices.map { layout.name(at: $0) }
    if let found = constantState(names) { return found }
    if names.count == 1, case .weight(let layer, let row, let source, let column) = names[0], source > 0,
      layer < layout.layers.count
    {
      let (i, j) = (Neuron(layer: source, index: column), Neuron(layer: layer, index: row))
      let (first, second) = (number(of: i), number(of: j))
      if !kernel.patterns.contains(where: { $0[first] && $0[second] }) {
        return (
          .neverCoactive,
          "\(i) and \(j) are never active together in \(regions); alone in \(activeCounts[first]) and \(activeCounts[second])"
        )
      }
    }
    if let found = span(names) ?? outgoingSpan(names) { return found }
    let touched = HiddenSymmetry.place(indices, layout).neurons
    if let found = narrow(touched) { return found }
    for neuron in touched {
      if let pieces = hiddenFoldPieces(of: neuron) {
        return (
          .hiddenFold,
          "the gradient does not jump at \(pieces) of \(pieces) pieces of the fold of \(neuron) in \(regions)"
        )
      }
    }
    return (.unexplained, "orthogonal to the Jacobian on \(regions); no test explains it")
  }

  /// Neurons that were never seen active, or never inactive.
  private func constantState(_ names: [ParameterLayout.Name]) -> (HiddenMechanism, String)? {
    let touched = names.map { name -> [Neuron] in
      switch name {
      case .bias(let layer, let row):
        return layer < layout.layers.count ? [Neuron(layer: layer, index: row)] : []
      case .weight(let layer, let row, let source, let column):
        let reader = layer < layout.layers.count ? [Neuron(layer: layer, index: row)] : []
        return reader + (source > 0 ? [Neuron(layer: source, index: column)] : [])
      }
    }
    if let dead = touched.joined().first(where: { activeCounts[number(of: $0)] == 0 }),
      touched.allSatisfy({ $0.contains { activeCounts[number(of: $0)] == 0 } })
    {
      return (.inactive, "\(dead) is active in none of \(regions)")
    }
    let total = kernel.patterns.count
    for neuron in Set(touched.joined()).sorted() where activeCounts[number(of: neuron)] == total {
      let outgoing = kernel.outgoing(of: neuron)
      let star = Set(
        Array(layout.range(ofRow: neuron.index, layer: neuron.layer)) + outgoing.weights + outgoing.biases)
      if names.allSatisfy({ layout.index(of: $0).map(star.contains) ?? false }), names.count > 1,
        touched.allSatisfy({ !$0.isEmpty }) || outgoing.biases.count > 0
      {
        return (.stablyActive, "\(neuron) is active in \(regions)")
      }
    }
    return nil
  }

  /// A vector in the row of one neuron.
  private func span(_ names: [ParameterLayout.Name]) -> (HiddenMechanism, String)? {
    let rows = Set(
      names.map { name in
        switch name {
        case .bias(let layer, let row), .weight(let layer, let row, _, _): Neuron(layer: layer, index: row)
        }
      })
    guard rows.count == 1, let neuron = rows.first else { return nil }
    let range = Array(layout.range(ofRow: neuron.index, layer: neuron.layer))
    let rank = kernel.space(on: range, field: kernel.field).rank
    let name = neuron.layer < layout.layers.count ? "\(neuron)" : "output \(neuron.index)"
    return (
      .incomingSpan,
      "where \(name) is active and seen, what it reads spans \(rank) of \(range.count) dimensions in \(regions)"
    )
  }

  /// A vector in the weights that read one neuron.
  private func outgoingSpan(_ names: [ParameterLayout.Name]) -> (HiddenMechanism, String)? {
    let read = Set(
      names.map { name -> Neuron? in
        guard case .weight(_, _, let source, let column) = name, source > 0 else { return nil }
        return Neuron(layer: source, index: column)
      })
    guard read.count == 1, let first = read.first, let neuron = first else { return nil }
    let weights = kernel.outgoing(of: neuron).weights
    let rank = kernel.space(on: weights, field: kernel.field).rank
    return (
      .outgoingSpan,
      "where \(neuron) is active, the effects of its readers span \(rank) of \(weights.count) dimensions in \(regions)"
    )
  }

  /// Three or more layers of width 1 in a row.
  private func narrow(_ touched: [Neuron]) -> (HiddenMechanism, String)? {
    let widths = kernel.network.hiddenLayers.map(\.width)
    for neuron in touched where widths[neuron.layer - 1] == 1 {
      var (first, last) = (neuron.layer, neuron.layer)
      while first > 1, widths[first - 2] == 1 { first -= 1 }
      while last < widths.count, widths[last] == 1 { last += 1 }
      if last - first >= 2 { return (.narrow, "layers \(first) to \(last) have width 1") }
    }
    return nil
  }

  /// The number of pieces of a neuron's fold between regions at hand, where the outputs' gradients jump at none.
  private func hiddenFoldPieces(of neuron: Neuron) -> Int? {
    let number = self.number(of: neuron)
    var pieces = 0
    for pattern in kernel.patterns where pattern[number] {
      var other = pattern
      other[number] = false
      if !seen.contains(other) { continue }
      pieces += 1
      for output in 0..<kernel.network.outputCount {
        let outputs = (0..<kernel.network.outputCount).map { $0 == output ? 1.0 : 0 }
        if rows.sensitivities(of: outputs, on: pattern)[neuron.layer - 1][neuron.index] != 0 { return nil }
      }
    }
    return pieces > 0 ? pieces : nil
  }
}
