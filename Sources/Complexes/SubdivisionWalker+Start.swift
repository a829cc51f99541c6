import ExactArithmetic
import LinearAlgebra
import Networks
import Polyhedra

extension SubdivisionWalker {
  /// The nodes to start from: the domain itself, or the cones into which d neurons cut unbounded space.
  ///
  /// - Returns: nil where the first layer does not cut space into cells without lines.
  mutating func startTasks(_ domain: SubdivisionDomain) -> [SubdivisionTask]? {
    // A point is a box, also where it is all of space.
    if let box = domain.box ?? (dimension == 0 ? [] : nil) {
      return [task(boxNode(box), cutBy: domain)].compactMap(\.self)
    }
    guard let base = independentNeurons() else { return nil }
    return (0..<1 << dimension).compactMap { signs in
      task(coneNode(base, signs: signs), cutBy: domain)
    }
  }

  /// The number of the constraint `side` of the domain.
  private func constraint(ofSide side: Int) -> Int { compiled.neuronCount + side }

  /// A task for the node, within the half-spaces of the domain; nil where nothing of full dimension is left.
  private mutating func task(_ start: Node, cutBy domain: SubdivisionDomain) -> SubdivisionTask? {
    var node = start
    blocks = node.blocks
    for k in domain.halfSpaces.indices {
      let form = form(of: constraint(ofSide: 2 * dimension + 1 + k), node.blocks)
      switch classify(&node.cell, form) {
      // Zero on a cell of full dimension, the form is zero everywhere: no constraint at all.
      case .positive, .vanishing: break
      case .negative: return nil
      case .mixed:
        let plan = prepareSplit(&node.cell, by: form)
        node.cell = child(of: node.cell, plan, side: 1)
      }
    }
    return SubdivisionTask(node, of: self)
  }

  private mutating func node(_ cell: Cell) -> Node {
    let blocks = arena.allocate(UnsafeMutablePointer<Double>.self, max(1, compiled.layers.count))
    for (position, layer) in compiled.layers.enumerated() {
      let size = compiled.laneCount * layer.padded
      blocks[position] = arena.allocate(Double.self, size)
      blocks[position].update(from: layer.initial, count: size)
    }
    return Node(
      layer: 1, cell: cell, open: arena.allocate(Int32.self, 1), openCount: 0, blocks: blocks, depth: 0,
      offNeuron: -1, isLayerStart: true, mark: arena.mark, exactVertexCount: 0)
  }

  /// The whole box.
  private mutating func boxNode(_ box: [Interval]) -> Node {
    let d = dimension
    let words = max(1, (2 * d + 63) / 64)
    let cell = Cell(count: 1 << d, words: words, dimension: d, in: &arena)
    for slot in 0..<2 * d { cell.slots[slot] = Int32(constraint(ofSide: slot)) }
    for v in 0..<cell.count {
      var size = 0.0
      for word in 0..<words { cell.masks[v * words + word] = 0 }
      for c in 0..<d {
        let isUpper = v >> c & 1 == 1
        let x = isUpper ? box[c].upper : box[c].lower
        cell.lanes[c * cell.stride + v] = x
        size = max(size, x.magnitude)
        let slot = 2 * c + (isUpper ? 1 : 0)
        cell.masks[v * words + slot >> 6] |= UInt64(1) << UInt64(slot & 63)
      }
      cell.lanes[d * cell.stride + v] = 1
      cell.lanes[(d + 1) * cell.stride + v] = 0
      cell.lanes[(d + 2) * cell.stride + v] = CompiledNetwork.bounded(size)
      cell.exact[v] = -1
    }
    cell.pad(dimension: d)
    return node(cell)
  }

  /// The first d neurons of layer 1 with independent weights, by index.
  private func independentNeurons() -> [Int]? {
    guard let layer = compiled.network.layers.first, compiled.hiddenLayerCount > 0,
      let block = layer.blocks.first, block.source == 0
    else { return nil }
    var elimination = ExactElimination(columns: dimension)
    var chosen: [Int] = []
    for j in 0..<layer.width where chosen.count < dimension {
      if elimination.insert((0..<dimension).map { block.weights[j, $0] }) { chosen.append(j) }
    }
    return chosen.count == dimension ? chosen : nil
  }

  /// The cone where neuron k of the base is active if bit k of `signs` is set, and inactive if not.
  private mutating func coneNode(_ base: [Int], signs: Int) -> Node {
    let d = dimension
    let infinity = 2 * d
    let rows = base.map { exactForms.form($0, pattern: pattern) }
    var cell = Cell(count: d + 1, words: (d + 64) / 64, dimension: d, in: &arena)
    for (k, neuron) in base.enumerated() { cell.slots[k] = Int32(neuron) }
    cell.slots[d] = Int32(constraint(ofSide: infinity))
    cell.hasRays = d > 0
    let atInfinity = Array(repeating: Dyadic.zero, count: d) + [.one]
    for v in 0...d {
      // Vertex d is the apex; direction v leaves the hyperplane of neuron v and stays on the others.
      var elimination = ExactElimination(columns: d + 1)
      for (k, row) in rows.enumerated() where k != v { elimination.insert(row) }
      if v < d { elimination.insert(atInfinity) }
      guard var vector = elimination.nullVector else { preconditionFailure("the base is independent") }
      let value = v < d ? zip(rows[v], vector).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 } : vector[d]
      let wanted = v < d && signs >> v & 1 == 0 ? -1 : 1
      if value.sign != wanted { vector = vector.map { -$0 } }
      write(vector, to: cell.lanes + v, stride: cell.stride)
      for word in 0..<cell.words { cell.masks[v * cell.words + word] = 0 }
      for slot in 0...d where slot != v {
        cell.masks[v * cell.words + slot >> 6] |= UInt64(1) << UInt64(slot & 63)
      }
      cell.exact[v] = -1
    }
    cell.pad(dimension: d)
    var node = self.node(cell)
    startLayer(&node)
    let chosen = Set(base)
    let layer = compiled.layers[0]
    var kept = 0
    for k in 0..<node.openCount where !chosen.contains(Int(node.open[k])) {
      node.open[kept] = node.open[k]
      kept += 1
    }
    node.openCount = kept
    for (k, neuron) in base.enumerated() {
      let isActive = signs >> k & 1 == 1
      record(layer.firstNeuron + neuron, isActive: isActive, vanishes: false)
      if isActive { add(neuron: neuron, of: 1, to: node.blocks) }
    }
    return node
  }
}
