import ExactArithmetic

/// Which hidden neurons are active: one bit for each, layer after layer.
public struct ActivationPattern: Hashable, Sendable {
  /// A word for every 64 hidden neurons, lowest bit first.
  public private(set) var words: [UInt64]

  /// The pattern with no neuron active, for `neuronCount` hidden neurons.
  public init(neuronCount: Int) {
    words = Array(repeating: 0, count: (neuronCount + 63) / 64)
  }

  /// The pattern with the given words.
  public init(words: some Sequence<UInt64>) { self.words = Array(words) }

  /// Whether the neuron of the given number, counted layer after layer, is active.
  @inlinable
  public subscript(_ number: Int) -> Bool {
    get { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }
    set {
      let bit: UInt64 = 1 << UInt64(number & 63)
      setWord(number >> 6, newValue ? words[number >> 6] | bit : words[number >> 6] & ~bit)
    }
  }

  @usableFromInline
  mutating func setWord(_ index: Int, _ word: UInt64) { words[index] = word }
}

extension Network {
  /// The activation pattern at an input; nil on a kink, that is where some hidden neuron is exactly zero.
  ///
  ///     Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]]).activationPattern(at: [0])   // nil
  ///
  /// - Exactness: exact: by the running error bound where it decides, else by exact evaluation.
  /// - Complexity: O(parameters), in floating point but near kinks.
  public func activationPattern(at x: [Double]) -> ActivationPattern? {
    let filter = boundedPreactivations(at: x)
    var pattern = ActivationPattern(neuronCount: hiddenNeuronCount)
    var number = 0
    for (position, layer) in hiddenLayers.enumerated() {
      let z = filter[position]
      for i in 0..<layer.width {
        if z.values[i].magnitude <= z.errors[i] {
          let exact = exactActivations(at: x)
          return exact.kinks == 0 ? exact.pattern : nil
        }
        pattern[number] = z.values[i] > 0
        number += 1
      }
    }
    return pattern
  }

  /// Which hidden neurons are positive at an input, and how many are exactly zero.
  ///
  /// - Exactness: exact: by the running error bound where it decides, else by exact evaluation.
  /// - Complexity: O(parameters), in floating point but near kinks.
  public func activations(at x: [Double]) -> (pattern: ActivationPattern, kinks: Int) {
    activationPattern(at: x).map { ($0, 0) } ?? exactActivations(at: x)
  }

  private func exactActivations(at x: [Double]) -> (pattern: ActivationPattern, kinks: Int) {
    var signals = [x.map { Dyadic($0) }]
    var pattern = ActivationPattern(neuronCount: hiddenNeuronCount)
    var kinks = 0
    var number = 0
    for layer in hiddenLayers {
      var values: [Dyadic] = []
      for i in 0..<layer.width {
        var sum = layer.bias[i, 0]
        for block in layer.blocks {
          let source = signals[block.source]
          for j in source.indices where !source[j].isZero { sum = sum + block.weights[i, j] * source[j] }
        }
        if sum.isZero { kinks += 1 }
        pattern[number] = sum.sign > 0
        values.append(sum.sign > 0 ? sum : .zero)
        number += 1
      }
      signals.append(values)
    }
    return (pattern, kinks)
  }
}
