import ExactArithmetic
import Networks
import Symmetry

/// A network without the neurons that its function does not need on a domain.
///
/// Layer by layer, until nothing changes: neurons that nothing reads or that are constant; multiples of another
/// neuron; neurons that are never active on the domain; neurons that are always active and depend linearly on others
/// that are, or whole layers of such; opposite pairs, where that saves a neuron. Each step keeps the outputs of every
/// layer on the domain, so what was proved of later neurons stays true.
///
///     let f = Network(weights: [[[1, 1], [1, -1]], [[1, 1]]], biases: [[1, 0], [0]])
///     let box = InputDomain.box(.init([Interval(2, 3), Interval(0, 1)]))
///     try NetworkReduction(of: f, on: box).network.widths          // [2, 1]: both neurons are active
///
/// - Exactness: ``network`` equals the given one on the domain, exactly; its entries may be no doubles.
/// - Reference: [SKR20] compression by stable neurons.
public struct NetworkReduction: Sendable {
  /// What became of one hidden layer of the given network.
  public struct Layer: Hashable, Sendable {
    /// The neurons of the given network.
    public var before = 0
    /// The neurons that are left.
    public var kept = 0
    /// Removed: nothing reads them.
    public var unread = 0
    /// Removed: no weights come in.
    public var constant = 0
    /// Removed: positive multiples of another neuron of the layer.
    public var twins = 0
    /// Removed: never active on the domain.
    public var inactive = 0
    /// Removed: always active on the domain, and folded into others that are.
    public var folded = 0
    /// Removed: negative multiples of another neuron of the layer.
    public var opposite = 0
    /// Removed with the whole layer, which was linear on the domain.
    public var linear = 0

    /// All that were removed.
    public var removed: Int { unread + constant + twins + inactive + folded + opposite + linear }
  }

  /// What a reduction may be told.
  public struct Options: Sendable {
    /// Leaves out every step whose result this precision does not hold; nil for none.
    public var precision: StoragePrecision?
    /// How hard to look for stable neurons.
    public var stability: NeuronStability.Options

    /// The options; by default every exact step is taken, whatever numbers it needs.
    public init(
      precision: StoragePrecision? = nil, stability: NeuronStability.Options = NeuronStability.Options()
    ) {
      self.precision = precision
      self.stability = stability
    }
  }

  /// The reduced network.
  public let network: Network
  /// What became of each hidden layer of the given network; a network with skip blocks is counted by the layer in which
  /// a signal was met first.
  public let layers: [Layer]
  /// What is known of the neurons of the given network; nil on all of ℝⁿ.
  public let stability: NeuronStability?
  /// The steps left out because no dyadic number, or none of the precision asked for, holds their result.
  public let skipped: Int
  /// The domain; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// What is known of the neurons that are left; empty where that is nothing.
  private let signs: [[Sign]]

  /// Reduces a network on a domain, by default all of ℝⁿ.
  ///
  /// A multilayer perceptron stays one. In a network with skip blocks all linear neurons go, into skip blocks.
  ///
  /// - Requires: as many intervals as inputs.
  /// - Throws: `CancellationError` when told to stop; an obstacle of the numbering for networks with skip blocks.
  public init(of network: Network, on domain: InputDomain? = nil, options: Options = Options()) throws {
    self.domain = domain
    let stability = try domain.map {
      try NeuronStability(network, on: $0.enclosure, options: options.stability)
    }
    self.stability = stability
    guard network.isSequential else {
      let (graph, facts) = try SignalGraph.withFacts(
        network, on: domain, signs: stability?.signs ?? [], progress: options.stability.progress)
      self.network = Network(graph, storage: network.storage, domain: network.domain)
      layers = NeuronInventory(of: network, graph: graph, facts: facts).layers.map { count in
        Layer(
          before: count.width, kept: count.live, unread: count.unread, constant: count.constant,
          twins: count.twins, inactive: count.inactive, linear: count.linear)
      }
      skipped = 0
      signs = []
      return
    }
    var reducer = LayerReducer(
      network, signs: stability?.signs ?? network.hiddenLayers.map { $0.writtenSigns() },
      box: domain?.enclosure, precision: options.precision)
    try reducer.run(progress: options.stability.progress)
    self.network = reducer.network(storage: network.storage, domain: network.domain)
    layers = reducer.counts
    skipped = reducer.skipped
    signs = reducer.layers.dropLast().map(\.signs)
  }

  /// The comparison of the given network with this reduction, or with a rounded version of it, on the domain.
  ///
  /// Signs that were proved for the given network are part of the certificate.
  ///
  /// - Returns: *identical*, or *within ε* with a proved bound.
  public func comparison(
    of original: Network, with reduced: Network, seed: UInt64 = 0, threads: Int = Concurrency.coreCount,
    progress: Progress = Progress()
  ) throws -> Comparison {
    var options = ComparisonOptions(
      domain: domain, epsilon: .infinity, seed: seed, witnessSamples: 64,
      budget: ComparisonBudget(boxes: 64, regions: 1000), threads: threads, progress: progress)
    if let domain, let stability {
      options.signs.a = stability.proofs
      if signs.joined().contains(where: { $0 != .open }) {
        let kept = try NeuronStability(
          reduced, on: domain.enclosure, expecting: signs,
          options: NeuronStability.Options(seed: seed, threads: threads, progress: progress))
        options.signs.b = kept.proofs
      }
    }
    return try original.compared(with: reduced, options: options)
  }
}
