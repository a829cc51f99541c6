import Networks

/// One array of a file: its name, shape and numbers.
struct NamedTensor {
  /// The name, as in the file.
  let name: String
  /// The extent of each axis.
  let shape: [Int]
  /// The numbers, the last axis fastest.
  let values: [Double]
  /// The format they are stored in.
  let precision: StoragePrecision

  /// For messages: the name and shape.
  var summary: String { "\(quoted(name)) \(NamedTensor.text(shape))" }

  /// `(3, 4)`, at most six axes.
  static func text(_ shape: [Int]) -> String {
    let extents = shape.prefix(6).map(String.init) + (shape.count > 6 ? ["…"] : [])
    return "(\(extents.joined(separator: ", ")))"
  }

  /// The number of entries of a shape, or nil where it overflows or an extent is negative.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}
