import Networks

/// A straight line through the inputs, followed from one activation region to the next.
///
/// Walking finds the small regions that points at random miss, on both sides of every kink that it meets.
///
/// - Exactness: rounded; whoever uses a point finds out its pattern exactly.
struct LineWalk {
  private let network: Network
  /// The most regions visited on a line.
  private let regionLimit: Int

  init(_ network: Network) {
    self.network = network
    regionLimit = 4 * network.hiddenNeuronCount + 64
  }

  /// A point in the middle of each region that origin + t · direction meets for t in a range, as far as rounding tells.
  func points(from origin: [Double], along direction: [Double], _ range: ClosedRange<Double>) -> [[Double]] {
    var points: [[Double]] = []
    var t = range.lowerBound
    while t <= range.upperBound, points.count < regionLimit {
      let step = distanceToKink(from: zip(origin, direction).map { $0 + t * $1 }, along: direction)
      let end = min(range.upperBound, t + step)
      let middle = 0.5 * t + 0.5 * end
      points.append(zip(origin, direction).map { $0 + middle * $1 })
      if end >= range.upperBound { break }
      t = end + 1e-9 * (1 + end.magnitude)
    }
    return points
  }

  /// How far the nearest sign change of a hidden neuron is ahead.
  private func distanceToKink(from x: [Double], along direction: [Double]) -> Double {
    var signals = [x]
    var slopes = [direction]
    var nearest = Double.infinity
    for layer in network.hiddenLayers {
      var z = layer.bias.nearest.elements
      var slope = Array(repeating: 0.0, count: layer.width)
      for block in layer.blocks {
        let (h, dh) = (signals[block.source], slopes[block.source])
        block.weights.nearest.elements.withUnsafeBufferPointer { weights in
          for i in 0..<layer.width {
            var (value, change) = (0.0, 0.0)
            let row = i * h.count
            for j in h.indices {
              value += weights[row + j] * h[j]
              change += weights[row + j] * dh[j]
            }
            z[i] += value
            slope[i] += change
          }
        }
      }
      for i in z.indices {
        if z[i] * slope[i] < 0 { nearest = min(nearest, -z[i] / slope[i]) }
        // On a kink, the line goes where it rises.
        if z[i] < 0 || (z[i] == 0 && slope[i] <= 0) { (z[i], slope[i]) = (0, 0) }
      }
      signals.append(z)
      slopes.append(slope)
    }
    return nearest
  }
}
