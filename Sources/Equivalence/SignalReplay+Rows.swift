import ExactArithmetic
import Networks

extension SignalReplay {
  /// The pre-activations of some rows of a layer, on several threads.
  func preactivations(
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
  struct Copies {
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
  fileprivate struct RowSum {
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
}
