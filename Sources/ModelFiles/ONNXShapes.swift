/// Operators that only rename positions: Reshape, Flatten, Squeeze, Unsqueeze, Transpose, Identity, Dropout.
enum ONNXShapes {
  static let table: [String: ONNXOperator] = [
    "Identity": ONNXOperator(1...1) { (node, _) throws(ONNXFailure) in [try node.input(0)] },
    "Dropout": ONNXOperator(1...3, ["ratio", "seed", "is_test"]) { (node, _) throws(ONNXFailure) in
      try dropout(node)
    },
    "Reshape": ONNXOperator(2...2, ["allowzero"]) { (node, _) throws(ONNXFailure) in [try reshape(node)] },
    "Flatten": ONNXOperator(1...1, ["axis"]) { (node, _) throws(ONNXFailure) in
      let x = try node.input(0)
      var axis = try node.int("axis", default: 1)
      if axis != x.rank { axis = try node.axis(axis, rank: x.rank) }
      return [x.reshaped([x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *)])]
    },
    "Squeeze": ONNXOperator(1...2, ["axes"]) { (node, _) throws(ONNXFailure) in
      let x = try node.input(0)
      let given = try listed("axes", 1, node)
      let axes = try given.map { (axes) throws(ONNXFailure) in try node.axes(axes, rank: x.rank) }
      for axis in axes ?? [] where x.shape[axis] != 1 {
        throw .malformed(
          node.place, expected: "axes of size 1", found: "axis \(axis) of size \(x.shape[axis])")
      }
      let kept = x.shape.indices.filter { axes?.contains($0) == false || (axes == nil && x.shape[$0] != 1) }
      return [x.reshaped(kept.map { x.shape[$0] })]
    },
    "Unsqueeze": ONNXOperator(1...2, ["axes"]) { (node, _) throws(ONNXFailure) in
      let x = try node.input(0)
      let given = try listed("axes", 1, node) ?? []
      let rank = x.rank + given.count
      let axes = Set(try node.axes(given, rank: rank))
      var rest = x.shape[...]
      return [x.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 })]
    },
    "Transpose": ONNXOperator(1...1, ["perm"]) { (node, _) throws(ONNXFailure) in
      let x = try node.input(0)
      let order = try node.ints("perm") ?? Array((0..<x.rank).reversed())
      guard order.sorted() == Array(0..<x.rank) else {
        throw .malformed(node.place, expected: "a permutation of \(x.rank) axes", found: "\(order)")
      }
      let strides = AffineTensor.strides(of: x.shape)
      let shape = order.map { x.shape[$0] }
      let moved = order.filter { x.shape[$0] != 1 }
      if moved == moved.sorted() { return [x.reshaped(shape)] }
      return [
        x.selecting(AffineTensor.positions(sizes: shape, strides: order.map { strides[$0] }), shape: shape)
      ]
    },
  ]

  /// A list given as an attribute (older opsets) or as an input, nil where it is absent.
  static func listed(_ name: String, _ position: Int, _ node: ONNXNode) throws(ONNXFailure) -> [Int]? {
    if node.optional(position) != nil { return try node.integers(position) }
    return try node.ints(name)
  }

  private static func dropout(_ node: ONNXNode) throws(ONNXFailure) -> [AffineTensor] {
    let x = try node.input(0)
    var isTraining = node.opset < 7 ? try node.int("is_test", default: 0) == 0 : false
    if node.optional(2) != nil { isTraining = try node.integers(2) != [0] }
    if isTraining {
      throw .unsupported(node.place, "dropout in training mode is random", advice: "export for inference")
    }
    let ones = ExactValues.doubles(Array(repeating: 1, count: x.count))
    return [x, AffineTensor(shape: x.shape, type: .bool, constants: ones)]
  }

  private static func reshape(_ node: ONNXNode) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    var shape = try node.integers(1)
    let keepsZeros = try node.int("allowzero", default: 0) != 0
    let found = "\(x.shape) to \(shape)"
    for axis in shape.indices where shape[axis] == 0 && !keepsZeros {
      guard axis < x.rank else {
        throw .malformed(node.place, expected: "a size to copy for axis \(axis)", found: found)
      }
      shape[axis] = x.shape[axis]
    }
    let free = shape.indices.filter { shape[$0] == -1 }
    var known = 1
    for size in shape where size != -1 {
      let (product, overflow) = known.multipliedReportingOverflow(by: size)
      if overflow || size < 0 {
        throw .malformed(node.place, expected: "a shape of \(x.count) elements", found: found)
      }
      known = product
    }
    if let axis = free.first, free.count == 1, known > 0, x.count % known == 0 {
      shape[axis] = x.count / known
      known = x.count
    }
    guard known == x.count, !shape.contains(-1) else {
      throw .malformed(node.place, expected: "a shape of \(x.count) elements", found: found)
    }
    return x.reshaped(shape)
  }
}
