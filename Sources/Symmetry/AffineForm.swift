import ExactArithmetic

/// An affine combination Σ a_k e_k + c of numbered signals e_k, exactly.
///
/// Signals 0 ..< n₀ are the inputs; the ones after them are numbered by whoever builds the form. Coefficients that
/// are doubles are kept as doubles, which is nearly all of them and a third of the memory.
///
/// - Exactness: exact.
public struct AffineForm<Scalar: ExactScalar>: Hashable, Sendable {
  /// The signals with a nonzero coefficient, increasing.
  public let signals: [Int32]
  /// The constant c.
  public let constant: Scalar
  private let doubles: [Double]
  private let exact: [Scalar]

  /// The form with the given nonzero coefficients.
  ///
  /// - Requires: `signals` strictly increasing; as many coefficients; none zero.
  init(signals: [Int32], coefficients: [Scalar], constant: Scalar) {
    self.signals = signals
    self.constant = constant
    var doubles: [Double] = []
    doubles.reserveCapacity(coefficients.count)
    for coefficient in coefficients {
      guard let double = coefficient.double else {
        self.doubles = []
        self.exact = coefficients
        return
      }
      doubles.append(double)
    }
    self.doubles = doubles
    self.exact = []
  }

  /// The form with the given nonzero doubles as coefficients.
  ///
  /// - Requires: `signals` strictly increasing; as many coefficients; none zero.
  init(signals: [Int32], doubles: [Double], constant: Scalar) {
    self.signals = signals
    self.constant = constant
    self.doubles = doubles
    exact = []
  }

  /// The constant form.
  init(constant: Scalar) { self.init(signals: [], coefficients: [], constant: constant) }

  /// The number of signals with a nonzero coefficient.
  public var count: Int { signals.count }

  /// The size in machine words, for budgets: one for each coefficient that is a double, more for longer ones.
  var words: Int {
    let ends = 1 + constant.bits / 64
    return exact.isEmpty ? count + ends : exact.reduce(ends) { $0 + 1 + $1.bits / 64 }
  }

  /// Whether no signal occurs.
  public var isConstant: Bool { signals.isEmpty }

  /// The coefficient of `signals[position]`.
  public func coefficient(at position: Int) -> Scalar {
    exact.isEmpty ? Scalar(Dyadic(doubles[position])) : exact[position]
  }

  /// The factor λ with self = λ · other, constant included; nil if there is none, or none in this number type.
  ///
  /// - Exactness: exact.
  func ratio(to other: AffineForm) -> Scalar? {
    guard signals == other.signals, !signals.isEmpty,
      let factor = coefficient(at: 0).dividedExactly(by: other.coefficient(at: 0)),
      constant == factor * other.constant
    else { return nil }
    if let power = factor.double, power.magnitude.significand == 1, exact.isEmpty, other.exact.isEmpty {
      return isMultiple(of: other, byPowerOfTwo: power) ? factor : nil
    }
    for position in signals.indices
    where coefficient(at: position) != factor * other.coefficient(at: position) {
      return nil
    }
    return factor
  }

  /// Whether the doubles are ±2^k times the other form's.
  private func isMultiple(of other: AffineForm, byPowerOfTwo power: Double) -> Bool {
    for (a, b) in zip(doubles, other.doubles) {
      // A normal product with a power of two is exact; one that underflows is compared exactly.
      let product = b * power
      if product == a, product.isNormal { continue }
      if Dyadic(a) != Dyadic(b) * Dyadic(power) { return false }
    }
    return true
  }

  /// A hash of the line spanned by the form: equal for λ · self with any λ ≠ 0.
  ///
  /// The random linear functional Σ a_k R_k + c R modulo 2^61 − 1, divided by the first coefficient that is not 0
  /// there.
  ///
  /// - Exactness: forms that are multiples of each other have equal keys; others collide with chance near 2^-61.
  /// - Reference: [Sch80], identity testing by random evaluation.
  var lineKey: UInt64 {
    guard let unit = signals.indices.lazy.compactMap({ coefficient(at: $0).residue.inverse }).first else {
      return constant.residue.value
    }
    var sum = constant.residue * AffineForm.challenge(-1)
    if exact.isEmpty {
      for position in signals.indices {
        sum = sum + Dyadic(doubles[position]).residue * AffineForm.challenge(signals[position])
      }
    } else {
      for position in signals.indices {
        sum = sum + exact[position].residue * AffineForm.challenge(signals[position])
      }
    }
    return (sum * unit).value
  }

  /// The fixed pseudo-random field element for a signal, or for the constant (−1).
  @inline(__always)
  private static func challenge(_ signal: Int32) -> Mersenne61 {
    var z = UInt64(truncatingIfNeeded: Int64(signal) &+ 2) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Mersenne61(z ^ (z >> 31))
  }
}
