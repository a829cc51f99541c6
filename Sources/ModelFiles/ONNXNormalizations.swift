import ExactArithmetic

/// BatchNormalization at inference, and the Scaler of scikit-learn's exporter.
enum ONNXNormalizations {
  static let table: [String: ONNXOperator] = [
    "BatchNormalization": ONNXOperator(
      5...5, ["epsilon", "momentum", "training_mode", "spatial", "is_test", "consumed_inputs"]
    ) { (node, lowering) throws(ONNXFailure) in [try batchNormalized(node, &lowering)] }
  ]

  /// (x − offset) · scale, domain ai.onnx.ml.
  static let scaler = ONNXOperator(1...1, ["offset", "scale"]) { (node, lowering) throws(ONNXFailure) in
    var x = try node.input(0)
    func list(_ name: String) throws(ONNXFailure) -> AffineTensor {
      let values = try node.attribute(name, .floats)?.floats ?? []
      for value in values where !value.isFinite { throw .notFinite(node.place, found: "\(value)") }
      return AffineTensor(shape: [values.count], type: x.type, constants: .doubles(values.map { Double($0) }))
    }
    let (a, offset) = try node.broadcast(x, try list("offset"), &lowering)
    let (b, scale) = try node.broadcast(a - offset, try list("scale"), &lowering)
    guard b.shape == x.shape else {
      throw .malformed(node.place, expected: "a scale for each of \(x.shape)", found: "\(b.shape)")
    }
    x = b.scaled(by: scale)
    // The operator's output is always float32.
    x.type = .float32
    return [x]
  }

  /// s (x − μ) + β with s = γ / √(σ² + ε), channel by channel.
  ///
  /// - Exactness: s is rounded to a double and its error bounded, unless it is a double; the rest is exact.
  private static func batchNormalized(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    let training = try node.int("training_mode", default: 0)
    let testing = try node.int("is_test", default: 0)
    if training != 0 || (node.opset < 7 && testing == 0) {
      throw .unsupported(
        node.place, "batch normalisation in training mode depends on the batch",
        advice: "export for inference")
    }
    let spatial = try node.int("spatial", default: 1)
    guard x.rank >= 2, spatial == 1 else {
      throw .unsupported(
        node.place, "this form of batch normalisation is not read yet", advice: "use channels")
    }
    let channels = x.shape[1]
    var parameters: [AffineTensor] = []
    for position in 1...4 {
      let tensor = try node.constant(position)
      guard tensor.shape == [channels], tensor.type.isFloat else {
        throw .malformed(
          node.place, expected: "\(channels) numbers as input \(position + 1)", found: "\(tensor.shape)")
      }
      parameters.append(tensor)
    }
    try node.requireOneType(x, parameters[0], parameters[1])
    let epsilon = Dyadic(try node.float("epsilon", default: Double(Float(1e-5))))
    let scale = try scales(parameters[0], parameters[3], epsilon, node.place)
    let shape = [channels] + Array(repeating: 1, count: x.rank - 2)
    func stretched(_ tensor: AffineTensor) -> AffineTensor { tensor.reshaped(shape).broadcast(to: x.shape) }
    return (x - stretched(parameters[2])).scaled(by: stretched(scale)) + stretched(parameters[1])
  }

  /// γ / √(σ² + ε), exact where it is a double, else with the bound of an interval computation.
  private static func scales(
    _ gamma: AffineTensor, _ variance: AffineTensor, _ epsilon: Dyadic, _ place: String
  ) throws(ONNXFailure) -> AffineTensor {
    var values: [Double] = []
    var errors: [Double] = []
    for i in 0..<gamma.count {
      let numerator = gamma.constants[i]
      let radicand = variance.constants[i] + epsilon
      let slack = variance.errors.isEmpty ? 0 : variance.errors[i]
      let numeratorSlack = gamma.errors.isEmpty ? 0 : gamma.errors[i]
      let range = radicand.interval + Interval(-slack, slack)
      guard range.lower > 0, range.upper.isFinite else {
        throw .malformed(
          place, expected: "a positive variance", found: "\(radicand.nearestDouble) in channel \(i)")
      }
      let root = Interval(range.lower.squareRoot().nextDown, range.upper.squareRoot().nextUp)
      guard root.lower > 0 else {
        throw .malformed(
          place, expected: "a positive variance", found: "\(radicand.nearestDouble) in channel \(i)")
      }
      // The double nearest to the formula first: where it is the quotient itself, nothing is rounded.
      let value = numerator.nearestDouble / radicand.nearestDouble.squareRoot()
      guard value.isFinite else { throw .notFinite(place, found: "a scale beyond the range of doubles") }
      let square = Dyadic(value) * Dyadic(value) * radicand
      let sameSign = numerator.sign == Dyadic(value).sign
      if slack == 0, numeratorSlack == 0, sameSign, square == numerator * numerator {
        values.append(value)
        errors.append(0)
        continue
      }
      let quotient = (numerator.interval + Interval(-numeratorSlack, numeratorSlack)) / root
      values.append(value)
      errors.append(max(0, (quotient.upper - value).nextUp, (value - quotient.lower).nextUp))
    }
    return AffineTensor(shape: gamma.shape, type: gamma.type, constants: .doubles(values), errors: errors)
  }
}
