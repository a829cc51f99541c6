import ExactArithmetic
import Networks

/// A layer whose neurons are power-of-two multiples of distinct signals: what permutations, and rescalings by powers
/// of two, make of a layer.
///
/// Rows that read such layers through doubles stay doubles: a product with a power of two is exact while it is a normal
/// number, and nothing is added up. This is nearly every row of nearly every network, and several times faster than
/// exact sums.
struct PlainSources: Sendable {
  fileprivate let signals: [Int32]
  fileprivate let factors: [Double]

  /// The sources, or nil where one is not such a multiple.
  init?<Scalar: ExactScalar>(_ values: [NeuronNumbering<Scalar>.Value]) {
    var signals: [Int32] = []
    var factors: [Double] = []
    for value in values {
      guard case .multiple(let signal, let factor) = value, let double = factor.double,
        double.significand == 1,
        double.isNormal, double > 0
      else { return nil }
      signals.append(signal)
      factors.append(double)
    }
    guard Set(signals).count == signals.count else { return nil }
    self.signals = signals
    self.factors = factors
  }
}

/// Sums rows over plain sources, in one table that is reused from row to row.
struct PlainRows {
  private var table: [Double]

  init(signalCount: Int) { table = Array(repeating: 0, count: signalCount) }

  /// Row `i` of a layer, or nil where it has to be summed exactly.
  mutating func row<Scalar: ExactScalar>(
    _ i: Int, of layer: Network.Layer, reading sources: [PlainSources?], as _: Scalar.Type
  ) -> AffineForm<Scalar>? {
    var low = Int32.max
    var high = Int32.min
    var count = 0
    var isPlain = true
    for block in layer.blocks {
      guard block.weights.holdsDoublesOnly, let source = sources[block.source] else {
        isPlain = false
        break
      }
      let columns = block.weights.columns
      block.weights.nearest.elements.withUnsafeBufferPointer { weights in
        source.signals.withUnsafeBufferPointer { signals in
          source.factors.withUnsafeBufferPointer { factors in
            table.withUnsafeMutableBufferPointer { table in
              for j in 0..<columns {
                let weight = weights[i * columns + j]
                if weight == 0 { continue }
                let product = weight * factors[j]
                let signal = signals[j]
                // A signal met twice would need a sum; a product out of range would be rounded.
                if !product.isNormal || table[Int(signal)] != 0 { isPlain = false }
                table[Int(signal)] = product.isNormal ? product : 1
                low = min(low, signal)
                high = max(high, signal)
                count += 1
              }
            }
          }
        }
      }
    }
    var signals: [Int32] = []
    var coefficients: [Double] = []
    signals.reserveCapacity(count)
    coefficients.reserveCapacity(count)
    if low <= high {
      for signal in low...high where table[Int(signal)] != 0 {
        signals.append(signal)
        coefficients.append(table[Int(signal)])
        table[Int(signal)] = 0
      }
    }
    guard isPlain else { return nil }
    return AffineForm(signals: signals, doubles: coefficients, constant: Scalar(layer.bias[i, 0]))
  }
}
