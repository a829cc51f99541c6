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
    var signals = [requests.flatMap { $0.input.dropLast() }]
    var changes = [Array(repeating: 0.0, count: count * inputCount)]
    var number = 0
    for (position, layer) in layout.layers.enumerated() {
      let isLast = position == layout.layers.count - 1
      let read = joined(layer, signals, count: count) { requests[requests.startIndex + $0].input[inputCount] }
      var change = Array(repeating: 0.0, count: count * layer.width)
      field.subtractProduct(
        of: read, and: slopes[position], rows: count, inner: layer.rowLength, columns: layer.width,
        from: &change)
      if layer.sources.contains(where: { $0.layer > 0 }) {
        field.subtractProduct(
          of: joined(layer, changes, count: count) { _ in 0 }, and: weights[position], rows: count,
          inner: layer.rowLength,
          columns: layer.width, from: &change)
      }
      if isLast { return change }
      var z = Array(repeating: 0.0, count: count * layer.width)
      field.subtractProduct(
        of: read, and: weights[position], rows: count, inner: layer.rowLength, columns: layer.width, from: &z)
      for (row, request) in requests.enumerated() {
        for i in 0..<layer.width where !request.pattern[number + i] {
          z[row * layer.width + i] = 0
          change[row * layer.width + i] = 0
        }
      }
      number += layer.width
      signals.append(z)
      changes.append(change)
    }
    return []
  }

  /// What the neurons of a layer read, a row for each request: its sources one after the other, then `last`.
  private func joined(
    _ layer: ParameterLayout.Layer, _ signals: [[Double]], count: Int, last: (Int) -> Double
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count * layer.rowLength)
    for row in 0..<count {
      for source in layer.sources {
        result += signals[source.layer][row * source.width..<(row + 1) * source.width]
      }
      result.append(last(row))
    }
    return result
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
