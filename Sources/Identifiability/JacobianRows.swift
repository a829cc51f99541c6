import LinearAlgebra
import Networks

/// Rows of the Jacobian ∂f/∂θ of a network on an activation region, modulo a prime or in doubles.
///
/// Definition: on the region of a pattern each pre-activation is affine in the input, and with the outputs'
/// sensitivities δ^L = e_k, δ^l = 1[z_l > 0] ⊙ Σ W_{m,l}ᵀ δ^m,
///
///     ∂f_k/∂W_{l,m} = δ^l h_mᵀ,   ∂f_k/∂b_l = δ^l:
///
/// the δ do not depend on the input, the h are affine in it. So J is affine in x on the region, J(x) = J₀ + Σ x_c J_c,
/// and J₀, J₁, …, J_n span what the rows of J(x) span for x in the region, or at n + 1 affinely independent points of
/// it. An input is therefore homogeneous, (x, t): (x, 1) gives the rows at x, (e_c, 0) those of J_c, (0, 1) those of J₀.
///
/// - Exactness: exact modulo the prime; rounded, without an error bound, in doubles.
/// - Complexity: O(D) for each row.
struct JacobianRows: Sendable {
  let layout: ParameterLayout
  let inputCount: Int
  /// The parameters, residues or doubles.
  private let values: [Double]
  /// For each layer its rows transposed: a stretch of `width` numbers for each weight of a neuron, then the biases.
  private let columns: [[Double]]
  private let arithmetic: ReducedArithmetic

  /// The rows modulo the prime of a field.
  init(_ parameters: Parameters, inputCount: Int, field: PrimeField) {
    self.init(
      layout: parameters.layout, inputCount: inputCount, values: field.residues(of: parameters.values),
      arithmetic: ReducedArithmetic(field))
  }

  /// The rows in doubles, rounded.
  init(rounding parameters: Parameters, inputCount: Int) {
    self.init(
      layout: parameters.layout, inputCount: inputCount, values: parameters.values.map(\.nearestDouble),
      arithmetic: .doubles)
  }

  private init(layout: ParameterLayout, inputCount: Int, values: [Double], arithmetic: ReducedArithmetic) {
    self.layout = layout
    self.inputCount = inputCount
    self.values = values
    self.arithmetic = arithmetic
    columns = layout.layers.map { layer in
      var result = Array(repeating: 0.0, count: layer.count)
      for i in 0..<layer.width {
        for j in 0..<layer.rowLength {
          result[j * layer.width + i] = values[layer.start + i * layer.rowLength + j]
        }
      }
      return result
    }
  }

  /// The number of outputs, and of rows for each input.
  var outputCount: Int { layout.layers[layout.layers.count - 1].width }

  /// The row of the output combination Σ outputs_k f_k at a homogeneous input of the region of a pattern.
  ///
  /// - Requires: `input` has n₀ + 1 entries, `outputs` n_L, all residues or all doubles; `row` has room for D numbers
  ///   and holds zeros.
  func write(
    outputs: [Double], at input: [Double], on pattern: ActivationPattern,
    to row: UnsafeMutableBufferPointer<Double>
  ) {
    write(sensitivities(of: outputs, on: pattern), readSignals(at: input, on: pattern), to: row)
  }

  /// The rows at homogeneous inputs of one region: for each input, for each output, D numbers.
  ///
  /// - Requires: each input has n₀ + 1 entries, residues or doubles.
  func rows(at inputs: [[Double]], on pattern: ActivationPattern) -> [Double] {
    let sensitivities = (0..<outputCount).map { k in
      self.sensitivities(of: (0..<outputCount).map { $0 == k ? 1 : 0 }, on: pattern)
    }
    var rows = Array(repeating: 0.0, count: inputs.count * outputCount * layout.count)
    rows.withUnsafeMutableBufferPointer { rows in
      for (index, input) in inputs.enumerated() {
        let read = readSignals(at: input, on: pattern)
        for (output, delta) in sensitivities.enumerated() {
          let start = (index * outputCount + output) * layout.count
          write(delta, read, to: UnsafeMutableBufferPointer(rebasing: rows[start..<start + layout.count]))
        }
      }
    }
    return rows
  }

  /// Stops where a row is not orthogonal to a vector that was proved to be: then a proof is wrong.
  func check(_ rows: [Double], annihilator: [Double]) {
    let count = layout.count
    rows.withUnsafeBufferPointer { rows in
      annihilator.withUnsafeBufferPointer { annihilator in
        guard let row = rows.baseAddress, let vector = annihilator.baseAddress else { return }
        for start in stride(from: 0, to: rows.count, by: count) {
          precondition(
            arithmetic.areOrthogonal(row + start, vector, count: count),
            "a direction said to leave the function unchanged moves it")
        }
      }
    }
  }

  /// For each layer what its neurons read: the signals of its sources, then t.
  func readSignals(at input: [Double], on pattern: ActivationPattern) -> [[Double]] {
    precondition(input.count == inputCount + 1, "\(input.count) entries for \(inputCount) inputs and t")
    var signals = [Array(input.dropLast())]
    var read: [[Double]] = []
    var number = 0
    for (position, layer) in layout.layers.enumerated() {
      let source = layer.sources.flatMap { signals[$0.layer] } + [input[inputCount]]
      read.append(source)
      if position == layout.layers.count - 1 { break }
      var z = Array(repeating: 0.0, count: layer.width)
      arithmetic.addCombination(of: columns[position], width: layer.width, factors: source, to: &z)
      for i in 0..<layer.width where !pattern[number + i] { z[i] = 0 }
      number += layer.width
      signals.append(z)
    }
    return read
  }

  /// The sensitivities δ of Σ outputs_k f_k to the pre-activations of every layer.
  func sensitivities(of outputs: [Double], on pattern: ActivationPattern) -> [[Double]] {
    let last = layout.layers.count - 1
    var signals = [Array(repeating: 0.0, count: inputCount)]
    for layer in layout.layers { signals.append(Array(repeating: 0, count: layer.width)) }
    signals[last + 1] = outputs
    var end = layout.layers.dropLast().reduce(0) { $0 + $1.width }
    for position in stride(from: last, through: 0, by: -1) {
      let layer = layout.layers[position]
      if position < last {
        end -= layer.width
        arithmetic.reduce(&signals[position + 1])
        for i in 0..<layer.width where !pattern[end + i] { signals[position + 1][i] = 0 }
      }
      for source in layer.sources where source.layer > 0 {
        arithmetic.addRows(
          of: values, start: layer.start + source.offset, stride: layer.rowLength, width: source.width,
          factors: signals[position + 1], to: &signals[source.layer])
      }
    }
    return Array(signals.dropFirst())
  }

  /// Writes the row δ ⊗ (h, t).
  private func write(_ delta: [[Double]], _ read: [[Double]], to row: UnsafeMutableBufferPointer<Double>) {
    guard let base = row.baseAddress else { return }
    for (position, layer) in layout.layers.enumerated() {
      read[position].withUnsafeBufferPointer { source in
        guard let h = source.baseAddress else { return }
        for i in 0..<layer.width where delta[position][i] != 0 {
          arithmetic.write(
            h, times: delta[position][i], to: base + layer.start + i * layer.rowLength, count: layer.rowLength
          )
        }
      }
    }
  }
}
