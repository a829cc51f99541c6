import Crease

extension Network {
  /// Seeded inputs on a grid of 64ths in [−4, 4].
  public func randomInputs(_ count: Int, using rng: inout some RandomNumberGenerator) -> [[Double]] {
    (0..<count).map { _ in
      (0..<inputCount).map { _ in Double(Int.random(in: -256...256, using: &rng)) / 64 }
    }
  }

  /// The rows and biases of a multilayer perceptron of doubles, layer by layer.
  public var rows: (weights: [[[Double]]], biases: [[Double]]) {
    (
      layers.map { layer in
        (0..<layer.width).map { i in layer.blocks.first.map { Array($0.weights.nearest.row(i)) } ?? [] }
      },
      layers.map(\.bias.nearest.elements)
    )
  }

  /// The multilayer perceptron with other rows and biases, in the same storage.
  public func changing(_ change: (_ weights: inout [[[Double]]], _ biases: inout [[Double]]) -> Void)
    -> Network
  {
    var (weights, biases) = rows
    change(&weights, &biases)
    return Network(weights: weights, biases: biases, storage: storage, domain: domain)
  }

  /// The same multilayer perceptron with one random entry, weight or bias, changed by `change`.
  public func changingOneEntry(
    using rng: inout some RandomNumberGenerator, _ change: (Double) -> Double
  ) -> Network {
    let l = Int.random(in: 0..<layers.count, using: &rng)
    let i = Int.random(in: 0..<layers[l].width, using: &rng)
    let j = Int.random(in: -1..<(l == 0 ? inputCount : layers[l - 1].width), using: &rng)
    return changing { weights, biases in
      if j < 0 { biases[l][i] = change(biases[l][i]) } else { weights[l][i][j] = change(weights[l][i][j]) }
    }
  }

  /// The network in another storage precision; entries are not touched.
  public func with(storage: StoragePrecision) -> Network {
    Network(inputCount: inputCount, layers: layers, storage: storage, lowering: lowering, domain: domain)
  }

  /// The largest difference of the outputs of two networks at an input, exactly.
  public func exactGap(to other: Network, at x: [Double]) -> Dyadic {
    zip(exactOutputs(at: x), other.exactOutputs(at: x)).map { ($0 - $1).magnitude }.max() ?? .zero
  }

  /// The same function with x = relu(x) − relu(−x) in front, for a multilayer perceptron.
  public var splittingInputs: Network {
    changing { weights, biases in
      weights[0] = weights[0].map { $0 + $0.map { -$0 } }
      let unit = (0..<inputCount).map { i in (0..<inputCount).map { $0 == i ? 1.0 : 0 } }
      weights.insert(unit + unit.map { $0.map { -$0 } }, at: 0)
      biases.insert(Array(repeating: 0, count: 2 * inputCount), at: 0)
    }
  }

  /// The same function with y = relu(y) − relu(−y) behind, for a multilayer perceptron.
  public var splittingOutputs: Network {
    changing { weights, biases in
      let last = weights.count - 1
      weights[last] += weights[last].map { $0.map { -$0 } }
      biases[last] += biases[last].map { -$0 }
      weights.append(
        (0..<outputCount).map { k in
          (0..<2 * outputCount).map { $0 == k ? 1 : $0 == k + outputCount ? -1 : 0 }
        })
      biases.append(Array(repeating: 0, count: outputCount))
    }
  }
}
