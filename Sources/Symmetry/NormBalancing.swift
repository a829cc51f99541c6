#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How incoming and outgoing norms of hidden neurons are brought to balance by rescaling (equi-normalization).
///
/// Definition: for a hidden neuron v let L_v be the ℓp norm of its incoming weights, with its bias where ``includesBiases``,
/// and R_v that of its outgoing weights. A cycle goes through the hidden layers in order and rescales each neuron by
/// d_v = √(R_v / (c L_v)): rows and biases by d_v, columns by 1/d_v. For c = 1 each step makes Σ |w|^p as small as
/// rescaling v can, and a network is balanced when L_v = R_v for all v. In logarithms of the factors the sum is convex,
/// strictly and with bounded level sets where every hidden neuron reads and is read through entries that count and are not
/// zero: there the limit is unique, and the same from every network of the rescaling orbit. For other c the same holds in
/// a multilayer perceptron, with layer l's term multiplied by c^(−p l).
///
/// A neuron without incoming or without outgoing entries that count keeps its scale.
///
/// What differs from the code that came with the paper: biases are rescaled, so that the function stays the same; norms
/// are always those after the step before; the output layer takes part unless ``includesOutputLayer`` is false.
///
/// - Reference: [SGJ19] section 3, the algorithm; its convergence theorem's own text could not be checked, and the argument
///   above is this library's.
public struct NormBalancing: Hashable, Sendable, Codable {
  /// p ≥ 1.
  public var order: Double
  /// c > 0; above 1, later layers get larger norms: R_v = c L_v.
  public var depthPenalty: Double
  /// Whether the bias of a neuron counts in its incoming norm.
  public var includesBiases: Bool
  /// Whether the last hidden layer is balanced against the output layer.
  public var includesOutputLayer: Bool

  /// A way of balancing.
  ///
  /// - Requires: p ≥ 1 and c > 0, finite.
  public init(
    order: Double = 2, depthPenalty: Double = 1, includesBiases: Bool = true, includesOutputLayer: Bool = true
  ) {
    precondition(order >= 1 && order.isFinite, "norms of order \(order)")
    precondition(depthPenalty > 0 && depthPenalty.isFinite, "a depth penalty of \(depthPenalty)")
    self.order = order
    self.depthPenalty = depthPenalty
    self.includesBiases = includesBiases
    self.includesOutputLayer = includesOutputLayer
  }

  /// Balances every hidden neuron once, layer after layer, and returns the largest |ln d_v|.
  ///
  /// - Parameters:
  ///   - covariant: empty, or a buffer of the same layout whose entries scale inversely, as gradients do.
  ///   - squares: empty, or such a buffer whose entries scale by the inverse square.
  ///   - factors: multiplied by d_v, hidden layer after hidden layer.
  @discardableResult
  package func cycle(
    _ values: inout [Double], covariant: inout [Double], squares: inout [Double], layers: WeightBlocks
  ) -> Double {
    var factors: [Double] = []
    return cycle(&values, covariant: &covariant, squares: &squares, layers: layers, factors: &factors)
  }

  /// The same, with a record of the factors where `factors` is not empty.
  func cycle(
    _ values: inout [Double], covariant: inout [Double], squares: inout [Double], layers: WeightBlocks,
    factors: inout [Double]
  ) -> Double {
    var largest = 0.0
    var number = 0
    for layer in 1..<max(1, layers.widths.count - 1) {
      for v in 0..<layers.widths[layer] {
        defer { number += 1 }
        let isOpen = includesOutputLayer || layer < layers.widths.count - 2
        guard isOpen, let factor = factor(layer, v, values, layers), factor != 1 else { continue }
        let inverse = 1 / factor
        largest = max(largest, abs(log(factor)))
        func scale(_ k: Int, _ d: Double, _ inverse: Double) {
          values[k] *= d
          if !covariant.isEmpty { covariant[k] *= inverse }
          if !squares.isEmpty { squares[k] *= inverse * inverse }
        }
        layers.forEachIncoming(layer, v) { scale($0, factor, inverse) }
        scale(layers.biasStarts[layer] + v, factor, inverse)
        layers.forEachOutgoing(layer, v) { scale($0, inverse, factor) }
        if !factors.isEmpty { factors[number] *= factor }
      }
    }
    return largest
  }

  /// d_v = √(R_v / (c L_v)); nil where one of the norms is 0.
  func factor(_ layer: Int, _ v: Int, _ values: [Double], _ layers: WeightBlocks) -> Double? {
    let bias = includesBiases ? abs(values[layers.biasStarts[layer] + v]) : 0
    let incoming = norm(extra: bias) { body in layers.forEachIncoming(layer, v) { body(abs(values[$0])) } }
    let outgoing = norm(extra: 0) { body in layers.forEachOutgoing(layer, v) { body(abs(values[$0])) } }
    guard incoming > 0, outgoing > 0 else { return nil }
    // The quotient of the norms themselves may leave the range of doubles.
    return outgoing.squareRoot() / (depthPenalty * incoming).squareRoot()
  }

  /// The ℓp norm of the magnitudes that `forEach` hands over, and of one more; scaled by the largest, so that no power overflows.
  @inline(__always)
  private func norm(extra: Double, _ forEach: ((Double) -> Void) -> Void) -> Double {
    var largest = extra
    forEach { largest = max(largest, $0) }
    guard largest > 0 else { return 0 }
    var sum = power(extra / largest)
    forEach { sum += power($0 / largest) }
    return largest * (order == 2 ? sum.squareRoot() : order == 1 ? sum : pow(sum, 1 / order))
  }

  /// x^p.
  @inline(__always)
  private func power(_ x: Double) -> Double { order == 2 ? x * x : order == 1 ? x : pow(x, order) }

  /// Σ |w|^p over all weights and the biases of hidden neurons: what balancing makes small when biases count.
  func energy(_ values: [Double], _ layers: WeightBlocks) -> Double {
    var sum = 0.0
    for block in layers.blocks {
      for k in block.start..<block.start + block.rows * block.columns { sum += power(abs(values[k])) }
    }
    for layer in 1..<max(1, layers.widths.count - 1) {
      for v in 0..<layers.widths[layer] { sum += power(abs(values[layers.biasStarts[layer] + v])) }
    }
    return sum
  }
}
