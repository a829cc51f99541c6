import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

/// The search behind ``NeuronStability``: from cheap to dear, each step only for what is still open.
struct StabilitySearch {
  private let network: Network
  private let box: [Interval]
  private let options: NeuronStability.Options
  /// The neurons that are looked at, by layer.
  private let isWanted: [[Bool]]
  private(set) var states: [[NeuronStability.State]]
  private(set) var proofs: [SignProof] = []
  private(set) var rungs = NeuronStability.Rungs()
  // For each neuron the inputs at which its sign was seen.
  private var negative: [Neuron: [Double]] = [:]
  private var positive: [Neuron: [Double]] = [:]
  // For each neuron the samples with the smallest and the largest pre-activation.
  private var lowest: [Neuron: (value: Double, x: [Double])] = [:]
  private var highest: [Neuron: (value: Double, x: [Double])] = [:]

  init(
    _ network: Network, _ box: [Interval], expecting signs: [[Sign]], _ options: NeuronStability.Options
  ) {
    isWanted = network.hiddenLayers.enumerated().map { l, layer in
      (0..<layer.width).map { signs.isEmpty || signs[l][$0] != .open }
    }
    self.network = network
    self.box = box
    self.options = options
    states = network.hiddenLayers.map { Array(repeating: .open, count: $0.width) }
  }

  mutating func run() throws {
    try sample()
    readWeights()
    try boundWhole()
    try climb()
    try boundByPrograms()
    try divide()
  }

  /// The neurons not settled yet, by layer.
  private var open: [Neuron] {
    states.indices.flatMap { l in
      states[l].indices.filter { isOpen(l, $0) }.map { Neuron(layer: l + 1, index: $0) }
    }
  }

  private func isOpen(_ l: Int, _ i: Int) -> Bool { isWanted[l][i] && states[l][i] == .open }

  // MARK: Inputs that show signs

  private mutating func sample() throws {
    try options.progress.step("sampling inputs")
    var rng = SplitMix64(seed: options.seed)
    var points = [box.map(\.middle), box.map(\.lower), box.map(\.upper)]
    for k in 0..<options.samples {
      points.append(
        box.map { side in
          // Every other sample is a corner: that is where affine functions are largest.
          if k % 2 == 1 { return Bool.random(using: &rng) ? side.upper : side.lower }
          let share = Double.random(in: 0...1, using: &rng)
          return min(max(side.lower + share * (side.upper - side.lower), side.lower), side.upper)
        })
    }
    let (network, known) = (network, points)
    let values = Concurrency.map(count: points.count, threads: options.threads, minimumRange: 8) { range in
      range.map { network.boundedPreactivations(at: known[$0]) }
    }
    for (x, layers) in zip(points, values) { note(layers, at: x) }
    rungs.samples = settleUnstable()
  }

  /// Remembers the signs that an input shows; a sign counts once the error bound confirms it.
  private mutating func note(_ layers: [BoundedValues], at x: [Double]) {
    for l in states.indices {
      for i in states[l].indices where isOpen(l, i) {
        let neuron = Neuron(layer: l + 1, index: i)
        let (value, error) = (layers[l].values[i], layers[l].errors[i])
        if value < -error, negative[neuron] == nil { negative[neuron] = x }
        if value > error, positive[neuron] == nil { positive[neuron] = x }
        if lowest[neuron].map({ value < $0.value }) ?? true { lowest[neuron] = (value, x) }
        if highest[neuron].map({ value > $0.value }) ?? true { highest[neuron] = (value, x) }
      }
    }
  }

  /// Settles the neurons that were seen with both signs; gives their number.
  private mutating func settleUnstable() -> Int {
    var count = 0
    for neuron in open {
      guard let low = negative[neuron], let high = positive[neuron] else { continue }
      states[neuron.layer - 1][neuron.index] = .unstable(negativeAt: low, positiveAt: high)
      count += 1
    }
    return count
  }

  /// Follows the gradient from the best sample towards the sign that was not seen.
  private mutating func climb() throws {
    for neuron in open {
      try options.progress.step("following gradients", done: neuron.index, of: states[neuron.layer - 1].count)
      for direction in [1.0, -1.0] {
        let seen = direction > 0 ? positive[neuron] : negative[neuron]
        guard seen == nil, var x = (direction > 0 ? highest : lowest)[neuron]?.x else { continue }
        for share in [1.0, 0.5, 0.25, 0.1, 0.05, 0.02] {
          let gradient = network.gradient(ofLayer: neuron.layer, neuron.index, at: x)
          for k in x.indices where gradient[k] != 0 {
            let step = (box[k].upper - box[k].lower) * share * (gradient[k] * direction > 0 ? 1 : -1)
            x[k] = min(max(x[k] + step, box[k].lower), box[k].upper)
          }
          note(network.boundedPreactivations(at: x), at: x)
          if (direction > 0 ? positive[neuron] : negative[neuron]) != nil { break }
        }
      }
    }
    rungs.ascent = settleUnstable()
  }

  // MARK: Bounds that prove signs

