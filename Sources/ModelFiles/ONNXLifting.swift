import ExactArithmetic

// Walking a graph for its paths: what an operator reads are neurons, so that no two parameters are folded into one.

extension ONNXLowering {
  /// Operators that only move elements about, or multiply each by a constant: they may act on any affine form.
  private static let moving: Set<String> = [
    "Cast", "CastLike", "Concat", "Constant", "ConstantOfShape", "Div", "Dropout", "Expand", "Flatten",
    "Gather",
    "Identity", "Mul", "Neg", "Pad", "Reshape", "Shape", "Size", "Slice", "Split", "Squeeze", "Tile",
    "Transpose",
    "Unsqueeze",
  ]

  /// Operators whose path lifting the recipe has no rule for.
  private static let refused: Set<String> = [
    "Abs", "Clip", "HardSigmoid", "LeakyRelu", "Max", "Min", "PRelu", "ReduceMin",
  ]

  /// The inputs of a node as it may read them: closed into neurons where the node adds up or shifts what it reads.
  ///
  /// - Throws: for operators without a rule.
  mutating func liftedInputs(
    _ inputs: [AffineTensor?], of node: Onnx_NodeProto, _ place: String
  ) throws(ONNXFailure) -> [AffineTensor?] {
    let computed = inputs.indices.filter { inputs[$0]?.isConstant == false }
    if computed.isEmpty || ONNXLowering.moving.contains(node.opType) { return inputs }
    if ONNXLowering.refused.contains(node.opType) {
      throw .unsupported(
        place, "the path lifting has no rule for \(node.opType)",
        advice: "read the network in normal form, whose path norm is another number")
    }
    var result = inputs
    switch node.opType {
    case "Relu": break
    case "Add", "Sub", "Sum", "BatchNormalization", "Scaler":
      try liftSum(&result, computed, place)
    default:
      for position in computed {
        if let x = result[position] { result[position] = try rectified(x, place: place) }
      }
    }
    return result
  }

  /// Summands as neurons of their own, none of which two summands share; a lone one only where it has a bias already.
  private mutating func liftSum(
    _ inputs: inout [AffineTensor?], _ computed: [Int], _ place: String
  ) throws(ONNXFailure) {
    if computed.count == 1 {
      guard let x = inputs[computed[0]], !x.constants.areZero else { return }
      inputs[computed[0]] = try rectified(x, place: place)
      return
    }
    var seen: Set<Int32> = []
    for position in computed {
      guard var x = inputs[position] else { continue }
      x = try rectified(x, place: place, copying: x.generators.contains { seen.contains($0) })
      seen.formUnion(x.generators)
      inputs[position] = x
    }
  }
}

extension AffineTensor {
  /// The generators that some element reads.
  fileprivate var generators: [Int32] { linear?.parts.sources ?? [] }

  /// Whether every element is a generator of its own, or 0.
  var arePlainNeurons: Bool {
    guard let linear, constants.areZero else { return false }
    let (starts, sources, coefficients) = linear.parts
    guard case .doubles(let values) = coefficients, values.allSatisfy({ $0 == 1 }) else { return false }
    return zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 <= 1 } && Set(sources).count == sources.count
  }
}
