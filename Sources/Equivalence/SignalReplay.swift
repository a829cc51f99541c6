import ExactArithmetic
import Networks
import Symmetry

/// Where the replay of a proof failed, and why.
public struct ProofFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The step, such as `neuron 3 of layer 2 of the second network`.
  public let step: String
  /// What did not hold there.
  public let reason: String

  /// A failure at a step, with its reason.
  public init(step: String, reason: String) {
    self.step = step
    self.reason = reason
  }

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
  /// What a neuron's output is: nearly always a multiple of one signal.
  enum Value: Sendable {
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
  ///
  /// - Parameter proofs: of signs on the domain; checked first.
  mutating func replay(
    _ network: Network, _ facts: [[NeuronFact]], signs proofs: [SignProof] = [], named name: String
  ) throws(ProofFailure) -> [Form] {
    guard facts.map(\.count) == network.hiddenLayers.map(\.width) else {
      throw ProofFailure(step: name, reason: "the facts do not fit the widths \(network.widths)")
    }
    let ownRanges = domain.map { network.preactivationRanges(over: $0.enclosure) }
    let signs = try SignProof.checkedSigns(proofs, network, on: domain, named: name)
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
          let fact = facts[position][i]
          let writtenRange = ownRanges?[position][i]
          let sign = signs[Neuron(layer: position + 1, index: i)]
          layerValues.append(try check(fact, form, layer, i, writtenRange, proved: sign))
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

  /// Checks one fact; gives the neuron's value as a form, and numbers its pre-activation where it is new.
  private mutating func check(
    _ fact: NeuronFact, _ form: Form, _ layer: Network.Layer, _ i: Int, _ writtenRange: Interval?,
    proved sign: Int?
  ) throws(ProofFailure) -> Value {
    switch fact {
    case .new:
      guard !form.signals.isEmpty else { throw failure("a constant is no new signal") }
      record(form, .signal)
      noteRay(of: forms.count - 1)
      return .multiple(.one, of: Int32(inputCount + forms.count - 1))
    case .active:
      guard sign == 1 || isOfSign(1, form, layer, i, writtenRange) else {
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
      guard sign == -1 || isOfSign(-1, form, layer, i, writtenRange) else {
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
