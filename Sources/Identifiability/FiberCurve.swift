import ExactArithmetic
import LinearAlgebra
import Networks

/// A curve of parameters with the same outputs at a sample, followed in floating point.
///
/// A step goes along the part of the direction that lies in the kernel of the sample's Jacobian, orthogonal to the
/// rescalings; Gauss–Newton steps of least length then bring the outputs back to what they were. Where they lead back
/// to where the step came from, the direction does not integrate.
///
/// - Exactness: rounded; a curve says nothing about inputs outside of the sample.
struct FiberCurve {
  /// Where a curve went.
  struct Result {
    /// The parameters reached, in doubles.
    let parameters: Parameters
    /// The part of the way that was gone: 1, or less where the curve could not be followed further.
    let share: Double
  }

  private let network: Network
  private let layout: ParameterLayout
  private let inputs: [[Double]]
  private let outputs: [Double]

  /// The most parameters of a network whose curves are followed.
  static let parameterLimit = 800
  /// Below which quotient to the largest a singular value counts as zero.
  private static let rankTolerance = 1e-9
  /// The outputs count as equal when they differ by no more than this, for rows of the Jacobian of length 1.
  private static let residualTolerance = 0x1p-42

  /// The curves through a network; nil where there are too many parameters.
  init?(_ network: Network, on domain: InputDomain?, options: DimensionOptions) {
    guard network.parameterCount <= FiberCurve.parameterLimit else { return nil }
    self.network = network
    layout = ParameterLayout(of: network)
    let count = 3 * layout.count / network.outputCount + 16
    inputs = FiberCurve.sample(of: network, on: domain, count: count, options: options)
    outputs = inputs.flatMap { network.outputs(at: $0) }
  }

  /// Points in many activation regions, every other one beside the fold of a neuron.
  ///
  /// Without the latter, folds could part by less than the distance to the next point, and no output would tell.
  static func sample(of network: Network, on domain: InputDomain?, count: Int, options: DimensionOptions)
    -> [[Double]]
  {
    var sampler = RegionSampler(network, on: domain, seed: options.seed &+ 1)
    var rng = SplitMix64(seed: options.seed &+ 2)
    let neurons = network.hiddenNeurons
    var points: [[Double]] = []
    var idle = 0
    // Points of known regions move on with every line that meets them.
    while points.count < count, idle < 64 {
      let found = sampler.findMore(threads: options.threads)
      idle = found.isEmpty ? idle + 1 : 0
      for point in sampler.points.suffix(max(1, count / 4)) {
        points.append(point)
        if neurons.isEmpty { continue }
        let neuron = neurons[Int.random(in: neurons.indices, using: &rng)]
        points += besideFold(of: neuron, from: point, in: network, on: domain)
      }
    }
    return Array(points.prefix(count))
  }

  /// A point on each side of a neuron's fold, close to it; none where the way there is blocked.
  private static func besideFold(
    of neuron: Neuron, from start: [Double], in network: Network, on domain: InputDomain?
  ) -> [[Double]] {
    var point = start
    // The neuron is piecewise linear: its zero is exact once the way lies in one region.
    for _ in 0..<6 {
      let z = network.boundedPreactivations(at: point)[neuron.layer - 1].values[neuron.index]
      var gradient = network.gradient(ofLayer: neuron.layer, neuron.index, at: point)
      for (c, side) in (domain?.enclosure ?? []).enumerated() where side.lower == side.upper {
        gradient[c] = 0
      }
      let square = gradient.reduce(0) { $0 + $1 * $1 }
      let size = 1 + point.reduce(0) { max($0, $1.magnitude) }
      guard square > 0, square.isFinite else { return [] }
      if z.magnitude <= 0x1p-40 * size * square.squareRoot() {
        let stride = 0x1p-26 * size / square.squareRoot()
        return [-stride, stride].map { stride in zip(point, gradient).map { $0 + stride * $1 } }
          .filter { domain?.contains($0) ?? true }
      }
      point = zip(point, gradient).map { $0 - z / square * $1 }
    }
    return []
  }

