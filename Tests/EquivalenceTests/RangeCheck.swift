import Crease
import LinearAlgebra

@testable import Equivalence

/// Numbers that depend on an input, and a range for each that is claimed to hold them on a box.
///
/// The check tries to leave the ranges: at random inputs, corners and faces of the box, inputs near kinks, and by
/// climbing. Batches are evaluated in floating point; of each number the least and the greatest input found are
/// evaluated again with a proved error bound, and exactly where that does not settle it. So a violation is a theorem,
/// and one larger than rounding is not missed where it was met.
struct RangeCheck {
  /// What is looked at.
  enum Quantity {
    /// Pre-activations of hidden neurons.
    case preactivations(Network, [Neuron])
    /// The differences of the outputs of two networks.
    case differences(Network, Network)
  }

  /// What was found.
  struct Report {
    /// The inputs that were evaluated.
    var evaluated = 0
    /// The numbers whose range does not hold, with an input that shows it.
    var violations: [Int: [Double]] = [:]
    /// The least and greatest values met, in floating point.
    var attained: [ClosedRange<Double>] = []
  }

  let quantity: Quantity
  let ranges: [ClosedRange<Double>]
  let box: [Interval]

  /// Inputs evaluated at a time.
  private static let batch = 2048

  /// Evaluates about `count` inputs and tells what left its range.
  func report(points count: Int, using rng: inout SplitMix64) -> Report {
    var extremes = Extremes(ranges.count)
    var evaluated = 0
    func meet(_ points: Matrix<Double>) -> [Matrix<Double>] {
      evaluated += points.rows
      let (values, hidden) = values(at: points)
      extremes.meet(values, at: points)
      return hidden
    }
    let half = count / 2
    while evaluated < half {
      let points = samples(min(RangeCheck.batch, half), using: &rng)
      let hidden = meet(points)
      // Every fourth batch is moved to kinks of its neurons, along segments between its inputs.
      if evaluated / points.rows % 4 == 1 { bisect(points, hidden, using: &rng, meet) }
    }
    for _ in 0..<3 {
      let corners = corners(above: extremes, upTo: 64, using: &rng)
      if corners.rows > 0 { _ = meet(corners) }
    }
    var radius = 0.5
    while evaluated < count {
      let points = neighbours(of: extremes, radius: radius, upTo: RangeCheck.batch, using: &rng)
      if points.rows == 0 { break }
      _ = meet(points)
      radius = radius > 1e-6 ? radius * 0.8 : 0.5
    }
    var report = Report(evaluated: evaluated)
    report.attained = zip(extremes.lowest, extremes.greatest).map {
      min($0.value, $1.value)...max($0.value, $1.value)
    }
    for k in ranges.indices {
      if isOutside(k, extremes.lowest[k].x, below: true) {
        report.violations[k] = extremes.lowest[k].x
      } else if isOutside(k, extremes.greatest[k].x, below: false) {
        report.violations[k] = extremes.greatest[k].x
      }
    }
    return report
  }

  // MARK: Inputs

  /// Random inputs, corners, and inputs with some coordinates on the boundary, in turn.
  private func samples(_ count: Int, using rng: inout SplitMix64) -> Matrix<Double> {
    var elements: [Double] = []
    elements.reserveCapacity(count * box.count)
    for row in 0..<count {
      for side in box { elements.append(coordinate(side, onBoundary: row % 4, using: &rng)) }
    }
    return Matrix(rows: count, columns: box.count, elements: elements)
  }

  /// A coordinate, on the boundary in `onBoundary` of three cases.
  private func coordinate(_ side: Interval, onBoundary: Int, using rng: inout SplitMix64) -> Double {
    let bits = rng.next()
    if Int(bits & 0xFFFF) % 3 < onBoundary { return bits >> 63 == 0 ? side.lower : side.upper }
    // Convex combinations may round out of the box.
    let place = Double(bits >> 11) * 0x1p-53
    return min(max(side.lower + place * (side.upper - side.lower), side.lower), side.upper)
  }

