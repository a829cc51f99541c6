import ExactArithmetic

/// Gemm and MatMul: products of which one factor is constant.
enum ONNXProducts {
  static let table: [String: ONNXOperator] = [
    "Gemm": ONNXOperator(2...3, ["alpha", "beta", "transA", "transB", "broadcast"]) {
      (node, lowering) throws(ONNXFailure) in [try gemm(node, &lowering)]
    },
    "MatMul": ONNXOperator(2...2) { (node, lowering) throws(ONNXFailure) in [try matMul(node, &lowering)] },
  ]

  /// Gemm followed by an activation, as onnxruntime's optimiser writes it.
  static let fusedGemm = ONNXOperator(
    2...3, ["alpha", "beta", "transA", "transB", "activation", "activation_alpha", "activation_beta"]
  ) { (node, lowering) throws(ONNXFailure) in
    let activation = try node.string("activation", default: "")
    let result = try gemm(node, &lowering)
    switch activation {
    case "": return [result]
    case "Relu": return [try lowering.rectified(result, place: node.place)]
    case "LeakyRelu":
      let slope = Dyadic(try node.float("activation_alpha", default: 0.01))
      return [try ONNXPiecewise.leaky(result, slope, node.place, &lowering)]
    default:
      throw .unsupported(
        node.place, "the activation \(quoted(activation)) is not read", advice: "export without fusion")
    }
  }

  /// α A' B' + β C.
  private static func gemm(_ node: ONNXNode, _ lowering: inout ONNXLowering) throws(ONNXFailure)
    -> AffineTensor
  {
    let a = try Factor(node.input(0), transposed: node.int("transA", default: 0) != 0, node)
    let b = try Factor(node.input(1), transposed: node.int("transB", default: 0) != 0, node)
    try node.requireOneType(a.tensor, b.tensor)
    let alpha = Dyadic(try node.float("alpha", default: 1))
    let product = try self.product(a, b, node, &lowering).scaled(by: alpha)
    guard let c = node.optional(2) else { return product }
    try node.requireOneType(product, c)
    let beta = Dyadic(try node.float("beta", default: 1))
    guard AffineTensor.broadcastShape(c.shape, product.shape) == product.shape else {
      throw .malformed(node.place, expected: "C of a shape that fits \(product.shape)", found: "\(c.shape)")
    }
    return product + c.scaled(by: beta).broadcast(to: product.shape)
  }

  /// NumPy's matrix product.
  private static func matMul(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    let y = try node.input(1)
    try node.requireOneType(x, y)
    guard x.rank >= 1, y.rank >= 1 else {
      throw .malformed(node.place, expected: "factors with axes", found: "\(x.shape) and \(y.shape)")
    }
    // A rank-1 factor counts as a row on the left and as a column on the right; its axis is dropped again.
    let a = x.rank == 1 ? x.reshaped([1, x.count]) : x
    let b = y.rank == 1 ? y.reshaped([y.count, 1]) : y
    var shape: [Int]
    let result: AffineTensor
    if b.rank == 2 {
      // Leading axes of the left factor are more rows.
      let columns = a.shape[a.rank - 1]
      let rows = a.shape.dropLast().reduce(1, *)
      result = try product(
        Factor(a.reshaped([rows, columns]), transposed: false, node), Factor(b, transposed: false, node),
        node,
        &lowering)
      shape = a.shape.dropLast() + [b.shape[1]]
    } else {
      (result, shape) = try batched(a, b, node, &lowering)
    }
    if y.rank == 1 { shape.removeLast() }
    if x.rank == 1 { shape.remove(at: shape.count - (y.rank == 1 ? 1 : 2)) }
    return result.reshaped(shape)
  }

