import ExactArithmetic
import Networks

/// The sign of a pre-activation over the whole domain, as far as it is known.
public enum Sign: Hashable, Sendable {
  /// Nowhere negative.
  case nonnegative
  /// Nowhere positive.
  case nonpositive
  /// Not known, or both.
  case open

  /// The sign that a range shows.
  public init(of range: Interval) {
    self = range.lower >= 0 ? .nonnegative : range.upper <= 0 ? .nonpositive : .open
  }
}

extension Network.Layer {
  /// The sign of each neuron on all of ℝⁿ that shows in the weights as written, without rewriting anything: that of a
  /// row that reads only hidden neurons, with weights and bias of one sign.
  public func writtenSigns() -> [Sign] {
    var signs: [Sign] = (0..<width).map { i in
      let bias = bias[i, 0].sign
      return bias >= 0 ? .nonnegative : .nonpositive
    }
    var undecided = (0..<width).map { bias[$0, 0].isZero }
    for block in blocks {
      for i in 0..<width where signs[i] != .open {
        for j in 0..<block.weights.columns {
          let weight = block.weights.sign(i, j)
          if weight == 0 { continue }
          let sign: Sign = block.source == 0 ? .open : weight > 0 ? .nonnegative : .nonpositive
          if undecided[i], sign != .open {
            signs[i] = sign
            undecided[i] = false
          } else if sign != signs[i] {
            signs[i] = .open
            break
          }
        }
      }
    }
    return signs
  }
}
