import LinearAlgebra
import Networks

/// Derivatives of the outputs along one direction of parameters, on many activation regions at once, modulo a prime.
///
/// Definition: for a direction v the pre-activations change, at first order, by
///
///     dz_l = Σ W_{l,m} dh_m + V_{l,m} h_m + v_l,   dh_l = 1[z_l > 0] ⊙ dz_l:
///
/// J v without J, at the cost of two evaluations of the network, in matrix products over all regions.
///
/// - Exactness: exact modulo the prime.
/// - Complexity: 6 D floating-point operations for each region.
struct JacobianProbe: Sendable {
  private let layout: ParameterLayout
  private let inputCount: Int
  private let field: PrimeField
  /// For each layer minus its weights and biases: a row for each weight of a neuron, the last one for the biases.
  private let weights: [[Double]]

  /// Regions taken through the layers together.
  private static let batch = 128

  init(_ parameters: Parameters, inputCount: Int, field: PrimeField) {
    layout = parameters.layout
    self.inputCount = inputCount
    self.field = field
    weights = JacobianProbe.negated(field.residues(of: parameters.values), parameters.layout)
  }

  private static func negated(_ values: [Double], _ layout: ParameterLayout) -> [[Double]] {
    layout.layers.map { layer in
      var result = Array(repeating: 0.0, count: layer.count)
      for i in 0..<layer.width {
        for j in 0..<layer.rowLength {
          result[j * layer.width + i] = 0 - values[layer.start + i * layer.rowLength + j]
        }
      }
      return result
    }
  }

  /// The derivatives of all outputs along a direction, one row of n_L residues for each request.
  ///
  /// - Shapes: `direction` has D residues.
  func derivatives(along direction: [Double], at requests: [RowRequest], threads: Int) -> [Double] {
    precondition(direction.count == layout.count, "\(direction.count) entries for \(layout.count) parameters")
    let slopes = JacobianProbe.negated(direction, layout)
    return Concurrency.map(count: requests.count, threads: threads, minimumRange: JacobianProbe.batch) {
      part in
      stride(from: part.lowerBound, to: part.upperBound, by: JacobianProbe.batch).flatMap { start in
        derivatives(slopes, at: requests[start..<min(part.upperBound, start + JacobianProbe.batch)])
      }
    }
  }

  private func derivatives(_ slopes: [[Double]], at requests: ArraySlice<RowRequest>) -> [Double] {
    let count = requests.count
    // For each source its signals and their changes: a row for each request.
    var inputs: [Double] = []
    var last: [Double] = []
    for request in requests {
      inputs += request.input[..<inputCount]
      last.append(request.input[inputCount])
    }
    var signals = [inputs]
    var changes = [Array(repeating: 0.0, count: count * inputCount)]
    let zeros = Array(repeating: 0.0, count: count)
    var number = 0
    for (position, layer) in layout.layers.enumerated() {
      let read = joined(layer, signals, last: last)
      var change = Array(repeating: 0.0, count: count * layer.width)
      func subtract(_ a: [Double], _ b: [Double], from c: inout [Double]) {
        field.subtractProduct(
          of: a, and: b, rows: count, inner: layer.rowLength, columns: layer.width, from: &c)
      }
      subtract(read, slopes[position], from: &change)
      if layer.sources.contains(where: { $0.layer > 0 }) {
        subtract(joined(layer, changes, last: zeros), weights[position], from: &change)
      }
      if position == layout.layers.count - 1 { return change }
      var z = Array(repeating: 0.0, count: count * layer.width)
      subtract(read, weights[position], from: &z)
      for (row, request) in requests.enumerated() {
        let start = row * layer.width
        for i in 0..<layer.width where !request.pattern[number + i] {
          z[start + i] = 0
          change[start + i] = 0
        }
      }
      number += layer.width
      signals.append(z)
      changes.append(change)
    }
    return []
  }

  /// What the neurons of a layer read, a row for each request: its sources one after the other, then `last`.
  private func joined(_ layer: ParameterLayout.Layer, _ signals: [[Double]], last: [Double]) -> [Double] {
    let (count, length) = (last.count, layer.rowLength)
    return [Double](unsafeUninitializedCapacity: count * length) { target, initialized in
      guard let target = target.baseAddress else { return }
      for source in layer.sources {
        signals[source.layer].withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          for row in 0..<count {
            (target + row * length + source.offset).update(
              from: values + row * source.width, count: source.width)
          }
        }
      }
      for row in 0..<count { target[row * length + length - 1] = last[row] }
      initialized = count * length
    }
  }
}

/// Which row of a Jacobian is meant: that of Σ outputs_k f_k at a homogeneous input of the region of a pattern.
struct RowRequest: Sendable {
  let pattern: ActivationPattern
  /// n₀ + 1 residues.
  let input: [Double]
  /// n_L residues.
  let outputs: [Double]
}