  /// The product of stacks of matrices, whose leading axes broadcast.
  private static func batched(
    _ a: AffineTensor, _ b: AffineTensor, _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> (AffineTensor, [Int]) {
    let leading = (Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    guard let stack = AffineTensor.broadcastShape(leading.0, leading.1) else {
      throw .malformed(node.place, expected: "shapes that fit each other", found: "\(a.shape) and \(b.shape)")
    }
    _ = try lowering.declaredCount(stack, place: node.place)
    let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    let shape = stack + [m, n]
    _ = try lowering.declaredCount(shape, place: node.place)
    let matrices = zip(
      AffineTensor.positions(of: leading.0, in: stack), AffineTensor.positions(of: leading.1, in: stack))
    var parts: [AffineTensor] = []
    for (p, q) in matrices {
      let left = a.selecting(Array(p * m * k..<(p + 1) * m * k), shape: [m, k])
      let right = b.selecting(
        Array(q * b.shape[b.rank - 2] * n..<(q + 1) * b.shape[b.rank - 2] * n),
        shape: [b.shape[b.rank - 2], n])
      parts.append(
        try product(
          Factor(left, transposed: false, node), Factor(right, transposed: false, node), node, &lowering))
    }
    return (AffineTensor.concatenating(parts, type: a.type), shape)
  }

  /// A matrix, perhaps to be read transposed.
  private struct Factor {
    let tensor: AffineTensor
    let transposed: Bool
    var rows: Int { tensor.shape[transposed ? 1 : 0] }
    var columns: Int { tensor.shape[transposed ? 0 : 1] }

    init(_ tensor: AffineTensor, transposed: Bool, _ node: ONNXNode) throws(ONNXFailure) {
      guard tensor.rank == 2 else {
        throw .malformed(node.place, expected: "a matrix", found: "shape \(tensor.shape)")
      }
      self.tensor = tensor
      self.transposed = transposed
    }

    /// The positions of row i.
    func row(_ i: Int) -> [Int] {
      transposed ? (0..<columns).map { $0 * rows + i } : Array(i * columns..<(i + 1) * columns)
    }

    /// The positions of column j.
    func column(_ j: Int) -> [Int] {
      transposed ? Array(j * rows..<(j + 1) * rows) : (0..<rows).map { $0 * columns + j }
    }

    /// The entries row by row (`byRows`) or column by column, and their error bounds.
    func weights(byRows: Bool) -> (ExactValues, [Double]) {
      let errors = tensor.errors
      if byRows != transposed { return (tensor.constants, errors) }
      let (m, n) = (tensor.shape[0], tensor.shape[1])
      return (tensor.constants.transposed(m, n), errors.isEmpty ? [] : transpose(errors, m, n))
    }
  }

  private static func product(
    _ a: Factor, _ b: Factor, _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    guard a.columns == b.rows else {
      throw .malformed(
        node.place, expected: "factors that fit each other",
        found: "\(a.rows) x \(a.columns) and \(b.rows) x \(b.columns)")
    }
    let shape = [a.rows, b.columns]
    let (count, overflow) = a.rows.multipliedReportingOverflow(by: b.columns)
    if overflow || count > 1 << 27 { throw .tooLarge(node.place, bytes: .max, limit: 1 << 30) }
    if b.tensor.isConstant {
      let (weights, errors) = b.weights(byRows: false)
      var parts: [AffineTensor] = []
      for i in 0..<a.rows {
        let map = LinearMap(dense: weights, rows: b.columns, reading: a.row(i), errors: errors)
        parts.append(try apply(map, to: a.tensor, node, &lowering))
      }
      return joined(parts, a.tensor).reshaped(shape)
    }
    guard a.tensor.isConstant else {
      throw .notLinear(node.place, "a product of two computed matrices")
    }
    let (weights, errors) = a.weights(byRows: true)
    var parts: [AffineTensor] = []
    for j in 0..<b.columns {
      let map = LinearMap(dense: weights, rows: a.rows, reading: b.column(j), errors: errors)
      parts.append(try apply(map, to: b.tensor, node, &lowering))
    }
    // The parts are columns of the result.
    let byColumns = joined(parts, b.tensor)
    if parts.count == 1 { return byColumns.reshaped(shape) }
    return byColumns.selecting(
      AffineTensor.positions(sizes: shape, strides: [1, a.rows]), shape: shape)
  }

  private static func apply(
    _ map: LinearMap, to tensor: AffineTensor, _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    try lowering.spend(applying: map, to: tensor, place: node.place)
    return tensor.applying(map, shape: [map.rows])
  }

  private static func joined(_ parts: [AffineTensor], _ like: AffineTensor) -> AffineTensor {
    if parts.count == 1 { return parts[0] }
    var result = AffineTensor.concatenating(parts, type: like.type)
    // Without rows there are no parts to tell that the tensor is computed.
    if !like.isConstant && result.linear == nil { result.linear = .empty(result.count) }
    return result
  }
}

extension ONNXLowering {
  /// Takes the products of `map` with the entries of `tensor` from what the file may spend.
  mutating func spend(applying map: LinearMap, to tensor: AffineTensor, place: String) throws(ONNXFailure) {
    var perRow = 0
    if map.starts == nil {
      for column in map.columns { perRow += 1 + (tensor.linear?.entryCount(ofRow: column) ?? 0) }
      let (total, overflow) = perRow.multipliedReportingOverflow(by: map.rows)
      try spend(overflow ? .max : total, place: place)
    } else {
      for column in map.columns { perRow += 1 + (tensor.linear?.entryCount(ofRow: column) ?? 0) }
      try spend(perRow, place: place)
    }
  }
}

extension ExactValues {
  /// The values of an m × n matrix, column by column.
  func transposed(_ m: Int, _ n: Int) -> ExactValues {
    switch self {
    case .doubles(let values): .doubles(transpose(values, m, n))
    case .dyadics(let values): .dyadics(transpose(values, m, n))
    }
  }
}

/// The entries of an m × n matrix column by column, moved in square tiles so that both sides stay in the cache.
private func transpose<Value>(_ values: [Value], _ m: Int, _ n: Int) -> [Value] {
  guard m > 1, n > 1 else { return values }
  let tile = 32
  return [Value](unsafeUninitializedCapacity: m * n) { buffer, count in
    values.withUnsafeBufferPointer { source in
      for i0 in stride(from: 0, to: m, by: tile) {
        for j0 in stride(from: 0, to: n, by: tile) {
          for j in j0..<min(j0 + tile, n) {
            for i in i0..<min(i0 + tile, m) {
              buffer.initializeElement(at: j * m + i, to: source[i * n + j])
            }
          }
        }
      }
    }
    count = m * n
  }
}
