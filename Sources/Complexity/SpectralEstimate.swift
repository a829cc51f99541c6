import LinearAlgebra
import Networks

/// An estimate of the largest singular value of a matrix, with its vector, and the proofs around it.
///
/// - Requires: k ≤ N for the k × N matrix, and its largest entry is in [1, 2).
struct SpectralEstimate {
  private let matrix: Matrix<Double>
  /// W Wᵀ, where it is affordable.
  private let gram: Matrix<Double>?
  /// A unit vector near the left singular vector, and the eigenvalue of W Wᵀ it suggests.
  private let vector: [Double]
  private let eigenvalue: Double

  /// The most Lanczos steps.
  private static let steps = 96

  init(_ matrix: Matrix<Double>, gramLimit: Int) {
    self.matrix = matrix
    let k = matrix.rows
    if k <= gramLimit {
      var product = Matrix(repeating: 0.0, rows: k, columns: k)
      matrix.addProduct(with: matrix, otherTransposed: true, to: &product)
      gram = product
    } else {
      gram = nil
    }
    let transposed = gram == nil ? matrix.transposed : matrix
    (eigenvalue, vector) = SpectralEstimate.lanczos(size: k) { [gram] x in
      if let gram { return SpectralEstimate.product(gram, x) }
      return SpectralEstimate.product(matrix, SpectralEstimate.product(transposed, x))
    }
  }

  private static func product(_ matrix: Matrix<Double>, _ x: [Double]) -> [Double] {
    var result = Matrix(repeating: 0.0, rows: matrix.rows, columns: 1)
    matrix.addProduct(with: Matrix(rows: x.count, columns: 1, elements: x), to: &result)
    return result.elements
  }

  /// The largest Ritz value of a symmetric map and its vector, from a seeded start.
  private static func lanczos(
    size k: Int, _ apply: ([Double]) -> [Double]
  ) -> (value: Double, vector: [Double]) {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    var rng = SplitMix64(seed: 0x5EED)
    var next = (0..<k).map { _ in Double.random(in: -1...1, using: &rng) }
    var basis: [[Double]] = []
    var images: [[Double]] = []
    for _ in 0..<min(k, steps) {
      // Twice is enough to be orthogonal to the basis.
      for _ in 0..<2 {
        for b in basis {
          let share = dot(b, next)
          for i in 0..<k { next[i] -= share * b[i] }
        }
      }
      let length = dot(next, next).squareRoot()
      guard length > 1e-12 * (basis.isEmpty ? 0 : 1), length > 0 else { break }
      let unit = next.map { $0 / length }
      let image = apply(unit)
      basis.append(unit)
      images.append(image)
      next = image
      let size = dot(next, next).squareRoot()
      if size > 0 { next = next.map { $0 / size } }
    }
    // The map restricted to the basis, and its top eigenvector by squaring.
    let count = basis.count
    var small = Matrix(repeating: 0.0, rows: count, columns: count)
    for i in 0..<count {
      for j in 0...i {
        small[i, j] = dot(basis[i], images[j])
        small[j, i] = small[i, j]
      }
    }
    let weights = topVector(small)
    var vector = Array(repeating: 0.0, count: k)
    for (weight, b) in zip(weights, basis) { for i in 0..<k { vector[i] += weight * b[i] } }
    let image = apply(vector)
    let length = dot(vector, vector)
    return (length > 0 ? dot(vector, image) / length : 0, vector)
  }

