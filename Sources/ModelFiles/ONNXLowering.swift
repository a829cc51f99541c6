import ExactArithmetic
import LinearAlgebra
import Networks

/// The walk over a graph: the layers made so far, and what the walk may still spend.
struct ONNXLowering {
  /// The largest total of numbers in the normal form, in live tensors, and in one operator's work.
  struct Limits: Sendable {
    /// Entries of the normal form, and of all tensors alive at one time.
    var entries = 1 << 27
    /// Elements of a tensor whose size the file only declares (an input, Expand, Pad, …).
    var declaredElements = 1 << 24
    /// Products of coefficients in one file.
    var work = 1 << 33
    /// Nodes evaluated, those of called functions included.
    var nodes = 1 << 20
  }

  /// The hidden layers so far.
  private(set) var layers: [Network.Layer] = []
  /// The row errors of the layers so far.
  private(set) var rowErrors: [[Double]] = []
  /// The first generator of the input and of each hidden layer, and the next free one.
  private(set) var generatorStarts: [Int]
  /// The coarsest float format among the stored tensors used.
  private(set) var storage: StoragePrecision?
  /// The version of the standard operators.
  let opset: Int
  /// The local functions.
  let functions: ONNXFunctions
  /// Tensors in other files.
  let external: ONNXExternalData
  /// Whether the walk keeps the paths of the graph in place of its function, see ``PathLifting``.
  let isLifting: Bool
  /// The sizes of the windows of which a maximum was taken, where paths are lifted: one for each node.
  private(set) var maximumSizes: [Int] = []
  private let limits: Limits
  private var entriesLeft: Int
  private var workLeft: Int
  private var nodesLeft: Int
  private var liveSize = 0

  /// A walk that has not begun, on a network of `inputCount` inputs.
  init(
    inputCount: Int, opset: Int, functions: ONNXFunctions, external: ONNXExternalData,
    limits: Limits = Limits(), isLifting: Bool = false
  ) {
    self.isLifting = isLifting
    generatorStarts = [0, inputCount]
    self.opset = opset
    self.functions = functions
    self.external = external
    self.limits = limits
    entriesLeft = limits.entries
    workLeft = limits.work
    nodesLeft = limits.nodes
  }

  /// The outputs of a graph, given its inputs.
  ///
  /// Only the nodes the outputs need are evaluated; a tensor is dropped after its last use.
  mutating func outputs(
    of graph: ONNXGraph, given: [String: AffineTensor], depth: Int = 0
  ) throws(ONNXFailure) -> [AffineTensor] {
    let order = try graph.neededNodes()
    var uses: [String: Int] = [:]
    for name in graph.outputs { uses[name, default: 0] += 1 }
    for position in order {
      for name in graph.nodes[position].input { uses[name, default: 0] += 1 }
    }
    var values = given
    func release(_ name: String, from values: inout [String: AffineTensor], _ live: inout Int) {
      guard let count = uses[name] else { return }
      uses[name] = count - 1
      if count == 1, let tensor = values.removeValue(forKey: name) { live -= tensor.size }
    }
    for position in order {
      let node = graph.nodes[position]
      let place = ONNXGraph.place(of: node, at: position)
      nodesLeft -= 1
      if nodesLeft < 0 { throw .tooLarge(place, bytes: .max, limit: limits.nodes) }
      var inputs: [AffineTensor?] = []
      for name in node.input { inputs.append(try value(of: name, in: graph, &values, place)) }
      for name in node.input { release(name, from: &values, &liveSize) }
      let results = try evaluate(node, inputs, place, depth)
      for (name, tensor) in zip(node.output, results) where uses[name, default: 0] > 0 {
        try keep(tensor, as: name, in: &values, place)
      }
      for name in node.output.dropFirst(results.count) where uses[name, default: 0] > 0 {
        throw .unsupported(
          place, "the output \(quoted(name)) is not read yet", advice: "use only the first output")
      }
    }
    var outputs: [AffineTensor] = []
    for name in graph.outputs {
      guard let tensor = try value(of: name, in: graph, &values, "output \(quoted(name))") else { continue }
      outputs.append(tensor)
    }
    for (name, tensor) in values where given[name] == nil { liveSize -= tensor.size }
    return outputs
  }

  /// The tensor of a name, read from the file at its first use; nil for the empty name.
  private mutating func value(
    of name: String, in graph: ONNXGraph, _ values: inout [String: AffineTensor], _ place: String
  ) throws(ONNXFailure) -> AffineTensor? {
    if name.isEmpty { return nil }
    if let known = values[name] { return known }
    guard let message = graph.initializers[name] else {
      throw .malformed(place, expected: "names that are defined", found: quoted(name))
    }
    let tensor = try stored(message, place: "initialiser \(quoted(name))")
    try keep(tensor, as: name, in: &values, place)
    return tensor
  }

