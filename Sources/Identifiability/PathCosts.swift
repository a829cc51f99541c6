import ExactArithmetic
import Networks

/// How much of the ℓ1 path norm runs through each parameter.
///
/// Definition: the cost of parameter i is Σ |Φ_p| over the paths p through i and all outputs, which is
/// |θ_i| · ∂‖Φ(θ)‖₁ / ∂|θ_i|. At each hidden neuron the costs of what comes in (weights and bias) and of what goes out have
/// the same sum. Setting parameters of small cost to zero moves the function little, and rescaling θ leaves costs as they are.
///
/// - Exactness: exact where asked for, otherwise within the relative errors that ``Cost/magnitude`` encloses.
/// - Reference: [GBRG25] pruning by path magnitude.
public struct PathCosts: Sendable {
  /// The cost of one parameter.
  public struct Cost: Sendable {
    /// The parameter.
    public let name: ParameterLayout.Name
    /// Its value, rounded to the nearest double.
    public let parameter: Double
    /// The cost.
    public let magnitude: PathMagnitude
    let estimate: ScaledDouble
  }

  /// The weights that are not zero, in the order of the network's layout.
  public let weights: [Cost]
  /// The biases, hidden neurons before outputs; also those that are zero.
  public let biases: [Cost]
  /// Whether all costs are exact.
  public let isExact: Bool

  /// The positions in ``weights`` by falling cost; equal costs in the order of the layout.
  ///
  /// - Exactness: exact where ``isExact``; otherwise close costs may change places.
  public var ranking: [Int] {
    weights.indices.sorted { i, j in
      let (a, b) = (weights[i], weights[j])
      if let x = a.magnitude.exactPower, let y = b.magnitude.exactPower { return x == y ? i < j : x > y }
      return a.estimate == b.estimate ? i < j : a.estimate > b.estimate
    }
  }
}

extension PathEmbedding {
  /// The path cost of every parameter.
  ///
  /// - Parameter exactLimit: Up to how many nonzero weights costs are exact.
  /// - Exactness: see ``PathCosts``. A rounded ``Network/Lowering`` is not included.
  /// - Throws: `CancellationError`.
  /// - Complexity: one forward and one backward pass over the nonzero weights.
  public func costs(
    exactLimit: Int = PathEmbedding.exactLimit, progress: Progress = Progress()
  ) throws -> PathCosts {
    let isExact = graph.edgeCount <= exactLimit
    if isExact {
      let sizes = graph.weights(of: network).map(\.magnitude)
      let incoming = try graph.sums(sizes, progress: progress)
      let onward = try graph.continuations(sizes, progress: progress)
      return costs(isExact: true) { source, target, edge in
        let size = edge.map { sizes.edges[$0] } ?? sizes.biases[target]
        let cost = size * onward[target] * (source.map { incoming[$0] } ?? .one)
        return (PathMagnitude(rootOf: cost, order: 1), ScaledDouble(rounding: cost))
      }
    }
    let sizes = graph.scaledMagnitudes(of: network)
    let incoming = try graph.roundedSums(sizes, valueErrors: 1, progress: progress)
    let onward = try graph.roundedContinuations(sizes, valueErrors: 1, progress: progress)
    let errors = incoming.worstError + onward.worstError + 3
    return costs(isExact: false) { source, target, edge in
      let size = edge.map { sizes.edges[$0] } ?? sizes.biases[target]
      let cost = size * onward.sums[target] * (source.map { incoming.sums[$0] } ?? .one)
      return (PathMagnitude(rootOf: cost, order: 1, errors: errors), cost)
    }
  }

  /// The costs by a rule for an edge, or for the bias of a target.
  private func costs(
    isExact: Bool, _ cost: (_ source: Int?, _ target: Int, _ edge: Int?) -> (PathMagnitude, ScaledDouble)
  ) -> PathCosts {
    var weights: [PathCosts.Cost] = []
    weights.reserveCapacity(graph.edgeCount)
    var biases: [PathCosts.Cost] = []
    let values = graph.values(of: network, none: 0.0) { $0.nearest.elements[$1] }
    for layer in 1..<graph.widths.count {
      for target in graph.firstSignal[layer]..<graph.firstSignal[layer + 1] {
        let row = target - graph.firstSignal[layer]
        for edge in graph.edges(into: target) {
          let source = Int(graph.sources[edge])
          let place = graph.place(of: source)
          let (magnitude, estimate) = cost(source, target, edge)
          weights.append(
            PathCosts.Cost(
              name: .weight(layer: layer, row: row, source: place.layer, column: place.index),
              parameter: values.edges[edge], magnitude: magnitude, estimate: estimate))
        }
        let (magnitude, estimate) = cost(nil, target, nil)
        biases.append(
          PathCosts.Cost(
            name: .bias(layer: layer, row: row), parameter: values.biases[target], magnitude: magnitude,
            estimate: estimate))
      }
    }
    return PathCosts(weights: weights, biases: biases, isExact: isExact)
  }
}
