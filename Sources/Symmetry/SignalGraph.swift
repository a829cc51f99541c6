import ExactArithmetic
import LinearAlgebra
import Networks

/// A network without what its function does not need: the distinct live signals, and the outputs in terms of them.
///
/// Dead, constant, twin, opposite and linear neurons are gone; what is left is one signal e_k = max(t_k, 0) for each
/// distinct line of pre-activations that the outputs still depend on. Each t_k reads the inputs and earlier signals.
///
/// - Exactness: exact; all coefficients are dyadic, whatever scales related the neurons that were merged.
public struct SignalGraph: Sendable {
  /// The number of inputs; signal k < `inputCount` is input k, signal `inputCount + k` is `forms[k]` rectified.
  public let inputCount: Int
  /// The pre-activation of each live signal, by increasing depth.
  public let forms: [AffineForm<Dyadic>]
  /// The longest chain of signals that ends in each: 1 where only inputs are read.
  public let depths: [Int]
  /// The outputs.
  public let outputs: [AffineForm<Dyadic>]
  /// For each live signal, the number of its form in the numbering it came from.
  public let numbers: [Int]
  /// For each live signal, the neuron of the network that was met first with it.
  public let origins: [Neuron]
  /// For each live signal, the odd integer by which the numbering's form is divided here; nearly always 1.
  public let units: [Dyadic]

  /// The graph with the given signals, all of them live.
  init(inputCount: Int, forms: [AffineForm<Dyadic>], depths: [Int], outputs: [AffineForm<Dyadic>]) {
    self.inputCount = inputCount
    self.forms = forms
    self.depths = depths
    self.outputs = outputs
    numbers = Array(forms.indices)
    origins = zip(depths, forms.indices).map { Neuron(layer: $0, index: $1) }
    units = Array(repeating: .one, count: forms.count)
  }

  /// The live part of a network, numbered alone.
  ///
  /// - Throws: an obstacle of the numbering, when flips and folds need too many entries.
  public init(_ network: Network, on domain: InputDomain? = nil, progress: Progress = Progress()) throws {
    self = try SignalGraph.withFacts(network, on: domain, progress: progress).graph
  }

  /// The live part of a network, and what each of its neurons computes.
  ///
  /// - Parameter signs: signs of hidden neurons on the domain that were proved elsewhere; none where empty.
  public static func withFacts(
    _ network: Network, on domain: InputDomain? = nil, signs: [[Sign]] = [], progress: Progress = Progress()
  ) throws -> (graph: SignalGraph, facts: [[NeuronFact]]) {
    do {
      return try withFacts(network, on: domain, signs, progress, Dyadic.self)
    } catch NeuronNumbering<Dyadic>.Obstacle.needsRationals {
      return try withFacts(network, on: domain, signs, progress, Rational.self)
    }
  }

  private static func withFacts<Scalar: ExactScalar>(
    _ network: Network, on domain: InputDomain?, _ signs: [[Sign]], _ progress: Progress, _: Scalar.Type
  ) throws -> (graph: SignalGraph, facts: [[NeuronFact]]) {
    var numbering = NeuronNumbering<Scalar>(
      inputCount: network.inputCount, domain: domain, dependsOnOrder: false)
    let numbered = try numbering.number(network, signs: signs, progress: progress)
    return (SignalGraph(numbering, numbered), numbered.facts)
  }