  private mutating func keep(
    _ tensor: AffineTensor, as name: String, in values: inout [String: AffineTensor], _ place: String
  ) throws(ONNXFailure) {
    liveSize += tensor.size
    if liveSize > limits.entries {
      throw .tooLarge(
        place, bytes: liveSize.multipliedReportingOverflow(by: 8).partialValue, limit: limits.entries * 8)
    }
    values[name] = tensor
  }

  /// The constant tensor stored in a message; its precision counts as used.
  mutating func stored(_ message: Onnx_TensorProto, place: String) throws(ONNXFailure) -> AffineTensor {
    let files = external
    let tensor = try ONNXTensorData.tensor(message, place: place) { (message) throws(ONNXFailure) in
      try files.bytes(of: message, place: place)
    }
    if let precision = tensor.type.storage, precision.significantBits < storage?.significantBits ?? .max {
      storage = precision
    }
    return tensor
  }

  private mutating func evaluate(
    _ node: Onnx_NodeProto, _ inputs: [AffineTensor?], _ place: String, _ depth: Int
  ) throws(ONNXFailure) -> [AffineTensor] {
    if let results = try call(node, inputs, place, depth) { return results }
    let known = try ONNXOperator.named(node, place: place)
    let attributes = try ONNXNode.attributes(of: node, place: place)
    for (name, attribute) in attributes {
      if !known.attributes.contains(name) {
        throw .unsupported(place, "the attribute \(quoted(name)) is unknown", advice: "remove it")
      }
      if !attribute.refAttrName.isEmpty {
        throw .malformed(
          place, expected: "the value of \(quoted(name))", found: "a reference outside a function")
      }
    }
    if !known.inputs.contains(inputs.count) {
      throw .malformed(
        place, expected: "\(known.inputs.lowerBound) to \(known.inputs.upperBound) inputs",
        found: "\(inputs.count)")
    }
    var given = inputs
    if isLifting { given = try liftedInputs(inputs, of: node, place) }
    let results = try known.lower(
      ONNXNode(
        place: place, inputs: given, attributes: attributes, outputCount: node.output.count, opset: opset),
      &self)
    for tensor in results {
      let coefficients = tensor.linear?.parts.coefficients
      if !tensor.constants.areOfReasonableSize || coefficients?.areOfReasonableSize == false {
        throw .unsupported(
          place, "exact folding needs numbers of more than 16384 bits",
          advice: "simplify the linear part of the graph")
      }
      if tensor.errors.contains(where: { !$0.isFinite }) {
        throw .notFinite(place, found: "beyond the range of doubles after folding")
      }
    }
    return results
  }

  /// Notes a node that takes maxima of up to `size` elements.
  mutating func noteMaximum(of size: Int) { maximumSizes.append(size) }

  /// The number of elements of a shape that the file only declares.
  ///
  /// - Throws: for negative sizes, and for more elements than the limit.
  func declaredCount(_ shape: [Int], place: String) throws(ONNXFailure) -> Int {
    var count = 1
    for size in shape {
      if size < 0 { throw .malformed(place, expected: "sizes of at least 0", found: "\(size)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || product > limits.declaredElements {
        throw .tooLarge(
          place, bytes: overflow ? .max : product.multipliedReportingOverflow(by: 8).partialValue,
          limit: limits.declaredElements * 8)
      }
      count = product
    }
    return count
  }

  /// Takes `amount` products of coefficients from what the file may spend.
  mutating func spend(_ amount: Int, place: String) throws(ONNXFailure) {
    if amount < 0 || amount > workLeft { throw .tooLarge(place, bytes: amount, limit: limits.work) }
    workLeft -= amount
  }
}

extension ONNXLowering {
  /// max(t, 0): a new hidden layer whose pre-activations are t; folded where t is constant.
  ///
  /// Where paths are lifted, neurons pass through as they are, unless `copying` asks for neurons of their own.
  mutating func rectified(
    _ tensor: AffineTensor, place: String, copying: Bool = false
  ) throws(ONNXFailure) -> AffineTensor {
    if isLifting, !copying, tensor.arePlainNeurons { return tensor }
    if tensor.isConstant {
      var result = tensor
      result.constants =
        switch tensor.constants {
        case .doubles(let values): .doubles(values.map { max($0, 0) })
        case .dyadics(let values): ExactValues(values.map { $0.sign > 0 ? $0 : .zero })
        }
      return result
    }
    if tensor.count == 0 { return tensor }
    let first = generatorStarts[generatorStarts.count - 1]
    let (layer, errors) = try layer(tensor, place: place)
    guard first + tensor.count < Int32.max else { throw .tooLarge(place, bytes: .max, limit: limits.entries) }
    layers.append(layer)
    rowErrors.append(errors)
    generatorStarts.append(first + tensor.count)
    return AffineTensor(
      shape: tensor.shape, type: tensor.type, constants: .zeros(tensor.count),
      linear: .generators(first, count: tensor.count))
  }

