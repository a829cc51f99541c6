import ExactArithmetic
import Networks

/// A positive rescaling of hidden neurons: λ_v > 0 for each hidden neuron v.
///
/// Definition: it takes θ to the parameters λ_v w_{u→v} / λ_u and λ_v b_v, with λ = 1 for inputs and outputs. The
/// function, and the path embedding Φ(θ), stay the same.
///
/// - Reference: [SG22] S-equivalence.
public struct Rescaling: Hashable, Sendable {
  /// The factors λ_v, hidden layer by hidden layer; 1 where the parameters leave a factor open.
  public let factors: [[Rational]]

  /// The rescaling with the given factors.
  ///
  /// - Requires: all are positive.
  public init(factors: [[Rational]]) {
    precondition(factors.allSatisfy { $0.allSatisfy { $0.sign > 0 } }, "rescalings are positive")
    self.factors = factors
  }
}

/// Whether one network is a rescaling of another.
public enum RescalingVerdict: Hashable, Sendable {
  /// It is, by these factors.
  case rescaling(Rescaling)
  /// It is not, for this reason.
  case none(Obstacle)

  /// Why there is no rescaling.
  public enum Obstacle: Hashable, Sendable {
    /// The layers or what they read differ.
    case architecture
    /// A parameter whose signs differ: positive, zero or negative.
    case sign(ParameterLayout.Name)
    /// A parameter that asks for another factor than the parameters before it.
    case factor(ParameterLayout.Name)
  }

  /// The factors, where there are any.
  public var rescaling: Rescaling? {
    if case .rescaling(let rescaling) = self { return rescaling }
    return nil
  }
}

extension Network {
  /// Decides whether another network is a rescaling of this one, and finds the factors.
  ///
  ///     let f = Network(weights: [[[1]], [[1]]], biases: [[0], [0]])
  ///     f.rescaling(to: Network(weights: [[[3]], [[1 / 4.0]]], biases: [[0], [0]]))      // a factor is off
  ///     f.rescaling(to: Network(weights: [[[4]], [[1 / 4.0]]], biases: [[0], [0]]))      // λ = 4
  ///
  /// Every parameter that is not zero fixes the quotient of two factors. Neurons are joined by such parameters, and a
  /// parameter between neurons that are joined already must agree; so the answer is complete also where rows of
  /// zeros leave some factors open.
  ///
  /// - Exactness: exact.
  /// - Complexity: O(parameters) products of numbers that grow by a significand with each layer.
  /// - Reference: [SG22]; the paths play no part.
  public func rescaling(to other: Network) -> RescalingVerdict {
    guard hasArchitecture(of: other) else { return .none(.architecture) }
    var factors = FactorForest(count: 1 + hiddenNeuronCount)
    // Node 0 stands for inputs, outputs and the constant; hidden neurons follow.
    var starts = [0, 1]
    for layer in layers { starts.append((starts.last ?? 1) + layer.width) }
    for (position, (a, b)) in zip(layers, other.layers).enumerated() {
      let isOutput = position == layers.count - 1
      for i in 0..<a.width {
        let node = isOutput ? 0 : starts[position + 1] + i
        for (blockA, blockB) in zip(a.blocks, b.blocks) {
          for j in 0..<blockA.weights.columns {
            let source = blockA.source == 0 ? 0 : starts[blockA.source] + j
            let name = ParameterLayout.Name.weight(
              layer: position + 1, row: i, source: blockA.source, column: j)
            if let obstacle = factors.join(source, node, blockA.weights, blockB.weights, i, j, name) {
              return .none(obstacle)
            }
          }
        }
        let name = ParameterLayout.Name.bias(layer: position + 1, row: i)
        if let obstacle = factors.join(0, node, a.bias, b.bias, i, 0, name) { return .none(obstacle) }
      }
    }
    return .rescaling(
      Rescaling(
        factors: hiddenLayers.enumerated().map { position, layer in
          (0..<layer.width).map { factors.factor(starts[position + 1] + $0) }
        }))
  }

  /// Whether another network has the same layers, of the same widths, that read the same layers.
  public func hasArchitecture(of other: Network) -> Bool {
    widths == other.widths
      && zip(layers, other.layers).allSatisfy { $0.blocks.map(\.source) == $1.blocks.map(\.source) }
  }
}

/// Neurons joined by parameters, each with its factor relative to the root of its tree.
private struct FactorForest {
  private var parent: [Int]
  /// λ of a node divided by λ of its parent.
  private var quotient: [Rational]

  init(count: Int) {
    parent = Array(0..<count)
    quotient = Array(repeating: .one, count: count)
  }

  /// λ_v relative to its root; node 0 is 1, and so are roots that nothing joins to it.
  mutating func factor(_ node: Int) -> Rational {
    let own = find(node).quotient
    let base = find(0)
    return find(node).root == base.root ? own.dividedExactly(by: base.quotient) ?? own : own
  }

  /// Joins two nodes by λ_target / λ_source = b / a; returns the obstacle where that cannot be.
  mutating func join(
    _ source: Int, _ target: Int, _ a: ExactMatrix, _ b: ExactMatrix, _ i: Int, _ j: Int,
    _ name: ParameterLayout.Name
  ) -> RescalingVerdict.Obstacle? {
    let sign = a.sign(i, j)
    if sign != b.sign(i, j) { return .sign(name) }
    if sign == 0 { return nil }
    let (x, y) = (Rational(a[i, j]), Rational(b[i, j]))
    let from = find(source)
    let to = find(target)
    if from.root == to.root {
      return to.quotient * x == from.quotient * y ? nil : .factor(name)
    }
    // λ_target = to.quotient · λ_root, and so on: λ_root of the target over that of the source.
    guard let step = (from.quotient * y).dividedExactly(by: to.quotient * x) else { return .factor(name) }
    parent[to.root] = from.root
    quotient[to.root] = step
    return nil
  }

  /// The root of a node and the node's factor relative to it; shortens the way.
  private mutating func find(_ node: Int) -> (root: Int, quotient: Rational) {
    var way: [Int] = []
    var root = node
    while parent[root] != root {
      way.append(root)
      root = parent[root]
    }
    // From the root outward, so that the quotient of a parent is known.
    for step in way.reversed().dropFirst() {
      quotient[step] = quotient[step] * quotient[parent[step]]
      parent[step] = root
    }
    return (root, node == root ? .one : quotient[node])
  }
}
