/// Coordinates τ on a cell, as forms on the signals of its layer; and where in the input the cell lies.
///
/// The coordinates read the first ``dimension`` signals; the others are left out, and are small on the cell.
struct CellChart {
  /// The number of coordinates: the least width so far.
  let dimension: Int
  /// The width of the layer.
  let width: Int
  /// For each coordinate its weights on the first ``dimension`` signals.
  private let weights: [[Double]]
  /// For each coordinate its constant.
  private let constants: [Double]
  /// The input at which all coordinates are 0.
  private let centre: [Double]
  /// How the input moves with each coordinate.
  private let directions: [[Double]]

  /// The unit normals of the folds, beyond those of the chain, that pass through the cell.
  var normals: [[Double]] = []

  /// A chart of the next layer, and how the coordinates of this one depend on it.
  struct Step {
    /// The chart.
    var chart: CellChart
    /// The centre of its cell, in coordinates of the chart before.
    let centreInLast: [Double]
    /// The inverse of the axes.
    fileprivate let inverse: [[Double]]

    /// The unit normal, in the new coordinates, of a form on the old ones.
    func normal(of axis: [Double]) -> [Double] {
      inverse.indices.map { k in inverse.indices.reduce(0) { $0 + axis[$1] * inverse[$1][k] } }.unitVector
    }
  }

  /// The inputs themselves, around the origin.
  init(inputs: Int) {
    let identity = (0..<inputs).map { i in (0..<inputs).map { $0 == i ? 1.0 : 0 } }
    self.init(
      width: inputs, weights: identity, constants: Array(repeating: 0, count: inputs),
      centre: Array(repeating: 0, count: inputs), directions: identity)
  }

  private init(
    width: Int, weights: [[Double]], constants: [Double], centre: [Double], directions: [[Double]]
  ) {
    dimension = constants.count
    self.width = width
    self.weights = weights
    self.constants = constants
    self.centre = centre
    self.directions = directions
  }

  /// A power of two so small that numbers below it, one for each signal, add up to less than 1/8.
  static func unit(for width: Int) -> Double {
    Double(sign: .plus, exponent: -3 - (Int.bitWidth - max(0, width - 1).leadingZeroBitCount), significand: 1)
  }

  /// The place of the cell.
  var place: ConstructionPlace {
    ConstructionPlace(centre: centre, scale: directions.joined().map(\.magnitude).max() ?? 1)
  }

  /// The form Σ axis_i τ_i, with given weights on the signals that τ leaves out.
  func form(_ axis: [Double], extras: [Double]) -> (weights: [Double], bias: Double) {
    var row = (0..<dimension).map { j in
      axis.indices.reduce(0) { $0 + axis[$1] * weights[$1][j] }
    }
    row += (dimension..<max(dimension, width)).map { extras.isEmpty ? 0 : extras[$0 - dimension] }
    return (row, zip(axis, constants).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// The chart of the cell that the neurons δ·τ + η − α·τ, α·τ, … with axes δ, α, … cut out, and its centre in τ.
  func next(axes: [[Double]], eta: Double, kappa: Double, width: Int) -> Step {
    let count = axes.count
    let inverse = SmallMatrix.inverse(axes.map { Array($0.prefix(count)) })
    // τ' = axes·τ/η − (0, ½, …), so τ = η · inverse · (τ' + (0, ½, …)).
    var place = Array(repeating: 0.0, count: dimension)
    for i in 0..<count { place[i] = eta * inverse[i].dropFirst().reduce(0, +) / 2 }
    func moved(_ tau: [Double]) -> [Double] {
      centre.indices.map { c in tau.indices.reduce(0) { $0 + directions[$1][c] * tau[$1] } }
    }
    let steps = (0..<count).map { k in
      moved((0..<count).map { eta * inverse[$0][k] })
    }
    var weights = (0..<count).map { i in (0..<count).map { $0 == i && i >= 2 ? 1 / eta : 0 } }
    weights[0][0] = 1 / (kappa * eta)
    weights[0][1] = 1 / (kappa * eta)
    weights[1][0] = 1 / eta
    let chart = CellChart(
      width: width, weights: weights,
      constants: [-1 / kappa] + Array(repeating: -0.5, count: count - 1),
      centre: zip(centre, moved(place)).map { $0 + $1 }, directions: steps)
    return Step(chart: chart, centreInLast: place, inverse: inverse)
  }
}

/// Small matrices, in doubles.
enum SmallMatrix {
  /// The inverse of a well-conditioned square matrix, rounded.
  static func inverse(_ matrix: [[Double]]) -> [[Double]] {
    let n = matrix.count
    var rows = matrix.enumerated().map { i, row in row + (0..<n).map { $0 == i ? 1.0 : 0 } }
    for c in 0..<n {
      let pivot = (c..<n).max { rows[$0][c].magnitude < rows[$1][c].magnitude } ?? c
      rows.swapAt(c, pivot)
      let factor = 1 / rows[c][c]
      rows[c] = rows[c].map { $0 * factor }
      for r in 0..<n where r != c && rows[r][c] != 0 {
        let multiple = rows[r][c]
        for j in 0..<2 * n { rows[r][j] -= multiple * rows[c][j] }
      }
    }
    return rows.map { Array($0.suffix(n)) }
  }
}
