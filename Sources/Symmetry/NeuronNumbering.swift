import ExactArithmetic
import Networks

/// The signals of one or more networks over the same inputs, each numbered once: value numbering for ReLU networks.
///
/// Neurons are taken in order of their layers. The pre-activation of each is written as an exact affine form in the
/// inputs and in the signals numbered before it. A form that is a positive multiple of one met before is the same
/// signal, scaled; a negative multiple is its opposite, max(−t, 0) = max(t, 0) − t; a form of one sign on the domain
/// is linear or zero. So permutations, rescalings, twins, opposite pairs, flips, dead and constant neurons, linear
/// and identity layers all disappear in one pass, and two networks numbered together are the same function whenever
/// their outputs become the same forms.
///
/// - Exactness: exact. Hashes only propose candidates; every proposal is confirmed on the exact entries.
/// - Complexity: O(parameters) as long as nothing is flipped or linear; each of those copies its row into its readers.
/// - Reference: the guide "The same function?"; the normal form and its theorem for one hidden layer.
public struct NeuronNumbering<Scalar: ExactScalar>: Sendable {
  /// The number of inputs; signal k < `inputCount` is input k, signal `inputCount + r` is form r.
  public let inputCount: Int
  /// The forms t_r met so far.
  public private(set) var forms: [AffineForm<Scalar>] = []
  /// What is known of max(t_r, 0).
  public private(set) var kinds: [Kind] = []
  /// For each form the neuron that was met first with it, in its own network.
  public private(set) var origins: [Neuron] = []
  /// The domain on which signs were decided; nil for all of ℝⁿ.
  public let domain: InputDomain?

  private var byLine: [UInt64: [Int]] = [:]
  private var signalRanges: [Interval]
  private let dependsOnOrder: Bool
  // For each form, on which sides of its line the network at hand has neurons that are read, in the layers already
  // numbered.
  private var turns: [Set<Int8>] = []
  private var words = 0
  private let wordLimit: Int

  /// How the ReLU of a numbered form behaves on the domain.
  public enum Kind: Hashable, Sendable {
    /// It is a signal of its own.
    case signal
    /// It is the form itself.
    case active
    /// It is zero.
    case inactive
  }

  /// A network told in numbered signals.
  public struct Numbered: Sendable {
    /// For each hidden layer and neuron, what it computes.
    public let facts: [[NeuronFact]]
    /// The outputs as forms in the numbered signals.
    public let outputs: [AffineForm<Scalar>]
  }

  /// Why numbering stopped.
  public enum Obstacle: Error, Hashable, Sendable {
    /// A scale is no dyadic number: number again with `Rational`.
    case needsRationals
    /// The forms grew beyond the limit: flips and folds copy rows into their readers, and lengthen their numbers.
    case tooLarge(words: Int)
  }

  /// What a neuron's output is: nearly always a multiple of one signal.
  enum Value: Sendable {
    case multiple(of: Int32, by: Scalar)
    case form(AffineForm<Scalar>)
  }

  /// An empty numbering over `inputCount` inputs.
  ///
  /// `wordLimit` bounds the machine words of all forms together. Where neurons lie on both sides of a line, a sign may
  /// show or not, depending on which was met first; with `dependsOnOrder` false such signs are left alone, so that
  /// permuted networks give the same signals.
  public init(
    inputCount: Int, domain: InputDomain? = nil, dependsOnOrder: Bool = true,
    wordLimit: Int = ProofLimits.words
  ) {
    self.inputCount = inputCount
    self.domain = domain
    self.wordLimit = wordLimit
    self.dependsOnOrder = dependsOnOrder
    signalRanges = domain?.enclosure ?? []
  }

