import ExactArithmetic
import Foundation
import LinearAlgebra
import Networks
import SwiftProtobuf

/// Writes networks as ONNX: Gemm and Relu, opset 13, IR version 8.
enum ONNXWriter {
  /// The bytes of an ONNX file that computes `network`.
  ///
  /// The input is `x` of shape N × n₀, the output `y`. A layer that reads several earlier layers becomes a sum of
  /// Gemm nodes. The same network and options always give the same bytes.
  ///
  /// - Parameters:
  ///   - precision: the stored number type, `.float32` or `.float64` (`.decimal` is written as float64).
  ///   - rounding: whether entries may be rounded to it.
  /// - Exactness: exact without `rounding`; else each entry is rounded to the nearest double and then, for float32,
  ///   to the nearest float32. A rounded ``Network/Lowering`` is not recorded in the file.
  /// - Throws: `.wouldRound` for an entry that is not of the precision; `.notWritable` for other precisions, and for
  ///   entries beyond its range.
  static func bytes(
    of network: Network, precision: StoragePrecision, rounding: Bool
  ) throws(ModelFileError.Cause) -> [UInt8] {
    do throws(ONNXFailure) {
      return try serialized(try model(of: network, precision: precision, rounding: rounding))
    } catch {
      throw error.cause
    }
  }

  private static func model(
    of network: Network, precision: StoragePrecision, rounding: Bool
  ) throws(ONNXFailure) -> Onnx_ModelProto {
    let type: Onnx_TensorProto.DataType
    switch precision {
    case .float32: type = .float
    case .float64, .decimal: type = .double
    case .float16, .bfloat16:
      throw ONNXFailure(
        cause: .notWritable(
          what: "ONNX with \(precision.rawValue) weights is not written", advice: "use float32 or float64"))
    }
    let writer = TensorWriter(type: type, precision: precision, rounding: rounding)
    var graph = Onnx_GraphProto()
    graph.name = "network"
    graph.input = [value("x", width: network.inputCount, type)]
    graph.output = [value("y", width: network.outputCount, type)]
    for (position, layer) in network.layers.enumerated() {
      let isOutput = position == network.layers.count - 1
      try append(
        layer, number: position + 1, as: isOutput ? "y" : "z\(position + 1)", inputCount: network.inputCount,
        writer, to: &graph)
      if !isOutput {
        graph.node.append(node("Relu", "relu\(position + 1)", ["z\(position + 1)"], "h\(position + 1)"))
      }
    }
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "Crease"
    var opset = Onnx_OperatorSetIdProto()
    opset.domain = ""
    opset.version = 13
    model.opsetImport = [opset]
    model.graph = graph
    return model
  }

  /// The bytes of a message; protobuf holds at most 2 GiB.
  private static func serialized(_ model: Onnx_ModelProto) throws(ONNXFailure) -> [UInt8] {
    do {
      return try model.serializedBytes()
    } catch {
      throw ONNXFailure(
        cause: .notWritable(what: "the network exceeds the 2 GiB of an ONNX file", advice: "use safetensors"))
    }
  }

  /// Appends the nodes of one affine map and its tensors.
  private static func append(
    _ layer: Network.Layer, number: Int, as result: String, inputCount: Int, _ writer: TensorWriter,
    to graph: inout Onnx_GraphProto
  ) throws(ONNXFailure) {
    let bias = "b\(number)"
    graph.initializer.append(try writer.tensor(layer.bias, [layer.width], name: bias))
    // A layer that reads nothing is written as reading the input with weights 0.
    let blocks =
      layer.blocks.isEmpty
      ? [
        Network.Block(
          source: 0,
          weights: ExactMatrix(Matrix(repeating: 0, rows: layer.width, columns: inputCount)))
      ] : layer.blocks
    var sum = ""
    for (position, block) in blocks.enumerated() {
      let isLast = position == blocks.count - 1
      let suffix = blocks.count == 1 ? "\(number)" : "\(number)_\(block.source)"
      let weights = try writer.tensor(
        block.weights, [block.weights.rows, block.weights.columns], name: "W\(suffix)")
      graph.initializer.append(weights)
      // The bias goes with the first product, the last sum makes the result.
      let inputs =
        [block.source == 0 ? "x" : "h\(block.source)", weights.name] + (position == 0 ? [bias] : [])
      let product = blocks.count == 1 ? result : "p\(suffix)"
      var gemm = node("Gemm", "gemm\(suffix)", inputs, product)
      var transposed = Onnx_AttributeProto()
      transposed.name = "transB"
      transposed.type = .int
      transposed.i = 1
      gemm.attribute = [transposed]
      graph.node.append(gemm)
      if position > 0 {
        let total = isLast ? result : "s\(suffix)"
        graph.node.append(node("Add", "add\(suffix)", [sum, product], total))
        sum = total
      } else {
        sum = product
      }
    }
  }

  private static func node(
    _ operation: String, _ name: String, _ inputs: [String], _ output: String
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = operation
    node.name = name
    node.input = inputs
    node.output = [output]
    return node
  }

  /// The declaration of an input or output of shape N × width.
  private static func value(
    _ name: String, width: Int, _ type: Onnx_TensorProto.DataType
  ) -> Onnx_ValueInfoProto {
    var batch = Onnx_TensorShapeProto.Dimension()
    batch.dimParam = "N"
    var size = Onnx_TensorShapeProto.Dimension()
    size.dimValue = Int64(width)
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = Int32(type.rawValue)
    value.type.tensorType.shape.dim = [batch, size]
    return value
  }

  /// Stores matrices as tensors of one number type.
  private struct TensorWriter {
    let type: Onnx_TensorProto.DataType
    let precision: StoragePrecision
    let rounding: Bool

    /// The entries of `matrix` as a tensor.
    func tensor(_ matrix: ExactMatrix, _ shape: [Int], name: String) throws(ONNXFailure) -> Onnx_TensorProto {
      var tensor = Onnx_TensorProto()
      tensor.name = name
      tensor.dataType = Int32(type.rawValue)
      tensor.dims = shape.map { Int64($0) }
      if !rounding, let (position, value) = matrix.corrections.min(by: { $0.key < $1.key }) {
        throw wouldRound(name, position, "\(value)")
      }
      let values = matrix.nearest.elements
      if type == .double {
        tensor.rawData = bytes(values) { $0.bitPattern }
        return tensor
      }
      for (position, value) in values.enumerated() {
        let stored = Float(value)
        if !rounding, Double(stored) != value { throw wouldRound(name, position, "\(value)") }
        if !stored.isFinite {
          throw ONNXFailure(
            cause: .notWritable(
              what: "\(name), entry \(position): \(value) is beyond the range of float32",
              advice: "use float64"))
        }
      }
      tensor.rawData = bytes(values) { Float($0).bitPattern }
      return tensor
    }

    /// The bit patterns of the values, little-endian.
    private func bytes<Word: FixedWidthInteger>(_ values: [Double], _ pattern: (Double) -> Word) -> Data {
      var data = Data(count: values.count * MemoryLayout<Word>.size)
      data.withUnsafeMutableBytes { buffer in
        for (position, value) in values.enumerated() {
          buffer.storeBytes(
            of: pattern(value).littleEndian, toByteOffset: position * MemoryLayout<Word>.size, as: Word.self)
        }
      }
      return data
    }

    private func wouldRound(_ name: String, _ position: Int, _ value: String) -> ONNXFailure {
      ONNXFailure(
        cause: .wouldRound(place: "\(name), entry \(position)", value: value, precision: precision.rawValue))
    }
  }
}
