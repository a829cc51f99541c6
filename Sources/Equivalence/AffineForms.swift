import ExactArithmetic
import LinearAlgebra

/// Numbers that depend on a point of a box, each enclosed by an affine form in common noise symbols: a zonotope.
///
/// Definition: row i stands for the reals c_i + Σ_k g_ik e_k + t with all |e_k| ≤ 1 and |t| ≤ ``slack``[i]. The first
/// symbols are the coordinates of the box; others stand for what the relaxation of a neuron left open. Rows share the
/// symbols, so what two rows have in common cancels in their difference. The slack is what rounding left, a number
/// for each row by itself.
///
/// - Shapes: ``segments`` has a matrix for each ``Symbols``, all with one row for each number.
/// - Exactness: proved enclosures. Every operation adds a bound of its rounding to the slack.
struct AffineForms: Sendable {
  /// Where a symbol comes from.
  enum Symbols: Int, CaseIterable, Sendable {
    /// Column 0 is the centre, column k + 1 the coordinate k of the box.
    case input
    /// Neurons of the first network.
    case first
    /// Neurons of the second network.
    case second
    /// Differences of paired neurons.
    case difference
  }

  /// The number of rows.
  let rows: Int
  /// The centres and the coefficients of the symbols, by their origin.
  var segments: [Matrix<Double>]
  /// For each row a bound of what is not in the coefficients; infinite where nothing is known.
  var slack: [Double]

  /// The rows that are 0.
  ///
  /// - Parameter symbols: for each origin the number of columns.
  init(rows: Int, symbols: [Int]) {
    self.rows = rows
    segments = symbols.map { Matrix(repeating: 0, rows: rows, columns: $0) }
    slack = Array(repeating: 0, count: rows)
  }

  /// The coordinates of a box.
  init(box: [Interval]) {
    let n = box.count
    self.init(rows: n, symbols: [n + 1, 0, 0, 0])
    for (i, side) in box.enumerated() {
      let centre = side.middle
      segments[0][i, 0] = centre
      if side.lower < side.upper {
        segments[0][i, i + 1] = max((side.upper - centre).nextUp, (centre - side.lower).nextUp)
      }
    }
  }

  /// The centre of a row.
  func centre(_ i: Int) -> Double { segments[0][i, 0] }

  /// The number of columns of each origin.
  var symbolCounts: [Int] { segments.map(\.columns) }

  /// For each row an upper bound of the sum of the magnitudes of its coefficients, without the centre.
  func radii() -> [Double] {
    var sums = Array(repeating: 0.0, count: rows)
    var terms = 1
    for (position, segment) in segments.enumerated() {
      let first = position == 0 ? 1 : 0
      terms += segment.columns
      segment.addMagnitudes(from: first, to: &sums)
    }
    let growth = 1 + 0x1p-52 * Double(terms + 4)
    return sums.map { $0 * growth }
  }

  /// For each row the interval that its numbers lie in.
  func ranges() -> [Interval] {
    zip(radii(), slack).enumerated().map { i, spread in
      AffineForms.interval(centre(i), spread.0, spread.1)
    }
  }

  /// c ± (radius + slack), rounded outward; everything where that is not finite.
  static func interval(_ centre: Double, _ radius: Double, _ slack: Double) -> Interval {
    let spread = (radius + slack).nextUp
    let (lower, upper) = ((centre - spread).nextDown, (centre + spread).nextUp)
    return lower.isFinite && upper.isFinite ? Interval(lower, upper) : .everything
  }

  /// Adds the product of a matrix with other rows, and a bound of its rounding to the slack.
  ///
  /// With k terms in each sum, |fl(Σ w f) − Σ w f| ≤ γ_k Σ |w| |f| in whatever order BLAS adds; γ has room for entries
  /// of `weights` that are within 2^-52 of the exact ones, or within 2^-1074 of them.
  ///
  /// - Parameters:
  ///   - magnitudes: the magnitudes of `weights`.
  ///   - count: k, the terms of all products that are added to these rows.
  mutating func add(
    _ weights: Matrix<Double>, magnitudes: Matrix<Double>, times other: AffineForms, of count: Int
  ) {
    if weights.columns == 0 || rows == 0 { return }
    for position in segments.indices where other.segments[position].columns > 0 {
      let source = other.segments[position]
      if source.columns == segments[position].columns {
        weights.addProduct(with: source, to: &segments[position])
      } else {
        weights.addProduct(with: source.padded(to: segments[position].columns), to: &segments[position])
      }
    }
    let unit = AffineForms.unit(ofSum: count)
    var floor = 0x1p-1070 * Double(weights.columns * symbolCounts.reduce(1, +))
    var errors = Matrix(repeating: 0.0, rows: other.rows, columns: 1)
    let radii = other.radii()
    for j in 0..<other.rows {
      let size = radii[j] + other.centre(j).magnitude
      // Upward: what underflows here may meet a large weight.
      if size > 0 || other.slack[j] > 0 {
        errors[j, 0] = (other.slack[j] * (1 + 0x1p-50) + unit * size).nextUp
      }
      floor += 0x1p-1070 * (size + other.slack[j])
    }
    var sum = Matrix(rows: rows, columns: 1, elements: slack)
    magnitudes.addProduct(with: errors, to: &sum)
    for i in 0..<rows {
      let bound = (sum[i, 0] * (1 + unit)).nextUp + floor
      slack[i] = bound.isFinite ? bound : .infinity
    }
  }

  /// A bound, relative to the magnitudes, of the rounding of a sum of products with factors within 2^-52.
  static func unit(ofSum count: Int) -> Double { 0x1p-53 * Double(2 * count + 16) }

  /// Adds numbers that are within 2^-53 of the exact ones to the centres.
  mutating func addToCentres(_ numbers: [Double]) {
    for i in 0..<rows {
      let sum = segments[0][i, 0] + numbers[i]
      slack[i] = (slack[i] + 0x1p-52 * (sum.magnitude + numbers[i].magnitude) + 0x1p-1070).nextUp
      segments[0][i, 0] = sum
    }
    forgetOverflow()
  }

  /// Makes rows unknown that hold numbers that are not finite.
  private mutating func forgetOverflow() {
    let known = radii()
    for i in 0..<rows where !(known[i] + slack[i] + centre(i).magnitude).isFinite {
      for position in segments.indices {
        for k in 0..<segments[position].columns { segments[position][i, k] = 0 }
      }
      slack[i] = .infinity
    }
  }
}

extension Matrix where Scalar == Double {
  /// The magnitudes of the entries.
  var magnitudes: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map(\.magnitude)) }

  /// Adds the magnitudes of each row, from a column on, to a sum for each row.
  fileprivate func addMagnitudes(from first: Int, to sums: inout [Double]) {
    elements.withUnsafeBufferPointer { elements in
      for i in 0..<rows {
        var four = SIMD4<Double>(repeating: 0)
        var k = i * columns + first
        let end = (i + 1) * columns
        while k + 4 <= end {
          let next = SIMD4(elements[k], elements[k + 1], elements[k + 2], elements[k + 3])
          four += next.replacing(with: -next, where: next .< 0)
          k += 4
        }
        var sum = four.sum()
        while k < end {
          sum += elements[k].magnitude
          k += 1
        }
        sums[i] += sum
      }
    }
  }

  /// The matrix with columns of zeros behind.
  func padded(to width: Int) -> Matrix {
    if width == columns { return self }
    var wide = Matrix(repeating: 0, rows: rows, columns: width)
    for i in 0..<rows {
      wide.elements.replaceSubrange(i * width..<i * width + columns, with: row(i))
    }
    return wide
  }
}
