import Crease
import LinearAlgebra
import Testing
import _TestSupport

/// Two networks of one function that no permutation and positive rescaling of neurons relates.
struct HiddenSymmetryPair: Sendable, CustomTestStringConvertible {
  let name: String
  let a: Network
  let b: Network
  /// Where the functions are the same; nil for all of ℝⁿ.
  let domain: InputDomain?

  var testDescription: String { name }

  init(_ name: String, _ a: Network, _ b: Network, on domain: InputDomain? = nil) {
    self.name = name
    self.a = a
    self.b = b
    self.domain = domain
  }

  static let all = fixtures + ray + stablyActive + constructions + identityLayers
}

extension ParameterLayout.Name {
  /// The weight with which neuron `row` of `layer` reads signal `column` of the layer before.
  fileprivate static func weight(_ layer: Int, _ row: Int, _ column: Int) -> Self {
    .weight(layer: layer, row: row, source: layer - 1, column: column)
  }
}

extension Network {
  /// The network with some parameters changed, in exact numbers.
  fileprivate func moving(_ change: (inout Parameters) -> Void) -> Network {
    var moved = parameters
    change(&moved)
    return with(parameters: moved)
  }
}

// MARK: The theory's regression fixtures

extension HiddenSymmetryPair {
  /// F1–F11: each fixture, and what its hidden symmetry makes of it.
  static let fixtures = [
    HiddenSymmetryPair("F1: a dead neuron is free", Fixtures.dead, freeDead),
    HiddenSymmetryPair("F2: the bias of an active neuron trades with the next", Fixtures.stable, tradedBias),
    HiddenSymmetryPair("F3: two active neurons mix", Fixtures.twoStable, mixed),
    HiddenSymmetryPair("F4: a free weight", Fixtures.minimal, minimal(at: -5)),
    HiddenSymmetryPair("F5: twins share their outgoing weight", Fixtures.twins, shared),
    HiddenSymmetryPair("F6: opposite neurons and a linear term", Fixtures.opposites, withLinearTerm),
    HiddenSymmetryPair("F7: three neurons turn round", Fixtures.flippable, flipped),
    HiddenSymmetryPair("F8: a neuron that nothing reads is free", Fixtures.unread, freeUnread),
    HiddenSymmetryPair("F9: a hidden fold moves", Fixtures.hiddenFold, movedFold),
    HiddenSymmetryPair("F10: dead and unread", Fixtures.oneFunction[0], Fixtures.oneFunction[1]),
    HiddenSymmetryPair("F10: dead and split", Fixtures.oneFunction[0], Fixtures.oneFunction[2]),
    HiddenSymmetryPair("F10: unread and split", Fixtures.oneFunction[1], Fixtures.oneFunction[2]),
    HiddenSymmetryPair("F11: a confined neuron turns round", confined.0, confined.1),
  ]

  private static let freeDead = Fixtures.dead.moving { parameters in
    for j in 0..<3 {
      parameters[.weight(2, 1, j)] = parameters[.weight(2, 1, j)] - Dyadic(0.25 * Double(j + 1))
    }
    parameters[.weight(3, 0, 1)] = parameters[.weight(3, 0, 1)] + Dyadic(5)
  }

  private static let tradedBias = Fixtures.stable.moving { parameters in
    let step = Dyadic(0.25)
    parameters[.bias(layer: 2, row: 1)] = parameters[.bias(layer: 2, row: 1)] + step
    parameters[.bias(layer: 3, row: 0)] =
      parameters[.bias(layer: 3, row: 0)] - step * parameters[.weight(3, 0, 1)]
  }

  /// (G W, G b, U G⁻¹) with G = I + E₁₂ / 4.
  private static let mixed = Fixtures.twoStable.moving { parameters in
    let step = Dyadic(0.25)
    for j in 0..<3 {
      parameters[.weight(2, 0, j)] = parameters[.weight(2, 0, j)] + step * parameters[.weight(2, 1, j)]
    }
    parameters[.bias(layer: 2, row: 0)] =
      parameters[.bias(layer: 2, row: 0)] + step * parameters[.bias(layer: 2, row: 1)]
    parameters[.weight(3, 0, 1)] = parameters[.weight(3, 0, 1)] - step * parameters[.weight(3, 0, 0)]
  }

