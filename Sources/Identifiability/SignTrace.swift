import Networks

/// The signs of all hidden neurons at a point, and how far they last along a direction.
///
/// One evaluation carries the signals, their slopes along the direction, and a running bound of the error,
///
///     |fl(z) − z| ≤ γ (Σ |w| |h| + |b|) + Σ |w| e_h,
///
/// through the layers. Where the bound does not decide a sign, the point is evaluated exactly.
///
/// - Exactness: patterns are exact; slopes and distances are rounded.
/// - Complexity: 6 floating-point operations for each weight that reads a signal other than 0.
struct SignTrace: Sendable {
  /// Weights that read one source, transposed: a stretch of `width` numbers for each signal.
  private struct Block {
    /// The place of the source's first signal.
    let source: Int
    let count: Int
    /// The place of the first weight.
    let start: Int
  }

  private struct Layer {
    let width: Int
    /// The place of the first signal.
    let offset: Int
    let blocks: Range<Int>
    /// The place of the first bias.
    let bias: Int
    /// How far off a sum may be: relative to the sum of magnitudes, and beside it.
    let unit: Double
    let floor: Double
  }

  private let network: Network
  private let layers: [Layer]
  private let blocks: [Block]
  /// All weights and biases.
  private let numbers: [Double]
  /// The number of inputs and hidden neurons.
  private let signalCount: Int
  /// Whether all weights are doubles, as the error bound wants them.
  private let holdsDoublesOnly: Bool

  init(_ network: Network) {
    self.network = network
    var (layers, blocks, numbers): ([Layer], [Block], [Double]) = ([], [], [])
    var offsets = [0]
    var offset = network.inputCount
    for layer in network.hiddenLayers {
      let first = blocks.count
      for block in layer.blocks {
        blocks.append(
          Block(source: offsets[block.source], count: block.weights.columns, start: numbers.count))
        numbers += block.weights.nearest.transposed.elements
      }
      let terms = layer.blocks.reduce(0) { $0 + $1.weights.columns }
      layers.append(
        Layer(
          width: layer.width, offset: offset, blocks: first..<blocks.count, bias: numbers.count,
          unit: 0x1p-53 * Double(2 * terms + 8), floor: Double(terms + 1) * 0x1p-1070))
      numbers += layer.bias.nearest.elements
      offsets.append(offset)
      offset += layer.width
    }
    (self.layers, self.blocks, self.numbers, signalCount) = (layers, blocks, numbers, offset)
    holdsDoublesOnly = network.hiddenLayers.allSatisfy { layer in
      layer.bias.holdsDoublesOnly && layer.blocks.allSatisfy { $0.weights.holdsDoublesOnly }
    }
  }

  /// What one evaluation finds, and its numbers, kept for the next.
  struct Workspace {
    /// The pattern's bits, as rounding has them.
    fileprivate var words: [UInt64]
    /// Whether the bounds decide all signs.
    fileprivate var isCertain = false
    /// How far ahead, along the direction, the nearest sign change is.
    fileprivate(set) var distance = Double.infinity
    /// For all inputs and hidden neurons the signals, then the slopes, then the bounds.
    fileprivate var numbers: [Double]
  }

  /// Room for evaluations.
  var workspace: Workspace {
    Workspace(
      words: ActivationPattern(neuronCount: network.hiddenNeuronCount).words,
      numbers: Array(repeating: 0, count: 3 * signalCount))
  }

  /// The pattern at a point; nil where some hidden neuron is exactly zero.
  func pattern(at x: [Double], along direction: [Double], _ work: inout Workspace) -> ActivationPattern? {
    look(at: x, along: direction, &work)
    return work.isCertain ? ActivationPattern(words: work.words) : network.activationPattern(at: x)
  }

  private func look(at x: [Double], along direction: [Double], _ work: inout Workspace) {
    precondition(
      x.count == network.inputCount && direction.count == x.count,
      "\(x.count) numbers for \(network.inputCount)")
    for k in work.words.indices { work.words[k] = 0 }
    let inputs = x.count
    var nearest = Double.infinity
    var isCertain = holdsDoublesOnly
    work.words.withUnsafeMutableBufferPointer { words in
      work.numbers.withUnsafeMutableBufferPointer { room in
        numbers.withUnsafeBufferPointer { numbers in
          guard let signals = room.baseAddress, let parameters = numbers.baseAddress else { return }
          let (slopes, errors) = (signals + signalCount, signals + 2 * signalCount)
          for c in 0..<inputs { (signals[c], slopes[c], errors[c]) = (x[c], direction[c], 0) }
          var number = 0
          for layer in layers {
            accumulate(layer, parameters, signals)
            for i in layer.offset..<layer.offset + layer.width {
              let (value, slope) = (signals[i], slopes[i])
              let bound = (errors[i] * (1 + layer.unit) + layer.floor) * (1 + 0x1p-50)
              // Not so either where anything has overflowed.
              if !(value.magnitude > bound && value.magnitude.isFinite) { isCertain = false }
              if value * slope < 0 { nearest = min(nearest, -value / slope) }
              // On a kink, the line goes where it rises.
              if value > 0 || (value == 0 && slope > 0) {
                words[number >> 6] |= 1 << UInt64(number & 63)
                errors[i] = bound
              } else {
                (signals[i], slopes[i], errors[i]) = (0, 0, 0)
              }
              number += 1
            }
          }
        }
      }
    }
    work.distance = nearest
    work.isCertain = isCertain
  }

  /// z = b + Σ w h with its slope Σ w h′ and, beside it, Σ |w| (γ |h| + e) + γ |b|.
  @inline(__always)
  private func accumulate(
    _ layer: Layer, _ parameters: UnsafePointer<Double>, _ signals: UnsafeMutablePointer<Double>
  ) {
    let width = layer.width
    let (z, slope, error) = (
      signals + layer.offset, signals + signalCount + layer.offset, signals + 2 * signalCount + layer.offset
    )
    for i in 0..<width {
      let bias = parameters[layer.bias + i]
      (z[i], slope[i], error[i]) = (bias, 0, layer.unit * bias.magnitude)
    }
    for index in layer.blocks {
      let block = blocks[index]
      for j in 0..<block.count {
        let source = block.source + j
        let (h, dh) = (signals[source], signals[signalCount + source])
        let e = layer.unit * h.magnitude + signals[2 * signalCount + source]
        if h == 0 && dh == 0 && e == 0 { continue }
        let row = parameters + block.start + j * width
        for i in 0..<width {
          let weight = row[i]
          z[i] += weight * h
          slope[i] += weight * dh
          error[i] += weight.magnitude * e
        }
      }
    }
  }
}
