import Networks

/// A straight line through the inputs, followed from one activation region to the next.
///
/// Walking finds the small regions that points at random miss, on both sides of every kink that it meets. One evaluation
/// just behind a kink gives the signs of all neurons there, with a running bound of the error, and the next kink.
///
/// - Exactness: each pattern is certain, that of a point with coordinates in doubles; where the line goes is rounded.
/// - Complexity: 6 floating-point operations for each region and each weight that reads a signal other than 0.
struct LineWalk: Sendable {
  /// The weights of a block transposed: a stretch of `width` numbers for each signal of the source.
  private struct Block {
    let source: Int
    let weights: [Double]
  }

  private struct Layer {
    let width: Int
    let blocks: [Block]
    let bias: [Double]
    /// How far off a sum may be, relative to the sum of magnitudes; and beside it.
    let unit: Double
    let floor: Double
  }

  /// A region on the line.
  struct Stop {
    let pattern: ActivationPattern
    /// The middle of the line's part in the region, as far as rounding tells.
    let point: [Double]
  }

  private let network: Network
  private let layers: [Layer]
  /// Whether all weights are doubles, as the error bound wants them.
  private let holdsDoublesOnly: Bool
  /// The most regions visited on a line.
  private let regionLimit: Int

  init(_ network: Network) {
    self.network = network
    regionLimit = 4 * network.hiddenNeuronCount + 64
    layers = network.hiddenLayers.map { layer in
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      return Layer(
        width: layer.width,
        blocks: layer.blocks.map {
          Block(source: $0.source, weights: $0.weights.nearest.transposed.elements)
        },
        bias: layer.bias.nearest.elements, unit: 0x1p-53 * Double(2 * terms + 8),
        floor: Double(terms + 1) * 0x1p-1070)
    }
    holdsDoublesOnly = network.hiddenLayers.allSatisfy { layer in
      layer.bias.holdsDoublesOnly && layer.blocks.allSatisfy { $0.weights.holdsDoublesOnly }
    }
  }

  /// The regions that origin + t · direction meets for t in a range, and how many points lay on a kink.
  func regions(
    from origin: [Double], along direction: [Double], _ range: ClosedRange<Double>,
    where isInside: ([Double]) -> Bool
  ) -> (stops: [Stop], kinks: Int) {
    func point(_ t: Double) -> [Double] {
      var x = origin
      for c in x.indices { x[c] += t * direction[c] }
      return x
    }
    var stops: [Stop] = []
    var kinks = 0
    // A hair inside, where a box begins.
    var t = range.lowerBound + 1e-9 * (range.upperBound - range.lowerBound)
    var workspace = Workspace(network)
    for _ in 0..<regionLimit where t <= range.upperBound {
      let x = point(t)
      let next = look(at: x, along: direction, &workspace)
      let end = min(range.upperBound, t + next)
      if isInside(x) {
        let isCertain = workspace.isCertain && holdsDoublesOnly
        if let pattern = isCertain
          ? ActivationPattern(words: workspace.words) : network.activationPattern(at: x)
        {
          stops.append(Stop(pattern: pattern, point: point(0.5 * t + 0.5 * end)))
        } else {
          kinks += 1
        }
      }
      if end >= range.upperBound { break }
      t = end + 1e-9 * (1 + end.magnitude)
    }
    return (stops, kinks)
  }

  /// Numbers for each source of signals, kept from one evaluation to the next.
  private struct Workspace {
    /// Signals, their changes along the line and bounds of their errors.
    var signals: [[Double]]
    var slopes: [[Double]]
    var errors: [[Double]]
    /// The bits of the pattern.
    var words: [UInt64]
    /// Whether the bounds decide all signs.
    var isCertain = true

    init(_ network: Network) {
      let widths = [network.inputCount] + network.hiddenLayers.map(\.width)
      signals = widths.map { Array(repeating: 0, count: $0) }
      slopes = signals
      errors = signals
      words = ActivationPattern(neuronCount: network.hiddenNeuronCount).words
    }
  }

  /// Evaluates signs at a point; returns how far the nearest sign change of a hidden neuron is ahead.
  private func look(at x: [Double], along direction: [Double], _ work: inout Workspace) -> Double {
    work.signals[0] = x
    work.slopes[0] = direction
    work.isCertain = true
    for k in work.words.indices { work.words[k] = 0 }
    var nearest = Double.infinity
    var number = 0
    for (position, layer) in layers.enumerated() {
      accumulate(layer, at: position + 1, &work)
      work.signals[position + 1].withUnsafeMutableBufferPointer { z in
        work.slopes[position + 1].withUnsafeMutableBufferPointer { slope in
          work.errors[position + 1].withUnsafeMutableBufferPointer { error in
            for i in 0..<layer.width {
              let (value, change) = (z[i], slope[i])
              let bound = (error[i] * (1 + layer.unit) + layer.floor) * (1 + 0x1p-50)
              // Not so where anything has overflowed.
              if !(value.magnitude > bound && value.magnitude.isFinite) { work.isCertain = false }
              if value * change < 0 { nearest = min(nearest, -value / change) }
              // On a kink, the line goes where it rises.
              if value > 0 || (value == 0 && change > 0) {
                work.words[number >> 6] |= 1 << UInt64(number & 63)
                error[i] = bound
              } else {
                (z[i], slope[i], error[i]) = (0, 0, 0)
              }
              number += 1
            }
          }
        }
      }
    }
    return nearest
  }

  /// z = b + Σ w h with its slope Σ w h' and, beside it, Σ |w| (unit |h| + e) + unit |b|.
  private func accumulate(_ layer: Layer, at target: Int, _ work: inout Workspace) {
    var (z, slope, error) = (layer.bias, Array(repeating: 0.0, count: layer.width), layer.bias)
    z.withUnsafeMutableBufferPointer { z in
      slope.withUnsafeMutableBufferPointer { slope in
        error.withUnsafeMutableBufferPointer { error in
          for i in 0..<layer.width { error[i] = layer.unit * error[i].magnitude }
          for block in layer.blocks {
            let (signals, slopes, errors) = (
              work.signals[block.source], work.slopes[block.source], work.errors[block.source]
            )
            block.weights.withUnsafeBufferPointer { weights in
              for j in signals.indices {
                let (h, dh) = (signals[j], slopes[j])
                let e = layer.unit * h.magnitude + errors[j]
                if h == 0 && dh == 0 && e == 0 { continue }
                let row = j * layer.width
                for i in 0..<layer.width {
                  let weight = weights[row + i]
                  z[i] += weight * h
                  slope[i] += weight * dh
                  error[i] += weight.magnitude * e
                }
              }
            }
          }
        }
      }
    }
    work.signals[target] = z
    work.slopes[target] = slope
    work.errors[target] = error
  }
}
