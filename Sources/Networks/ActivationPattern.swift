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
        if z.values[i].magnitude <= z.errors[i] { return exactActivationPattern(at: x) }
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
    if let pattern = activationPattern(at: x) { return (pattern, 0) }
    let signs = exactSigns(at: x).flatMap(\.self)
    return (pattern(of: signs), signs.count { $0 == 0 })
  }

  /// The hidden neurons that are exactly zero at an input: those that put it on a kink.
  ///
  ///     Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 1], [0]]).neuronsAtZero(at: [0])   // neuron 0 of layer 1
  ///
  /// - Exactness: exact, as for ``activationPattern(at:)``.
  /// - Complexity: O(parameters), in floating point but near kinks.
  public func neuronsAtZero(at x: [Double]) -> [Neuron] {
    let filter = boundedPreactivations(at: x)
    let isClear = zip(hiddenLayers, filter).allSatisfy { layer, z in
      (0..<layer.width).allSatisfy { z.values[$0].magnitude > z.errors[$0] }
    }
    if isClear { return [] }
    return exactSigns(at: x).enumerated().flatMap { position, signs in
      signs.indices.filter { signs[$0] == 0 }.map { Neuron(layer: position + 1, index: $0) }
    }
  }

  private func exactActivationPattern(at x: [Double]) -> ActivationPattern? {
    let signs = exactSigns(at: x).flatMap(\.self)
    return signs.contains(0) ? nil : pattern(of: signs)
  }

  /// The neurons that are positive.
  private func pattern(of signs: [Int]) -> ActivationPattern {
    var pattern = ActivationPattern(neuronCount: hiddenNeuronCount)
    for (number, sign) in signs.enumerated() { pattern[number] = sign > 0 }
    return pattern
  }

  /// The signs of the hidden neurons, layer after layer.
  private func exactSigns(at x: [Double]) -> [[Int]] {
    var signals = [x.map { Dyadic($0) }]
    var signs: [[Int]] = []
    for layer in hiddenLayers {
      let values = (0..<layer.width).map { i in
        var sum = layer.bias[i, 0]
        for block in layer.blocks {
          let source = signals[block.source]
          for j in source.indices where !source[j].isZero { sum = sum + block.weights[i, j] * source[j] }
        }
        return sum
      }
      signs.append(values.map(\.sign))
      signals.append(values.map { $0.sign > 0 ? $0 : .zero })
    }
    return signs
  }
}
