import LinearAlgebra
import Networks

/// The inputs of a sample off kinks, with their activation patterns, and the rows of the Jacobian there.
///
/// - Exactness: patterns are exact; rows are exact modulo the prime they are asked for.
struct SmoothSample: Sendable {
  let network: Network
  let parameters: Parameters
  /// The inputs.
  let inputs: [[Double]]
  /// For each input its number in the sample it came from.
  let numbers: [Int]
  /// For each input its pattern.
  let patterns: [ActivationPattern]

  /// The inputs at which no hidden neuron is exactly zero.
  init(_ network: Network, _ sample: [[Double]], threads: Int) {
    let found = Concurrency.map(count: sample.count, threads: threads, minimumRange: 64) { part in
      part.map { network.activationPattern(at: sample[$0]) }
    }
    let kept = sample.indices.compactMap { number in found[number].map { (number, $0) } }
    self.network = network
    parameters = network.parameters
    numbers = kept.map(\.0)
    inputs = kept.map { sample[$0.0] }
    patterns = kept.map(\.1)
  }

  /// What writes rows modulo a prime.
  func rows(modulo field: PrimeField) -> Rows {
    Rows(
      sample: self, field: field,
      jacobian: JacobianRows(parameters, inputCount: network.inputCount, field: field))
  }

  /// Rows modulo a prime.
  struct Rows: Sendable {
    fileprivate let sample: SmoothSample
    let field: PrimeField
    fileprivate let jacobian: JacobianRows

    /// The rows of an input of the sample: one for each output, D residues each.
    func callAsFunction(_ index: Int) -> [Double] {
      self(at: sample.inputs[index], on: sample.patterns[index])
    }

    /// The rows of any input with its pattern.
    func callAsFunction(at input: [Double], on pattern: ActivationPattern) -> [Double] {
      jacobian.rows(at: [field.residues(of: input) + [1]], on: pattern)
    }
  }
}
