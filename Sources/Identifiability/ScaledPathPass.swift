import ExactArithmetic
import Networks

/// Sums over paths in floating point: nonnegative, in the range of ``ScaledDouble``, with a proved relative error.
///
/// All terms are nonnegative, so nothing cancels: a sum of n terms adds at most n + 2 relative errors of 2^-53 to those
/// of its terms, whatever the order.
struct ScaledPathSums: Sendable {
  /// The sum at each signal.
  private(set) var sums: [ScaledDouble]
  /// For each layer how many relative errors of 2^-53 its sums have at most.
  private(set) var errors: [Double]

  /// The most relative errors of any sum.
  var worstError: Double { errors.max() ?? 0 }
}

extension PathGraph {
  /// For each signal the sum, over all paths that end there, of the product of values along the path, rounded.
  ///
  /// - Parameter valueErrors: How many relative errors of 2^-53 the values have at most.
  /// - Exactness: within the relative errors counted.
  /// - Complexity: a few floating-point operations for each edge.
  func roundedSums(
    _ values: PathValues<ScaledDouble>, valueErrors: Double, progress: Progress = Progress()
  ) throws -> ScaledPathSums {
    var sums = Array(repeating: ScaledDouble.one, count: inputCount)
    sums.reserveCapacity(signalCount)
    var errors = [0.0]
    for layer in 1..<widths.count {
      try progress.step("summing over paths, layer", done: layer, of: widths.count - 1)
      var terms = 0
      for signal in firstSignal[layer]..<firstSignal[layer + 1] {
        let edges = self.edges(into: signal)
        terms = max(terms, edges.count)
        sums.append(scaledSum(edges, values, bias: values.biases[signal], of: sums))
      }
      errors.append((errors.max() ?? 0) + valueErrors + Double(terms) + 4)
    }
    return ScaledPathSums(sums: sums, errors: errors)
  }

  /// For each signal the sum over its continuations to an output, rounded.
  ///
  /// The same sums as ``roundedSums(_:valueErrors:progress:)``, on the graph turned around.
  func roundedContinuations(
    _ values: PathValues<ScaledDouble>, valueErrors: Double, progress: Progress = Progress()
  ) throws -> ScaledPathSums {
    let (turned, origins) = reversed()
    let back = PathValues(
      edges: origins.map { values.edges[Int($0)] }, biases: Array(repeating: ScaledDouble.zero, count: 0))
    var sums = Array(repeating: ScaledDouble.zero, count: outputs.lowerBound)
    sums += Array(repeating: ScaledDouble.one, count: outputs.count)
    var errors = Array(repeating: 0.0, count: widths.count)
    for layer in (0..<widths.count - 1).reversed() {
      try progress.step("summing over continuations, layer", done: layer + 1, of: widths.count - 1)
      var terms = 0
      for signal in firstSignal[layer]..<firstSignal[layer + 1] {
        let edges = turned.edges(into: signal)
        terms = max(terms, edges.count)
        sums[signal] = turned.scaledSum(edges, back, bias: .zero, of: sums)
      }
      errors[layer] = (errors[(layer + 1)...].max() ?? 0) + valueErrors + Double(terms) + 4
    }
    return ScaledPathSums(sums: sums, errors: errors)
  }

  /// bias + Σ value · source, with all terms brought to the exponent of the largest.
  ///
  /// Terms 2^-1000 times smaller than the largest are dropped: even 2^50 of them are less than one relative error.
  private func scaledSum(
    _ edges: Range<Int>, _ values: PathValues<ScaledDouble>, bias: ScaledDouble, of sums: [ScaledDouble]
  ) -> ScaledDouble {
    values.edges.withUnsafeBufferPointer { weights in
      sources.withUnsafeBufferPointer { sources in
        sums.withUnsafeBufferPointer { sums in
          var top = bias.significand == 0 ? Int.min : bias.exponent
          for edge in edges {
            let weight = weights[edge]
            let source = sums[Int(sources[edge])]
            if weight.significand * source.significand != 0 {
              top = max(top, weight.exponent &+ source.exponent)
            }
          }
          if top == .min { return .zero }
          var sum = bias.significand == 0 ? 0 : bias.significand * powerOfTwo(bias.exponent &- top)
          for edge in edges {
            let weight = weights[edge]
            let source = sums[Int(sources[edge])]
            sum +=
              weight.significand * source.significand
              * powerOfTwo(weight.exponent &+ source.exponent &- top)
          }
          return ScaledDouble(sum, exponent: top)
        }
      }
    }
  }
}

/// 2^k for −1000 ≤ k ≤ 1023, 0 for smaller k.
@inline(__always)
private func powerOfTwo(_ k: Int) -> Double {
  k < -1000 ? 0 : Double(bitPattern: UInt64(truncatingIfNeeded: min(k, 1023) &+ 1023) << 52)
}
