import Equivalence
import ExactArithmetic
import Networks

/// A proof that the functional dimension of a network is D − N, small enough to keep: the inputs that show it.
///
/// No network has a functional dimension above D − N, the parameters less the hidden neurons, because every neuron can
/// be rescaled. The rank of the exact Jacobian at the inputs, modulo the prime 2⁶¹ − 1, bounds it from below.
///
/// - Exactness: acceptance is a proof. A sound certificate is refused with a chance of about D/2⁶¹.
/// - Reference: [GLMW25] functional dimension.
public struct DimensionCertificate: Hashable, Sendable {
  /// The version of this document's form.
  public static let schema = 1

  /// The digest of the network.
  public let digest: String
  /// Where the inputs lie; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The claimed functional dimension.
  public let functionalDimension: Int
  /// The inputs.
  public let inputs: [[Double]]

  /// The certificate of a claim.
  public init(digest: String, domain: InputDomain?, functionalDimension: Int, inputs: [[Double]]) {
    self.digest = digest
    self.domain = domain
    self.functionalDimension = functionalDimension
    self.inputs = inputs
  }

  /// Looks for inputs at which the rank is D − N, on lines through given places; nil where it finds none.
  ///
  /// - Throws: `CancellationError`.
  static func attaining(
    _ network: Network, on domain: InputDomain?, around places: [ConstructionPlace], seed: UInt64,
    progress: Progress
  ) throws -> DimensionCertificate? {
    let target = network.parameterCount - network.hiddenNeuronCount
    let lines = 120 * max(1, places.count)
    let witness = try RankWitness(
      of: network, target: target, around: places, on: domain, lines: lines, seed: seed, progress: progress)
    guard witness.rank == target else { return nil }
    let certificate = DimensionCertificate(
      digest: network.digest, domain: domain, functionalDimension: target, inputs: witness.inputs)
    return certificate.verify(network) == nil ? certificate : nil
  }

  /// Checks the certificate against a network: digest, bound, inputs, and the rank by a plain elimination.
  ///
  /// Nothing of the search is used: signals are exact dyadic numbers, rows and elimination are modulo 2⁶¹ − 1.
  ///
  /// - Returns: the step that fails and why; nil where all hold.
  /// - Complexity: O(D²) products for each output at each input.
  public func verify(_ network: Network) -> ProofFailure? {
    func failed(_ step: String, _ reason: String) -> ProofFailure { ProofFailure(step: step, reason: reason) }
    guard network.digest == digest else {
      return failed("digest", "the certificate is about another network")
    }
    let bound = network.parameterCount - network.hiddenNeuronCount
    guard functionalDimension == bound else {
      return failed("bound", "only \(bound), parameters less hidden neurons, can be certified")
    }
    if let domain, domain.dimension != network.inputCount {
      return failed("domain", "\(domain.dimension) intervals for \(network.inputCount) inputs")
    }
    let rows = CheckedRows(network)
    var elimination = CheckedElimination()
    for (number, input) in inputs.enumerated() where elimination.rank < functionalDimension {
      guard input.count == network.inputCount, input.allSatisfy(\.isFinite) else {
        return failed("input \(number)", "\(network.inputCount) finite numbers expected")
      }
      if let domain, !domain.contains(input) {
        return failed("input \(number)", "it lies outside the domain")
      }
      guard let jacobian = rows.jacobian(at: input) else {
        return failed("input \(number)", "a hidden neuron is exactly zero there")
      }
      for row in jacobian { elimination.insert(row) }
    }
    guard elimination.rank >= functionalDimension else {
      return failed("rank", "the inputs show \(elimination.rank), not \(functionalDimension)")
    }
    return nil
  }
}

/// The rows of the Jacobian modulo 2⁶¹ − 1, by their definition.
private struct CheckedRows {
  let network: Network
  /// The parameters, layer by layer, block by block, row by row.
  private let weights: [[[Mersenne61]]]

  init(_ network: Network) {
    self.network = network
    weights = network.layers.map { layer in
      layer.blocks.map { block in
        (0..<block.weights.rows * block.weights.columns).map { block.weights[at: $0].residue }
      }
    }
  }

  /// A row for each output; nil where a hidden neuron is exactly zero.
  func jacobian(at x: [Double]) -> [[Mersenne61]]? {
    var signals = [x.map { Dyadic($0) }]
    for layer in network.hiddenLayers {
      var values: [Dyadic] = []
      for i in 0..<layer.width {
        var sum = layer.bias[i, 0]
        for block in layer.blocks {
          for (j, signal) in signals[block.source].enumerated() where !signal.isZero {
            sum = sum + block.weights[i, j] * signal
          }
        }
        if sum.isZero { return nil }
        values.append(sum.sign > 0 ? sum : .zero)
      }
      signals.append(values)
    }
    let active = signals.map { $0.map { $0.sign > 0 } }
    let residues = signals.map { $0.map(\.residue) }
    return (0..<network.outputCount).map { output in
      var effects = network.widths.dropLast().map { Array(repeating: Mersenne61.zero, count: $0) }
      effects.append((0..<network.outputCount).map { $0 == output ? .one : .zero })
      var row: [Mersenne61] = []
      for (position, layer) in network.layers.enumerated().reversed() {
        let effect = effects[position + 1]
        for (number, block) in layer.blocks.enumerated() {
          let source = residues[block.source]
          for i in 0..<layer.width {
            row += source.map { effect[i] * $0 }
            if block.source == 0 { continue }
            for j in source.indices where active[block.source][j] {
              effects[block.source][j] =
                effects[block.source][j] + effect[i] * weights[position][number][i * source.count + j]
            }
          }
        }
        row += effect
      }
      return row
    }
  }
}

/// A plain elimination modulo 2⁶¹ − 1.
private struct CheckedElimination {
  private var rows: [(pivot: Int, entries: [Mersenne61])] = []

  var rank: Int { rows.count }

  mutating func insert(_ row: [Mersenne61]) {
    var row = row
    for (pivot, entries) in rows where row[pivot].value != 0 {
      let factor = row[pivot]
      for j in row.indices where entries[j].value != 0 { row[j] = row[j] - factor * entries[j] }
    }
    guard let pivot = row.firstIndex(where: { $0.value != 0 }), let inverse = row[pivot].inverse else {
      return
    }
    rows.append((pivot, row.map { $0 * inverse }))
  }
}
