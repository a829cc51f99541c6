import ExactArithmetic

/// A node with its inputs evaluated: what an operator works on.
struct ONNXNode {
  /// How messages name the node.
  let place: String
  /// The evaluated inputs, nil where an optional one is left out.
  let inputs: [AffineTensor?]
  /// The attributes by name.
  let attributes: [String: Onnx_AttributeProto]
  /// The number of outputs the node names.
  let outputCount: Int
  /// The version of the standard operators.
  let opset: Int

  /// The attributes by name.
  ///
  /// - Throws: for an attribute that occurs twice.
  static func attributes(
    of node: Onnx_NodeProto, place: String
  ) throws(ONNXFailure) -> [String: Onnx_AttributeProto] {
    var result: [String: Onnx_AttributeProto] = [:]
    for attribute in node.attribute where result.updateValue(attribute, forKey: attribute.name) != nil {
      throw .malformed(place, expected: "one attribute \(quoted(attribute.name))", found: "two")
    }
    return result
  }

  /// Input `position`.
  func input(_ position: Int) throws(ONNXFailure) -> AffineTensor {
    if let tensor = optional(position) { return tensor }
    throw .malformed(place, expected: "input \(position + 1)", found: "none")
  }

  /// Input `position`, nil where it is left out.
  func optional(_ position: Int) -> AffineTensor? { position < inputs.count ? inputs[position] : nil }

  /// Input `position`, which must be constant.
  func constant(_ position: Int) throws(ONNXFailure) -> AffineTensor {
    let tensor = try input(position)
    if tensor.isConstant { return tensor }
    throw .notLinear(place, "input \(position + 1) depends on the network's input")
  }

  /// Input `position` as whole numbers: sizes, axes, indices.
  func integers(_ position: Int) throws(ONNXFailure) -> [Int] {
    let tensor = try constant(position)
    if tensor.type.isFloat { throw .malformed(place, expected: "whole numbers", found: "\(tensor.type)") }
    return try integers(of: tensor)
  }

  /// The elements of a constant tensor as whole numbers.
  func integers(of tensor: AffineTensor) throws(ONNXFailure) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(tensor.count)
    for i in 0..<tensor.count {
      let value = tensor.constants[i]
      guard let odd = value.oddPart.int64, let integer = Self.scaled(odd, value.binaryExponent) else {
        throw .malformed(place, expected: "whole numbers of 64 bits", found: "\(value)")
      }
      result.append(integer)
    }
    return result
  }

  /// odd · 2^exponent, nil where that is no machine integer.
  private static func scaled(_ odd: Int64, _ exponent: Int) -> Int? {
    guard exponent >= 0, exponent < 64 else { return nil }
    if exponent == 63 { return odd == -1 ? .min : nil }
    let (product, overflow) = Int(odd).multipliedReportingOverflow(by: 1 << exponent)
    return overflow ? nil : product
  }

  /// A whole-number attribute.
  func int(_ name: String, default standard: Int? = nil) throws(ONNXFailure) -> Int {
    if let attribute = try attribute(name, .int), attribute.hasI { return Int(attribute.i) }
    return try required(standard, name)
  }

  /// A real attribute: a float32, widened.
  func float(_ name: String, default standard: Double? = nil) throws(ONNXFailure) -> Double {
    guard let attribute = try attribute(name, .float), attribute.hasF else {
      return try required(standard, name)
    }
    if !attribute.f.isFinite { throw .notFinite("\(place), \(quoted(name))", found: "\(attribute.f)") }
    return Double(attribute.f)
  }

  /// A list of whole numbers, nil where the attribute is absent.
  func ints(_ name: String) throws(ONNXFailure) -> [Int]? { try attribute(name, .ints)?.ints.map { Int($0) } }

  /// A text attribute.
  func string(_ name: String, default standard: String) throws(ONNXFailure) -> String {
    guard let attribute = try attribute(name, .string), attribute.hasS else { return standard }
    return String(decoding: attribute.s, as: UTF8.self)
  }

  /// The attribute of that name, nil where it is absent.
  func attribute(
    _ name: String, _ type: Onnx_AttributeProto.AttributeType
  ) throws(ONNXFailure) -> Onnx_AttributeProto? {
    guard let attribute = attributes[name] else { return nil }
    if attribute.hasType, attribute.type != type, attribute.type != .undefined {
      throw .malformed(place, expected: "\(quoted(name)) as \(type)", found: "\(attribute.type)")
    }
    return attribute
  }

  /// An axis counted from the front; negative ones count from the back.
  func axis(_ axis: Int, rank: Int) throws(ONNXFailure) -> Int {
    guard axis >= -rank, axis < rank else {
      throw .malformed(place, expected: "an axis of a tensor with \(rank) axes", found: "\(axis)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Different axes, counted from the front.
  func axes(_ axes: [Int], rank: Int) throws(ONNXFailure) -> [Int] {
    var result: [Int] = []
    for axis in axes { result.append(try self.axis(axis, rank: rank)) }
    if Set(result).count < result.count {
      throw .malformed(place, expected: "different axes", found: "\(axes)")
    }
    return result
  }

  /// Refuses operands of different number types, which ONNX wants cast explicitly.
  func requireOneType(_ tensors: AffineTensor...) throws(ONNXFailure) {
    guard let first = tensors.first else { return }
    for other in tensors.dropFirst() where other.type != first.type {
      throw .malformed(place, expected: "operands of one type", found: "\(first.type) and \(other.type)")
    }
  }

  private func required<Value>(_ standard: Value?, _ name: String) throws(ONNXFailure) -> Value {
    if let standard { return standard }
    throw .malformed(place, expected: "the attribute \(quoted(name))", found: "none")
  }
}
