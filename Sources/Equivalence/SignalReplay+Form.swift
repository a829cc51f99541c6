import ExactArithmetic

extension SignalReplay {
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
}
