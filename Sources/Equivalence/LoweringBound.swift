import ExactArithmetic
import Networks

extension Network {
  /// For each output, a bound of the distance between the file's function and the stored normal form.
  ///
  /// With |entry error| ≤ η in a row, the error of h obeys E_l ≤ |W| E + η (Σ H + 1), where H bounds the true |h|:
  /// H_l ≤ |W| H + |b| + η (Σ H + 1). The sums over H run over all earlier layers: an entry that was rounded to zero
  /// is not stored, and has its error all the same. All sums are of nonnegative numbers and rounded upward.
  ///
  /// - Units: absolute on a domain; on all of ℝⁿ (nil) in units of max(1, ‖x‖∞).
  /// - Exactness: a proved bound; 0 for an exact lowering.
  package func loweringBound(domain: InputDomain?) -> [Double] {
    guard case .rounded(let rowErrors) = lowering else { return Array(repeating: 0, count: outputCount) }
    var sizes = [domain?.enclosure.map(\.magnitude) ?? Array(repeating: 1, count: inputCount)]
    var errors = [Array(repeating: 0.0, count: inputCount)]
    // What an error of 1 in every entry of a row amounts to.
    var reach = UpwardSum(1)
    for size in sizes[0] { reach.add(size) }
    for (position, layer) in layers.enumerated() {
      var layerSizes: [Double] = []
      var layerErrors: [Double] = []
      for i in 0..<layer.width {
        let slack = rowErrors[position][i]
        var size = UpwardSum(layer.bias[i, 0].interval.magnitude)
        var error = UpwardSum()
        error.add(slack, times: reach.value)
        size.add(error.value)
        for block in layer.blocks {
          for j in 0..<block.weights.columns {
            let weight = block.weights[i, j].interval.magnitude
            size.add(weight, times: sizes[block.source][j])
            error.add(weight, times: errors[block.source][j])
          }
        }
        layerSizes.append(size.value)
        layerErrors.append(error.value)
      }
      for size in layerSizes { reach.add(size) }
      sizes.append(layerSizes)
      errors.append(layerErrors)
    }
    return errors[errors.count - 1]
  }
}

/// A sum of nonnegative terms, rounded upward.
package struct UpwardSum {
  /// An upper bound of the sum so far.
  package private(set) var value: Double

  /// A sum that starts at a number that is not negative.
  package init(_ start: Double = 0) { value = start }

  /// Adds a nonnegative number.
  package mutating func add(_ term: Double) { value = UpwardSum.sum(value, term) }

  /// Adds the product of two nonnegative numbers.
  package mutating func add(_ a: Double, times b: Double) {
    if a != 0, b != 0 { add((a * b).nextUp) }
  }

  /// An upper bound of the sum of two nonnegative numbers.
  package static func sum(_ a: Double, _ b: Double) -> Double { a == 0 ? b : b == 0 ? a : (a + b).nextUp }
}
