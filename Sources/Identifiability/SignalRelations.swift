import ExactArithmetic
import Networks

/// The linear relations among the signals of a network that hold on the whole of a domain.
///
/// Definition: quantities are the inputs x_c (keys 0 ..< n₀), the signals h of the hidden neurons (n₀ onward, layer
/// after layer) and the constant 1 (key −1). Never active neurons are 0, always active ones equal their
/// pre-activations, a twin is c·h_r, an opposite c (h_r − z_r): each gives one relation with signals that are
/// independent as far as is known.
///
/// - Exactness: proved identities; there may be more.
struct SignalRelations {
  /// The key of the constant 1.
  static let one = -1

  private(set) var relations: [LinearRelation] = []
  /// For each key its form in the basic signals.
  private var forms: [SparseVector]
  private var preactivations: [Neuron: SparseVector] = [:]
  private let network: Network
  private let firstKey: [Int]
  private var budget: Int

  /// The relations that the roles of the neurons give.
  ///
  /// - Parameter budget: how many products forms may cost; past it, always active neurons are left alone.
  init(_ network: Network, roles: NeuronRoles, domain: InputDomain?, budget: Int = 2_000_000) {
    self.network = network
    self.budget = budget
    let inputs = network.inputCount
    forms = (0..<inputs).map { [$0: .one] }
    firstKey = network.widths.dropLast().reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    for (c, side) in (domain?.enclosure ?? []).enumerated() where side.lower == side.upper {
      forms[c] = SignalRelations.constant(Rational(Dyadic(side.lower)))
      relations.append(LinearRelation(neuron: -1, terms: SignalRelations.relation(c, equals: forms[c])))
    }
    // Opposites need the pre-activations of the signals they are opposite to.
    let opposed = Set(
      roles.layers.joined().compactMap { role -> Neuron? in
        if case .opposite(let origin, _) = role { return origin }
        return nil
      })
    for (position, layer) in roles.layers.enumerated() {
      var layerForms: [SparseVector] = []
      for (i, role) in layer.enumerated() {
        let key = firstKey[position + 1] + i
        let neuron = Neuron(layer: position + 1, index: i)
        if opposed.contains(neuron) { preactivations[neuron] = preactivation(of: neuron) }
        let form = self.form(of: neuron, role)
        if let form {
          relations.append(
            LinearRelation(
              neuron: key - inputs, terms: SignalRelations.relation(key, equals: form)))
        }
        layerForms.append(form ?? [key: .one])
      }
      forms += layerForms
    }
  }

  /// The key of a signal.
  func key(layer: Int, index: Int) -> Int { firstKey[layer] + index }

  private static func constant(_ value: Rational) -> SparseVector { value.isZero ? [:] : [one: value] }

  private static func relation(_ key: Int, equals form: SparseVector) -> SparseVector {
    var terms = [key: Rational.one]
    terms.add(form, times: -.one)
    return terms
  }

  /// The form of a neuron that is no signal of its own.
  private mutating func form(of neuron: Neuron, _ role: NeuronRole) -> SparseVector? {
    switch role {
    case .signal: return nil
    case .inactive: return [:]
    case .active: return preactivation(of: neuron)
    case .multiple(let origin, let scale):
      var form: SparseVector = [:]
      form.add(forms(of: origin), times: scale)
      return form
    case .opposite(let origin, let scale):
      guard let z = preactivations[origin] else { return nil }
      var form: SparseVector = [:]
      form.add(forms(of: origin), times: scale)
      form.add(z, times: -scale)
      return form
    }
  }

  private func forms(of neuron: Neuron) -> SparseVector {
    let key = firstKey[neuron.layer] + neuron.index
    return key < forms.count ? forms[key] : [key: .one]
  }

  /// The pre-activation in the basic signals; nil past the budget.
  private mutating func preactivation(of neuron: Neuron) -> SparseVector? {
    let layer = network.layers[neuron.layer - 1]
    var form = SignalRelations.constant(Rational(layer.bias[neuron.index, 0]))
    for block in layer.blocks {
      for j in 0..<block.weights.columns where block.weights.sign(neuron.index, j) != 0 {
        let source = forms[firstKey[block.source] + j]
        budget -= source.count
        if budget < 0 { return nil }
        form.add(source, times: Rational(block.weights[neuron.index, j]))
      }
    }
    return form
  }
}