  /// Numbers all neurons of a network, reusing the signals met before.
  ///
  /// - Parameter signs: signs of hidden neurons on the domain that were proved elsewhere, layer by layer; none where
  ///   empty.
  /// - Requires: the network has `inputCount` inputs.
  /// - Throws: ``Obstacle``, or `CancellationError` when told to stop; the numbering should then be dropped.
  @specialized(where Scalar == Dyadic)
  @specialized(where Scalar == Rational)
  public mutating func number(
    _ network: Network, signs known: [[Sign]] = [], progress: Progress = Progress(),
    threads: Int = Concurrency.coreCount
  ) throws -> Numbered {
    precondition(network.inputCount == inputCount, "\(network.inputCount) inputs, expected \(inputCount)")
    precondition(
      known.isEmpty || known.map(\.count) == network.hiddenLayers.map(\.width),
      "signs of \(known.map(\.count)) neurons for the widths \(network.widths)")
    let ownRanges = domain.map { network.preactivationRanges(over: $0.enclosure) }
    var values: [[Value]] = [(0..<inputCount).map { .multiple(of: Int32($0), by: .one) }]
    var plain = [PlainSources(values[0])]
    var rays = RaySigns<Scalar>()
    var facts: [[NeuronFact]] = []
    var outputs: [AffineForm<Scalar>] = []
    turns = Array(repeating: [], count: forms.count)
    let isRead = dependsOnOrder ? nil : network.isReadFromOutputs()
    for (position, layer) in network.layers.enumerated() {
      try progress.step("numbering neurons", done: position, of: network.layers.count)
      let isOutput = position == network.layers.count - 1
      var layerValues: [Value] = []
      var layerFacts: [NeuronFact] = []
      var layerRays: [Ray<Scalar>] = []
      var signs = isOutput ? [] : ownRanges?[position].map { Sign(of: $0) } ?? rays.signs(of: layer)
      if !known.isEmpty { signs = zip(signs, isOutput ? [] : known[position]).map { $1 == .open ? $0 : $1 } }
      let batch = RowBatches(of: layer, threads: threads)
      var rows: [KeyedForm] = []
      for i in 0..<layer.width {
        if i % batch.size == 0 { rows = keyedForms(of: layer, batch.rows(from: i), batch, values, plain) }
        let row = rows[i % batch.size]
        let form = row.form
        words += form.words
        if words > wordLimit { throw Obstacle.tooLarge(words: wordLimit) }
        if isOutput {
          outputs.append(form)
        } else {
          let (fact, value, ray) = try settle(
            row, writtenSign: signs[i], of: Neuron(layer: position + 1, index: i))
          layerFacts.append(fact)
          layerRays.append(ray)
          layerValues.append(value)
        }
      }
      if !isOutput {
        facts.append(layerFacts)
        if let isRead { note(layerFacts, isRead[position]) }
        rays.append(layerRays)
      }
      values.append(layerValues)
      plain.append(PlainSources(layerValues))
    }
    return Numbered(facts: facts, outputs: outputs)
  }

  /// A pre-activation with the hash of its line.
  private struct KeyedForm: Sendable {
    let form: AffineForm<Scalar>
    let key: UInt64
  }

  /// The pre-activations of some rows of a layer, on several threads.
  private func keyedForms(
    of layer: Network.Layer, _ rows: Range<Int>, _ batch: RowBatches, _ values: [[Value]],
    _ plain: [PlainSources?]
  ) -> [KeyedForm] {
    let signalCount = inputCount + forms.count
    return Concurrency.map(count: rows.count, threads: batch.threads, minimumRange: batch.minimumRange) {
      part in
      var accumulator = FormAccumulator<Scalar>()
      var plainRows = PlainRows(signalCount: signalCount)
      return part.map { offset in
        let i = rows.lowerBound + offset
        if let form = plainRows.row(i, of: layer, reading: plain, as: Scalar.self) {
          return KeyedForm(form: form, key: form.lineKey)
        }
        accumulator.start(signalCount: signalCount, constant: Scalar(layer.bias[i, 0]))
        for block in layer.blocks { accumulator.addRow(i, of: block, reading: values[block.source]) }
        let form = accumulator.finish()
        return KeyedForm(form: form, key: form.lineKey)
      }
    }
  }

  /// Remembers on which sides of their lines the neurons of a finished layer are on.
  private mutating func note(_ facts: [NeuronFact], _ isRead: [Bool]) {
    turns += Array(repeating: [1], count: forms.count - turns.count)
    for (fact, isRead) in zip(facts, isRead) where isRead {
      switch fact {
      case .multiple(let r, _): turns[r].insert(1)
      case .opposite(let r, _): turns[r].insert(-1)
      case .new, .active, .inactive: continue
      }
    }
  }

  /// Decides what the neuron with pre-activation `form` is.
  private mutating func settle(
    _ row: KeyedForm, writtenSign: Sign, of neuron: Neuron
  ) throws(Obstacle) -> (NeuronFact, Value, Ray<Scalar>) {
    let (form, key) = (row.form, row.key)
    if form.isConstant {
      return form.constant.sign > 0
        ? (.active, .form(form), .constant(form.constant))
        : (.inactive, .form(AffineForm(constant: .zero)), .zero)
    }
    for known in byLine[key, default: []] {
      if let scale = form.ratio(to: forms[known]) { return value(ofMultiple: scale, of: known) }
      // A multiple by a factor outside this number type: the caller starts again with rationals.
      if form.isMultiple(of: forms[known]) { throw Obstacle.needsRationals }
    }
    let sign = writtenSign == .open ? self.sign(of: form) : writtenSign
    let number = forms.count
    forms.append(form)
    origins.append(neuron)
    byLine[key, default: []].append(number)
    if domain != nil { signalRanges.append(range(of: form).rectified) }
    switch sign {
    case .open:
      kinds.append(.signal)
      return (.new, .multiple(of: Int32(inputCount + number), by: .one), .multiple(of: 2 * number, by: .one))
    case .nonnegative:
      kinds.append(.active)
      return (.active, .form(form), .multiple(of: 2 * number, by: .one))
    case .nonpositive:
      kinds.append(.inactive)
      return (.inactive, .form(AffineForm(constant: .zero)), .zero)
    }
  }

