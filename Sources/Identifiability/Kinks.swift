import Networks

/// The inputs at which a function has no derivative by its parameters, and the neurons that make it so.
///
/// A hidden neuron that is exactly zero at x is about to become active or inactive: f_θ(x) has a kink in θ there.
///
///     let f = Network(weights: [[[1, 1]], [[1]]], biases: [[-0.75], [0]])
///     Kinks(of: f, at: [[0.5, 0.25], [1, 1]]).inputs                    // [0]
///
/// - Exactness: exact.
public struct Kinks: Hashable, Sendable {
  /// A neuron that is zero at some inputs.
  public struct Count: Hashable, Sendable {
    /// The neuron.
    public let neuron: Neuron
    /// The number of inputs at which it is zero.
    public let inputs: Int
  }

  /// The number of inputs looked at.
  public let inputCount: Int
  /// The inputs on kinks, by their numbers.
  public let inputs: [Int]
  /// The neurons that are zero at some of the inputs, by layer and index.
  public let neurons: [Count]

  /// The neurons that are zero at every input looked at: with one of these, f has a derivative by θ at none of them.
  public var alwaysZero: [Neuron] { neurons.filter { $0.inputs == inputCount }.map(\.neuron) }

  /// The kinks among given inputs.
  public init(of network: Network, at inputs: [[Double]], threads: Int = 1) {
    let zeros = Concurrency.map(count: inputs.count, threads: threads, minimumRange: 64) { part in
      part.map { network.neuronsAtZero(at: inputs[$0]) }
    }
    inputCount = inputs.count
    self.inputs = zeros.indices.filter { !zeros[$0].isEmpty }
    var counts: [Neuron: Int] = [:]
    for neuron in zeros.joined() { counts[neuron, default: 0] += 1 }
    neurons = counts.keys.sorted().map { Count(neuron: $0, inputs: counts[$0, default: 0]) }
  }

  /// The kinks among random inputs of a domain, or of a cube for nil: almost surely those neurons that are zero on sets with
  /// an interior.
  public init(of network: Network, sampling domain: InputDomain?, count: Int = 64, seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    let sides =
      domain?.enclosure.map { $0.lower...$0.upper } ?? Array(repeating: -8...8, count: network.inputCount)
    let inputs = (0..<count).map { _ in sides.map { Double.random(in: $0, using: &rng) } }
    self.init(of: network, at: inputs)
  }
}