  private static let shared = Fixtures.twins.moving { parameters in
    parameters[.weight(2, 0, 0)] = parameters[.weight(2, 0, 0)] - Dyadic(0.5)
    parameters[.weight(2, 0, 1)] = parameters[.weight(2, 0, 1)] + Dyadic(0.25)
  }

  /// v relu(z) + u relu(−z) = (v + u) relu(z) − u z: in one hidden layer the point of F6 is alone, so z is a skip block.
  private static let withLinearTerm: Network = {
    let (parameters, third) = (Fixtures.opposites.parameters, 2)
    let (v, u) = (parameters[.weight(2, 0, 0)], parameters[.weight(2, 0, 1)])
    func row(_ i: Int) -> [Dyadic] { (0..<2).map { parameters[.weight(1, i, $0)] } }
    let bias = [0, third].map { parameters[.bias(layer: 1, row: $0)] }
    return Network(
      inputCount: 2,
      layers: [
        Network.Layer(
          blocks: [
            Network.Block(source: 0, weights: ExactMatrix(rows: 2, columns: 2, elements: row(0) + row(third)))
          ], bias: ExactMatrix(rows: 2, columns: 1, elements: bias)),
        Network.Layer(
          blocks: [
            Network.Block(
              source: 0, weights: ExactMatrix(rows: 1, columns: 2, elements: row(0).map { -(u * $0) })),
            Network.Block(
              source: 1,
              weights: ExactMatrix(rows: 1, columns: 2, elements: [v + u, parameters[.weight(2, 0, third)]])),
          ], bias: ExactMatrix(rows: 1, columns: 1, elements: [-(u * bias[0])])),
      ])
  }()

  /// (−W, −b, v, c + Σ b), as the rows add up to 0.
  private static let flipped = Fixtures.flippable.moving { parameters in
    for i in 0..<3 {
      let bias = ParameterLayout.Name.bias(layer: 1, row: i)
      parameters[.bias(layer: 2, row: 0)] = parameters[.bias(layer: 2, row: 0)] + parameters[bias]
      parameters[bias] = -parameters[bias]
      for j in 0..<2 { parameters[.weight(1, i, j)] = -parameters[.weight(1, i, j)] }
    }
  }

  private static let freeUnread = Fixtures.unread.moving { parameters in
    for j in 0..<2 { parameters[.weight(1, 1, j)] = parameters[.weight(1, 1, j)] + Dyadic(0.75) }
  }

  /// relu(relu(x − 1/2) − 1/2).
  private static let movedFold = Fixtures.hiddenFold.moving { parameters in
    parameters[.bias(layer: 1, row: 0)] = Dyadic(-0.5)
    parameters[.bias(layer: 2, row: 0)] = Dyadic(-0.5)
  }

  /// relu(t − 3/2) + 2 relu(t + 0.7) = relu(3/2 − t) + 3 relu(t + 0.7) − 3/2 − 0.7 for t = relu(x).
  private static let confined: (Network, Network) = {
    let f = Network(weights: [[[1]], [[1], [1]], [[1, 2]]], biases: [[0], [-1.5, 0.7], [0]])
    return (
      f,
      f.moving { parameters in
        parameters[.weight(2, 0, 0)] = Dyadic(-1)
        parameters[.bias(layer: 2, row: 0)] = Dyadic(1.5)
        parameters[.weight(3, 0, 1)] = Dyadic(3)
        parameters[.bias(layer: 3, row: 0)] = -(Dyadic(1.5) + Dyadic(0.7))
      }
    )
  }()
}

// MARK: The ray in a fibre

extension HiddenSymmetryPair {
  /// The minimal network 2-3-2-1 with its free weight at `t`; the same function for all t ≤ 1.
  static func minimal(at t: Double) -> Network {
    Fixtures.minimal.moving { $0[.weight(2, 0, 2)] = Dyadic(t) }
  }

  /// Points of the ray: far apart, close, and its end.
  static let ray = [(1, -100), (0.3, -5), (1 - 0x1p-30, 1), (0, -0x1p-30)].map { (t: Double, u: Double) in
    HiddenSymmetryPair("the ray at \(t) and \(u)", minimal(at: t), minimal(at: u))
  }
}

// MARK: Stably active layers