  /// The fact and value of a neuron whose pre-activation is `scale · t_known`.
  private func value(ofMultiple scale: Scalar, of known: Int) -> (NeuronFact, Value, Ray<Scalar>) {
    let size = scale.sign < 0 ? -scale : scale
    let signal = Int32(inputCount + known)
    if scale.sign > 0 {
      let value: Value =
        switch kinds[known] {
        case .signal: .multiple(of: signal, by: scale)
        case .active: .form(forms[known].scaled(by: scale))
        case .inactive: .form(AffineForm(constant: .zero))
        }
      return (.multiple(of: known, scale: size.rational), value, .multiple(of: 2 * known, by: size))
    }
    // max(−t, 0) = max(t, 0) − t.
    let value: Value =
      switch kinds[known] {
      case .signal: .form(forms[known].scaled(by: scale).adding(size, times: signal))
      case .active: .form(AffineForm(constant: .zero))
      case .inactive: .form(forms[known].scaled(by: scale))
      }
    return (.opposite(of: known, scale: size.rational), value, .multiple(of: 2 * known + 1, by: size))
  }

  /// The sign of a form on the domain, as far as the signs of its coefficients or its range show it.
  private func sign(of form: AffineForm<Scalar>) -> Sign {
    if domain != nil { return Sign(of: range(of: form)) }
    guard form.signals[0] >= inputCount else { return .open }
    if !dependsOnOrder, form.signals.contains(where: { turns[Int($0) - inputCount].count > 1 }) {
      return .open
    }
    let first = form.coefficient(at: 0).sign
    if form.constant.sign * first < 0 { return .open }
    for position in form.signals.indices where form.coefficient(at: position).sign != first { return .open }
    return first > 0 ? .nonnegative : .nonpositive
  }

  /// An enclosure of a form over the domain.
  private func range(of form: AffineForm<Scalar>) -> Interval {
    form.signals.indices.reduce(form.constant.interval) { sum, position in
      sum + form.coefficient(at: position).interval * signalRanges[Int(form.signals[position])]
    }
  }
}

extension Network {
  /// For each hidden layer and neuron, whether nonzero weights lead from it to an output.
  fileprivate func isReadFromOutputs() -> [[Bool]] {
    var isRead = ([inputCount] + hiddenLayers.map(\.width)).map { Array(repeating: false, count: $0) }
    for (position, layer) in layers.enumerated().reversed() {
      for block in layer.blocks {
        for i in 0..<layer.width where position == layers.count - 1 || isRead[position + 1][i] {
          for j in 0..<block.weights.columns where block.weights.sign(i, j) != 0 {
            isRead[block.source][j] = true
          }
        }
      }
    }
    return Array(isRead.dropFirst())
  }
}

extension FormAccumulator {
  /// Adds row `i` of a block whose sources have the given values.
  fileprivate mutating func addRow(
    _ i: Int, of block: Network.Block, reading values: [NeuronNumbering<Scalar>.Value]
  ) {
    let start = i * block.weights.columns
    for j in values.indices {
      let nearest = block.weights.nearest.elements[start + j]
      if nearest == 0, block.weights.corrections.isEmpty { continue }
      let weight = block.weights[at: start + j]
      if weight.isZero { continue }
      switch values[j] {
      case .multiple(let signal, let factor): add(Scalar(weight) * factor, times: signal)
      case .form(let form): add(Scalar(weight), times: form)
      }
    }
  }
}

extension AffineForm {
  /// Whether self = λ · other for some real λ, in this number type or not.
  fileprivate func isMultiple(of other: AffineForm) -> Bool {
    guard signals == other.signals, !signals.isEmpty else { return false }
    let (a, b) = (coefficient(at: 0), other.coefficient(at: 0))
    return constant * b == other.constant * a
      && signals.indices.allSatisfy { coefficient(at: $0) * b == other.coefficient(at: $0) * a }
  }

  /// `scale · self`.
  fileprivate func scaled(by scale: Scalar) -> AffineForm {
    AffineForm(
      signals: signals, coefficients: signals.indices.map { scale * coefficient(at: $0) },
      constant: scale * constant)
  }

  /// `self + coefficient · signal`, for a signal after all that occur.
  fileprivate func adding(_ coefficient: Scalar, times signal: Int32) -> AffineForm {
    AffineForm(
      signals: signals + [signal],
      coefficients: signals.indices.map { self.coefficient(at: $0) } + [coefficient], constant: constant)
  }
}