  /// A row of nonnegative weights on hidden neurons with a bias that is not negative is never negative; and so on.
  private mutating func readWeights() {
    for (l, layer) in network.hiddenLayers.enumerated() {
      for (i, sign) in layer.writtenSigns().enumerated() where isOpen(l, i) && sign != .open {
        states[l][i] = sign == .nonnegative ? .active : .inactive
        rungs.weights += 1
      }
    }
  }

  /// Bounds on the whole box, by the code that checks proofs: zonotopes met with intervals.
  private mutating func boundWhole() throws {
    rungs.bounds += try bound("bounding neurons", layers: Set(open.map(\.layer)), usesTriangles: false)
  }

  /// Linear programs over the triangles z, 0 ≤ h of the neurons before, where these are not too many.
  private mutating func boundByPrograms() throws {
    let small = Set(open.map(\.layer)).filter { layer in
      layer > 1 && network.layers[..<(layer - 1)].reduce(0) { $0 + $1.width } <= StabilitySearch.mostTriangles
    }
    rungs.programs += try bound("solving linear programs", layers: small, usesTriangles: true)
  }

  /// The most neurons before a layer that linear programs are solved for.
  private static let mostTriangles = 200

  /// Bounds the neurons of some layers on the whole box; gives the number of those settled.
  private mutating func bound(_ step: String, layers: Set<Int>, usesTriangles: Bool) throws -> Int {
    var count = 0
    for layer in layers.sorted() {
      try options.progress.step(step, done: layer - 1, of: states.count)
      let whole = SignProof(
        layer: layer, active: [], inactive: [], splits: [-1], usesTriangles: usesTriangles)
      guard let ranges = try? whole.ranges(of: network, over: box) else { continue }
      rungs.boxes += 1
      let indices = states[layer - 1].indices.filter { isOpen(layer - 1, $0) }
      let active = indices.filter { ranges[$0].lower >= 0 }
      let inactive = indices.filter { ranges[$0].lower < 0 && ranges[$0].upper <= 0 }
      settle(
        SignProof(
          layer: layer, active: active, inactive: inactive, splits: [-1], usesTriangles: usesTriangles))
      count += active.count + inactive.count
    }
    return count
  }

  private mutating func settle(_ proof: SignProof) {
    if proof.active.isEmpty, proof.inactive.isEmpty { return }
    for i in proof.active { states[proof.layer - 1][i] = .active }
    for i in proof.inactive { states[proof.layer - 1][i] = .inactive }
    proofs.append(proof)
  }

  /// Divides the box for each neuron that is still open, with an equal share of the budget for each.
  private mutating func divide() throws {
    let clock = ContinuousClock()
    let end = options.seconds.map { clock.now + .seconds($0) }
    let pending = open
    var spent = 0
    for (k, neuron) in pending.enumerated() {
      let share = (options.boxes - spent) / (pending.count - k)
      if share < 2 { continue }
      let deadline = end.map { clock.now + (clock.now.duration(to: $0) / (pending.count - k)) }
      spent += try divide(for: neuron, boxes: share, done: k, of: pending.count) {
        deadline.map { clock.now >= $0 } ?? false
      }
    }
    rungs.boxes += spent
  }

  /// Gives the number of boxes that were bounded.
  private mutating func divide(
    for neuron: Neuron, boxes: Int, done: Int, of count: Int, isOver: @escaping @Sendable () -> Bool
  ) throws -> Int {
    // A neuron seen positive can only be active; z ≥ 0 is −z ≤ 0.
    let isActive = positive[neuron] != nil
    let rows = network.preactivations(ofLayer: neuron.layer, [neuron.index], isNegated: isActive)
    let pair = PairedNetworks(rows, .zero(inputs: network.inputCount, outputs: 1), hidden: [])
    var search = BoxSearch(
      pair, .excess, on: box,
      limits: BoxSearch.Limits(
        target: 0, stopsAtWitness: true, tolerance: 0, boxes: boxes, isOver: isOver, threads: options.threads)
    )
    let progress = options.progress
    let end = try search.run { search in
      try progress.step("dividing the domain for neurons", done: done, of: count)
    }
    if end == .proved {
      let proof = SignProof(
        layer: neuron.layer, active: isActive ? [neuron.index] : [], inactive: isActive ? [] : [neuron.index],
        splits: search.tree.splits)
      // Only what the checker accepts counts.
      if let range = try? proof.ranges(of: network, over: box)[neuron.index],
        isActive ? range.lower >= 0 : range.upper <= 0
      {
        settle(proof)
        rungs.parts += 1
      }
    } else if end == .refuted, let x = search.best, rows.exactOutputs(at: x)[0].sign > 0 {
      if isActive { negative[neuron] = x } else { positive[neuron] = x }
      rungs.search += settleUnstable()
      // Nowhere seen negative: it may be active.
      let left = boxes - search.nodes.count
      if !isActive, negative[neuron] == nil, left > 1 {
        return search.nodes.count
          + (try divide(for: neuron, boxes: left, done: done, of: count, isOver: isOver))
      }
    }
    return search.nodes.count
  }
}
