import Networks

/// Activation regions found by walking along lines through the domain.
///
/// Of four lines two lie at distances of many scales, one passes through a region already known, and one starts in such
/// a region and heads for the kink of a neuron that was seldom seen active, or seldom inactive. Each line has a
/// generator of its own, so the regions do not depend on the number of threads.
///
/// - Exactness: each region is certain: at its point every hidden neuron has its sign, exactly, and none is zero.
struct RegionSampler {
  /// The regions found, each pattern once.
  private(set) var patterns: [ActivationPattern] = []
  /// A point inside each region, the last one met: so lines that start there set out from ever new places.
  private(set) var points: [[Double]] = []
  /// The points that were dropped because a hidden neuron is exactly zero there.
  private(set) var kinks = 0
  private var numbers: [ActivationPattern: Int] = [:]
  /// The neurons, by number, in whose active regions lines should start; none in particular while empty.
  var wanted: [Int] = []
  /// For each hidden neuron in how many of the regions it is active.
  private(set) var activeCounts: [Int]
  private let network: Network
  private let sides: [ClosedRange<Double>]?
  private let seed: UInt64
  private let scale: Double
  private let neurons: [Neuron]
  private let walk: LineWalk
  private var round: UInt64 = 0

  /// The lines of a round: more where they cost little.
  private let linesPerRound: Int

  init(_ network: Network, on domain: InputDomain?, seed: UInt64) {
    self.network = network
    self.seed = seed
    sides = domain?.enclosure.map { $0.lower...$0.upper }
    activeCounts = Array(repeating: 0, count: network.hiddenNeuronCount)
    neurons = network.hiddenLayers.enumerated().flatMap { position, layer in
      (0..<layer.width).map { Neuron(layer: position + 1, index: $0) }
    }
    walk = LineWalk(network)
    scale = RegionSampler.scale(of: network)
    linesPerRound = min(48, max(24, 6000 / max(1, network.parameterCount)))
  }

  /// The median distance from the origin at which neurons that read the input have their kinks.
  private static func scale(of network: Network) -> Double {
    var distances: [Double] = []
    for layer in network.hiddenLayers {
      guard let block = layer.blocks.first, block.source == 0 else { continue }
      for i in 0..<layer.width {
        let norm = block.weights.nearest.row(i).reduce(0) { $0 + $1 * $1 }.squareRoot()
        let distance = layer.bias.nearest[i, 0].magnitude / norm
        if distance > 0, distance.isFinite { distances.append(distance) }
      }
    }
    distances.sort()
    return distances.isEmpty ? 1 : distances[distances.count / 2]
  }

  /// Walks some more lines.
  ///
  /// - Returns: the numbers of the new regions.
  mutating func findMore(threads: Int) -> Range<Int> {
    let known = patterns.count
    let lines = (0..<linesPerRound).map { line($0) }
    let (walk, sides) = (walk, sides)
    let found = Concurrency.map(count: lines.count, threads: threads, minimumRange: 1) { part in
      part.map { walk.regions(on: lines[$0], in: sides) }
    }
    round += 1
    for line in found {
      kinks += line.kinks
      for stop in line.stops {
        let pattern = stop.pattern
        if let number = numbers[pattern] {
          points[number] = stop.point
          continue
        }
        numbers[pattern] = patterns.count
        patterns.append(pattern)
        points.append(stop.point)
        pattern.count(into: &activeCounts)
      }
    }
    return known..<patterns.count
  }

  private func line(_ number: Int) -> LineWalk.Line {
    var rng = SplitMix64(seed: seed ^ (round &* 0x9E37_79B9 &+ UInt64(number)) &* 0xD134_2543_DE82_EF95)
    var (origin, direction) = randomLine(using: &rng)
    if !points.isEmpty, number % 4 == 3 { (origin, direction) = targetedLine(using: &rng) }
    if !points.isEmpty, number % 4 == 2 { origin = knownPoint(using: &rng) }
    return LineWalk.Line(origin: origin, direction: direction, range: range(of: origin, direction))
  }

  /// A point of a known region; of one in which a neuron that is wanted is active, if some draws find one.
  private func knownPoint(using rng: inout SplitMix64) -> [Double] {
    var region = Int.random(in: points.indices, using: &rng)
    if Bool.random(using: &rng), let neuron = wanted.randomElement(using: &rng) {
      for _ in 0..<64 where !patterns[region][neuron] { region = Int.random(in: points.indices, using: &rng) }
    }
    return points[region]
  }

  private func randomLine(using rng: inout SplitMix64) -> (origin: [Double], direction: [Double]) {
    if let sides {
      let a = sides.map { Double.random(in: $0, using: &rng) }
      let b = sides.map { Double.random(in: $0, using: &rng) }
      return (a, zip(a, b).map { $1 - $0 })
    }
    let power = Double.random(in: -4...6, using: &rng)
    let radius = scale * Double(sign: .plus, exponent: Int(power.rounded(.down)), significand: 1)
    let n = network.inputCount
    return (
      (0..<n).map { _ in radius * rng.nextNormal() }, (0..<n).map { _ in scale * rng.nextNormal() }
    )
  }

  /// A line from a known region along the gradient of a neuron that seldom changes its state.
  private func targetedLine(using rng: inout SplitMix64) -> (origin: [Double], direction: [Double]) {
    let origin = knownPoint(using: &rng)
    guard !neurons.isEmpty else { return (origin, origin) }
    let candidates = (0..<2).map { _ in Int.random(in: neurons.indices, using: &rng) }
    func rarity(_ number: Int) -> Int { min(activeCounts[number], patterns.count - activeCounts[number]) }
    let chosen = rarity(candidates[0]) <= rarity(candidates[1]) ? candidates[0] : candidates[1]
    var direction = network.gradient(ofLayer: neurons[chosen].layer, neurons[chosen].index, at: origin)
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for c in direction.indices {
      let random = rng.nextNormal()
      direction[c] = norm > 0 ? scale * (direction[c] / norm + 0.1 * random) : scale * random
      if let sides, sides[c].lowerBound == sides[c].upperBound { direction[c] = 0 }
    }
    return (origin, direction)
  }

  /// How far a line goes: through the box, or a million times the scale both ways.
  private func range(of origin: [Double], _ direction: [Double]) -> ClosedRange<Double> {
    var (low, high) = (-1e6, 1e6)
    guard let sides else { return low...high }
    for (c, side) in sides.enumerated() where direction[c] != 0 {
      let ends = [
        (side.lowerBound - origin[c]) / direction[c], (side.upperBound - origin[c]) / direction[c],
      ].sorted()
      low = max(low, ends[0])
      high = min(high, ends[1])
    }
    return low <= high ? low...high : 0...0
  }
}

extension ActivationPattern {
  /// Adds 1 to the number of each active neuron.
  func count(into counts: inout [Int]) {
    for (position, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        counts[64 * position + rest.trailingZeroBitCount] += 1
        rest &= rest - 1
      }
    }
  }
}

extension SplitMix64 {
  /// A normally distributed number, by the sum of uniform ones: good enough for directions.
  fileprivate mutating func nextNormal() -> Double {
    (0..<4).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &self) } * 0.866
  }
}
