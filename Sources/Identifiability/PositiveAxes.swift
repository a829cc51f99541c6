import Networks

/// Networks with positive weights after the first layer whose folds of neighbouring layers all cross.
///
/// Pre-activations are convex, so each fold bounds a convex set {z ≤ 0}. The neurons of a layer touch the common set
/// K = ∩ {z_j ≤ 0} along one facet each, as tangents of a paraboloid do: with u_j in ℝⁿ⁻¹,
///
///     z_j = y + 2 u_j·x − |u_j|²,   first in front at x = u_j.
///
/// The u of the first n₀ neurons are the corners of a simplex with no other u in its sphere: so their facets meet in a
/// corner of K at which the other neurons are inactive, and the next layer sees the signals of the n₀ as coordinates of
/// the positive orthant. There it stands at {Σ h_i = ε}, tangents again, with all weights positive. Its K is an
/// ε-thickening of that of the layer before, which leaves the folds of that layer on both sides.
///
/// - Exactness: weights and biases are dyadic numbers that doubles hold.
/// - Reference: [GLR23]; the positive-axis hyperplanes are theirs, the numbers are our own.
struct PositiveAxes {
  let network: Network
  let places: [ConstructionPlace]

  /// ε, the thickening.
  private static let thickening = 0x1p-5

  init(widths: [Int], using rng: inout some RandomNumberGenerator) {
    let n = widths[0]
    var weights: [[[Double]]] = []
    var biases: [[Double]] = []
    var chart = OrthantChart(inputs: n)
    var places: [ConstructionPlace] = []
    // Tangents touch where every signal is positive.
    var share = 0.5
    while 1.5 * share * Double(n - 1) > 0.8 { share /= 2 }
    for (fanIn, width) in zip(widths, widths.dropFirst().dropLast()) {
      let isFirst = weights.isEmpty
      let tangents = PositiveAxes.tangents(
        count: width, dimension: n - 1, radius: isFirst ? 2 : share / 2, using: &rng)
      var rows: [[Double]] = []
      var bias: [Double] = []
      for u in tangents {
        let square = u.reduce(0) { $0 + $1 * $1 }
        if isFirst {
          rows.append(u.map { 2 * $0 } + [1])
          bias.append(-square)
        } else {
          let rest = (n..<max(n, fanIn)).map { _ in Double(Int.random(in: 8...16, using: &rng)) / 16 }
          rows.append((u.map { 1 + 2 * $0 } + [1] + rest).map { $0 / PositiveAxes.thickening })
          bias.append(-1 - 2 * share * u.reduce(0, +) - square)
        }
      }
      weights.append(rows)
      biases.append(bias)
      chart = chart.next(rows: rows, biases: bias)
      places += [chart.place(0.5), chart.place(4), chart.place(0.125)]
    }
    let last = widths[widths.count - 2]
    let outputs = widths[widths.count - 1]
    weights.append((0..<outputs).map { _ in (0..<last).map { _ in rng.nextOdd(of: 1 << 16).magnitude } })
    biases.append((0..<outputs).map { _ in rng.nextOdd(of: 16) })
    network = Network(weights: weights, biases: biases)
    self.places = places
  }

  /// Points of tangents: a simplex, and further ones outside its sphere.
  private static func tangents(
    count: Int, dimension: Int, radius: Double, using rng: inout some RandomNumberGenerator
  ) -> [[Double]] {
    let side = radius / 2
    var points = [Array(repeating: 0.0, count: dimension)]
    for k in 0..<dimension { points.append((0..<dimension).map { $0 == k ? side : 0 }) }
    func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let centre = Array(repeating: side / 2, count: dimension)
    let sphere = side * side / 4 * Double(dimension)
    var spacing = radius * radius
    var resolution = 64
    while points.count < count {
      let step = radius / Double(resolution)
      let u = (0..<dimension).map { _ in
        step * Double(Int.random(in: -resolution...resolution, using: &rng))
      }
      // Fewer points fit than are asked for: let them come closer.
      spacing *= 0.97
      if spacing * Double(resolution * resolution) < radius * radius { resolution *= 2 }
      guard squaredDistance(u, centre) > 1.25 * sphere,
        points.allSatisfy({ squaredDistance($0, u) > spacing })
      else { continue }
      points.append(u)
    }
    return points
  }
}

/// The signals of the first n₀ neurons of a layer as forms on the input, near the corner where they meet.
private struct OrthantChart {
  /// The forms: for each a row of weights and a bias.
  private var rows: [[Double]]
  private var biases: [Double]

  init(inputs: Int) {
    rows = (0..<inputs).map { i in (0..<inputs).map { $0 == i ? 1.0 : 0 } }
    biases = Array(repeating: 0, count: inputs)
  }

  /// The chart of the next layer.
  func next(rows layer: [[Double]], biases bias: [Double]) -> OrthantChart {
    let n = rows.count
    var chart = self
    chart.rows = (0..<n).map { i in
      (0..<n).map { c in (0..<n).reduce(0) { $0 + layer[i][$1] * rows[$1][c] } }
    }
    chart.biases = (0..<n).map { i in bias[i] + (0..<n).reduce(0) { $0 + layer[i][$1] * biases[$1] } }
    return chart
  }

  /// The corner, with cells of a size in units of the signals.
  func place(_ size: Double) -> ConstructionPlace {
    let inverse = SmallMatrix.inverse(rows)
    let corner = inverse.map { row in -zip(row, biases).reduce(0) { $0 + $1.0 * $1.1 } }
    let scale = inverse.joined().map(\.magnitude).max() ?? 1
    return ConstructionPlace(centre: corner, scale: size * scale)
  }
}
