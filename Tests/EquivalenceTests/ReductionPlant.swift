import ExactArithmetic
import Networks
import Symmetry
import _TestSupport

@testable import Equivalence

/// A network that needs all its neurons on a box, and one of the same function that does not.
struct ReductionPlant {
  let base: Network
  let planted: Network
  let domain: InputDomain
  /// The neurons added to each hidden layer.
  static let added = 8

  /// Both from a seed; every hidden layer has two neurons that are always active, and some that are not.
  init?(using rng: inout SplitMix64) {
    let box = Array(repeating: Interval(-1, 1), count: 3)
    let domain = InputDomain.box(.init(box))
    func entry() -> Double {
      Double(Int.random(in: 1...64, using: &rng) * (Bool.random(using: &rng) ? 1 : -1)) / 64
    }
    let inside = [0.25, -0.125, 0.375]
    // Bends through one interior input; the first two neurons of a layer are lifted until they are active.
    var base = Network.random(widths: [3, 6, 5, 2], using: &rng).changing { weights, _ in
      weights = weights.map { $0.map { $0.map { _ in entry() } } }
    }
    for l in 0..<2 {
      let z = base.boundedPreactivations(at: inside)[l].values
      let ranges = base.preactivationRanges(over: box)[l]
      base = base.changing { _, biases in
        for i in biases[l].indices {
          biases[l][i] += i < 2 ? (-ranges[i].lower).rounded(.up) + 1 : -z[i]
        }
      }
    }
    guard let stability = try? NeuronStability(base, on: box, options: NeuronStability.Options(boxes: 0))
    else {
      return nil
    }
    let isNeeded = stability.states.allSatisfy { layer in
      layer.enumerated().allSatisfy { i, state in
        if case .unstable = state { return i >= 2 }
        return i < 2
      }
    }
    if !isNeeded { return nil }
    var planted = base
    for l in [1, 0] {
      let ranges = planted.preactivationRanges(over: box)[l]
      let z = planted.boundedPreactivations(at: inside)[l].values
      let draws = (0..<4).map { _ in entry() }
      planted = planted.changing { weights, biases in
        func add(_ row: [Double], _ bias: Double, _ column: (Int) -> Double) {
          weights[l].append(row)
          biases[l].append(bias)
          for k in weights[l + 1].indices { weights[l + 1][k].append(column(k)) }
        }
        func times(_ row: [Double], _ factor: Double) -> [Double] { row.map { $0 * factor } }
        let (rows, bias) = (weights[l], biases[l])
        // Unread; never active; three times another, and a half of it.
        add(times(rows[2].reversed(), 1), 0.5) { _ in 0 }
        add(times(rows[3], 2), 2 * bias[3] - (2 * ranges[3].upper).rounded(.up) - 1) { _ in 0.75 }
        add(times(rows[4], 3), 3 * bias[4]) { _ in draws[0] }
        for k in weights[l + 1].indices { weights[l + 1][k][4] -= 3 * draws[0] }
        add(times(rows[3], 0.5), 0.5 * bias[3]) { _ in draws[1] }
        for k in weights[l + 1].indices { weights[l + 1][k][3] -= 0.5 * draws[1] }
        // Constant.
        add(times(rows[0], 0), 1.5) { _ in 0.25 }
        for k in weights[l + 1].indices { biases[l + 1][k] -= 0.375 }
        // Active, and the sum of the first and twice the second.
        add(zip(rows[0], rows[1]).map { $0 + 2 * $1 }, bias[0] + 2 * bias[1] + 0.5) { _ in draws[2] }
        for k in weights[l + 1].indices {
          weights[l + 1][k][0] -= draws[2]
          weights[l + 1][k][1] -= 2 * draws[2]
          biases[l + 1][k] -= 0.5 * draws[2]
        }
        // relu(t) − relu(−t) = t, where t bends and has the row of the first.
        let offset = bias[0] - z[0]
        add(rows[0], offset) { _ in draws[3] }
        add(times(rows[0], -2), -2 * offset) { _ in -draws[3] / 2 }
        for k in weights[l + 1].indices {
          weights[l + 1][k][0] -= draws[3]
          biases[l + 1][k] -= draws[3] * (offset - bias[0])
        }
      }
    }
    self.base = base
    self.domain = domain
    let disguise = Disguise(
      permutes: true, logRange: 1, powersOfTwo: true, twins: 0, dead: 0, identityLayer: false)
    self.planted = planted.disguised(by: disguise, using: &rng)
  }
}
