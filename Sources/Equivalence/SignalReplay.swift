import ExactArithmetic
import Networks
import Symmetry

/// Where the replay of a proof failed, and why.
public struct ProofFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The step, such as `neuron 3 of layer 2 of the second network`.
  public let step: String
  /// What did not hold there.
  public let reason: String

  /// Step and reason in one line.
  public var description: String { "\(step): \(reason)" }
}

/// Replays the facts of a proof against the weights of a network: the trusted kernel.
///
/// It computes each pre-activation from the weights as an exact form in the inputs and the signals numbered before
/// it, checks the one fact claimed of it, and goes on. It searches for nothing, hashes nothing, and shares no code
/// with the numbering that proposes the facts.
///
/// - Exactness: exact; ranges over a domain in outward-rounded intervals.
struct SignalReplay<Scalar: ExactScalar> {
  /// An affine form: signals increasing, coefficients nonzero; all of them doubles, or all exact.
  struct Form: Hashable, Sendable {
    let signals: [Int32]
    let constant: Scalar
    private let doubles: [Double]
    private let exact: [Scalar]

    static var zero: Form { Form(signals: [], doubles: [], constant: .zero) }

    init(signals: [Int32], doubles: [Double], constant: Scalar) {
      self.signals = signals
      self.constant = constant
      self.doubles = doubles
      exact = []
    }

    init(signals: [Int32], coefficients: [Scalar], constant: Scalar) {
      self.signals = signals
      self.constant = constant
      let doubles = coefficients.compactMap(\.double)
      (self.doubles, exact) = doubles.count == coefficients.count ? (doubles, []) : ([], coefficients)
    }

    func coefficient(at position: Int) -> Scalar {
      exact.isEmpty ? Scalar(Dyadic(doubles[position])) : exact[position]
    }

    /// The space it takes.
    var words: Int { exact.reduce(1 + doubles.count + constant.bits / 64) { $0 + 1 + $1.bits / 64 } }

    /// Whether bottom · form = top · self.
    func isEqual(to form: Form, over bottom: Scalar, times top: Scalar) -> Bool {
      guard signals == form.signals, bottom * form.constant == top * constant else { return false }
      if bottom == .one, exact.isEmpty, form.exact.isEmpty, let power = top.double,
        power.magnitude.significand == 1
      {
        // A product with a power of two is exact as long as it is normal.
        return zip(doubles, form.doubles).allSatisfy { own, other in
          let product = own * power
          return product.isNormal
            ? product == other : Scalar(Dyadic(own)) * top == Scalar(Dyadic(other))
        }
      }
      return signals.indices.allSatisfy { bottom * form.coefficient(at: $0) == top * coefficient(at: $0) }
    }
  }

  /// What a neuron's output is: nearly always a multiple of one signal.
  private enum Value: Sendable {
    case multiple(Scalar, of: Int32)
    case form(Form)
  }

  /// A neuron's output as a number that is never negative: scale · max(side · t_r, 0), or a constant (side 0).
  private struct Ray {
    var form: Int
    var side: Int
    var scale: Scalar
  }

  /// What max(t_r, 0) is.
  enum Kind { case signal, active, inactive }

  let inputCount: Int
  let domain: InputDomain?
  /// The forms t_r in the order of their numbers.
  private(set) var forms: [Form] = []
  private(set) var kinds: [Kind] = []
  private var ranges: [Interval]
  private var words = 0
  // Of the network at hand, layer by layer, the input first.
  private var rays: [[Ray]] = []

  init(inputCount: Int, domain: InputDomain?) {
    self.inputCount = inputCount
    self.domain = domain
    ranges = domain?.enclosure ?? []
  }

  /// Checks the facts of a network and gives its outputs as forms.
  mutating func replay(_ network: Network, _ facts: [[NeuronFact]], named name: String) throws(ProofFailure)
    -> [Form]
  {
    guard facts.map(\.count) == network.hiddenLayers.map(\.width) else {
      throw ProofFailure(step: name, reason: "the facts do not fit the widths \(network.widths)")
    }
    let ownRanges = domain.map { network.preactivationRanges(over: $0.enclosure) }
    var values: [[Value]] = [(0..<inputCount).map { .multiple(.one, of: Int32($0)) }]
    var copies = [Copies(values[0])]
    var outputs: [Form] = []
    rays = [[]]
    for (position, layer) in network.layers.enumerated() {
      rays.append([])
      var layerValues: [Value] = []
      layerValues.reserveCapacity(layer.width)
      let batch = RowBatches(of: layer, threads: Concurrency.coreCount)
      var rows: [Form] = []
      for i in 0..<layer.width {
        if i % batch.size == 0 {
          rows = preactivations(batch.rows(from: i), of: layer, batch, values, copies)
        }
        let form = rows[i % batch.size]
        words += form.words
        if words > ProofLimits.words {
          throw ProofFailure(
            step: name, reason: "the proof needs more than \(ProofLimits.words) machine words")
        }
        if position == network.layers.count - 1 {
          outputs.append(form)
          continue
        }
        do {
          let writtenRange = ownRanges?[position][i]
          layerValues.append(try check(facts[position][i], form, layer, i, writtenRange))
        } catch {
          throw ProofFailure(
            step: "\(Neuron(layer: position + 1, index: i)) of \(name)", reason: error.reason)
        }
      }
      values.append(layerValues)
      copies.append(Copies(layerValues))
    }
    return outputs
  }

