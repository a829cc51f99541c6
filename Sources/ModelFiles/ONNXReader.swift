import ExactArithmetic
import Foundation
import Networks
import SwiftProtobuf

/// Reads ONNX models into ReLU normal form.
enum ONNXReader {
  /// The versions of the standard operators that are read.
  static let opsets = 6...21

  /// The network an ONNX file writes down.
  ///
  /// The graph is walked with affine forms (``AffineTensor``): linear operators act on the form, Relu closes it into
  /// a new hidden layer, and other piecewise linear operators are lowered to Relu. Several inputs are concatenated
  /// in the graph's order, as are several outputs; a batch axis of unknown size counts as 1.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - file: its name, for messages.
  ///   - folder: where tensors kept in other files are looked for, and nowhere else.
  /// - Exactness: exact, in dyadic numbers where doubles do not hold a folded weight; where a graph divides or takes
  ///   a square root, entries are rounded and ``Network/lowering`` carries proved bounds.
  /// - Throws: ``ModelFileError`` for files that are malformed, not finite, too large, or not piecewise linear.
  /// - Complexity: O(weights) for chains of Gemm and Relu; folding two linear maps costs their product.
  static func network(from data: [UInt8], file: String, folder: URL) throws(ModelFileError) -> Network {
    do throws(ONNXFailure) {
      return try network(from: data, folder: folder, limits: ONNXLowering.Limits())
    } catch {
      throw ModelFileError(file: file, cause: error.cause)
    }
  }

  /// Whether the bytes begin like an ONNX model: known fields of a model, with the graph among them.
  ///
  /// - Complexity: O(fields before the graph); a truncated model still counts.
  static func looksLikeONNX(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = bytes[...]
    func varint() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= UInt64(byte & 127) << shift
        if byte < 128 { return value }
      }
      return nil
    }
    while let tag = varint() {
      switch (tag >> 3, tag & 7) {
      case (7, 2): return true
      case (1, 0), (5, 0): if varint() == nil { return false }
      case (2, 2), (3, 2), (4, 2), (6, 2), (8, 2), (14, 2), (20, 2), (25, 2), (26, 2):
        guard let length = varint(), length <= UInt64(rest.count) else { return false }
        rest = rest.dropFirst(Int(length))
      default: return false
      }
    }
    return false
  }

  /// The network, within given limits.
  static func network(
    from data: [UInt8], folder: URL, limits: ONNXLowering.Limits
  ) throws(ONNXFailure) -> Network {
    try walk(data, folder: folder, limits: limits, isLifting: false).network
  }

  /// The result of walking the graph, and the sizes of maxima where paths are lifted.
  static func walk(
    _ data: [UInt8], folder: URL, limits: ONNXLowering.Limits, isLifting: Bool
  ) throws(ONNXFailure) -> (network: Network, maximumSizes: [Int]) {
    if data.isEmpty { throw .malformed("file", expected: "an ONNX model", found: "no bytes") }
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: data, partial: true)
    } catch {
      throw .malformed("file", expected: "an ONNX model", found: "bytes that are damaged or cut short")
    }
    guard model.hasGraph else { throw .malformed("file", expected: "an ONNX model", found: "no graph") }
    let graph = try ONNXGraph(model.graph)
    let opset = try version(of: model)
    let inputs = try ONNXInputs(model.graph, names: graph.inputs, initializers: graph.initializers)
    var inputCount = 0
    for input in inputs.list {
      let (sum, overflow) = inputCount.addingReportingOverflow(input.count)
      if overflow || sum > limits.declaredElements {
        throw .tooLarge("input \(quoted(input.name))", bytes: .max, limit: limits.declaredElements * 8)
      }
      inputCount = sum
    }
    var lowering = ONNXLowering(
      inputCount: inputCount, opset: opset, functions: try ONNXFunctions(model.functions),
      external: ONNXExternalData(folder: folder), limits: limits, isLifting: isLifting)
    var given: [String: AffineTensor] = [:]
    var first = 0
    for input in inputs.list {
      given[input.name] = AffineTensor(
        shape: input.shape, type: input.type, constants: .zeros(input.count),
        linear: .generators(first, count: input.count))
      first += input.count
    }
    let outputs = try lowering.outputs(of: graph, given: given)
    for (name, output) in zip(graph.outputs, outputs) where output.type == .bool {
      throw .notLinear("output \(quoted(name))", "truth values")
    }
    let result = AffineTensor.concatenating(outputs, type: outputs.first?.type ?? .float64)
    return (try lowering.network(result), lowering.maximumSizes)
  }

  /// The version of the standard operators a model asks for.
  private static func version(of model: Onnx_ModelProto) throws(ONNXFailure) -> Int {
    let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
    guard let version = versions.first, versions.allSatisfy({ $0 == version }) else {
      throw .malformed(
        "opset_import", expected: "one version of the standard operators", found: "\(versions.prefix(4))")
    }
    guard let opset = Int(exactly: version), opsets.contains(opset) else {
      throw .unsupported(
        "opset_import", "opset \(version) is not read",
        advice: "export with opset \(opsets.lowerBound) to \(opsets.upperBound)")
    }
    return opset
  }
}
