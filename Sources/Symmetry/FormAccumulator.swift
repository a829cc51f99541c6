import ExactArithmetic

/// Sums multiples of affine forms, signal by signal, in one dense table that is reused from row to row.
struct FormAccumulator<Scalar: ExactScalar> {
  private var values: [Scalar] = []
  private var isTouched: [Bool] = []
  private var touched: [Int32] = []
  private var constant = Scalar.zero

  /// Makes room for signals 0 ..< `count` and starts a new sum at `constant`.
  mutating func start(signalCount count: Int, constant: Scalar) {
    if values.count < count {
      values.append(contentsOf: repeatElement(.zero, count: count - values.count))
      isTouched.append(contentsOf: repeatElement(false, count: count - isTouched.count))
    }
    self.constant = constant
  }

  /// Adds `coefficient · signal`.
  @inline(__always)
  mutating func add(_ coefficient: Scalar, times signal: Int32) {
    let k = Int(signal)
    if isTouched[k] {
      values[k] = values[k] + coefficient
    } else {
      isTouched[k] = true
      touched.append(signal)
      values[k] = coefficient
    }
  }

  /// Adds `coefficient · form`.
  mutating func add(_ coefficient: Scalar, times form: AffineForm<Scalar>) {
    constant = constant + coefficient * form.constant
    for position in form.signals.indices {
      add(coefficient * form.coefficient(at: position), times: form.signals[position])
    }
  }

  /// The sum as a form; the table is clean afterwards.
  mutating func finish() -> AffineForm<Scalar> {
    putTouchedInOrder()
    var signals: [Int32] = []
    var coefficients: [Scalar] = []
    signals.reserveCapacity(touched.count)
    coefficients.reserveCapacity(touched.count)
    for signal in touched {
      let value = values[Int(signal)]
      isTouched[Int(signal)] = false
      values[Int(signal)] = .zero
      if !value.isZero {
        signals.append(signal)
        coefficients.append(value)
      }
    }
    touched.removeAll(keepingCapacity: true)
    return AffineForm(signals: signals, coefficients: coefficients, constant: constant)
  }

  /// Sorts the touched signals: by scanning the table where they are dense in their range, else by comparison.
  private mutating func putTouchedInOrder() {
    guard let low = touched.min(), let high = touched.max() else { return }
    if Int(high - low) < 8 * touched.count {
      touched.removeAll(keepingCapacity: true)
      for signal in low...high where isTouched[Int(signal)] { touched.append(signal) }
    } else {
      touched.sort()
    }
  }
}
