import ExactArithmetic
import LinearAlgebra
import Networks

/// The oriented canonical form: one representative for all networks that the moves of the normal form relate.
///
/// Each live signal is oriented so that its first coefficient is positive, by max(t, 0) = max(−t, 0) + t; its key is
/// its row in units of the 1-norms of what it reads, divided by its own 1-norm; signals of one depth are sorted by
/// key. Inputs come first, then signals by depth and rank, so the order of what a row reads is fixed before it is
/// oriented. Merging has left no two signals with the same key, so there are no ties.
///
/// Two networks with equal canonical forms are the same function. Exact disguises share the form as long as no sign shows
/// in the weights of one neuron and not in those of a twin (a multiple in the same layer that reads other neurons).
///
/// - Exactness: exact; entries are kept unnormalised and dyadic, only keys are divided.
/// - Complexity: O(parameters) without flips; each flipped row is copied into its readers.
/// - Reference: the guide "The same function?", section on the canonical form.
public struct CanonicalForm: Sendable {
  /// The number of inputs.
  public let inputCount: Int
  /// The oriented pre-activations, by depth and key.
  public let forms: [AffineForm<Dyadic>]
  /// The depth of each signal.
  public let depths: [Int]
  /// The 1-norm of each signal's row, in units of the norms of what it reads.
  public let norms: [Dyadic]
  /// The outputs.
  public let outputs: [AffineForm<Dyadic>]
  /// How many signals were turned around.
  public let flips: Int

  /// The rows outgrew the limit.
  public struct TooLarge: Error, Hashable, Sendable {
    /// The limit of multiplications.
    public let limit: Int
  }

  /// An entry of the scaled form is beyond the range of doubles.
  public struct BeyondDoubles: Error, Hashable, Sendable {}

  /// How rows are scaled when the form is written as a network.
  public enum Scaling: Hashable, Sendable {
    /// By the power of two below the 1-norm: exact.
    case powerOfTwo
    /// By the 1-norm itself: every row has 1-norm 1, entries are rounded to doubles.
    case norm
  }

  /// The canonical form of a reduced network.
  ///
  /// - Throws: ``TooLarge`` when flips need more than `limit` multiplications.
  public init(_ graph: SignalGraph, limit: Int = .max) throws(TooLarge) {
    inputCount = graph.inputCount
    depths = graph.depths
    var rewriter = Rewriter(inputCount: graph.inputCount, signalCount: graph.forms.count, limit: limit)
    var forms: [AffineForm<Dyadic>] = []
    var norms: [Dyadic] = []
    var start = 0
    var flips = 0
    while start < graph.forms.count {
      let end = graph.depths[start...].firstIndex { $0 != graph.depths[start] } ?? graph.forms.count
      var level: [Oriented] = []
      for k in start..<end {
        let form = try rewriter.rewrite(graph.forms[k])
        level.append(Oriented(form, origin: k, norms: norms, inputCount: inputCount))
      }
      level.sort { $0.precedes($1) }
      for signal in level {
        let number = Int32(inputCount + forms.count)
        forms.append(signal.form)
        norms.append(signal.norm)
        rewriter.record(signal, as: number)
        if signal.isFlipped { flips += 1 }
      }
      start = end
    }
    var outputs: [AffineForm<Dyadic>] = []
    for output in graph.outputs { outputs.append(try rewriter.rewrite(output)) }
    self.forms = forms
    self.norms = norms
    self.outputs = outputs
    self.flips = flips
  }

  /// The form as text, the same for all networks that share it: what a fingerprint is taken of.
  ///
  /// Line by line: `signal` with its depth and entries `k:value`, values in units of the norms of what is read and
  /// divided by the signal's own; then `output` with entries in the same units.
  public func forEachLine(_ body: (String) -> Void) {
    body("crease-canonical-1 \(inputCount)\n")
    for (k, form) in forms.enumerated() {
      body("signal \(depths[k])" + text(of: form, over: norms[k]) + "\n")
    }
    for form in outputs { body("output" + text(of: form, over: .one) + "\n") }
  }

  private func text(of form: AffineForm<Dyadic>, over norm: Dyadic) -> String {
    let entries = form.signals.indices.map { position -> String in
      let signal = Int(form.signals[position])
      let value = Rational(form.coefficient(at: position) * unit(signal), over: norm)
      return " \(signal):\(value)"
    }
    return entries.joined() + " +\(Rational(form.constant, over: norm))"
  }

  private func unit(_ signal: Int) -> Dyadic { signal < inputCount ? .one : norms[signal - inputCount] }

