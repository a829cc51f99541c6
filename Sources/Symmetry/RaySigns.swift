import ExactArithmetic
import Networks

/// The output of a neuron, seen as a number that is never negative: a multiple of one side of a line.
enum Ray<Scalar: ExactScalar> {
  /// Always 0.
  case zero
  /// A positive constant.
  case constant(Scalar)
  /// `scale · max(±t_r, 0)` with scale > 0; side 2r for +, 2r + 1 for −.
  case multiple(of: Int, by: Scalar)
}

/// Signs of pre-activations that show in the weights, when neurons on the same side of one line count as one.
///
/// A row that reads hidden neurons only is a combination of numbers that are never negative; where all its
/// coefficients and its bias have one sign, so has the row. Coefficients of twins are added first, so that pairs that
/// cancel do not hide the sign. Unlike the sign of a form in numbered signals, this does not depend on the order in
/// which neurons were met.
struct RaySigns<Scalar: ExactScalar> {
  // By layer, the input first; the input has no rays.
  private var rays: [[Ray<Scalar>]] = [[]]
  private var hasRepeats: [Bool] = [false]

  /// Adds the rays of the next layer.
  mutating func append(_ layer: [Ray<Scalar>]) {
    var seen: Set<Int> = []
    hasRepeats.append(
      layer.contains { ray in
        switch ray {
        case .zero, .constant: true
        case .multiple(let side, _): !seen.insert(side).inserted
        }
      })
    rays.append(layer)
  }

  /// The signs of the neurons of a layer on all of ℝⁿ.
  func signs(of layer: Network.Layer) -> [Sign] {
    let written = layer.writtenSigns()
    guard layer.blocks.contains(where: { hasRepeats[$0.source] }) else { return written }
    return written.indices.map { written[$0] == .open ? mergedSign(of: layer, $0) : written[$0] }
  }

  private func mergedSign(of layer: Network.Layer, _ i: Int) -> Sign {
    var bias = Scalar(layer.bias[i, 0])
    var sums: [Int: Scalar] = [:]
    for block in layer.blocks {
      for j in 0..<block.weights.columns where block.weights.sign(i, j) != 0 {
        if block.source == 0 { return .open }
        let weight = Scalar(block.weights[i, j])
        switch rays[block.source][j] {
        case .zero: continue
        case .constant(let value): bias = bias + weight * value
        case .multiple(let side, let scale): sums[side] = sums[side, default: .zero] + weight * scale
        }
      }
    }
    if bias.sign >= 0, sums.values.allSatisfy({ $0.sign >= 0 }) { return .nonnegative }
    return bias.sign <= 0 && sums.values.allSatisfy { $0.sign <= 0 } ? .nonpositive : .open
  }
}
