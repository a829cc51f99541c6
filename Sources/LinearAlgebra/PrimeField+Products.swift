extension PrimeField {
  /// C − A · B modulo p, in place of C.
  ///
  /// - Shapes: A rows × inner, B inner × columns, C rows × columns, each row by row; B may have more rows than are used.
  /// - Requires: entries that functions of this field made: integers of magnitude at most p/2 + 3.
  /// - Exactness: exact. An entry of C is 0 exactly where its class is.
  public func subtractProduct(
    of a: [Double], and b: [Double], rows: Int, inner: Int, columns: Int, from c: inout [Double]
  ) {
    precondition(
      a.count == rows * inner && b.count >= inner * columns && c.count == rows * columns,
      "\(a.count), \(b.count) and \(c.count) entries for \(rows) x \(inner) times \(inner) x \(columns)")
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          kernel.subtractProduct(
            ResidueProduct(
              rows: rows, inner: inner, columns: columns, a: a, aStride: inner, b: b, bStride: columns,
              c: c, cStride: columns))
        }
      }
    }
  }
}
