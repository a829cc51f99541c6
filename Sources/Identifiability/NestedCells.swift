import Networks

/// Networks whose folds of every layer cut those of the layer before, inside ever smaller nested cells.
///
/// Each hidden layer has coordinates τ on a cell in which all neurons of a chain of earlier neurons are active: with
/// the slab 0 < t < η + s between its first two neurons, h₀ = t and h₁ = η + s − t, and h_i for the next ones,
///
///     τ = (s/(κη), t/η − ½, h₂/η − ½, …).
///
/// In the next layer neuron 0 is α·τ with α near the first axis, so that its fold cuts those of all neurons of the
/// chain; neuron 1 is δ·τ + η minus neuron 0 with δ near κ times the second axis; further neurons of the chain cut as
/// neuron 0 does, and neurons beyond the chain, for layers that widen, pass through the next cell.
///
/// - Transparency: neurons 0 and 1 of a layer add up to a form with positive weights and bias on what the layer before
///   sends, so one of them is active everywhere; in the first layer the box has to be bounded for it. Hidden layers
///   need two neurons, and nothing else.
/// - Exactness: weights and biases are sums of few dyadic numbers; doubles hold them.
/// - Reference: [PL20] Lemma 4; the numbers are our own.
struct NestedCells {
  let network: Network
  let places: [ConstructionPlace]

  /// η: how much smaller the next cell is.
  private static let shrink = 0x1p-4

  init(widths: [Int], using rng: inout some RandomNumberGenerator) {
    var chart = CellChart(inputs: widths[0])
    var weights: [[[Double]]] = []
    var biases: [[Double]] = []
    var places = [chart.place]
    for width in widths.dropFirst().dropLast() {
      let forms = NestedCells.forms(width: width, in: chart, isFirst: weights.isEmpty, using: &rng)
      weights.append(forms.rows.map(\.weights))
      biases.append(forms.rows.map(\.bias))
      chart = forms.next
      places.append(chart.place)
    }
    let last = widths[widths.count - 2]
    let outputs = widths[widths.count - 1]
    // Of many bits, so that effects of different paths cancel nowhere.
    weights.append((0..<outputs).map { _ in (0..<last).map { _ in rng.nextOdd(of: 1 << 16) } })
    biases.append((0..<outputs).map { _ in rng.nextOdd(of: 16) })
    network = Network(weights: weights, biases: biases)
    self.places = places
  }

  /// The neurons of a layer, and the chart of the next cell.
  private static func forms(
    width: Int, in chart: CellChart, isFirst: Bool, using rng: inout some RandomNumberGenerator
  ) -> (rows: [(weights: [Double], bias: Double)], next: CellChart) {
    let m = chart.dimension
    let chain = min(m, width)
    let eta = shrink
    let kappa = isFirst ? eta / 4 : eta
    // Small numbers add up to less than 1/8.
    let unit = CellChart.unit(for: chart.width)
    func small(_ rng: inout some RandomNumberGenerator) -> Double { rng.nextOdd(of: 32) * unit }
    func smalls(_ rng: inout some RandomNumberGenerator) -> [Double] { (0..<m).map { _ in small(&rng) } }
    func extras(_ rng: inout some RandomNumberGenerator) -> [Double] {
      (m..<max(m, chart.width)).map { _ in small(&rng) / eta }
    }
    var across = smalls(&rng)
    across[0] = 1
    let first = chart.form(across, extras: extras(&rng))
    // The sum of the pair, with positive weights on what the layer reads.
    var sum: (weights: [Double], bias: Double)
    var along: [Double]
    if isFirst {
      along = smalls(&rng).map(\.magnitude)
      along[1] = 1
      sum = chart.form(along.map { kappa * $0 }, extras: [])
    } else {
      var positive = (0..<chart.width).map { _ in small(&rng).magnitude }
      positive[0] = 1
      let half = positive[..<m].reduce(0, +) / 2
      sum = (positive.map { kappa * $0 / eta }, -kappa * half)
      along = [positive[1] * eta, 1 - positive[1]] + positive[2..<m]
    }
    sum.bias += eta
    var rows = [first, (zip(sum.weights, first.weights).map { $0 - $1 }, sum.bias - first.bias)]
    var axes = [along, across]
    for i in 2..<max(2, chain) {
      var axis = smalls(&rng)
      axis[0] = (Bool.random(using: &rng) ? 1 : -1) * Double(Int.random(in: 192...320, using: &rng)) / 256
      axis[i] = 1
      axes.append(axis)
      rows.append(chart.form(axis, extras: extras(&rng)))
    }
    var next = chart.next(axes: axes, eta: eta, kappa: kappa, width: width)
    for _ in chain..<max(chain, width) {
      // Near the centre of the next cell, across all other folds there.
      let axis = NestedCells.transversalAxis(in: chart, next, using: &rng)
      var row = chart.form(axis, extras: extras(&rng))
      let value = zip(axis, next.centreInLast).reduce(0) { $0 + $1.0 * $1.1 } + rng.nextOdd(of: 16) * eta / 8
      row.bias -= (value * 0x1p20).rounded() * 0x1p-20
      rows.append(row)
      next.chart.normals.append(next.normal(of: axis))
    }
    return (rows, next.chart)
  }

  /// Of some random axes the one whose fold is least parallel to the others in the cell, and in the next one.
  private static func transversalAxis(
    in chart: CellChart, _ next: CellChart.Step, using rng: inout some RandomNumberGenerator
  ) -> [Double] {
    func parallelism(_ axis: [Double]) -> Double {
      let here = axis.unitVector
      let there = next.normal(of: axis)
      let cosines =
        here.map(\.magnitude) + chart.normals.map { $0.product(here).magnitude } + [there[0].magnitude]
        + next.chart.normals.map { $0.product(there).magnitude }
      return cosines.max() ?? 0
    }
    var best: (axis: [Double], parallelism: Double)?
    for _ in 0..<48 {
      let axis = (0..<chart.dimension).map { _ in Double(Int.random(in: -16...16, using: &rng)) / 16 }
      let value = parallelism(axis)
      if best.map({ value < $0.parallelism }) ?? true { best = (axis, value) }
    }
    return best?.axis ?? []
  }
}

extension [Double] {
  /// The vector divided by its length; a zero vector stays.
  var unitVector: [Double] {
    let length = product(self).squareRoot()
    return length > 0 ? map { $0 / length } : self
  }

  /// The inner product, rounded.
  func product(_ other: [Double]) -> Double { zip(self, other).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension RandomNumberGenerator {
  /// An odd number of 1/denominator-th parts, of magnitude from 1/2 to 1.
  mutating func nextOdd(of denominator: Int) -> Double {
    let odd = 2 * Int.random(in: denominator / 4..<denominator / 2, using: &self) + 1
    return (Bool.random(using: &self) ? 1 : -1) * Double(odd) / Double(denominator)
  }
}
