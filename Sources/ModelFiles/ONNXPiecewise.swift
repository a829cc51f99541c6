import ExactArithmetic

/// Operators that bend: Relu, and those lowered to it (LeakyRelu, PRelu, Abs, Clip, HardSigmoid, Max, Min).
enum ONNXPiecewise {
  static let table: [String: ONNXOperator] = [
    "Relu": ONNXOperator(1...1) { (node, lowering) throws(ONNXFailure) in
      [try lowering.rectified(try node.input(0), place: node.place)]
    },
    "LeakyRelu": ONNXOperator(1...1, ["alpha"]) { (node, lowering) throws(ONNXFailure) in
      let slope = Dyadic(try node.float("alpha", default: Double(Float(0.01))))
      return [try leaky(try node.input(0), slope, node.place, &lowering)]
    },
    "PRelu": ONNXOperator(2...2) { (node, lowering) throws(ONNXFailure) in [try prelu(node, &lowering)] },
    "Abs": ONNXOperator(1...1) { (node, lowering) throws(ONNXFailure) in
      [try leaky(try node.input(0), Dyadic(-1), node.place, &lowering)]
    },
    "Clip": ONNXOperator(1...3, ["min", "max"]) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let (low, high) = try bounds(node)
      return [try clipped(x, low, high, node.place, &lowering)]
    },
    "HardSigmoid": ONNXOperator(1...1, ["alpha", "beta"]) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let slope = Dyadic(try node.float("alpha", default: Double(Float(0.2))))
      let offset = ExactValues(
        Array(repeating: Dyadic(try node.float("beta", default: 0.5)), count: x.count))
      let line = x.scaled(by: slope) + AffineTensor(shape: x.shape, type: x.type, constants: offset)
      return [try clipped(line, .zero, .one, node.place, &lowering)]
    },
    "Max": ONNXOperator(1...Int(Int32.max)) { (node, lowering) throws(ONNXFailure) in
      [try extremum(node, &lowering) { $0 }]
    },
    "Min": ONNXOperator(1...Int(Int32.max)) { (node, lowering) throws(ONNXFailure) in
      [-(try extremum(node, &lowering) { -$0 })]
    },
  ]

  /// αt + (1 − α) max(t, 0): t above 0, αt below.
  static func leaky(
    _ t: AffineTensor, _ slope: Dyadic, _ place: String, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let positive = try lowering.rectified(t, place: place)
    if slope.isZero { return positive }
    return t.scaled(by: slope) + positive.scaled(by: Dyadic.one - slope)
  }

  /// LeakyRelu with a slope for each element or channel.
  private static func prelu(_ node: ONNXNode, _ lowering: inout ONNXLowering) throws(ONNXFailure)
    -> AffineTensor
  {
    let x = try node.input(0)
    var slope = try node.constant(1)
    try node.requireOneType(x, slope)
    if node.opset < 7, slope.rank == 1, x.rank >= 2, slope.count != 1 {
      // Opset 6: a slope for each channel.
      slope = slope.reshaped([slope.count] + Array(repeating: 1, count: x.rank - 2))
    }
    guard AffineTensor.broadcastShape(slope.shape, x.shape) == x.shape else {
      throw .malformed(node.place, expected: "slopes that fit \(x.shape)", found: "\(slope.shape)")
    }
    slope = slope.broadcast(to: x.shape)
    let one = AffineTensor(
      shape: x.shape, type: x.type, constants: .doubles(Array(repeating: 1, count: x.count)))
    return x.scaled(by: slope) + (try lowering.rectified(x, place: node.place)).scaled(by: one - slope)
  }

  private static func bounds(_ node: ONNXNode) throws(ONNXFailure) -> (Dyadic?, Dyadic?) {
    if node.opset < 11 {
      let low = node.attributes["min"] == nil ? nil : Dyadic(try node.float("min"))
      let high = node.attributes["max"] == nil ? nil : Dyadic(try node.float("max"))
      return (low, high)
    }
    var result: [Dyadic?] = []
    for position in 1...2 {
      guard node.optional(position) != nil else {
        result.append(nil)
        continue
      }
      let bound = try node.constant(position)
      try node.requireOneType(try node.input(0), bound)
      guard bound.count == 1, bound.errors.isEmpty else {
        throw .malformed(node.place, expected: "one number as bound", found: "shape \(bound.shape)")
      }
      result.append(bound.constants[0])
    }
    return (result[0], result[1])
  }

  /// min(max(t, low), high) = low + max(t − low, 0) − max(t − high, 0), in one layer.
  private static func clipped(
    _ t: AffineTensor, _ low: Dyadic?, _ high: Dyadic?, _ place: String, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    func constant(_ value: Dyadic) -> AffineTensor {
      AffineTensor(
        shape: t.shape, type: t.type, constants: ExactValues(Array(repeating: value, count: t.count)))
    }
    switch (low, high) {
    case (nil, nil): return t
    case (let low?, nil): return try lowering.rectified(t - constant(low), place: place) + constant(low)
    case (nil, let high?): return constant(high) - (try lowering.rectified(constant(high) - t, place: place))
    case (let low?, let high?):
      if high < low {
        throw .unsupported(place, "the upper bound is below the lower", advice: "exchange them")
      }
      let both = AffineTensor.concatenating([t - constant(low), t - constant(high)], type: t.type)
      let positive = try lowering.rectified(both, place: place)
      let first = positive.selecting(Array(0..<t.count), shape: t.shape)
      let second = positive.selecting(Array(t.count..<2 * t.count), shape: t.shape)
      return first - second + constant(low)
    }
  }

  /// The maximum of all inputs, each passed through `sign` first.
  private static func extremum(
    _ node: ONNXNode, _ lowering: inout ONNXLowering, sign: (AffineTensor) -> AffineTensor
  ) throws(ONNXFailure) -> AffineTensor {
    var largest = sign(try node.input(0))
    for position in node.inputs.indices.dropFirst() {
      let (a, b) = try node.broadcast(largest, sign(try node.input(position)), &lowering)
      largest = try maximum(a, b, node.place, &lowering)
    }
    return largest
  }

  /// max(a, b) = b + max(a − b, 0), with the constant operand, if any, as b.
  static func maximum(
    _ a: AffineTensor, _ b: AffineTensor, _ place: String, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let (x, base) = a.isConstant ? (b, a) : (a, b)
    return try lowering.rectified(x - base, place: place) + base
  }
}
