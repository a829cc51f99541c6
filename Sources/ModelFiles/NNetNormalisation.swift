import ExactArithmetic
import Networks

/// The affine maps between physical and normalised units: x ↦ (x − mean) / range and y ↦ y · range + mean.
struct NNetNormalisation: Hashable {
  /// The mean of each input.
  let means: [Double]
  /// The range of each input.
  let ranges: [Double]
  /// The mean of the outputs.
  let outputMean: Double
  /// The range of the outputs.
  let outputRange: Double

  /// Whether physical units exist: every range is positive.
  var isMeaningful: Bool { ranges.allSatisfy { $0 > 0 } && outputRange > 0 }

  /// The layers of the same network on physical units.
  ///
  /// The first layer divides by the ranges, W′ = W / range and b′ = b − Σ W · mean / range; the last
  /// multiplies by the output range and adds the output mean.
  ///
  /// - Exactness: an entry that is dyadic stays exact; every other is the double near it, and the bound of
  ///   its row, computed in outward-rounded intervals, says how near.
  func folded(into file: NNetFile) throws(ModelFileError.Cause) -> (layers: [Network.Layer], Network.Lowering)
  {
    var layers: [Network.Layer] = []
    var rowErrors: [[Double]] = []
    for (position, weights) in file.weights.enumerated() {
      let isLast = position == file.weights.count - 1
      let scale = Dyadic(isLast ? outputRange : 1)
      let offset = Dyadic(isLast ? outputMean : 0)
      var entries: [Dyadic] = []
      entries.reserveCapacity(weights.elements.count)
      var biases: [Dyadic] = []
      var errors: [Double] = []
      for i in 0..<weights.rows {
        var row = FoldedRow(bias: Dyadic(file.biases[position][i]) * scale + offset)
        for j in 0..<weights.columns {
          let entry = Dyadic(weights[i, j]) * scale
          if position == 0 {
            row.append(entry, mean: Dyadic(means[j]), range: Dyadic(ranges[j]))
          } else {
            row.entries.append(entry)
          }
        }
        row.close()
        guard (row.entries + [row.bias]).allSatisfy({ $0.nearestDouble.isFinite }), row.error.isFinite else {
          throw .notFinite(
            place: "row \(i) of layer \(position + 1)", found: "infinite once the normalisation is folded in")
        }
        entries += row.entries
        biases.append(row.bias)
        errors.append(row.error)
      }
      layers.append(
        Network.Layer(
          blocks: [
            .init(
              source: position,
              weights: ExactMatrix(rows: weights.rows, columns: weights.columns, elements: entries))
          ], bias: ExactMatrix(rows: weights.rows, columns: 1, elements: biases)))
      rowErrors.append(errors)
    }
    let isExact = rowErrors.allSatisfy { $0.allSatisfy { $0 == 0 } }
    return (layers, isExact ? .exact : .rounded(rowErrors: rowErrors))
  }
}

/// One row of the first layer while the normalisation is folded in.
private struct FoldedRow {
  /// The weights, exact or near.
  var entries: [Dyadic] = []
  /// The bias, exact or near.
  var bias: Dyadic
  /// A bound of the distance of any entry from the exact one.
  var error = 0.0
  /// The part of the bias that is not dyadic.
  private var rest: Interval?

  init(bias: Dyadic) { self.bias = bias }

  /// Adds the weight `entry / range`, and takes `entry · mean / range` off the bias.
  mutating func append(_ entry: Dyadic, mean: Dyadic, range: Dyadic) {
    if let exact = entry.dividedExactly(by: range) {
      entries.append(exact)
    } else {
      let (value, distance) = FoldedRow.nearest(to: entry.interval / range.interval)
      entries.append(value)
      error = max(error, distance)
    }
    let product = entry * mean
    if let exact = product.dividedExactly(by: range) {
      bias = bias - exact
    } else {
      let quotient = product.interval / range.interval
      rest = (rest ?? Interval(0)) - quotient
    }
  }

  /// Rounds the bias where it has to be.
  mutating func close() {
    guard let rest else { return }
    let (value, distance) = FoldedRow.nearest(to: bias.interval + rest)
    bias = value
    error = max(error, distance)
  }

  /// A double in the interval, and a bound of its distance from any number there.
  private static func nearest(to interval: Interval) -> (Dyadic, Double) {
    let middle = min(max(interval.lower / 2 + interval.upper / 2, interval.lower), interval.upper)
    guard middle.isFinite else { return (.zero, .infinity) }
    let point = Interval(middle)
    return (Dyadic(middle), max((interval - point).magnitude, (point - interval).magnitude))
  }
}
