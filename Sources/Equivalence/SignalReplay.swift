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
  /// An affine form: signals increasing, coefficients nonzero.
  struct Form: Hashable, Sendable {
    var signals: [Int]
    var coefficients: [Scalar]
    var constant: Scalar

    static var zero: Form { Form(signals: [], coefficients: [], constant: .zero) }

    /// Whether bottom · form = top · self.
    func isEqual(to form: Form, over bottom: Scalar, times top: Scalar) -> Bool {
      guard signals == form.signals, bottom * form.constant == top * constant else { return false }
      for k in coefficients.indices where bottom * form.coefficients[k] != top * coefficients[k] {
        return false
      }
      return true
    }
  }

  /// What a neuron's output is: nearly always a multiple of one signal.
  private enum Value: Sendable {
    case multiple(Scalar, of: Int)
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
    var values: [[Value]] = [(0..<inputCount).map { .multiple(.one, of: $0) }]
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
          rows = preactivations(batch.rows(from: i), of: layer, batch, reading: values)
        }
        let form = rows[i % batch.size]
        words += form.coefficients.reduce(1 + form.constant.bits / 64) { $0 + 1 + $1.bits / 64 }
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
    }
    return outputs
  }

  /// The pre-activations of some rows of a layer, on several threads.
  private func preactivations(
    _ rows: Range<Int>, of layer: Network.Layer, _ batch: RowBatches, reading values: [[Value]]
  ) -> [Form] {
    let signalCount = inputCount + forms.count
    return Concurrency.map(count: rows.count, threads: batch.threads, minimumRange: batch.minimumRange) {
      part in
      var sum = RowSum(signalCount: signalCount)
      return part.map { sum.row(rows.lowerBound + $0, of: layer, reading: values) }
    }
  }

  /// A table in which rows are summed, one after the other.
  private struct RowSum {
    private var sums: [Scalar]
    private var isPresent: [Bool]
    private var present: [Int] = []

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
            for k in form.signals.indices { add(weight * form.coefficients[k], times: form.signals[k]) }
          }
        }
      }
      present.sort()
      var form = Form(signals: [], coefficients: [], constant: constant)
      form.signals.reserveCapacity(present.count)
      form.coefficients.reserveCapacity(present.count)
      for signal in present {
        if !sums[signal].isZero {
          form.signals.append(signal)
          form.coefficients.append(sums[signal])
        }
        sums[signal] = .zero
        isPresent[signal] = false
      }
      present.removeAll(keepingCapacity: true)
      return form
    }

    @inline(__always)
    private mutating func add(_ coefficient: Scalar, times signal: Int) {
      if !isPresent[signal] {
        isPresent[signal] = true
        present.append(signal)
      }
      sums[signal] = sums[signal] + coefficient
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
      return .multiple(.one, of: inputCount + forms.count - 1)
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
      if isPositive { return .multiple(factor, of: inputCount + r) }
      // max(−s t, 0) = s max(t, 0) − s t; signal r comes after all that t_r reads.
      return .form(
        Form(
          signals: form.signals + [inputCount + r], coefficients: form.coefficients + [-factor],
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
      zip(form.signals, form.coefficients).allSatisfy({ $0 >= inputCount && $1.sign == sign })
    {
      return true
    }
    if isOfSignByRays(sign, layer, i) { return true }
    guard domain != nil, let writtenRange else { return false }
    return [writtenRange, range(of: form)].contains { sign > 0 ? $0.lower >= 0 : $0.upper <= 0 }
  }

  private func range(of form: Form) -> Interval {
    zip(form.signals, form.coefficients).reduce(form.constant.interval) { $0 + $1.1.interval * ranges[$1.0] }
  }

  private func failure(_ reason: String) -> ProofFailure { ProofFailure(step: "", reason: reason) }
}