  /// A unit vector near the top eigenvector of a small positive semidefinite matrix.
  private static func topVector(_ matrix: Matrix<Double>) -> [Double] {
    var power = matrix
    for _ in 0..<48 {
      let size = power.elements.reduce(0) { max($0, $1.magnitude) }
      guard size > 0 else { break }
      let unit = Matrix(rows: power.rows, columns: power.columns, elements: power.elements.map { $0 / size })
      power = Matrix(repeating: 0.0, rows: power.rows, columns: power.columns)
      unit.addProduct(with: unit, to: &power)
    }
    // All columns of a high power are multiples of the top eigenvector; take the longest.
    let columns = (0..<power.columns).map { j in (0..<power.rows).map { power[$0, j] } }
    func square(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
    guard let longest = columns.max(by: { square($0) < square($1) }), square(longest) > 0 else {
      return (0..<matrix.rows).map { $0 == 0 ? 1 : 0 }
    }
    let length = square(longest).squareRoot()
    return longest.map { $0 / length }
  }

  // MARK: Proofs

  /// γ_n = n u / (1 − n u), rounded up.
  private static func gamma(_ n: Int) -> Double {
    let nu = Double(n) * 0x1p-53
    return (nu / (1 - nu)).nextUp
  }

  /// A proved upper bound of the norm.
  func upperBound() -> (value: Double, method: SpectralNorm.Method) {
    let (frobenius, magnitudes) = (UpwardNorms.frobenius(matrix.elements), magnitudeBound())
    let crude = min(frobenius, magnitudes)
    guard let gram, let square = factoredBound(gram, frobenius: frobenius) else {
      return (crude, .magnitudes)
    }
    let root = square.squareRoot().nextUp
    return root <= crude ? (root, .factorization) : (crude, .magnitudes)
  }

  /// A proved upper bound of λ_max(W Wᵀ), nil where no factorization came to its end.
  private func factoredBound(_ gram: Matrix<Double>, frobenius: Double) -> Double? {
    let k = gram.rows
    let gamma = SpectralEstimate.gamma(2 * k + 16)
    var margin = max(0x1p-45, 2 * gamma)
    for _ in 0..<12 {
      let t = eigenvalue * (1 + margin)
      var shifted = Matrix(rows: k, columns: k, elements: gram.elements.map { -$0 })
      var trace = 0.0
      for i in 0..<k {
        shifted[i, i] = t - gram[i, i]
        trace += shifted[i, i].magnitude
      }
      if shifted.hasNumericalCholeskyFactor() {
        let error =
          SpectralEstimate.gamma(matrix.columns + 2) * frobenius * frobenius
          + gamma / (1 - gamma) * trace * (1 + gamma)
        return (t + error) * (1 + 0x1p-45)
      }
      margin *= 16
    }
    return nil
  }

  /// The square root of the largest quotient (|W| |W|ᵀ v)_i / v_i for a positive vector v, rounded up.
  ///
  /// For a matrix without negative entries each positive v bounds the spectral radius so, and
  /// ‖W‖₂ ≤ ‖ |W| ‖₂.
  private func magnitudeBound() -> Double {
    let sizes = Matrix(
      rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map(\.magnitude))
    let transposed = sizes.transposed
    let slack = 1 + SpectralEstimate.gamma(matrix.rows + matrix.columns + 8)
    var v = Array(repeating: 1.0, count: matrix.rows)
    var best = Double.infinity
    for _ in 0..<12 {
      let image = SpectralEstimate.product(sizes, SpectralEstimate.product(transposed, v))
      best = min(best, zip(image, v).reduce(0) { max($0, $1.0 / $1.1) })
      // Kept away from 0, where underflow could hide an entry.
      let size = image.reduce(0, max)
      v = image.map { max($0 / size, 0x1p-40) }
    }
    return (best * slack * (1 + 0x1p-45)).squareRoot().nextUp
  }

  /// A proved lower bound: ‖Wᵀv‖ / ‖v‖, and at least each entry.
  func lowerBound() -> Double {
    let transposed = matrix.transposed
    let sizes = Matrix(
      rows: transposed.rows, columns: transposed.columns, elements: transposed.elements.map(\.magnitude))
    let image = SpectralEstimate.product(transposed, vector)
    let reach = SpectralEstimate.product(sizes, vector.map(\.magnitude))
    let gamma = SpectralEstimate.gamma(matrix.rows + 4)
    let sum = zip(image, reach).reduce(0) { sum, pair in
      let below = max(0, pair.0.magnitude - gamma * pair.1 * (1 + gamma))
      return sum + below * below
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }
    guard length > 0 else { return 1 }
    let slack = SpectralEstimate.gamma(matrix.rows + matrix.columns + 32)
    // The largest entry is at least 1.
    return max(1, (sum / length * (1 - 4 * slack)).squareRoot().nextDown)
  }
}