  /// The network with the given outputs.
  mutating func network(_ outputs: AffineTensor) throws(ONNXFailure) -> Network {
    let (last, errors) = try layer(outputs, place: "output")
    let all = rowErrors + [errors]
    let isExact = all.allSatisfy { $0.allSatisfy { $0 == 0 } }
    return Network(
      inputCount: generatorStarts[1], layers: layers + [last],
      storage: storage ?? outputs.type.storage ?? .float64,
      lowering: isExact ? .exact : .rounded(rowErrors: all))
  }

  /// The elements as rows of a layer: a dense block for each earlier layer that is read.
  private mutating func layer(
    _ tensor: AffineTensor, place: String
  ) throws(ONNXFailure) -> (Network.Layer, [Double]) {
    var blocks: [Network.Block] = []
    if let linear = tensor.linear {
      let (starts, sources, coefficients) = linear.parts
      var cursors = Array(starts.dropLast())
      for source in try layersRead(sources, by: tensor.count, place) {
        let columns = generatorStarts[source]..<generatorStarts[source + 1]
        let weights: ExactMatrix =
          switch coefficients {
          case .doubles(let values):
            ExactMatrix(
              Matrix(
                rows: tensor.count, columns: columns.count,
                elements: Self.dense(columns, starts, sources, values, &cursors)))
          case .dyadics(let values):
            ExactMatrix(
              rows: tensor.count, columns: columns.count,
              elements: try Self.finite(Self.dense(columns, starts, sources, values, &cursors), place))
          }
        blocks.append(Network.Block(source: source, weights: weights))
      }
    }
    let bias: ExactMatrix =
      switch tensor.constants {
      case .doubles(let values): ExactMatrix(column: values.map { $0 + 0 })
      case .dyadics(let values):
        ExactMatrix(rows: tensor.count, columns: 1, elements: try Self.finite(values, place))
      }
    let errors = tensor.errors.isEmpty ? Array(repeating: 0, count: tensor.count) : tensor.errors
    return (Network.Layer(blocks: blocks, bias: bias), errors)
  }

  /// The layers among whose neurons the sources are, in increasing order, their dense size counted.
  private mutating func layersRead(
    _ sources: [Int32], by rows: Int, _ place: String
  ) throws(ONNXFailure) -> [Int] {
    var isRead = Array(repeating: false, count: generatorStarts.count - 1)
    var current = 0..<0
    for source in sources where !current.contains(Int(source)) {
      var low = 0
      var high = isRead.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if generatorStarts[middle] <= Int(source) { low = middle } else { high = middle }
      }
      current = generatorStarts[low]..<generatorStarts[low + 1]
      isRead[low] = true
    }
    let read = isRead.indices.filter { isRead[$0] }
    for source in read {
      let width = generatorStarts[source + 1] - generatorStarts[source]
      let (entries, overflow) = rows.multipliedReportingOverflow(by: width)
      if overflow || entries > entriesLeft {
        throw .tooLarge(
          place, bytes: overflow ? .max : entries.multipliedReportingOverflow(by: 8).partialValue,
          limit: limits.entries * 8)
      }
      entriesLeft -= entries
    }
    return read
  }

  /// The entries of the columns `columns` as a dense matrix, row by row; `cursors` moves past them.
  private static func dense<C: ExactCoefficient>(
    _ columns: Range<Int>, _ starts: [Int], _ sources: [Int32], _ coefficients: [C], _ cursors: inout [Int]
  ) -> [C] {
    let width = columns.count
    var result = Array(repeating: C.zero, count: cursors.count * width)
    for row in cursors.indices {
      var t = cursors[row]
      let end = starts[row + 1]
      let base = row * width - columns.lowerBound
      while t < end, Int(sources[t]) < columns.upperBound {
        result[base + Int(sources[t])] = coefficients[t]
        t += 1
      }
      cursors[row] = t
    }
    return result
  }

  /// The values, all of them checked to round to finite doubles.
  private static func finite(_ values: [Dyadic], _ place: String) throws(ONNXFailure) -> [Dyadic] {
    for value in values where (value.magnitudeExponent ?? 0) >= 1023 && !value.nearestDouble.isFinite {
      throw .notFinite(place, found: "beyond the range of doubles after folding")
    }
    return values
  }
}