extension HiddenSymmetryPair {
  /// Networks with a layer that is active on a box, and the same with that layer mixed and shifted.
  static let stablyActive: [HiddenSymmetryPair] = (0..<4).map { (seed: UInt64) in
    var rng = SplitMix64(seed: seed)
    let box = Array(repeating: Interval(-1, 1), count: 3)
    let layer = Int(seed % 2) + 1
    let f = Network.random(widths: [3, 4, 4, 2], denominator: 8, using: &rng).lifting(layer, over: box)
    return HiddenSymmetryPair(
      "layer \(layer) active, seed \(seed)", f, f.mixing(layer, over: box, using: &rng),
      on: .box(InputDomain.Box(box)))
  }
}

extension Network {
  /// The multilayer perceptron with biases of one layer raised until bounds show that all its neurons are active.
  fileprivate func lifting(_ layer: Int, over box: [Interval]) -> Network {
    let ranges = preactivationRanges(over: box)[layer - 1]
    return changing { _, biases in
      for i in ranges.indices { biases[layer - 1][i] += max(0, (1 - ranges[i].lower).rounded(.up)) }
    }
  }

  /// (G W, G b + s, U G⁻¹, c − U G⁻¹ s) in an active layer, with a unipotent G of whole numbers; still active.
  fileprivate func mixing(_ layer: Int, over box: [Interval], using rng: inout SplitMix64) -> Network {
    let l = layer - 1
    var mixed = changing { weights, biases in
      for i in weights[l].indices {
        for k in (i + 1)..<max(i + 1, weights[l].count) {
          // Row i += g · row k, so column k of the reader −= g · column i.
          let g = Double(Int.random(in: 1...2, using: &rng))
          weights[l][i] = zip(weights[l][i], weights[l][k]).map { $0 + g * $1 }
          biases[l][i] += g * biases[l][k]
          for r in weights[l + 1].indices { weights[l + 1][r][k] -= g * weights[l + 1][r][i] }
        }
      }
    }
    let before = mixed.rows.biases[l]
    mixed = mixed.lifting(layer, over: box)
    let shift = zip(mixed.rows.biases[l], before).map { $0 - $1 }
    return mixed.changing { weights, biases in
      for r in weights[l + 1].indices {
        biases[l + 1][r] -= zip(weights[l + 1][r], shift).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }
}

// MARK: One function, built in two ways

extension HiddenSymmetryPair {
  /// Sawtooth, maxima, sorting networks, clip and |x|.
  static let constructions =
    (2...4).map { HiddenSymmetryPair("sawtooth of depth \($0)", sawtooth(depth: $0), shallowSawtooth($0)) }
    + [4, 5].map { count in
      HiddenSymmetryPair(
        "maximum of \(count)", maximum(of: count, asTree: true), maximum(of: count, asTree: false))
    } + [
      HiddenSymmetryPair(
        "sorting 3", sorting(3, by: [[(0, 1)], [(1, 2)], [(0, 1)]]),
        sorting(3, by: [[(1, 2)], [(0, 1)], [(1, 2)]])),
      // Bubble sort and Batcher's odd-even merge sort.
      HiddenSymmetryPair(
        "sorting 4",
        sorting(4, by: [[(0, 1)], [(1, 2)], [(0, 1), (2, 3)], [(1, 2)], [(0, 1)]]),
        sorting(4, by: [[(0, 1), (2, 3)], [(0, 2), (1, 3)], [(1, 2)]])),
      HiddenSymmetryPair("clip", SmallPair.clip.0, SmallPair.clip.1),
      HiddenSymmetryPair("absolute value", SmallPair.absolute.0, SmallPair.absolute.1),
    ]

  /// The tent 2 relu(x) − 4 relu(x − 1/2) + 2 relu(x − 1), applied `depth` times.
  private static func sawtooth(depth: Int) -> Network {
    let tent: [Double] = [2, -4, 2]
    return Network(
      weights: [[[1], [1], [1]]] + Array(repeating: [tent, tent, tent], count: depth - 1) + [[tent]],
      biases: Array(repeating: [0, -0.5, -1], count: depth) + [[0]])
  }

  /// The same with a neuron for each of its 2^depth + 1 knots.
  private static func shallowSawtooth(_ depth: Int) -> Network {
    let teeth = 1 << depth
    let slope = Double(teeth)
    return Network(
      weights: [
        Array(repeating: [1], count: teeth + 1),
        [(0...teeth).map { $0 == 0 || $0 == teeth ? slope : $0 % 2 == 0 ? 2 * slope : -2 * slope }],
      ], biases: [(0...teeth).map { -Double($0) / slope }, [0]])
  }

  private static func maximum(of count: Int, asTree: Bool) -> Network {
    var wires = ComparedWires(count)
    while wires.count > 1 {
      wires.keepMaxima(of: asTree ? (0..<wires.count / 2).map { (2 * $0, 2 * $0 + 1) } : [(0, 1)])
    }
    return wires.network
  }

  private static func sorting(_ count: Int, by layers: [[(Int, Int)]]) -> Network {
    var wires = ComparedWires(count)
    for pairs in layers { wires.sort(pairs) }
    return wires.network
  }
}

/// Numbers on wires that are compared layer by layer; each is carried as relu(w) − relu(−w).
private struct ComparedWires {
  /// Each number in terms of the last layer.
  private var wires: [[Double]]
  private var weights: [[[Double]]] = []

  init(_ count: Int) { wires = (0..<count).map { i in (0..<count).map { $0 == i ? 1 : 0 } } }

  var count: Int { wires.count }

  /// The multilayer perceptron that gives the numbers.
  var network: Network {
    let rows = weights + [wires]
    return Network(weights: rows, biases: rows.map { Array(repeating: 0, count: $0.count) })
  }

  /// Replaces the numbers of each pair by their minimum and maximum: u − relu(u − v) and v + relu(u − v).
  mutating func sort(_ pairs: [(Int, Int)]) {
    advance(pairs) { wires, first, second, larger in
      wires[first][larger] -= 1
      wires[second][larger] += 1
    }
  }

  /// Replaces the numbers of each pair by their maximum.
  mutating func keepMaxima(of pairs: [(Int, Int)]) {
    let dropped = Set(pairs.map(\.0))
    advance(pairs, carrying: wires.indices.filter { !dropped.contains($0) }) { wires, _, second, larger in
      wires[second][larger] += 1
    }
    wires = wires.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
  }

  /// Adds a layer that carries wires and has relu(u − v) for each pair, then lets `use` read that neuron.
  private mutating func advance(
    _ pairs: [(Int, Int)], carrying carried: [Int]? = nil,
    use: (_ wires: inout [[Double]], _ first: Int, _ second: Int, _ larger: Int) -> Void
  ) {
    let carried = carried ?? Array(wires.indices)
    var rows: [[Double]] = []
    for i in carried { rows += [wires[i], wires[i].map { -$0 }] }
    for (i, j) in pairs { rows.append(zip(wires[i], wires[j]).map { $0 - $1 }) }
    weights.append(rows)
    wires = wires.map { _ in Array(repeating: 0, count: rows.count) }
    for (place, i) in carried.enumerated() {
      wires[i][2 * place] = 1
      wires[i][2 * place + 1] = -1
    }
    for (place, (i, j)) in pairs.enumerated() { use(&wires, i, j, 2 * carried.count + place) }
  }
}

// MARK: An identity in the middle

extension HiddenSymmetryPair {
  /// Random networks with relu(h) for h, or relu(z) − relu(−z) for z, in the middle.
  static let identityLayers: [HiddenSymmetryPair] = (0..<4).map { (seed: UInt64) in
    var rng = SplitMix64(seed: seed)
    let f = Network.random(widths: [3, 6, 5, 2], using: &rng)
    let g =
      seed % 2 == 0
      ? f.disguised(
        by: Disguise(permutes: true, logRange: 1, powersOfTwo: true, identityLayer: true), using: &rng)
      : f.splittingPreactivations(ofLayer: 2)
    return HiddenSymmetryPair("an identity in the middle, seed \(seed)", f, g)
  }
}

extension Network {
  /// The same function with z = relu(z) − relu(−z) in front of a hidden layer, for a multilayer perceptron.
  fileprivate func splittingPreactivations(ofLayer layer: Int) -> Network {
    changing { weights, biases in
      let (rows, bias) = (weights[layer - 1], biases[layer - 1])
      let unit = rows.indices.map { i in rows.indices.map { $0 == i ? 1.0 : 0 } }
      weights[layer - 1] = rows + rows.map { $0.map { -$0 } }
      biases[layer - 1] = bias + bias.map { -$0 }
      weights.insert(unit.map { $0 + $0.map { -$0 } }, at: layer)
      biases.insert(Array(repeating: 0, count: rows.count), at: layer)
    }
  }
}
