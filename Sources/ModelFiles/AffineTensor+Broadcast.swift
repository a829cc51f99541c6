extension AffineTensor {
  /// The shape two shapes broadcast to, nil where they do not fit: axes are matched from the last, and a size of 1
  /// stretches.
  static func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    var result: [Int] = []
    for axis in 0..<rank {
      let x = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
      let y = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
      if x != y && x != 1 && y != 1 { return nil }
      result.append(x == 1 ? y : x)
    }
    return result
  }

  /// The tensor stretched to `target`, to which its shape broadcasts.
  func broadcast(to target: [Int]) -> AffineTensor {
    if shape == target { return self }
    let total = target.reduce(1, *)
    // Only axes of size 1 are new: the elements stay in order.
    if total == count { return reshaped(target) }
    return selecting(Self.positions(of: shape, in: target), shape: target)
  }

  /// For each element of `target` the position of the element of `shape` it comes from.
  static func positions(of shape: [Int], in target: [Int]) -> [Int] {
    let missing = target.count - shape.count
    var strides = Array(repeating: 0, count: target.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 { strides[axis + missing] = stride }
      stride *= shape[axis]
    }
    return positions(sizes: target, strides: strides)
  }

  /// The positions Σ index · stride over all index tuples below `sizes`, last axis fastest, from `start`.
  static func positions(sizes: [Int], strides: [Int], start: Int = 0) -> [Int] {
    var result = [start]
    for (size, stride) in zip(sizes, strides) {
      if size == 1 { continue }
      var next: [Int] = []
      next.reserveCapacity(result.count * size)
      for base in result {
        for index in 0..<size { next.append(base + index * stride) }
      }
      result = next
    }
    return result
  }

  /// The row-major strides of a shape.
  static func strides(of shape: [Int]) -> [Int] {
    var result = Array(repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { result[axis] = result[axis + 1] * shape[axis + 1] }
    return result
  }
}

extension ONNXNode {
  /// Two operands of one type stretched to their common shape.
  ///
  /// - Throws: where the shapes do not fit, or the result is too large.
  func broadcast(
    _ a: AffineTensor, _ b: AffineTensor, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> (AffineTensor, AffineTensor) {
    try requireOneType(a, b)
    if a.shape == b.shape { return (a, b) }
    guard let shape = AffineTensor.broadcastShape(a.shape, b.shape) else {
      throw .malformed(place, expected: "shapes that fit each other", found: "\(a.shape) and \(b.shape)")
    }
    if !(shape == a.shape || shape == b.shape) { _ = try lowering.declaredCount(shape, place: place) }
    return (a.broadcast(to: shape), b.broadcast(to: shape))
  }
}