  /// Follows a direction from the network's parameters.
  ///
  /// - Throws: `CancellationError`.
  func followed(_ direction: [HiddenSymmetry.Entry], by step: Double, progress: Progress) throws -> Result {
    var wish = Array(repeating: 0.0, count: layout.count)
    for entry in direction { wish[entry.index] = entry.value.nearestDouble }
    var values = network.parameters.values.map(\.nearestDouble)
    var done = 0.0
    var stride = step
    while done.magnitude < step.magnitude {
      try progress.step("following a curve", done: Int(100 * done / step), of: 100)
      let rows = linearised(at: values)
      let tangent = FiberCurve.minus(wish, rows.shortest(for: rows.products(with: wish)))
      let length = FiberCurve.norm(tangent)
      if length < 1e-6 * FiberCurve.norm(wish) { break }
      stride = done + stride > step && step > 0 || done + stride < step && step < 0 ? step - done : stride
      let guess = zip(values, tangent).map { $0 + stride * $1 }
      if let corrected = try corrected(guess, progress: progress),
        FiberCurve.norm(FiberCurve.minus(corrected, guess)) <= 0.5 * stride.magnitude * length
      {
        values = corrected
        done += stride
        stride *= 2
      } else {
        stride /= 2
        if stride.magnitude < step.magnitude / 64 { break }
      }
    }
    return Result(
      parameters: Parameters(layout: layout, values: values.map { Dyadic($0) }), share: done / step)
  }

  /// The parameters near a guess with the network's outputs at the sample; nil where there are none nearby.
  private func corrected(_ guess: [Double], progress: Progress) throws -> [Double]? {
    var values = guess
    var last = Double.infinity
    for _ in 0..<12 {
      try progress.step("following a curve")
      guard values.allSatisfy({ $0.isFinite && $0.magnitude < 1e12 }) else { return nil }
      let rows = linearised(at: values)
      let largest = rows.residuals.reduce(0) { max($0, $1.magnitude) }
      let scale = 1 + values.reduce(0) { max($0, $1.magnitude) }
      if largest <= FiberCurve.residualTolerance * scale, largest > 0.25 * last || largest == 0 {
        return values
      }
      if largest > 4 * last { return nil }
      last = largest
      values = FiberCurve.minus(values, rows.shortest(for: rows.residuals))
    }
    return last <= FiberCurve.residualTolerance * (1 + values.reduce(0) { max($0, $1.magnitude) })
      ? values : nil
  }

  /// The Jacobian, scaled to rows of length 1, and the differences of outputs, scaled with it.
  private struct Linearised {
    let jacobian: Matrix<Double>
    /// The outputs' differences, followed by zeros for the rescalings.
    let residuals: [Double]

    func products(with vector: [Double]) -> [Double] {
      (0..<jacobian.rows).map { zip(jacobian.row($0), vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    func shortest(for right: [Double]) -> [Double] {
      jacobian.numericalLeastSquares(right, tolerance: FiberCurve.rankTolerance)
    }
  }

  private func linearised(at values: [Double]) -> Linearised {
    let parameters = Parameters(layout: layout, values: values.map { Dyadic($0) })
    let moved = network.with(parameters: parameters)
    let rows = JacobianRows(rounding: parameters, inputCount: network.inputCount)
    let (width, count) = (layout.count, network.outputCount)
    var elements: [Double] = []
    var residuals: [Double] = []
    for (index, input) in inputs.enumerated() {
      guard let pattern = moved.activationPattern(at: input) else { continue }
      let block = rows.rows(at: [input + [1]], on: pattern)
      let found = moved.outputs(at: input)
      for k in 0..<count {
        let row = block[k * width..<(k + 1) * width]
        let size = FiberCurve.norm(Array(row))
        if size == 0 || !size.isFinite { continue }
        elements += row.map { $0 / size }
        residuals.append((found[k] - outputs[index * count + k]) / size)
      }
    }
    // Orthogonal to the rescalings: their rows have no residue.
    let star = StarParts(moved)
    for neuron in network.hiddenNeurons {
      var row = Array(repeating: 0.0, count: width)
      for entry in star.row(of: neuron, at: neuron) + star.column(of: neuron, at: neuron, negated: true) {
        row[entry.index] += entry.value.nearestDouble
      }
      let size = FiberCurve.norm(row)
      if size == 0 { continue }
      elements += row.map { $0 / size }
      residuals.append(0)
    }
    return Linearised(
      jacobian: Matrix(rows: residuals.count, columns: width, elements: elements), residuals: residuals)
  }

  private static func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  private static func norm(_ vector: [Double]) -> Double {
    let largest = vector.reduce(0) { max($0, $1.magnitude) }
    if largest == 0 || !largest.isFinite { return largest }
    return largest * vector.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}
