import COpenBLAS
import Dispatch

/// Vector and matrix operations on integers in doubles, modulo p.
///
/// Definition: `reduced(x)` is x − p · round(x/p), the quotient from a product with 1/p. Below ``limit`` nothing
/// rounds but that quotient, which misses by less than 2/p beyond one half: so |reduced(x)| ≤ p/2 + 3, and a
/// multiple of p becomes 0. What products of residues make, below p²/4, is reduced to the class's centred integer.
///
/// - Exactness: exact, with or without fused multiply-add, in any order of summation: all sums stay below 2^53.
struct ResidueArithmetic: Sendable {
  let prime: Double
  let inverse: Double
  /// The centred residue of 2^26.
  let split: Double
  /// How many products of reduced numbers may be added to a reduced number before the next reduction.
  let depth: Int

  /// 1.5 · 2^52: adding and subtracting it rounds to an integer, also where the processor has no such instruction.
  private static let rounder = 0x1.8p52
  /// Columns worked on at a time, so that what a product wrote is still in the cache when it is reduced.
  private static let tile = 512

  init(prime: Double) {
    self.prime = prime
    inverse = 1 / prime
    let power = Int(1 << 26) % Int(prime)
    split = Double(power) * 2 > prime ? Double(power) - prime : Double(power)
    // x − p · q is exact up to 2^53 − 2p, and the quotient rounds as it should up to 2^50.
    let limit = min(0x1p53 - 2 * prime, prime * 0x1p50)
    let reduced = prime / 2 + 3
    depth = max(1, Int(min((limit - reduced) / (reduced * reduced), 0x1p20)))
  }

  /// The integer of the class of x of magnitude at most p/2 + 3.
  @inline(__always)
  func reduced(_ x: Double) -> Double {
    x - prime * ((x * inverse + ResidueArithmetic.rounder) - ResidueArithmetic.rounder)
  }

  /// The integer of the class of x of magnitude at most (p − 1)/2.
  @inline(__always)
  func canonical(_ x: Double) -> Double { reduced(reduced(x)) }

  /// Reduces numbers in place.
  func reduce(_ x: UnsafeMutablePointer<Double>, count: Int) {
    for j in 0..<count { x[j] = reduced(x[j]) }
  }

  /// Copies integers and reduces the copies; false when one was no integer of magnitude at most 2^51.
  func copyReduced(
    _ source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, count: Int
  ) -> Bool {
    let rounder = ResidueArithmetic.rounder
    var wrong = 0.0
    for j in 0..<count {
      let x = source[j]
      // Beyond 2^51 the rounding is no longer to integers, so the bound is a condition of its own.
      wrong += (x - ((x + rounder) - rounder)).magnitude + (x.magnitude > 0x1p51 ? 1 : 0)
      target[j] = reduced(x)
    }
    return wrong == 0
  }

  /// Multiplies by a residue in place.
  func scale(_ x: UnsafeMutablePointer<Double>, by factor: Double, count: Int) {
    for j in 0..<count { x[j] = reduced(x[j] * factor) }
  }

  /// C − A · B, in place of C and reduced.
  ///
  /// - Shapes: A rows × inner, B inner × columns, C rows × columns.
  /// - Requires: all entries are reduced.
  func subtractProduct(_ product: ResidueProduct, threads: Int = 1) {
    let (rows, inner, columns) = (product.rows, product.inner, product.columns)
    if rows == 0 || inner == 0 || columns == 0 { return }
    _ = BLAS.singleThreaded
    // A thread is worth starting for about a tenth of a millisecond of work.
    let pieces = max(1, min(threads, columns / 64, (rows * inner * columns) >> 21))
    if pieces == 1 { return subtract(product, in: 0..<columns) }
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      subtract(product, in: columns * piece / pieces..<columns * (piece + 1) / pieces)
    }
  }

  private func subtract(_ product: ResidueProduct, in range: Range<Int>) {
    let (a, b, c) = (product.a, product.b, product.c)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: ResidueArithmetic.tile) {
      let width = min(ResidueArithmetic.tile, range.upperBound - start)
      for first in stride(from: 0, to: product.inner, by: depth) {
        let terms = min(depth, product.inner - first)
        if terms == 1 {
          for i in 0..<product.rows {
            subtract(
              a[i * product.aStride + first], times: b + first * product.bStride + start,
              from: c + i * product.cStride + start, count: width)
          }
          continue
        }
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(product.rows), Int32(width), Int32(terms), -1,
          a + first, Int32(product.aStride), b + first * product.bStride + start, Int32(product.bStride), 1,
          c + start, Int32(product.cStride))
        for i in 0..<product.rows { reduce(c + i * product.cStride + start, count: width) }
      }
    }
  }

  private func subtract(
    _ factor: Double, times b: UnsafePointer<Double>, from c: UnsafeMutablePointer<Double>, count: Int
  ) {
    if factor == 0 { return }
    for j in 0..<count { c[j] = reduced(c[j] - factor * b[j]) }
  }
}

/// The operands of C − A · B, each row by row with its own distance between rows.
///
/// Pieces of one product write disjoint columns of C, so it may be shared by threads.
struct ResidueProduct: @unchecked Sendable {
  let rows: Int
  let inner: Int
  let columns: Int
  let a: UnsafePointer<Double>
  let aStride: Int
  let b: UnsafePointer<Double>
  let bStride: Int
  let c: UnsafeMutablePointer<Double>
  let cStride: Int
}