  /// The pre-activations of some rows of a layer, on several threads.
  private func preactivations(
    _ rows: Range<Int>, of layer: Network.Layer, _ batch: RowBatches, _ values: [[Value]], _ copies: [Copies?]
  ) -> [Form] {
    let signalCount = inputCount + forms.count
    return Concurrency.map(count: rows.count, threads: batch.threads, minimumRange: batch.minimumRange) {
      part in
      var sum = RowSum(signalCount: signalCount)
      var doubles = Array(repeating: 0.0, count: signalCount)
      return part.map { offset in
        let i = rows.lowerBound + offset
        return copiedRow(i, of: layer, copies, &doubles) ?? sum.row(i, of: layer, reading: values)
      }
    }
  }

  /// A layer whose neurons are distinct signals times powers of two.
  private struct Copies {
    let signals: [Int32]
    let powers: [Double]

    init?(_ values: [Value]) {
      var signals: [Int32] = []
      var powers: [Double] = []
      for value in values {
        guard case .multiple(let factor, let signal) = value, let power = factor.double, power.isNormal,
          power > 0, power.significand == 1
        else { return nil }
        signals.append(signal)
        powers.append(power)
      }
      guard Set(signals).count == signals.count else { return nil }
      self.signals = signals
      self.powers = powers
    }
  }

  /// A row that reads distinct signals through doubles; nil for any other row.
  ///
  /// No entry needs a sum, and every product with a power of two is a normal number, so exact. Leaves the table at zero.
  private func copiedRow(
    _ i: Int, of layer: Network.Layer, _ copies: [Copies?], _ table: inout [Double]
  ) -> Form? {
    var touched = Int32.max...Int32.max
    var isExact = true
    for block in layer.blocks {
      guard block.weights.holdsDoublesOnly, let source = copies[block.source] else {
        isExact = false
        break
      }
      let weights = block.weights.nearest.row(i)
      for (weight, (signal, power)) in zip(weights, zip(source.signals, source.powers)) where weight != 0 {
        let product = weight * power
        isExact = isExact && product.isNormal && table[Int(signal)] == 0
        table[Int(signal)] = product.isNormal ? product : 1
        touched =
          min(
            touched.lowerBound, signal)...(touched.lowerBound == .max
          ? signal : max(touched.upperBound, signal))
      }
    }
    var signals: [Int32] = []
    var doubles: [Double] = []
    if touched.lowerBound != .max {
      for signal in touched where table[Int(signal)] != 0 {
        signals.append(signal)
        doubles.append(table[Int(signal)])
        table[Int(signal)] = 0
      }
    }
    return isExact ? Form(signals: signals, doubles: doubles, constant: Scalar(layer.bias[i, 0])) : nil
  }

  /// A table in which rows are summed, one after the other.
  private struct RowSum {
    private var sums: [Scalar]
    private var isPresent: [Bool]
    private var present: [Int32] = []

    init(signalCount: Int) {
      sums = Array(repeating: .zero, count: signalCount)
      isPresent = Array(repeating: false, count: signalCount)
    }

    mutating func row(_ i: Int, of layer: Network.Layer, reading values: [[Value]]) -> Form {
      var constant = Scalar(layer.bias[i, 0])
      for block in layer.blocks {
        let sources = values[block.source]
        for j in sources.indices where block.weights.sign(i, j) != 0 {
          let weight = Scalar(block.weights[i, j])
          switch sources[j] {
          case .multiple(let factor, let signal): add(weight * factor, times: signal)
          case .form(let form):
            constant = constant + weight * form.constant
            for k in form.signals.indices { add(weight * form.coefficient(at: k), times: form.signals[k]) }
          }
        }
      }
      present.sort()
      var signals: [Int32] = []
      var coefficients: [Scalar] = []
      signals.reserveCapacity(present.count)
      coefficients.reserveCapacity(present.count)
      for signal in present {
        if !sums[Int(signal)].isZero {
          signals.append(signal)
          coefficients.append(sums[Int(signal)])
        }
        sums[Int(signal)] = .zero
        isPresent[Int(signal)] = false
      }
      present.removeAll(keepingCapacity: true)
      return Form(signals: signals, coefficients: coefficients, constant: constant)
    }

    @inline(__always)
    private mutating func add(_ coefficient: Scalar, times signal: Int32) {
      if !isPresent[Int(signal)] {
        isPresent[Int(signal)] = true
        present.append(signal)
      }
      sums[Int(signal)] = sums[Int(signal)] + coefficient
    }
  }

