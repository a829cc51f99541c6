import ExactArithmetic
import LinearAlgebra
import Networks

/// The linear relations among the sensitivities δ of a network's neurons that hold on the whole of a domain.
///
/// Definition: quantities are the δ of the hidden neurons (keys 0 ..< N, layer after layer) and of the outputs (N
/// onward). δ_j = g_j a_j with the gate g_j and a_j = Σ_k W_kj δ_k over the readers k of j. So δ_j = 0 for neurons
/// that are never active or read only by neurons with δ = 0, and δ_j = a_j for always active ones. Twins have one
/// gate, opposites g and 1 − g: where a_j = Σ c_i a_i over neurons i on the same line, g a_j = Σ c_i g a_i.
///
/// - Exactness: proved identities; there may be more.
struct SensitivityRelations {
  private(set) var relations: [LinearRelation] = []
  /// The neurons that no output reads, though they may be active.
  private(set) var unread: Set<Int> = []
  private var forms: [SparseVector]
  private let network: Network
  private let firstKey: [Int]
  private var budget: Int

  /// A neuron on a line whose sensitivity is a quantity of its own.
  private struct Member {
    let key: Int
    let downstream: SparseVector
    let isOpposite: Bool
  }

  /// The relations that the roles of the neurons give.
  init(_ network: Network, roles: NeuronRoles, budget: Int = 2_000_000) {
    self.network = network
    self.budget = budget
    let widths = network.layers.map(\.width)
    firstKey = [0] + widths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    forms = (0..<widths.reduce(0, +)).map { [$0: .one] }
    var lines: [Neuron: Int] = [:]
    for (position, layer) in roles.layers.enumerated() {
      for (i, role) in layer.enumerated() {
        if let line = SensitivityRelations.line(of: Neuron(layer: position + 1, index: i), role) {
          lines[line, default: 0] += 1
        }
      }
    }
    var members: [Neuron: [Member]] = [:]
    for layer in stride(from: roles.layers.count, to: 0, by: -1) {
      for i in 0..<widths[layer - 1] {
        let neuron = Neuron(layer: layer, index: i)
        let key = firstKey[layer] + i
        if let form = form(of: neuron, roles[neuron], key, lines, &members) {
          forms[key] = form
          var terms = [key: Rational.one]
          terms.add(form, times: -.one)
          relations.append(LinearRelation(neuron: key, terms: terms))
        }
      }
    }
  }

  /// The key of the sensitivity of a neuron, or of an output as row of the last layer.
  func key(layer: Int, row: Int) -> Int { firstKey[layer] + row }

  private static func line(of neuron: Neuron, _ role: NeuronRole) -> Neuron? {
    switch role {
    case .signal: neuron
    case .multiple(let origin, _), .opposite(let origin, _): origin
    case .active, .inactive: nil
    }
  }

  /// The form of a sensitivity that is no quantity of its own.
  private mutating func form(
    of neuron: Neuron, _ role: NeuronRole, _ key: Int, _ lines: [Neuron: Int],
    _ members: inout [Neuron: [Member]]
  ) -> SparseVector? {
    if role == .inactive { return [:] }
    var isRead = false
    var mayCancel = false
    eachReader(of: neuron) { reader, _ in
      if !forms[reader].isEmpty { isRead = true }
      if forms[reader] != [reader: .one] { mayCancel = true }
    }
    guard isRead else {
      unread.insert(key)
      return [:]
    }
    let line = SensitivityRelations.line(of: neuron, role)
    let isShared = line.map { lines[$0, default: 0] > 1 } ?? false
    guard role == .active || isShared || mayCancel, let downstream = downstream(of: neuron) else { return nil }
    if downstream.isEmpty {
      unread.insert(key)
      return [:]
    }
    guard let line else { return downstream }
    guard isShared else { return nil }
    var isOpposite = false
    if case .opposite = role { isOpposite = true }
    let known = members[line, default: []]
    guard let factors = SensitivityRelations.factors(of: downstream, in: known.map(\.downstream)) else {
      members[line, default: []].append(
        Member(key: key, downstream: downstream, isOpposite: isOpposite))
      return nil
    }
    // g · a_j with the gate g of the line.
    var gated: SparseVector = [:]
    for (member, factor) in zip(known, factors) {
      if member.isOpposite { gated.add(member.downstream, times: factor) }
      gated.add([member.key: .one], times: member.isOpposite ? -factor : factor)
    }
    if !isOpposite { return gated }
    var form = downstream
    form.add(gated, times: -.one)
    return form
  }

  private func eachReader(of neuron: Neuron, _ body: (_ key: Int, _ weight: Dyadic) -> Void) {
    for (position, layer) in network.layers.enumerated() where position >= neuron.layer {
      guard let block = layer.blocks.first(where: { $0.source == neuron.layer }) else { continue }
      for k in 0..<layer.width where block.weights.sign(k, neuron.index) != 0 {
        body(firstKey[position + 1] + k, block.weights[k, neuron.index])
      }
    }
  }

  /// a_j; nil past the budget.
  private mutating func downstream(of neuron: Neuron) -> SparseVector? {
    var form: SparseVector = [:]
    var cost = 0
    eachReader(of: neuron) { reader, _ in cost += forms[reader].count }
    budget -= cost
    if budget < 0 { return nil }
    eachReader(of: neuron) { reader, weight in form.add(forms[reader], times: Rational(weight)) }
    return form
  }

  /// The factors of a combination of independent vectors that gives another, if there is one.
  private static func factors(of vector: SparseVector, in basis: [SparseVector]) -> [Rational]? {
    let keys = Set(basis.flatMap(\.keys)).union(vector.keys).sorted()
    let vectors = basis + [vector]
    let scaled = vectors.map { Dictionary(uniqueKeysWithValues: $0.clearingDenominators.map { ($0.key, $0.value) }) }
    let rows = keys.map { key in scaled.map { $0[key, default: .zero] } }
    guard let null = ExactElimination.nullVector(of: rows), let last = null.last, !last.isZero else { return nil }
    // null · scaled = 0, and scaled_i = s_i · vector_i.
    func scale(_ i: Int) -> Rational {
      guard let key = vectors[i].keys.first, let value = vectors[i][key] else { return .one }
      return Rational(scaled[i][key, default: .one]).dividedExactly(by: value) ?? .one
    }
    let denominator = -(Rational(last) * scale(vectors.count - 1))
    return basis.indices.map { i in
      (Rational(null[i]) * scale(i)).dividedExactly(by: denominator) ?? .zero
    }
  }
}
