#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import ExactArithmetic
import Networks

/// A network of balanced norms in the rescaling orbit of another, and how it was reached.
public struct BalancedNetwork: Hashable, Sendable {
  /// The balanced network.
  public let network: Network
  /// The factors λ_v, hidden layer by hidden layer.
  public let factors: [[Double]]
  /// The cycles through all hidden layers.
  public let cycles: Int
  /// The largest |ln d_v| of the last cycle.
  public let residual: Double
  /// The largest |ln (R_v / (c L_v))| of the network as it is returned, over the neurons that take part.
  public let imbalance: Double
  /// Σ |w|^p over weights and hidden biases, before and after.
  public let energyBefore: Double, energyAfter: Double
}

extension Network {
  /// The balanced network in the rescaling orbit of this one, by cycles of equi-normalization.
  ///
  ///     let f = Network(weights: [[[8]], [[1]], [[1]]], biases: [[0], [0], [0]])
  ///     f.balanced(by: NormBalancing(), tolerance: 1e-12).factors          // about [[0.25], [0.5]]
  ///
  /// Definition: see ``NormBalancing``. Networks with skip blocks are balanced too: in the normal form every hidden neuron has
  /// its own scale, incoming norms are taken over all blocks it reads and outgoing norms over all that read it. Only
  /// the entries of the normal form are balanced, not those a file had before its linear parts were folded; and with skip
  /// blocks the depth penalty must be 1, since for others there is no sum that the steps make small.
  ///
  /// - Parameters:
  ///   - tolerance: cycles end when no |ln d_v| of a cycle is larger.
  ///   - powersOfTwo: round every λ_v to the nearest power of two. The norms are then balanced up to factors of 4 in R_v / L_v.
  /// - Exactness: factors are numeric. With `powersOfTwo` the function is exactly the same; else it is kept up to the rounding of each
  ///   entry to a double.
  /// - Requires: a depth penalty of 1 where the network is not sequential.
  /// - Complexity: O(parameters) for each cycle; the residual falls linearly, faster for few layers.
  /// - Reference: [SGJ19].
  public func balanced(
    by balancing: NormBalancing = NormBalancing(), tolerance: Double, powersOfTwo: Bool = false,
    maximumCycles: Int = 10_000
  ) -> BalancedNetwork {
    precondition(
      balancing.depthPenalty == 1 || isSequential,
      "a depth penalty of \(balancing.depthPenalty) in a network with skip blocks")
    var (layers, values) = WeightBlocks.buffer(of: self)
    let before = balancing.energy(values, layers)
    var flat = Array(repeating: 1.0, count: hiddenNeuronCount)
    var (none, cycles, residual) = ([Double](), 0, Double.infinity)
    while cycles < maximumCycles, residual > tolerance {
      var empty: [Double] = []
      residual = balancing.cycle(
        &values, covariant: &none, squares: &empty, layers: layers, factors: &flat)
      cycles += 1
    }
    if powersOfTwo {
      flat = flat.map { Double(sign: .plus, exponent: Int(log2($0).rounded()), significand: 1) }
    }
    var factors: [[Double]] = []
    for layer in hiddenLayers {
      factors.append(Array(flat.prefix(layer.width)))
      flat.removeFirst(layer.width)
    }
    let network = rescaled(by: factors)
    (layers, values) = WeightBlocks.buffer(of: network)
    var imbalance = 0.0
    for layer in hiddenLayers.indices where balancing.includesOutputLayer || layer < hiddenLayers.count - 1 {
      for v in 0..<self.layers[layer].width {
        guard let factor = balancing.factor(layer + 1, v, values, layers) else { continue }
        imbalance = max(imbalance, 2 * abs(log(factor)))
      }
    }
    return BalancedNetwork(
      network: network, factors: factors, cycles: cycles, residual: residual, imbalance: imbalance,
      energyBefore: before, energyAfter: balancing.energy(values, layers))
  }

  /// The network with hidden neurons scaled by positive doubles; entries keep exact values where all factors are powers of two.
  ///
  /// - Shapes: a factor for each hidden neuron, layer by layer.
  /// - Exactness: exact for powers of two, else each entry is rounded to the nearest double of its product and quotient.
  func rescaled(by factors: [[Double]]) -> Network {
    let isExact = factors.allSatisfy { $0.allSatisfy { $0.significand == 1 } }
    let all = [Array(repeating: 1, count: inputCount)] + factors + [Array(repeating: 1, count: outputCount)]
    func product(_ entry: Double, _ row: Double, _ column: Double) -> Double {
      if entry == 0 { return 0 }
      let scale = row / column
      // The quotient of two factors may leave the range of doubles where the product with the entry does not.
      return scale.isNormal ? entry * scale : entry * row / column
    }
    func scaled(_ matrix: ExactMatrix, _ rows: [Double], _ columns: [Double]) -> ExactMatrix {
      ExactMatrix(
        rows: matrix.rows, columns: matrix.columns,
        elements: (0..<matrix.rows).flatMap { i in
          (0..<matrix.columns).map { j -> Dyadic in
            isExact
              ? matrix[i, j].scaled(byPowerOfTwo: Int(rows[i].exponent) - Int(columns[j].exponent))
              : Dyadic(product(matrix.nearest[i, j], rows[i], columns[j]))
          }
        })
    }
    return Network(
      inputCount: inputCount,
      layers: layers.enumerated().map { position, layer in
        Layer(
          blocks: layer.blocks.map {
            Block(source: $0.source, weights: scaled($0.weights, all[position + 1], all[$0.source]))
          }, bias: scaled(layer.bias, all[position + 1], [1]))
      }, storage: isExact ? storage : .float64, lowering: lowering.rescaled(by: all, layers), domain: domain)
  }
}

extension Network.Lowering {
  /// The error bounds of a rescaled network: those of a row grow by its factor, over the least factor among what it reads.
  fileprivate func rescaled(by factors: [[Double]], _ layers: [Network.Layer]) -> Network.Lowering {
    guard case .rounded(let errors) = self else { return self }
    return .rounded(
      rowErrors: errors.enumerated().map { position, rows in
        let read = layers[position].blocks.flatMap { factors[$0.source] }
        let least = read.reduce(1, min)
        // Two roundings; one unit in the last place above each is safe, and powers of two lose nothing that counts.
        return rows.enumerated().map { ($1 * factors[position + 1][$0]).nextUp / least }.map(\.nextUp)
      })
  }
}