  /// Checks one fact; gives the neuron's value as a form, and numbers its pre-activation where it is new.
  private mutating func check(
    _ fact: NeuronFact, _ form: Form, _ layer: Network.Layer, _ i: Int, _ writtenRange: Interval?
  ) throws(ProofFailure) -> Value {
    switch fact {
    case .new:
      guard !form.signals.isEmpty else { throw failure("a constant is no new signal") }
      record(form, .signal)
      noteRay(of: forms.count - 1)
      return .multiple(.one, of: Int32(inputCount + forms.count - 1))
    case .active:
      guard isOfSign(1, form, layer, i, writtenRange) else {
        throw failure("not shown to be active everywhere")
      }
      if form.signals.isEmpty {
        noteRay(of: -1, side: 0, scale: form.constant)
      } else {
        record(form, .active)
        noteRay(of: forms.count - 1)
      }
      return .form(form)
    case .inactive:
      guard isOfSign(-1, form, layer, i, writtenRange) else {
        throw failure("not shown to be inactive everywhere")
      }
      if !form.signals.isEmpty { record(form, .inactive) }
      noteRay(of: -1, side: 0, scale: .zero)
      return .form(.zero)
    case .multiple(let r, let scale), .opposite(let r, let scale):
      guard forms.indices.contains(r) else { throw failure("form \(r) is not defined") }
      guard scale.sign > 0 else { throw failure("the scale \(scale) is not positive") }
      var isOpposite = false
      if case .opposite = fact { isOpposite = true }
      // Compare over the common denominator, so that dyadic entries stay dyadic.
      let top = Scalar(isOpposite ? -scale.numerator : scale.numerator)
      let bottom = Scalar(Dyadic(scale.denominator))
      guard forms[r].isEqual(to: form, over: bottom, times: top) else {
        throw failure("the weights are not \(isOpposite ? "-" : "")\(scale) times form \(r)")
      }
      guard let factor = top.dividedExactly(by: bottom) else {
        throw failure("the scale is not representable")
      }
      noteRay(of: r, side: isOpposite ? -1 : 1, scale: isOpposite ? -factor : factor)
      return rectified(form, factor: factor, of: r)
    }
  }

  /// max(factor · t_r, 0), where form = factor · t_r.
  private func rectified(_ form: Form, factor: Scalar, of r: Int) -> Value {
    let isPositive = factor.sign > 0
    switch kinds[r] {
    case .active: return .form(isPositive ? form : .zero)
    case .inactive: return .form(isPositive ? .zero : form)
    case .signal:
      let signal = Int32(inputCount + r)
      if isPositive { return .multiple(factor, of: signal) }
      // max(−s t, 0) = s max(t, 0) − s t; signal r comes after all that t_r reads.
      return .form(
        Form(
          signals: form.signals + [signal],
          coefficients: form.signals.indices.map { form.coefficient(at: $0) } + [-factor],
          constant: form.constant))
    }
  }

  private mutating func noteRay(of form: Int, side: Int = 1, scale: Scalar = .one) {
    rays[rays.count - 1].append(Ray(form: form, side: side, scale: scale))
  }

  /// Whether sign · t ≥ 0 because t is a combination of outputs of hidden neurons, which are never negative, with
  /// coefficients of that sign once outputs on the same side of one line are taken together.
  private func isOfSignByRays(_ sign: Int, _ layer: Network.Layer, _ i: Int) -> Bool {
    var bias = Scalar(layer.bias[i, 0])
    var sums: [Int: Scalar] = [:]
    for block in layer.blocks {
      for j in 0..<block.weights.columns where block.weights.sign(i, j) != 0 {
        if block.source == 0 { return false }
        let ray = rays[block.source][j]
        let weight = Scalar(block.weights[i, j]) * ray.scale
        if ray.side == 0 {
          bias = bias + weight
        } else {
          let key = 2 * ray.form + (ray.side > 0 ? 0 : 1)
          sums[key] = sums[key, default: .zero] + weight
        }
      }
    }
    return bias.sign * sign >= 0 && sums.values.allSatisfy { $0.sign * sign >= 0 }
  }

  private mutating func record(_ form: Form, _ kind: Kind) {
    forms.append(form)
    kinds.append(kind)
    if domain != nil { ranges.append(range(of: form).rectified) }
  }

  /// Whether sign · t ≥ 0 on the domain, by the form, by the weights as written, or by a range.
  private func isOfSign(
    _ sign: Int, _ form: Form, _ layer: Network.Layer, _ i: Int, _ writtenRange: Interval?
  ) -> Bool {
    // Hidden neurons and signals are never negative.
    if form.constant.sign * sign >= 0,
      form.signals.indices.allSatisfy({
        form.signals[$0] >= inputCount && form.coefficient(at: $0).sign == sign
      })
    {
      return true
    }
    if isOfSignByRays(sign, layer, i) { return true }
    guard domain != nil, let writtenRange else { return false }
    return [writtenRange, range(of: form)].contains { sign > 0 ? $0.lower >= 0 : $0.upper <= 0 }
  }

  private func range(of form: Form) -> Interval {
    form.signals.indices.reduce(form.constant.interval) {
      $0 + form.coefficient(at: $1).interval * ranges[Int(form.signals[$1])]
    }
  }

  private func failure(_ reason: String) -> ProofFailure { ProofFailure(step: "", reason: reason) }
}
