import LinearAlgebra
import Networks

extension Network {
  /// The rank of ∂(f_θ(x₁), …, f_θ(x_m))/∂θ as its singular values in floating point suggest it.
  ///
  /// Rows are scaled to length 1 first, and zero rows left out: far inputs would otherwise drown the near ones.
  ///
  /// - Parameters:
  ///   - inputs: The inputs; those at which a hidden neuron is exactly zero are left out.
  ///   - tolerance: Below which a singular value counts as zero; nil for the usual multiple of the largest.
  ///   - method: nil for the usual one at this size.
  /// - Exactness: rounded; see ``BatchFunctionalDimension`` for a rank that is proved.
  /// - Complexity: O(m n_L D min(m n_L, D)); the matrix is held whole.
  public func numericalBatchDimension(
    at inputs: [[Double]], tolerance: Double? = nil, method: NumericalRank.Method? = nil
  ) -> NumericalRank {
    let jacobian = JacobianRows(rounding: parameters, inputCount: inputCount)
    let width = jacobian.layout.count
    var elements: [Double] = []
    for input in inputs {
      guard let pattern = activationPattern(at: input) else { continue }
      let rows = jacobian.rows(at: [input + [1]], on: pattern)
      for k in 0..<outputCount {
        let row = rows[k * width..<(k + 1) * width]
        let largest = row.reduce(0) { max($0, $1.magnitude) }
        if largest == 0 || !largest.isFinite { continue }
        let norm = row.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
        elements += row.map { $0 / largest / norm }
      }
    }
    return Matrix(rows: elements.count / width, columns: width, elements: elements)
      .numericalRank(tolerance: tolerance, method: method)
  }
}
