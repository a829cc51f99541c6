/// The local functions of a model, inlined where they are called.
struct ONNXFunctions {
  private let functions: [String: Onnx_FunctionProto]

  /// The functions of a model.
  ///
  /// - Throws: where two have one name.
  init(_ list: [Onnx_FunctionProto]) throws(ONNXFailure) {
    var functions: [String: Onnx_FunctionProto] = [:]
    for function in list {
      let key = Self.key(function.domain, function.name, function.overload)
      if functions.updateValue(function, forKey: key) != nil {
        throw .malformed("function \(quoted(function.name))", expected: "one of this name", found: "two")
      }
    }
    self.functions = functions
  }

  private static func key(_ domain: String, _ name: String, _ overload: String) -> String {
    // NUL cannot be part of a sensible name, so different triples have different keys.
    "\(domain == "ai.onnx" ? "" : domain)\0\(name)\0\(overload)"
  }

  /// The function a node calls, if it calls one.
  func called(by node: Onnx_NodeProto) -> Onnx_FunctionProto? {
    functions.isEmpty ? nil : functions[Self.key(node.domain, node.opType, node.overload)]
  }
}

extension ONNXLowering {
  /// The outputs of a call of a local function; nil where the node calls none.
  ///
  /// - Throws: for calls nested more than 16 deep, as in a recursion.
  mutating func call(
    _ node: Onnx_NodeProto, _ inputs: [AffineTensor?], _ place: String, _ depth: Int
  ) throws(ONNXFailure) -> [AffineTensor]? {
    guard var function = functions.called(by: node) else { return nil }
    if depth >= 16 {
      throw .unsupported(place, "functions are nested more than 16 deep", advice: "inline them")
    }
    guard inputs.count <= function.input.count else {
      throw .malformed(place, expected: "\(function.input.count) inputs", found: "\(inputs.count)")
    }
    for imported in function.opsetImport where imported.domain.isEmpty || imported.domain == "ai.onnx" {
      if imported.version != Int64(opset) {
        throw .unsupported(
          place, "a function of another opset than the model's is not read yet", advice: "inline it")
      }
    }
    // The call's attributes stand for the references in the body.
    var arguments: [String: Onnx_AttributeProto] = [:]
    for attribute in function.attributeProto { arguments[attribute.name] = attribute }
    for (name, attribute) in try ONNXNode.attributes(of: node, place: place) { arguments[name] = attribute }
    for position in function.node.indices {
      function.node[position].attribute = function.node[position].attribute.compactMap { attribute in
        if attribute.refAttrName.isEmpty { return attribute }
        guard var argument = arguments[attribute.refAttrName] else { return nil }
        argument.name = attribute.name
        return argument
      }
    }
    var given: [String: AffineTensor] = [:]
    for (name, tensor) in zip(function.input, inputs) {
      if let tensor { given[name] = tensor }
    }
    return try outputs(of: try ONNXGraph(function), given: given, depth: depth + 1)
  }
}
