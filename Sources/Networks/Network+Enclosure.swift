import ExactArithmetic
import LinearAlgebra

extension Network {
  /// The pre-activations of every layer at one input, with a running bound of their floating-point error.
  ///
  /// Layer by layer, z is computed in doubles and its error bounded by
  ///
  ///     |fl(z) − z| ≤ γ_{n+2} (Σ |w| |h| + |b|) + Σ |w| e_h,
  ///
  /// where e_h bounds the error of h; a neuron whose enclosure is negative is exactly 0 from then on. A weight that
  /// no double holds is off by |w| 2^-53, which γ has room for, or where it is subnormal by up to 2^-1075.
  ///
  /// - Returns: for each layer, outputs last, the value and its error bound at each neuron.
  /// - Exactness: the true z of the stored weights lies within the bound; a rounded ``Lowering`` is not included.
  /// - Complexity: O(parameters).
  public func boundedPreactivations(at x: [Double]) -> [BoundedValues] {
    precondition(x.count == inputCount, "\(x.count) numbers for \(inputCount) inputs")
    var signals = [BoundedValues(values: x, errors: Array(repeating: 0, count: x.count))]
    var result: [BoundedValues] = []
    for layer in layers {
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      // γ_{n+2} with room for the evaluation of the bound itself, and for underflow of single products.
      let unit = 0x1p-53 * Double(2 * terms + 8)
      let floor = Double(terms + 1) * 0x1p-1070
      var values = layer.bias.nearest.elements
      var sizes = values.map(\.magnitude)
      var errors = Array(repeating: 0.0, count: layer.width)
      for block in layer.blocks {
        let source = signals[block.source]
        block.weights.nearest.accumulate(source, &values, &sizes, &errors)
        if !block.weights.holdsDoublesOnly {
          // Entries below the range of doubles are off by up to 2^-1075 each, not by a relative 2^-53.
          let reach = zip(source.values, source.errors).reduce(0) { $0 + $1.0.magnitude + $1.1 }
          for i in errors.indices { errors[i] += 0x1p-1074 * reach }
        }
      }
      for i in errors.indices {
        let bound = (errors[i] * (1 + unit) + unit * sizes[i] + floor) * (1 + 0x1p-50)
        // Where a sum overflows on its way nothing is known, and no NaN or infinite value goes on.
        errors[i] = bound.isFinite ? bound : .infinity
        if !values[i].isFinite { values[i] = 0 }
      }
      let z = BoundedValues(values: values, errors: errors)
      result.append(z)
      signals.append(z.rectified)
    }
    return result
  }

  /// An enclosure of the outputs at one input.
  ///
  /// - Exactness: the exact output of the stored weights lies inside.
  public func enclosure(at x: [Double]) -> [Interval] {
    let last = boundedPreactivations(at: x)[layers.count - 1]
    return zip(last.values, last.errors).map { value, error in
      Interval(value) + Interval(-error, error)
    }
  }

  /// Enclosures of the pre-activations of every layer over a product of intervals, outputs last.
  ///
  /// Interval arithmetic, layer by layer: quick, and wide for deep networks.
  ///
  /// - Exactness: an enclosure of the exact range; a rounded ``Lowering`` is not included.
  /// - Complexity: O(parameters).
  public func preactivationRanges(over inputs: [Interval]) -> [[Interval]] {
    precondition(inputs.count == inputCount, "\(inputs.count) intervals for \(inputCount) inputs")
    var signals = [inputs]
    var result: [[Interval]] = []
    for layer in layers {
      let ranges = (0..<layer.width).map { i in
        layer.blocks.reduce(layer.bias[i, 0].interval) { sum, block in
          let source = signals[block.source]
          return (0..<block.weights.columns).reduce(sum) { partial, j in
            let weight = block.weights.nearest[i, j]
            if weight == 0, block.weights.holdsDoublesOnly { return partial }
            let exact = block.weights.holdsDoublesOnly ? Interval(weight) : block.weights[i, j].interval
            return partial + exact * source[j]
          }
        }
      }
      result.append(ranges)
      signals.append(ranges.map(\.rectified))
    }
    return result
  }
}

/// Numbers with bounds of their errors.
public struct BoundedValues: Sendable {
  /// The computed values, all finite.
  public let values: [Double]
  /// For each value a bound of its distance to the exact one; infinite where nothing is known, never NaN.
  public let errors: [Double]

  /// The values and bounds after max(·, 0).
  var rectified: BoundedValues {
    var values = values
    var errors = errors
    for i in values.indices where values[i] <= 0 {
      // max(·, 0) is 1-Lipschitz, and below −error it is 0 exactly.
      errors[i] = max(0, values[i] + errors[i])
      values[i] = 0
    }
    return BoundedValues(values: values, errors: errors)
  }
}

extension Matrix where Scalar == Double {
  /// Adds W·h to `values`, |W|·|h| to `sizes` and |W|·e to `errors`, skipping sources that are exactly 0.
  fileprivate func accumulate(
    _ source: BoundedValues, _ values: inout [Double], _ sizes: inout [Double], _ errors: inout [Double]
  ) {
    let live = source.values.indices.filter { source.values[$0] != 0 || source.errors[$0] != 0 }
    elements.withUnsafeBufferPointer { weights in
      for i in 0..<rows {
        var value = 0.0
        var size = 0.0
        var error = 0.0
        let row = i * columns
        for j in live {
          let weight = weights[row + j]
          let product = weight * source.values[j]
          value += product
          size += product.magnitude
          error += weight.magnitude * source.errors[j]
        }
        values[i] += value
        sizes[i] += size
        errors[i] += error
      }
    }
  }
}
