import ExactArithmetic
import Networks

/// The parameters of a random network in which a mechanism is planted, and those of the second network.
///
/// A plant changes the first parameters, copies them, and then changes the copy so that the function stays.
struct PlantBed {
  private let widths: [Int]
  private var weights: [[[Double]]]
  private var biases: [[Double]]
  private var otherWeights: [[[Double]]] = []
  private var otherBiases: [[Double]] = []
  private var domain: InputDomain?
  private var batch: [[Double]]?

  /// A random network: weights of magnitude from 1/2 to 1 in steps of 1/32, biases of half that.
  init(widths: [Int], using rng: inout some RandomNumberGenerator) {
    self.widths = widths
    weights = []
    biases = []
    for (fanIn, width) in zip(widths, widths.dropFirst()) {
      weights.append((0..<width).map { _ in (0..<fanIn).map { _ in rng.nextOdd(of: 64) } })
      biases.append((0..<width).map { _ in rng.nextOdd(of: 64) / 2 })
    }
  }

  /// Both networks.
  var plant: PlantedSymmetry.Plant {
    PlantedSymmetry.Plant(
      network: Network(weights: weights, biases: biases),
      second: Network(weights: otherWeights, biases: otherBiases), domain: domain, batch: batch)
  }

  /// Starts the second parameters as a copy of the first.
  private mutating func copy() {
    otherWeights = weights
    otherBiases = biases
  }

  /// A hidden layer, from 0, that reads signals which are never negative; else the first, on the box [−1, 1]ⁿ.
  private mutating func layerWithSigns() -> Int {
    if weights.count > 2 { return 1 }
    domain = cube
    return 0
  }

  private var cube: InputDomain { .box(InputDomain.Box(Array(repeating: Interval(-1, 1), count: widths[0]))) }

  /// A bias larger than all that the weights of a row add up to on [−1, 1]ⁿ.
  private func largeBias(_ row: [Double]) -> Double { row.reduce(1) { $0 + $1.magnitude } }

  mutating func plantInactive() {
    let l = layerWithSigns()
    weights[l][0] = weights[l][0].map { -$0.magnitude }
    biases[l][0] = -largeBias(weights[l][0])
    copy()
    otherWeights[l][0] = weights[l][0].map { $0 / 2 }
    for k in weights[l + 1].indices { otherWeights[l + 1][k][0] += 1 }
  }

  mutating func plantStablyActive() {
    let l = layerWithSigns()
    weights[l][0] = weights[l][0].map(\.magnitude)
    biases[l][0] = largeBias(weights[l][0])
    copy()
    otherBiases[l][0] += 1
    for k in weights[l + 1].indices { otherBiases[l + 1][k] -= weights[l + 1][k][0] }
  }

  mutating func plantZeroRow() {
    weights[0][0] = weights[0][0].map { _ in 0 }
    biases[0][0] = 1
    copy()
    otherBiases[0][0] = 2
    for k in weights[1].indices { otherBiases[1][k] -= weights[1][k][0] }
  }

  mutating func plantUnread() {
    for k in weights[1].indices { weights[1][k][0] = 0 }
    copy()
    otherWeights[0][0][0] += 2
    otherBiases[0][0] += 1
  }

  mutating func plantTwin() {
    weights[0][1] = weights[0][0].map { 2 * $0 }
    biases[0][1] = 2 * biases[0][0]
    copy()
    for k in weights[1].indices {
      otherWeights[1][k][0] += 2 * (1 + Double(k))
      otherWeights[1][k][1] -= 1 + Double(k)
    }
  }

  mutating func plantOpposite() {
    domain = cube
    weights[0][1] = weights[0][0].map { -$0 }
    biases[0][1] = -biases[0][0]
    // Twice as steep as the pair, so that it can give up half of theirs.
    weights[0][2] = weights[0][2].map { 2 * $0.magnitude }
    biases[0][2] = 2 * largeBias(weights[0][2])
    copy()
    // With v the outgoing weights of neuron 2: relu(z) − relu(−z) = z, so v/2 of it is taken from neuron 2.
    for k in weights[1].indices {
      otherWeights[1][k][0] += weights[1][k][2] / 2
      otherWeights[1][k][1] -= weights[1][k][2] / 2
    }
    for j in weights[0][0].indices { otherWeights[0][2][j] -= weights[0][0][j] / 2 }
    otherBiases[0][2] -= biases[0][0] / 2
  }

