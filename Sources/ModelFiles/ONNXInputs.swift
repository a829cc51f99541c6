/// The inputs of a model: their names, number types and sizes.
struct ONNXInputs {
  /// One input.
  struct Input {
    let name: String
    let type: ONNXElementType
    let shape: [Int]
    let count: Int
  }

  /// The inputs that are not stored tensors, in the graph's order.
  let list: [Input]

  /// The inputs of a graph.
  ///
  /// A first axis of unknown size is a batch and counts as 1. Where other sizes are missing, the constant matrix of
  /// the Gemm or MatMul that reads the input tells how many numbers there are.
  init(
    _ graph: Onnx_GraphProto, names: [String], initializers: [String: Onnx_TensorProto]
  ) throws(ONNXFailure) {
    var list: [Input] = []
    let wanted = Set(names)
    for input in graph.input where wanted.contains(input.name) {
      let place = "input \(quoted(input.name))"
      guard case .tensorType(let tensor)? = input.type.value else {
        throw .unsupported(place, "only tensors are read as inputs", advice: "export a network of tensors")
      }
      let type = try ONNXElementType(code: tensor.elemType, place: place)
      if type == .bool { throw .notLinear(place, "truth values") }
      var sizes = try Self.sizes(tensor, place)
      if sizes?.first == .some(nil) { sizes?[0] = 1 }
      if sizes?.count == 1, tensor.shape.dim[0].dimValue <= 0 { sizes = nil }
      var shape: [Int] = []
      if let sizes, !sizes.contains(nil) {
        shape = sizes.compactMap(\.self)
      } else if let width = Self.width(readFrom: input.name, graph, initializers), sizes?.count ?? 2 == 2 {
        shape = [1, width]
      } else {
        throw .unsupported(
          place, "its size is not declared",
          advice: "export with a fixed input shape (only a batch axis may be free)")
      }
      let (_, count) = try ONNXTensorData.checkedShape(shape.map { Int64($0) }, place: place)
      list.append(Input(name: input.name, type: type, shape: shape, count: count))
    }
    self.list = list
  }

  /// The declared sizes, nil for unknown ones; nil where even their number is unknown.
  private static func sizes(_ tensor: Onnx_TypeProto.Tensor, _ place: String) throws(ONNXFailure) -> [Int?]? {
    guard tensor.hasShape else { return nil }
    var result: [Int?] = []
    for (axis, dim) in tensor.shape.dim.enumerated() {
      guard case .dimValue(let value)? = dim.value else {
        result.append(nil)
        continue
      }
      // A batch of 0 or −1 is how some exporters write an unknown size.
      let isUnknown = axis == 0 && (value == 0 || value == -1)
      guard let size = Int(exactly: value), size >= 0 || isUnknown else {
        throw .malformed(place, expected: "sizes of at least 0", found: "\(value)")
      }
      result.append(isUnknown ? nil : size)
    }
    return result
  }

  /// The number of rows of the stored matrix that the input is multiplied by, if that is how it is used.
  private static func width(
    readFrom name: String, _ graph: Onnx_GraphProto, _ initializers: [String: Onnx_TensorProto]
  ) -> Int? {
    guard let node = graph.node.first(where: { $0.input.first == name }), node.input.count >= 2,
      let matrix = initializers[node.input[1]], matrix.dims.count == 2
    else { return nil }
    switch node.opType {
    case "MatMul": return Int(exactly: matrix.dims[0])
    case "Gemm":
      let isTransposed = node.attribute.contains { $0.name == "transB" && $0.i != 0 }
      return Int(exactly: matrix.dims[isTransposed ? 1 : 0])
    default: return nil
    }
  }
}