  /// For each input and the next one, halves the segment between them towards a kink of one neuron.
  private func bisect(
    _ points: Matrix<Double>, _ hidden: [Matrix<Double>], using rng: inout SplitMix64,
    _ meet: (Matrix<Double>) -> [Matrix<Double>]
  ) {
    let rows = points.rows
    let choices = (0..<rows).map { _ in
      let layer = Int.random(in: 0..<hidden.count, using: &rng)
      return (layer: layer, index: Int.random(in: 0..<hidden[layer].columns, using: &rng))
    }
    var low = points
    var high = Matrix(
      rows: rows, columns: points.columns,
      elements: Array(points.elements[points.columns...]) + Array(points.elements[..<points.columns]))
    let isNegative = (0..<rows).map { hidden[choices[$0].layer][$0, choices[$0].index] < 0 }
    for _ in 0..<12 {
      let middle = Matrix(
        rows: rows, columns: points.columns, elements: zip(low.elements, high.elements).map { ($0 + $1) / 2 })
      let signals = meet(middle)
      for r in 0..<rows {
        let range = r * points.columns..<(r + 1) * points.columns
        if (signals[choices[r].layer][r, choices[r].index] < 0) == isNegative[r] {
          low.elements.replaceSubrange(range, with: middle.elements[range])
        } else {
          high.elements.replaceSubrange(range, with: middle.elements[range])
        }
      }
    }
  }

  /// Corners of the box in the directions in which numbers with a bound grow towards it, from their extreme inputs.
  private func corners(above extremes: Extremes, upTo limit: Int, using rng: inout SplitMix64) -> Matrix<
    Double
  > {
    var starts: [(k: Int, x: [Double], sign: Double)] = []
    for k in ranges.indices {
      if ranges[k].lowerBound > -.infinity { starts.append((k, extremes.lowest[k].x, -1)) }
      if ranges[k].upperBound < .infinity { starts.append((k, extremes.greatest[k].x, 1)) }
    }
    let elements = starts.shuffled(using: &rng).prefix(limit).flatMap { start in
      zip(box, gradient(start.k, start.x)).enumerated().map { i, side in
        side.1 == 0 ? start.x[i] : start.sign * side.1 > 0 ? side.0.upper : side.0.lower
      }
    }
    return Matrix(rows: elements.count / max(box.count, 1), columns: box.count, elements: elements)
  }

  /// Inputs around the extreme ones whose range may be left there, some coordinates moved, some to the boundary.
  private func neighbours(
    of extremes: Extremes, radius: Double, upTo limit: Int, using rng: inout SplitMix64
  ) -> Matrix<Double> {
    var starts: [[Double]] = []
    for k in ranges.indices {
      if ranges[k].lowerBound > -.infinity { starts.append(extremes.lowest[k].x) }
      if ranges[k].upperBound < .infinity { starts.append(extremes.greatest[k].x) }
    }
    if starts.isEmpty { return Matrix(rows: 0, columns: box.count, elements: []) }
    if starts.count > limit { starts = Array(starts.shuffled(using: &rng)[..<limit]) }
    var elements: [Double] = []
    let copies = max(1, limit / starts.count)
    for start in starts {
      for _ in 0..<copies {
        let share = UInt64.random(in: 1...256, using: &rng)
        let snaps = Bool.random(using: &rng)
        for (value, side) in zip(start, box) {
          let bits = rng.next()
          if bits & 0xFF >= share {
            elements.append(value)
          } else if snaps {
            elements.append(bits >> 63 == 0 ? side.lower : side.upper)
          } else {
            let step = (Double(bits >> 11) * 0x1p-52 - 1) * radius * (side.upper - side.lower)
            elements.append(min(max(value + step, side.lower), side.upper))
          }
        }
      }
    }
    return Matrix(rows: starts.count * copies, columns: box.count, elements: elements)
  }

  // MARK: Values

  private func values(at points: Matrix<Double>) -> (values: Matrix<Double>, hidden: [Matrix<Double>]) {
    switch quantity {
    case .preactivations(let network, let neurons):
      let all = network.batchedPreactivations(at: points)
      var elements = Array(repeating: 0.0, count: points.rows * neurons.count)
      for (k, neuron) in neurons.enumerated() {
        let layer = all[neuron.layer - 1]
        layer.elements.withUnsafeBufferPointer { source in
          elements.withUnsafeMutableBufferPointer { target in
            for r in 0..<points.rows {
              target[r * neurons.count + k] = source[r * layer.columns + neuron.index]
            }
          }
        }
      }
      return (Matrix(rows: points.rows, columns: neurons.count, elements: elements), Array(all.dropLast()))
    case .differences(let f, let g):
      let (y, z) = (f.batchedPreactivations(at: points), g.batchedPreactivations(at: points))
      let (last, other) = (y[y.count - 1], z[z.count - 1])
      return (
        Matrix(
          rows: last.rows, columns: last.columns, elements: zip(last.elements, other.elements).map { $0 - $1 }
        ),
        y.dropLast() + z.dropLast()
      )
    }
  }

