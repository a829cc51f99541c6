import Foundation
import Networks

@testable import ModelFiles

/// Builds small ONNX models for tests, node by node.
struct ONNXModelBuilder {
  private(set) var model = Onnx_ModelProto()

  /// A model with the input `x` of the given shape and the output `y`, float64 unless told otherwise.
  init(input shape: [Int64], type: Onnx_TensorProto.DataType = .double, opset: Int64 = 13) {
    model.irVersion = 8
    var version = Onnx_OperatorSetIdProto()
    version.version = opset
    model.opsetImport = [version]
    var x = Onnx_ValueInfoProto()
    x.name = "x"
    x.type.tensorType.elemType = Int32(type.rawValue)
    x.type.tensorType.shape.dim = shape.map { size in
      var dim = Onnx_TensorShapeProto.Dimension()
      dim.dimValue = size
      return dim
    }
    var y = Onnx_ValueInfoProto()
    y.name = "y"
    model.graph.input = [x]
    model.graph.output = [y]
  }

  /// Adds a node with whole-number and real attributes.
  mutating func node(
    _ operation: String, _ inputs: [String], _ output: String, ints: [String: [Int64]] = [:],
    int: [String: Int64] = [:], floats: [String: Float] = [:], domain: String = ""
  ) {
    model.graph.node.append(
      Self.node(operation, inputs, output, ints: ints, int: int, floats: floats, domain: domain))
  }

  /// A node with whole-number and real attributes.
  static func node(
    _ operation: String, _ inputs: [String], _ output: String, ints: [String: [Int64]] = [:],
    int: [String: Int64] = [:], floats: [String: Float] = [:], domain: String = ""
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = operation
    node.domain = domain
    node.input = inputs
    node.output = [output]
    for (name, values) in ints.sorted(by: { $0.key < $1.key }) {
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      attribute.type = .ints
      attribute.ints = values
      node.attribute.append(attribute)
    }
    for (name, value) in int.sorted(by: { $0.key < $1.key }) {
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      attribute.type = .int
      attribute.i = value
      node.attribute.append(attribute)
    }
    for (name, value) in floats.sorted(by: { $0.key < $1.key }) {
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      attribute.type = .float
      attribute.f = value
      node.attribute.append(attribute)
    }
    return node
  }

  /// Adds a stored tensor, float64 or float32.
  mutating func tensor(
    _ name: String, _ dims: [Int64], _ values: [Double], type: Onnx_TensorProto.DataType = .double
  ) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = dims
    tensor.dataType = Int32(type.rawValue)
    if type == .float { tensor.floatData = values.map { Float($0) } } else { tensor.doubleData = values }
    model.graph.initializer.append(tensor)
  }

  /// Adds a stored int64 list.
  mutating func integers(_ name: String, _ values: [Int64]) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = Int32(Onnx_TensorProto.DataType.int64.rawValue)
    tensor.int64Data = values
    model.graph.initializer.append(tensor)
  }

  /// Adds a local function of domain "local".
  mutating func function(_ name: String, inputs: [String], outputs: [String], _ nodes: [Onnx_NodeProto]) {
    var function = Onnx_FunctionProto()
    function.name = name
    function.domain = "local"
    function.input = inputs
    function.output = outputs
    function.node = nodes
    model.functions.append(function)
  }

  /// The network read from the model's bytes.
  func network() throws -> Network {
    try ONNXReader.network(
      from: model.serializedBytes(), file: "test.onnx", folder: FileManager.default.temporaryDirectory)
  }
}