  /// The form as a network, a layer for each depth.
  ///
  /// - Exactness: exact with ``Scaling/powerOfTwo``; with ``Scaling/norm`` entries are rounded to the nearest
  ///   doubles, within two units in the last place.
  /// - Throws: ``BeyondDoubles``, since norms multiply from layer to layer.
  public func network(
    scaling: Scaling, storage: StoragePrecision, domain: InputDomain? = nil
  ) throws(BeyondDoubles) -> Network {
    func rescaled(_ form: AffineForm<Dyadic>, over own: Dyadic) throws(BeyondDoubles) -> AffineForm<Dyadic> {
      func divided(_ value: Dyadic) throws(BeyondDoubles) -> Dyadic {
        let quotient =
          scaling == .norm
          ? Rational(value, over: own).nearestDouble
          : value.scaled(byPowerOfTwo: -(own.magnitudeExponent ?? 0)).nearestDouble
        guard quotient.isFinite else { throw BeyondDoubles() }
        return scaling == .norm
          ? Dyadic(quotient) : value.scaled(byPowerOfTwo: -(own.magnitudeExponent ?? 0))
      }
      func unit(_ signal: Int) -> Dyadic {
        let norm = self.unit(signal)
        return scaling == .norm ? norm : Dyadic(1, exponent: norm.magnitudeExponent ?? 0)
      }
      var coefficients: [Dyadic] = []
      for position in form.signals.indices {
        coefficients.append(try divided(form.coefficient(at: position) * unit(Int(form.signals[position]))))
      }
      let kept = form.signals.indices.filter { !coefficients[$0].isZero }
      return AffineForm(
        signals: kept.map { form.signals[$0] }, coefficients: kept.map { coefficients[$0] },
        constant: try divided(form.constant))
    }
    var scaledForms: [AffineForm<Dyadic>] = []
    for (form, norm) in zip(forms, norms) { scaledForms.append(try rescaled(form, over: norm)) }
    var scaledOutputs: [AffineForm<Dyadic>] = []
    for output in outputs { scaledOutputs.append(try rescaled(output, over: .one)) }
    let graph = SignalGraph(
      inputCount: inputCount, forms: scaledForms, depths: depths, outputs: scaledOutputs)
    return Network(graph, storage: storage, domain: domain)
  }
}

/// A form turned so that its first coefficient is positive.
private struct Oriented {
  let form: AffineForm<Dyadic>
  let norm: Dyadic
  let origin: Int
  let isFlipped: Bool
  /// The form before it was turned.
  let original: AffineForm<Dyadic>

  init(_ form: AffineForm<Dyadic>, origin: Int, norms: [Dyadic], inputCount: Int) {
    self.origin = origin
    original = form
    isFlipped = form.coefficient(at: 0).sign < 0
    self.form =
      isFlipped
      ? AffineForm(
        signals: form.signals, coefficients: form.signals.indices.map { -form.coefficient(at: $0) },
        constant: -form.constant) : form
    norm = form.signals.indices.reduce(.zero) { sum, position in
      let signal = Int(form.signals[position])
      let size = form.coefficient(at: position).magnitude
      return sum + (signal < inputCount ? size : size * norms[signal - inputCount])
    }
  }

  /// The order of keys: entry by entry, an earlier signal first, then the smaller value; the constant last.
  func precedes(_ other: Oriented) -> Bool {
    for position in 0..<min(form.count, other.form.count) {
      let (k, l) = (form.signals[position], other.form.signals[position])
      if k != l { return k < l }
      let a = form.coefficient(at: position) * other.norm
      let b = other.form.coefficient(at: position) * norm
      if a != b { return a < b }
    }
    if form.count != other.form.count { return form.count < other.form.count }
    return form.constant * other.norm < other.form.constant * norm
  }
}

/// Rewrites forms from the signals of a graph into the oriented and sorted ones.
private struct Rewriter {
  private let inputCount: Int
  private let limit: Int
  private var work = 0
  private var accumulator = FormAccumulator<Dyadic>()
  // For each signal of the graph: its new number, and the form to add where it was turned around.
  private var number: [Int32]
  private var linear: [AffineForm<Dyadic>?]

  init(inputCount: Int, signalCount: Int, limit: Int) {
    self.inputCount = inputCount
    self.limit = limit
    number = (0..<inputCount).map { Int32($0) } + Array(repeating: -1, count: signalCount)
    linear = Array(repeating: nil, count: inputCount + signalCount)
  }

  mutating func record(_ signal: Oriented, as number: Int32) {
    self.number[inputCount + signal.origin] = number
    // max(t, 0) = max(−t, 0) + t.
    if signal.isFlipped { linear[inputCount + signal.origin] = signal.original }
  }

  mutating func rewrite(_ form: AffineForm<Dyadic>) throws(CanonicalForm.TooLarge) -> AffineForm<Dyadic> {
    accumulator.start(signalCount: number.count, constant: form.constant)
    for position in form.signals.indices {
      let signal = Int(form.signals[position])
      let coefficient = form.coefficient(at: position)
      accumulator.add(coefficient, times: number[signal])
      if let linear = linear[signal] {
        work += linear.count
        if work > limit { throw CanonicalForm.TooLarge(limit: limit) }
        accumulator.add(coefficient, times: linear)
      }
    }
    return accumulator.finish()
  }
}