  /// Whether number k is proved to be below or above its range at an input.
  private func isOutside(_ k: Int, _ x: [Double], below: Bool) -> Bool {
    let bound = below ? ranges[k].lowerBound : ranges[k].upperBound
    guard bound.isFinite, !x.isEmpty else { return false }
    precondition(zip(box, x).allSatisfy { $0.lower <= $1 && $1 <= $0.upper }, "\(x) is outside of the box")
    let range = enclosure(k, x)
    if below ? range.lower >= bound : range.upper <= bound { return false }
    if below ? range.upper < bound : range.lower > bound { return true }
    let exact = exactValue(k, x)
    return below ? exact < Dyadic(bound) : exact > Dyadic(bound)
  }

  private func enclosure(_ k: Int, _ x: [Double]) -> Interval {
    switch quantity {
    case .preactivations(let network, let neurons):
      let z = network.boundedPreactivations(at: x)[neurons[k].layer - 1]
      let (value, error) = (z.values[neurons[k].index], z.errors[neurons[k].index])
      return Interval(value) + Interval(-error, error)
    case .differences(let f, let g): return f.enclosure(at: x)[k] - g.enclosure(at: x)[k]
    }
  }

  private func gradient(_ k: Int, _ x: [Double]) -> [Double] {
    switch quantity {
    case .preactivations(let network, let neurons):
      return network.gradient(ofLayer: neurons[k].layer, neurons[k].index, at: x)
    case .differences(let f, let g):
      return zip(
        f.gradient(ofLayer: f.layers.count, k, at: x), g.gradient(ofLayer: g.layers.count, k, at: x)
      ).map { $0 - $1 }
    }
  }

  private func exactValue(_ k: Int, _ x: [Double]) -> Dyadic {
    switch quantity {
    case .preactivations(let network, let neurons):
      return network.preactivations(ofLayer: neurons[k].layer, [neurons[k].index]).exactOutputs(at: x)[0]
    case .differences(let f, let g): return f.exactOutputs(at: x)[k] - g.exactOutputs(at: x)[k]
    }
  }
}

/// For each number the least and the greatest value met, and where.
private struct Extremes {
  var lowest: [(value: Double, x: [Double])]
  var greatest: [(value: Double, x: [Double])]

  init(_ count: Int) {
    lowest = Array(repeating: (.infinity, []), count: count)
    greatest = Array(repeating: (-.infinity, []), count: count)
  }

  mutating func meet(_ values: Matrix<Double>, at points: Matrix<Double>) {
    let count = values.columns
    var low = lowest.map(\.value)
    var high = greatest.map(\.value)
    var rows = (low: Array(repeating: -1, count: count), high: Array(repeating: -1, count: count))
    values.elements.withUnsafeBufferPointer { buffer in
      guard var source = buffer.baseAddress else { return }
      for r in 0..<values.rows {
        var k = 0
        while k < count {
          let value = source.pointee
          if value < low[k] { (low[k], rows.low[k]) = (value, r) }
          if value > high[k] { (high[k], rows.high[k]) = (value, r) }
          source += 1
          k += 1
        }
      }
    }
    for k in 0..<count {
      if rows.low[k] >= 0 { lowest[k] = (low[k], Array(points.row(rows.low[k]))) }
      if rows.high[k] >= 0 { greatest[k] = (high[k], Array(points.row(rows.high[k]))) }
    }
  }
}

extension Network {
  /// The pre-activations of every layer at a batch of inputs, a row for each input; rounded.
  fileprivate func batchedPreactivations(at inputs: Matrix<Double>) -> [Matrix<Double>] {
    var signals = [inputs]
    var result: [Matrix<Double>] = []
    for layer in layers {
      let bias = layer.bias.nearest.elements
      var values = Matrix(
        rows: inputs.rows, columns: layer.width, elements: (0..<inputs.rows).flatMap { _ in bias })
      for block in layer.blocks {
        signals[block.source].addProduct(with: block.weights.nearest, otherTransposed: true, to: &values)
      }
      result.append(values)
      values.rectify()
      signals.append(values)
    }
    return result
  }
}

extension Matrix<Double> {
  /// Sets what is negative to 0; by hand, as tests are built without optimisation.
  fileprivate mutating func rectify() {
    let count = elements.count
    elements.withUnsafeMutableBufferPointer { buffer in
      guard var place = buffer.baseAddress else { return }
      let end = place + count
      while place < end {
        if place.pointee < 0 { place.pointee = 0 }
        place += 1
      }
    }
  }
}
