import ExactArithmetic
import Networks

/// Pairs of neurons, one in each hidden layer, of which at every input one is active.
///
/// Definition: two neurons whose sum is positive. In the first layer on a box; in later layers wherever signals are
/// not negative: the sums of weights are not negative, and the sum of biases is positive.
///
/// - Exactness: exact, and in any dimension. That there are no such pairs does not refute transparency.
/// - Reference: [PL20] transparent networks.
struct TransparencyProof {
  /// For each hidden layer the indices of its pair.
  let pairs: [(Int, Int)]

  /// Finds the pairs; nil where a layer has none.
  init?(_ network: Network, on domain: InputDomain?) {
    guard network.isSequential else { return nil }
    var pairs: [(Int, Int)] = []
    for (position, layer) in network.hiddenLayers.enumerated() {
      guard let block = layer.blocks.first else { return nil }
      let sides = position == 0 ? domain?.enclosure : nil
      func isPositive(_ a: Int, _ b: Int) -> Bool {
        var least = layer.bias[a, 0] + layer.bias[b, 0]
        for j in 0..<block.weights.columns {
          let sum = block.weights[a, j] + block.weights[b, j]
          if let sides {
            least = least + sum * Dyadic(sum.sign > 0 ? sides[j].lower : sides[j].upper)
          } else if sum.sign < 0 || (position == 0 && sum.sign != 0) {
            return false
          }
        }
        return least.sign > 0
      }
      let all = (0..<layer.width).lazy.flatMap { a in (a..<layer.width).lazy.map { (a, $0) } }
      guard let pair = all.first(where: { $0 != $1 && isPositive($0, $1) }) else { return nil }
      pairs.append(pair)
    }
    self.pairs = pairs
  }
}
