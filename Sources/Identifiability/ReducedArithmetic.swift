import LinearAlgebra

/// Sums of multiples of vectors, modulo a prime or in plain doubles.
///
/// A residue is an integer of magnitude at most p/2 + 3 held in a double; sums of products are exact until they are
/// reduced. In plain doubles the prime counts as 0, and reducing changes nothing.
///
/// - Exactness: exact modulo the prime; rounded in doubles.
struct ReducedArithmetic: Sendable {
  private let prime: Double
  private let inverse: Double
  /// How many products may be added before the next reduction.
  private let depth: Int

  /// 1.5 · 2^52: adding and subtracting it rounds to an integer.
  private static let rounder = 0x1.8p52

  /// Plain doubles.
  static let doubles = ReducedArithmetic(prime: 0, inverse: 0, depth: .max)

  /// Arithmetic in a field.
  init(_ field: PrimeField) {
    self.init(
      prime: Double(field.prime), inverse: 1 / Double(field.prime),
      depth: max(1, field.productsBeforeReduction - 1))
  }

  private init(prime: Double, inverse: Double, depth: Int) {
    self.prime = prime
    self.inverse = inverse
    self.depth = depth
  }

  @inline(__always)
  private func reduced(_ x: Double) -> Double {
    x - prime * ((x * inverse + ReducedArithmetic.rounder) - ReducedArithmetic.rounder)
  }

  /// Reduces numbers in place.
  func reduce(_ x: inout [Double]) {
    for i in x.indices { x[i] = reduced(x[i]) }
  }

  /// target += Σ_j factors[j] · matrix[j · width ..< (j + 1) · width], reduced.
  func addCombination(of matrix: [Double], width: Int, factors: [Double], to target: inout [Double]) {
    addRows(of: matrix, start: 0, stride: width, width: width, factors: factors, to: &target)
  }

  /// target += Σ_j factors[j] · matrix[start + j · stride ..< start + j · stride + width], reduced.
  func addRows(
    of matrix: [Double], start: Int, stride: Int, width: Int, factors: [Double], to target: inout [Double]
  ) {
    matrix.withUnsafeBufferPointer { matrix in
      target.withUnsafeMutableBufferPointer { target in
        guard let rows = matrix.baseAddress, let sum = target.baseAddress else { return }
        var terms = 0
        for j in factors.indices where factors[j] != 0 {
          let factor = factors[j]
          let row = rows + start + j * stride
          for i in 0..<width { sum[i] += factor * row[i] }
          terms += 1
          if terms == depth {
            for i in 0..<width { sum[i] = reduced(sum[i]) }
            terms = 0
          }
        }
        for i in 0..<width { sum[i] = reduced(sum[i]) }
      }
    }
  }

  /// Writes factor · source, reduced.
  func write(
    _ source: UnsafePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>, count: Int
  ) {
    for j in 0..<count { target[j] = reduced(factor * source[j]) }
  }

  /// Whether two vectors are orthogonal modulo the prime.
  func areOrthogonal(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Bool {
    var sum = 0.0
    for start in stride(from: 0, to: count, by: depth) {
      for j in start..<min(count, start + depth) { sum += a[j] * b[j] }
      sum = reduced(sum)
    }
    return sum == 0
  }
}