  /// The live part of a network that was numbered alone.
  @specialized(where Scalar == Dyadic)
  public init<Scalar>(_ numbering: NeuronNumbering<Scalar>, _ numbered: NeuronNumbering<Scalar>.Numbered) {
    let inputs = numbering.inputCount
    let forms = numbering.forms
    // Backward from the outputs: who is read.
    var isLive = Array(repeating: false, count: forms.count)
    func mark(_ form: AffineForm<Scalar>) {
      for signal in form.signals where signal >= inputs { isLive[Int(signal) - inputs] = true }
    }
    for output in numbered.outputs { mark(output) }
    for r in forms.indices.reversed() where isLive[r] { mark(forms[r]) }
    // Forward: how deep.
    var depth = Array(repeating: 0, count: forms.count)
    for r in forms.indices {
      depth[r] =
        1 + forms[r].signals.reduce(0) { Int($1) < inputs ? $0 : max($0, depth[Int($1) - inputs]) }
    }
    let order = forms.indices.filter { isLive[$0] }.sorted { (depth[$0], $0) < (depth[$1], $1) }
    var position = Array(repeating: -1, count: forms.count)
    for (k, r) in order.enumerated() { position[r] = k }
    let units = SignalGraph.units(formCount: forms.count, facts: numbered.facts)

    func translate(_ form: AffineForm<Scalar>, over unit: Scalar) -> AffineForm<Dyadic> {
      let terms = form.signals.indices.map { index -> (Int32, Dyadic) in
        let signal = Int(form.signals[index])
        let coefficient = form.coefficient(at: index)
        if signal < inputs { return (Int32(signal), SignalGraph.dyadic(coefficient, over: unit)) }
        let r = signal - inputs
        return (
          Int32(inputs + position[r]), SignalGraph.dyadic(coefficient * Scalar(units[r]), over: unit)
        )
      }.sorted { $0.0 < $1.0 }
      return AffineForm<Dyadic>(
        signals: terms.map(\.0), coefficients: terms.map(\.1),
        constant: SignalGraph.dyadic(form.constant, over: unit))
    }
    inputCount = inputs
    self.forms = order.map { translate(forms[$0], over: Scalar(units[$0])) }
    depths = order.map { depth[$0] }
    outputs = numbered.outputs.map { translate($0, over: .one) }
    numbers = order
    origins = order.map { numbering.origins[$0] }
    self.units = order.map { units[$0] }
  }

  /// For each form the least common denominator of the scales of its multiples.
  ///
  /// If t = (p/q) t_r with t and t_r dyadic and p, q coprime, then t_r / q is dyadic: so dividing each form by the
  /// common denominator of its multiples leaves every coefficient dyadic.
  private static func units(formCount: Int, facts: [[NeuronFact]]) -> [Dyadic] {
    var units = Array(repeating: Dyadic.one, count: formCount)
    for fact in facts.joined() {
      switch fact {
      case .multiple(let r, let scale), .opposite(let r, let scale):
        if scale.dyadic != nil { continue }
        let common = Rational(units[r], over: Dyadic(scale.denominator))
        units[r] = units[r] * Dyadic(common.denominator)
      case .new, .active, .inactive: continue
      }
    }
    return units
  }

  private static func dyadic<Scalar: ExactScalar>(_ value: Scalar, over unit: Scalar) -> Dyadic {
    guard let quotient = value.dividedExactly(by: unit)?.rational.dyadic else {
      preconditionFailure("a coefficient of a reduced network is not dyadic: \(value) / \(unit)")
    }
    return quotient
  }
}

extension Network {
  /// The network of a signal graph: a layer for each depth, skip blocks where a signal reads further back.
  ///
  /// - Exactness: the same function as the graph, exactly.
  public init(_ graph: SignalGraph, storage: StoragePrecision, domain: InputDomain? = nil) {
    let depth = graph.depths.max() ?? 0
    // Where each signal lives: its layer and index.
    var place: [(layer: Int, index: Int)] = (0..<graph.inputCount).map { (0, $0) }
    var widths = [graph.inputCount] + Array(repeating: 0, count: depth)
    for layer in graph.depths {
      place.append((layer, widths[layer]))
      widths[layer] += 1
    }
    var rows: [[AffineForm<Dyadic>]] = Array(repeating: [], count: depth + 1)
    for (form, layer) in zip(graph.forms, graph.depths) { rows[layer - 1].append(form) }
    rows[depth] = graph.outputs
    let layers = rows.map { forms -> Network.Layer in
      var entries: [Int: [Dyadic]] = [:]
      for (i, form) in forms.enumerated() {
        for (index, signal) in form.signals.enumerated() {
          let (layer, column) = place[Int(signal)]
          entries[layer, default: Array(repeating: .zero, count: forms.count * widths[layer])][
            i * widths[layer] + column] = form.coefficient(at: index)
        }
      }
      return Network.Layer(
        blocks: entries.map { source, elements in
          Network.Block(
            source: source,
            weights: ExactMatrix(rows: forms.count, columns: widths[source], elements: elements))
        },
        bias: ExactMatrix(rows: forms.count, columns: 1, elements: forms.map(\.constant)))
    }
    self.init(inputCount: graph.inputCount, layers: layers, storage: storage, domain: domain)
  }
}
