import ExactArithmetic
import LinearAlgebra
import Networks

/// A seeded search for an input at which two networks differ.
///
/// It collects inputs that look different in floating point (random points at several scales, points at which
/// neurons switch on, and climbs on |f − g| from the best of them), then evaluates the best exactly. On all of ℝⁿ
/// gaps are judged relative to max(1, ‖x‖∞): piecewise linear functions grow, and a witness should be one to look at.
///
/// - Exactness: the gap of the result is exact, rounded down; not finding one proves nothing.
struct WitnessSearch {
  private let a: Network
  private let b: Network
  private let options: ComparisonOptions
  private var rng: SplitMix64
  /// The most promising inputs, with their gaps as judged.
  private var best: [(x: [Double], score: Double)] = []

  init(_ a: Network, _ b: Network, _ options: ComparisonOptions) {
    self.a = a
    self.b = b
    self.options = options
    rng = SplitMix64(seed: options.seed)
  }

  /// The best witness found, or nil when every gap is exactly 0.
  mutating func run() throws -> Verdict.Witness? {
    for scale in scales {
      try consider(randomPoints(count: options.witnessSamples / scales.count, scale: scale))
    }
    if let witness = bestProved(), isLarger(witness, than: 1e-3) { return witness }
    try climb()
    // Beyond the noise of floating point: good enough, and what is left is for differences that hide.
    if let witness = bestProved(), isLarger(witness, than: 1e-9) { return witness }
    try considerNeurons()
    try climb()
    return bestProved()
  }

  /// The exact gap, rounded down, at the most promising of `count` random inputs with coordinates in −1 … 1 or in the
  /// domain, divided by max(1, ‖x‖∞) = 1.
  mutating func sampledGap(count: Int) -> Double {
    try? consider(randomPoints(count: count, scale: 1))
    best.removeLast(max(0, best.count - 1))
    return bestProved()?.gap ?? 0
  }

  /// The largest gaps that are found at given and random inputs, and by climbing from the best of them.
  mutating func largest(
    at inputs: [[Double]]
  ) throws -> (sampled: Verdict.Witness?, climbed: Verdict.Witness?) {
    if !inputs.isEmpty {
      try consider(Matrix(rows: inputs.count, columns: a.inputCount, elements: inputs.flatMap(\.self)))
    }
    for scale in scales {
      try consider(randomPoints(count: options.witnessSamples / scales.count, scale: scale))
    }
    let sampled = bestProved()
    try climb()
    return (sampled, bestProved())
  }

  /// A witness whose gap is plain at one of a few inputs; nil where it may be rounding.
  mutating func glance() throws -> Verdict.Witness? {
    try consider(randomPoints(count: 32, scale: 1))
    guard let first = best.first, first.score > 0 else { return nil }
    let size = (a.outputs(at: first.x) + b.outputs(at: first.x)).reduce(1) { max($0, $1.magnitude) }
    return first.score > 1e-6 * size ? WitnessSearch.proved(a, b, at: first.x) : nil
  }

  /// Whether a gap answers the question and is larger than a share of the outputs.
  private func isLarger(_ witness: Verdict.Witness, than share: Double) -> Bool {
    let size = (witness.outputA + witness.outputB).reduce(1) { max($0, $1.magnitude) }
    return witness.gap > share * size && witness.relativeGap(on: options.domain) > options.epsilon ?? 0
  }

  // MARK: Candidates

  /// The half-widths of the cubes to sample; on a domain the domain itself, whole and around its centre.
  private var scales: [Double] { options.domain == nil ? [1, 0.1, 10, 100] : [1, 0.1] }

  private mutating func randomPoints(count: Int, scale: Double) -> Matrix<Double> {
    let n = a.inputCount
    var elements: [Double] = []
    elements.reserveCapacity(count * n)
    for _ in 0..<count {
      for i in 0..<n { elements.append(coordinate(i, Double.random(in: -scale...scale, using: &rng))) }
    }
    return Matrix(rows: count, columns: n, elements: elements)
  }

  /// The coordinate at `place` in −1 … 1 of side i of the domain, or `place` itself, kept to few significant bits so
  /// that exact evaluation stays cheap.
  private func coordinate(_ i: Int, _ place: Double) -> Double {
    guard let side = options.domain?.enclosure[i] else { return Double(Float(place)) }
    // Halved first, so that no side is too long.
    let value = Double(Float(side.lower / 2 + side.upper / 2 + place * (side.upper / 2 - side.lower / 2)))
    return min(max(value, side.lower), side.upper)
  }

  private func projected(_ x: [Double]) -> [Double] {
    guard let sides = options.domain?.enclosure else { return x.map { Double(Float($0)) } }
    return zip(sides, x).map { side, value in min(max(Double(Float(value)), side.lower), side.upper) }
  }

  /// Evaluates a batch and keeps the inputs with the largest gaps.
  private mutating func consider(_ points: Matrix<Double>) throws {
    try options.progress.step("searching for a witness")
    let outputsA = a.outputs(at: points)
    let outputsB = b.outputs(at: points)
    for i in 0..<points.rows {
      let gap = WitnessSearch.distance(outputsA.row(i), outputsB.row(i))
      let x = Array(points.row(i))
      keep(x, score: gap / unit(at: x))
    }
  }

  private mutating func keep(_ x: [Double], score: Double) {
    let limit = 8
    guard x.allSatisfy(\.isFinite) else { return }
    guard score.isFinite, best.count < limit || score > best[limit - 1].score else { return }
    best.insert((x, score), at: best.firstIndex { $0.score < score } ?? best.count)
    if best.count > limit { best.removeLast() }
  }

