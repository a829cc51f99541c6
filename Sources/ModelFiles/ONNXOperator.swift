/// How one operator acts on affine forms.
struct ONNXOperator: Sendable {
  /// How many inputs a node may name.
  let inputs: ClosedRange<Int>
  /// The attributes the operator knows; a node with others is refused.
  let attributes: Set<String>
  /// The outputs, from the evaluated inputs.
  let lower: @Sendable (ONNXNode, inout ONNXLowering) throws(ONNXFailure) -> [AffineTensor]

  /// The operator with the given signature.
  init(
    _ inputs: ClosedRange<Int>, _ attributes: Set<String> = [],
    _ lower: @escaping @Sendable (ONNXNode, inout ONNXLowering) throws(ONNXFailure) -> [AffineTensor]
  ) {
    self.inputs = inputs
    self.attributes = attributes
    self.lower = lower
  }

  /// The families, each in its file.
  private static let families: [[String: ONNXOperator]] = [
    ONNXProducts.table, ONNXArithmetic.table, ONNXShapes.table, ONNXConstants.table, ONNXSelections.table,
    ONNXNormalizations.table, ONNXPiecewise.table, ONNXConvolutions.table, ONNXReductions.table,
  ]

  /// Every operator of the standard domain.
  private static let standard: [String: ONNXOperator] = families.reduce(into: [:]) { table, family in
    table.merge(family) { first, _ in first }
  }

  /// Operators of other domains, by domain and name.
  private static let others: [String: ONNXOperator] = [
    "com.microsoft.FusedGemm": ONNXProducts.fusedGemm,
    "ai.onnx.ml.Scaler": ONNXNormalizations.scaler,
  ]

  /// The names of the standard operators that are read, sorted.
  static var names: [String] { standard.keys.sorted() }

  /// Standard operators whose graphs are not piecewise linear and continuous.
  private static let notPiecewiseLinear: Set<String> = [
    "Acos", "Acosh", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "Attention", "Bernoulli",
    "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Ceil", "Celu", "Cos", "Cosh", "Det",
    "DynamicQuantizeLinear", "Elu", "Equal", "Erf", "Exp", "Floor", "GRU", "Gelu", "Greater",
    "GreaterOrEqual", "GroupNormalization", "HardSwish", "Hardmax", "InstanceNormalization", "IsInf", "IsNaN",
    "LRN", "LSTM", "LayerNormalization", "Less", "LessOrEqual", "Log", "LogSoftmax", "LpNormalization",
    "LpPool", "MeanVarianceNormalization", "Mish", "Mod", "Multinomial", "NonZero", "Not", "Or", "Pow",
    "QuantizeLinear", "RMSNormalization", "RNN", "RandomNormal", "RandomNormalLike", "RandomUniform",
    "RandomUniformLike", "Reciprocal", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd",
    "ReduceSumSquare", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign",
    "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu", "TopK", "Xor",
  ]

  /// The operator of a node.
  ///
  /// - Throws: for what is not piecewise linear, and for what is not read yet.
  static func named(_ node: Onnx_NodeProto, place: String) throws(ONNXFailure) -> ONNXOperator {
    if node.domain.isEmpty || node.domain == "ai.onnx" {
      if let known = standard[node.opType] { return known }
      if notPiecewiseLinear.contains(node.opType) {
        throw .unsupported(
          place, "\(node.opType) is not piecewise linear",
          advice: "only piecewise linear networks can be read; cut the graph before this node")
      }
      throw .unsupported(
        place, "the operator \(quoted(node.opType)) is not read yet", advice: "rewrite it with others")
    }
    if let known = others["\(node.domain).\(node.opType)"] { return known }
    throw .unsupported(
      place, "the operator \(quoted(node.opType)) of domain \(quoted(node.domain)) is not read yet",
      advice: "export with standard operators")
  }
}