  mutating func plantOrientation() {
    for j in weights[0][2].indices { weights[0][2][j] = -weights[0][0][j] - weights[0][1][j] }
    copy()
    let sum = biases[0][...2].reduce(0, +)
    for i in 0...2 {
      otherWeights[0][i] = weights[0][i].map { -$0 }
      otherBiases[0][i] = -biases[0][i]
    }
    // relu(z) = relu(−z) + z, and the three z add up to a constant.
    for k in weights[1].indices {
      for i in 1...2 {
        weights[1][k][i] = weights[1][k][0]
        otherWeights[1][k][i] = weights[1][k][0]
      }
      otherBiases[1][k] += weights[1][k][0] * sum
    }
  }

  /// Neuron 1 of layer 1 beside neuron 0 at a distance: active where it is larger than 1.
  private mutating func plantStep() {
    weights[0][1] = weights[0][0]
    biases[0][1] = biases[0][0] - 1
  }

  mutating func plantNeverCoactive() {
    plantStep()
    // Inactive where neuron 0 is larger than 1.
    weights[1][0] = weights[1][0].map { -$0.magnitude }
    weights[1][0][0] = -1
    biases[1][0] = 1
    copy()
    otherWeights[1][0][1] -= 1
  }

  mutating func plantOutgoingSpan() {
    plantStep()
    // Both active where neuron 0 is larger than 1, and with parallel effects.
    for (i, slope) in [(0, 1.0), (1, 1.5)] {
      weights[1][i] = weights[1][i].map(\.magnitude)
      weights[1][i][0] = slope
      biases[1][i] = -slope
    }
    for k in weights[2].indices { weights[2][k][1] = 2 * weights[2][k][0] }
    weights[1][1][1] += 2
    copy()
    otherWeights[1][0][1] += 2
    otherWeights[1][1][1] -= 1
  }

  mutating func plantIncomingSpan() {
    // With z that of neuron 0, the next two are 2 − z and 5 − 2 z: where z < 1 both active, and dependent.
    let row = weights[0][0]
    weights[0][1] = row.map { -$0 }
    biases[0][1] = 2 - biases[0][0]
    weights[0][2] = row.map { -2 * $0 }
    biases[0][2] = 5 - 2 * biases[0][0]
    // Inactive where z ≥ 1.
    weights[1][0] = weights[1][0].map { -$0.magnitude }
    weights[1][0].replaceSubrange(...2, with: [-4, -0.25, -0.5])
    biases[1][0] = 4
    copy()
    otherWeights[1][0][1] -= 0.5
    otherWeights[1][0][2] += 0.25
    otherBiases[1][0] -= 0.25
  }

  /// Every reader of neuron 0 of a layer, from 1, is active only where that neuron is well above 0.
  mutating func plantHiddenFold(layer: Int) {
    for k in weights[layer].indices {
      weights[layer][k] = weights[layer][k].map { -$0.magnitude }
      weights[layer][k][0].negate()
      biases[layer][k] = -biases[layer][k].magnitude - 1
    }
    copy()
    otherBiases[layer - 1][0] += 0.5
    for k in weights[layer].indices { otherBiases[layer][k] -= 0.5 * weights[layer][k][0] }
  }

  mutating func plantFixedInput() {
    let free = Array(repeating: Interval(-1, 1), count: widths[0] - 1)
    domain = .box(InputDomain.Box([Interval(1, 1)] + free))
    copy()
    for i in weights[0].indices {
      otherWeights[0][i][0] += 1
      otherBiases[0][i] -= 1
    }
  }

  mutating func plantBatch(using rng: inout some RandomNumberGenerator) {
    biases[0][0] = largeBias(weights[0][0])
    copy()
    otherBiases[0][0] += 1
    for k in weights[1].indices { otherBiases[1][k] -= weights[1][k][0] }
    let inputs = widths[0]
    batch = (0..<8 * (inputs + 1)).map { _ in
      (0..<inputs).map { _ in Double(Int.random(in: -64...64, using: &rng)) / 64 }
    }
  }
}
