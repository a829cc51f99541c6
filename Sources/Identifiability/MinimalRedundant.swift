import Networks

/// A network that no smaller one replaces, with a ray of other parameters for its function.
///
/// Definition: widths 2, 3, 2, m. The first neuron of layer 2 is 1 − x⁺ − y⁺ + t (x + y − 10)⁺. Where the third neuron
/// of layer 1 is active, x⁺ + y⁺ > 10, so for every t ≤ 1 it is inactive: the function does not depend on t.
///
/// It is minimal among networks of at most two hidden layers: its folds bend, on the three lines x = 0, y = 0 and
/// x + y = 10, and it has values on both sides of that far away.
///
/// - Reference: [GM26] minimal representations with redundancy; the network is our own.
struct MinimalRedundant {
  let network: Network
  let second: Network

  init(outputs: Int, using rng: inout some RandomNumberGenerator) {
    let first = Double(Int.random(in: -16...15, using: &rng)) / 16
    let other = first - Double(Int.random(in: 1...64, using: &rng)) / 16
    let scales = [1] + (1..<max(1, outputs)).map { _ in rng.nextOdd(of: 16) }
    func network(_ t: Double) -> Network {
      Network(
        weights: [
          [[1, 0], [0, 1], [1, 1]], [[-1, -1, t], [1, -1, -2]],
          scales.prefix(outputs).map { [$0, -1.5 * $0] },
        ], biases: [[0, 0, -10], [1, 3], Array(repeating: 0, count: outputs)])
    }
    self.network = network(first)
    second = network(other)
  }
}
