/// A graph or function body: nodes, stored tensors, and the names of its inputs and outputs.
struct ONNXGraph {
  /// The nodes, in the file's order.
  let nodes: [Onnx_NodeProto]
  /// The stored tensors by name.
  let initializers: [String: Onnx_TensorProto]
  /// The names of the inputs that are not stored tensors, in order.
  let inputs: [String]
  /// The names of the outputs, in order.
  let outputs: [String]
  /// The node that makes each name.
  private let producers: [String: Int]

  /// The graph of a model.
  ///
  /// - Throws: for names defined twice, missing or repeated outputs.
  init(_ graph: Onnx_GraphProto) throws(ONNXFailure) {
    var initializers: [String: Onnx_TensorProto] = [:]
    for tensor in graph.initializer {
      if tensor.name.isEmpty { throw .malformed("initialiser", expected: "a name", found: "none") }
      if initializers.updateValue(tensor, forKey: tensor.name) != nil {
        throw .malformed("initialiser \(quoted(tensor.name))", expected: "one of this name", found: "two")
      }
    }
    for tensor in graph.sparseInitializer {
      throw .unsupported(
        "initialiser \(quoted(tensor.values.name))", "sparse tensors are not read yet",
        advice: "store it dense")
    }
    let inputs = graph.input.map(\.name).filter { initializers[$0] == nil }
    try self.init(
      nodes: graph.node, initializers: initializers, inputs: inputs, outputs: graph.output.map(\.name))
  }

  /// The graph of a local function's body.
  init(_ function: Onnx_FunctionProto) throws(ONNXFailure) {
    try self.init(nodes: function.node, initializers: [:], inputs: function.input, outputs: function.output)
  }

  private init(
    nodes: [Onnx_NodeProto], initializers: [String: Onnx_TensorProto], inputs: [String], outputs: [String]
  ) throws(ONNXFailure) {
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
    if outputs.isEmpty { throw .malformed("graph", expected: "an output", found: "none") }
    var defined = Set(initializers.keys)
    for name in inputs where !defined.insert(name).inserted {
      throw .malformed("input \(quoted(name))", expected: "one of this name", found: "two")
    }
    var producers: [String: Int] = [:]
    for (position, node) in nodes.enumerated() {
      for name in node.output where !name.isEmpty {
        if !defined.insert(name).inserted {
          throw .malformed(
            Self.place(of: node, at: position), expected: "an output name of its own",
            found: "\(quoted(name)), which is defined elsewhere")
        }
        producers[name] = position
      }
    }
    self.producers = producers
    if Set(outputs).count < outputs.count {
      throw .malformed("graph", expected: "different outputs", found: "one listed twice")
    }
  }

  /// How messages name a node: by name or index, and operator.
  static func place(of node: Onnx_NodeProto, at position: Int) -> String {
    "node \(node.name.isEmpty ? "\(position)" : quoted(node.name)) (\(quoted(node.opType).dropFirst().dropLast()))"
  }

  /// The nodes that the outputs need, each after those it reads.
  ///
  /// - Throws: for a cycle, and for a name that nothing defines.
  /// - Complexity: O(nodes and their inputs), without recursion.
  func neededNodes() throws(ONNXFailure) -> [Int] {
    enum State { case new, open, done }
    var states = Array(repeating: State.new, count: nodes.count)
    var order: [Int] = []
    let known = Set(inputs)
    for output in outputs {
      guard let last = try producer(of: output, at: "output \(quoted(output))", known) else { continue }
      var stack = [(node: last, input: 0)]
      while let (position, input) = stack.last {
        if states[position] == .done {
          stack.removeLast()
          continue
        }
        states[position] = .open
        let node = nodes[position]
        if input == node.input.count {
          states[position] = .done
          order.append(position)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].input += 1
        let name = node.input[input]
        if name.isEmpty { continue }
        let place = Self.place(of: node, at: position)
        guard let next = try producer(of: name, at: place, known) else { continue }
        switch states[next] {
        case .done: break
        case .new: stack.append((next, 0))
        case .open:
          throw .malformed(place, expected: "a graph without cycles", found: "\(quoted(name)) needing itself")
        }
      }
    }
    return order
  }

  private func producer(of name: String, at place: String, _ known: Set<String>) throws(ONNXFailure) -> Int? {
    if let position = producers[name] { return position }
    if known.contains(name) || initializers[name] != nil { return nil }
    throw .malformed(
      place, expected: "names that are defined", found: "\(quoted(name)), which nothing defines")
  }
}