  /// What a gap at x is measured in.
  private func unit(at x: [Double]) -> Double {
    options.domain == nil ? x.reduce(1) { max($0, $1.magnitude) } : 1
  }

  /// Climbs on the output with the largest gap from the best inputs, with steps that double and shrink; on all of ℝⁿ
  /// within the cube of the start, or the unit cube, since far away is no better a place for a witness.
  private mutating func climb() throws {
    for start in best.prefix(4) {
      let reach = options.domain == nil ? start.x.reduce(1) { max($0, $1.magnitude) } : .infinity
      var x = start.x
      var score = start.score
      var step = 0.1 * (x.reduce(0) { max($0, $1.magnitude) } + 1e-3)
      for _ in 0..<40 {
        try options.progress.step("searching for a witness")
        let direction = ascent(at: x)
        guard direction.contains(where: { $0 != 0 }) else { break }
        let next = projected(zip(x, direction).map { min(max($0 + step * $1, -reach), reach) })
        let nextScore = self.score(at: next)
        if nextScore > score {
          (x, score) = (next, nextScore)
          step *= 2
        } else {
          step /= 4
        }
      }
      keep(x, score: score)
    }
  }

  private func score(at x: [Double]) -> Double {
    WitnessSearch.distance(a.outputs(at: x)[...], b.outputs(at: x)[...]) / unit(at: x)
  }

  /// The sup-norm distance; NaN where a difference is.
  private static func distance(_ y: ArraySlice<Double>, _ z: ArraySlice<Double>) -> Double {
    var gap = 0.0
    for (y, z) in zip(y, z) {
      let difference = (y - z).magnitude
      if difference.isNaN { return .nan }
      gap = max(gap, difference)
    }
    return gap
  }

  /// The signs of the gradient of |f_k − g_k| for the output k with the largest gap.
  private func ascent(at x: [Double]) -> [Double] {
    let (y, z) = (a.outputs(at: x), b.outputs(at: x))
    guard let k = y.indices.max(by: { (y[$0] - z[$0]).magnitude < (y[$1] - z[$1]).magnitude }) else {
      return []
    }
    let sign = y[k] >= z[k] ? 1.0 : -1.0
    let last = a.layers.count
    return zip(a.gradient(ofLayer: last, k, at: x), b.gradient(ofLayer: b.layers.count, k, at: x))
      .map { (sign * ($0 - $1)).sign(orZero: 0) }
  }

  /// Inputs at which single neurons are on: climbs on each pre-activation that is off at all samples.
  private mutating func considerNeurons() throws {
    for network in [a, b] {
      let probes = randomPoints(count: 64, scale: 1)
      let rows = (0..<probes.rows).map { Array(probes.row($0)) }
      let traces = rows.map { network.boundedPreactivations(at: $0).map(\.values) }
      var budget = options.witnessSamples
      for l in 1..<max(1, network.layers.count) {
        for i in 0..<network.layers[l - 1].width where budget > 0 {
          let seenOn = traces.filter { $0[l - 1][i] > 0 }.count
          if seenOn > rows.count / 8 { continue }
          try options.progress.step("searching for a witness")
          guard let start = traces.indices.max(by: { traces[$0][l - 1][i] < traces[$1][l - 1][i] }) else {
            continue
          }
          for x in switchingOn(network, l, i, from: rows[start], &budget) { keep(x, score: score(at: x)) }
        }
      }
    }
  }

  /// Points on the way up a pre-activation, past the place where it turns positive.
  private func switchingOn(
    _ network: Network, _ layer: Int, _ i: Int, from start: [Double], _ budget: inout Int
  ) -> [[Double]] {
    var x = start
    var step = 0.25
    var found: [[Double]] = []
    for _ in 0..<24 where budget > 0 {
      budget -= 1
      let direction = network.gradient(ofLayer: layer, i, at: x).map { $0.sign(orZero: 0) }
      let next =
        options.domain == nil
        ? projected(zip(x, direction).map { $0 + step * $1 })
        : projected(
          zip(zip(x, direction), options.domain?.enclosure ?? []).map { point, side in
            point.0 + step * point.1 * (side.upper / 2 - side.lower / 2)
          })
      if next == x { break }
      x = next
      step *= 2
      if network.boundedPreactivations(at: x)[layer - 1].values[i] > 0 { found.append(x) }
      if found.count == 3 { break }
    }
    return found
  }

  // MARK: Proof

  /// The largest exact gap among the inputs kept.
  private func bestProved() -> Verdict.Witness? {
    var result: Verdict.Witness?
    for (x, score) in best {
      if let result, score < result.gap / unit(at: result.x) / 2 { break }
      guard let witness = WitnessSearch.proved(a, b, at: x) else { continue }
      if witness.gap / unit(at: x) > result.map({ $0.gap / unit(at: $0.x) }) ?? 0 { result = witness }
    }
    return result
  }

  /// The witness at an input, or nil where no gap can be proved there.
  static func proved(_ a: Network, _ b: Network, at x: [Double]) -> Verdict.Witness? {
    guard let roundingA = a.loweringBound(at: x), let roundingB = b.loweringBound(at: x) else { return nil }
    let (y, z) = (a.exactOutputs(at: x), b.exactOutputs(at: x))
    let gap = (zip(y, z).map { ($0 - $1).magnitude }.max() ?? .zero) - roundingA - roundingB
    guard gap.sign > 0, gap.doubleBelow > 0 else { return nil }
    return Verdict.Witness(
      x: x, outputA: y.map(\.nearestDouble), outputB: z.map(\.nearestDouble), gap: gap.doubleBelow)
  }
}

extension Double {
  /// −1, 0 or 1.
  fileprivate func sign(orZero zero: Double) -> Double { self > 0 ? 1 : self < 0 ? -1 : zero }
}
