import ExactArithmetic
import Networks
import Polyhedra

/// One thread's depth-first subdivision of cells, layer by layer.
///
/// A *node* is a cell, the layer that cuts it, and the neurons of that layer whose sign on the cell is still open.
/// Neurons found to have one sign on the cell are settled: an active one adds its form to the layers that read it.
/// When none is open, the next layer begins; after the last the cell is an activation region. Otherwise the
/// first open neuron splits the cell in two.
///
/// Memory is proportional to the depth of the search. Nodes wait on a stack whose memory nests like the search.
struct SubdivisionWalker {
  /// A cell and what is open on it.
  struct Node {
    /// The hidden layer that cuts the cell, from 1.
    var layer: Int
    var cell: Cell
    /// The open neurons of the layer, by index.
    var open: UnsafeMutablePointer<Int32>
    var openCount: Int
    /// For each layer (from 0 for the first) its block of forms as far as it is summed up.
    var blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    /// The number of splits above the node.
    var depth: Int
    /// The neuron that is off on this side of the last split, by its number; -1 where there is none to remember.
    var offNeuron: Int
    /// Whether the layer's forms are still to be completed.
    var isLayerStart: Bool
    /// The state of the arena to return to when the node's turn comes.
    var mark: Arena.Mark
    /// How many exact vertices were kept when the node was made.
    var exactVertexCount: Int
  }

  let compiled: CompiledNetwork
  let dimension: Int
  let sides: [HalfSpace]
  var arena = Arena()
  var exactForms: ExactForms
  /// Homogeneous exact coordinates of vertices that needed them.
  var exactVertices: [[Dyadic]] = []
  /// A bit for each hidden neuron that is active on the cell at hand, valid for the layers settled so far.
  let pattern: UnsafeMutablePointer<UInt64>
  /// A bit for each hidden neuron: zero on the whole cell at hand.
  let vanishing: UnsafeMutablePointer<UInt64>
  let patternWords: Int
  /// How many signs the floating-point filter left to exact arithmetic.
  var exactSigns = 0
  /// How many vertices were recomputed exactly.
  var exactVertexComputations = 0
  var pending: [Node] = []
  /// The blocks of the node at hand.
  var blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  /// The sides of the domain, as a completed block.
  let sideForms: UnsafeMutablePointer<Double>
  let sidePadding: Int
  var scratch = SplitScratch()

  private let emptyBlocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  /// A length below which errors of vertices are not worth an exact computation in advance.
  let scale: Double

  init(_ compiled: CompiledNetwork, sides: [HalfSpace], scale: Double) {
    self.compiled = compiled
    self.scale = scale
    self.sides = sides
    dimension = compiled.dimension
    exactForms = ExactForms(compiled.network, sides: sides)
    patternWords = max(1, (compiled.neuronCount + 63) / 64)
    pattern = .allocate(capacity: patternWords)
    vanishing = .allocate(capacity: patternWords)
    pattern.initialize(repeating: 0, count: patternWords)
    vanishing.initialize(repeating: 0, count: patternWords)
    blocks = .allocate(capacity: 1)
    emptyBlocks = blocks
    sidePadding = (sides.count + 3) & ~3
    sideForms = .allocate(capacity: sidePadding * (dimension + 4))
    sideForms.initialize(repeating: 0, count: sidePadding * (dimension + 4))
    for (k, side) in sides.enumerated() { write(side, to: sideForms + k) }
  }

  /// Writes a half-space as a form of the block of sides.
  private func write(_ side: HalfSpace, to place: UnsafeMutablePointer<Double>) {
    let d = dimension
    var size = 0.0
    for c in 0..<d {
      let entry = side.normal[c]
      place[c * sidePadding] = entry.nearestDouble
      if !entry.isZero { size += max(entry.nearestDouble.magnitude, CompiledNetwork.floorOfMagnitudes) }
    }
    place[d * sidePadding] = side.offset.nearestDouble
    let unit = Double(d + 8) * 0x1.1p-53
    let offset = max(side.offset.nearestDouble.magnitude, CompiledNetwork.floorOfMagnitudes)
    place[(d + 1) * sidePadding] = size == 0 ? 0 : max(unit * size, CompiledNetwork.floorOfErrors)
    place[(d + 2) * sidePadding] =
      side.offset.isZero ? 0 : max(unit * offset, CompiledNetwork.floorOfErrors)
    place[(d + 3) * sidePadding] = size * (1 + 0x1p-40)
    if size >= CompiledNetwork.limitOfMagnitudes { place[(d + 1) * sidePadding] = .infinity }
    if offset >= CompiledNetwork.limitOfMagnitudes { place[(d + 2) * sidePadding] = .infinity }
  }

  /// Gives all memory back.
  mutating func deallocate() {
    arena.deallocate()
    scratch.deallocate()
    emptyBlocks.deallocate()
    sideForms.deallocate()
    pattern.deallocate()
    vanishing.deallocate()
  }

  /// Subdivides a node down to activation regions, or to nodes `exportDepth` splits deep that are handed out.
  ///
  /// - Throws: what `region` or `export` throws.
  mutating func run(
    _ start: Node, exportDepth: Int = .max,
    export: (inout SubdivisionWalker, Node) throws -> Void = { _, _ in },
    region: (inout SubdivisionWalker, Node) throws -> Void
  ) rethrows {
    pending.append(start)
    while var node = pending.popLast() {
      arena.reset(to: node.mark)
      if exactVertices.count > node.exactVertexCount {
        exactVertices.removeSubrange(node.exactVertexCount...)
      }
      if node.offNeuron >= 0 { record(node.offNeuron, isActive: false, vanishes: false) }
      while true {
        blocks = node.blocks
        if compiled.hiddenLayerCount == 0 {
          try region(&self, node)
          break
        }
        if node.isLayerStart { startLayer(&node) }
        settle(&node)
        if node.openCount == 0 {
          if node.layer == compiled.hiddenLayerCount {
            try region(&self, node)
            break
          }
          node.layer += 1
          node.isLayerStart = true
          continue
        }
        if node.depth >= exportDepth {
          try export(&self, node)
          break
        }
        node = split(node)
      }
    }
  }

  /// The lanes of a completed block: those of a sum, and |a|₁.
  var completeLaneCount: Int { dimension + 4 }

  /// Completes the forms of the layer, and opens every neuron that the bounding box of the cell leaves open.
  mutating func startLayer(_ node: inout Node) {
    let layer = compiled.layers[node.layer - 1]
    let d = dimension
    let padded = layer.padded
    let sum = node.blocks[node.layer - 1]
    let block = arena.allocate(Double.self, completeLaneCount * padded)
    block.update(from: sum, count: (d + 3) * padded)
    complete(block, padded: padded)
    node.blocks[node.layer - 1] = block
    node.isLayerStart = false
    ownReaders(of: layer, node.blocks)
    exactForms.forget(layer: node.layer)
    node.open = arena.allocate(Int32.self, layer.width)
    node.openCount = 0
    if node.cell.hasRays || node.cell.count < 3 {
      for j in 0..<layer.width { node.open[j] = Int32(j) }
      node.openCount = layer.width
    } else {
      openUnlessBoxDecides(&node, block, layer)
    }
  }

  /// Fills lane d + 3 with |a|₁ and adds the rounding of an evaluation to the error lanes.
  private func complete(_ block: UnsafeMutablePointer<Double>, padded: Int) {
    let d = dimension
    let unit = Double(d + 6) * 0x1.1p-53
    let zero = SIMD4<Double>(repeating: 0)
    let floor = SIMD4(repeating: CompiledNetwork.floorOfErrors)
    let limit = SIMD4(repeating: CompiledNetwork.limitOfMagnitudes)
    for j in Swift.stride(from: 0, to: padded, by: 4) {
      var size = zero
      for c in 0..<d { size += load(block + c * padded + j).magnitude }
      size *= 1 + 0x1p-40
      let offset = load(block + d * padded + j).magnitude
      let alphaSum = load(block + (d + 1) * padded + j)
      let betaSum = load(block + (d + 2) * padded + j)
      var alpha = (alphaSum + unit * size) * (1 + 0x1p-40)
      var beta = (betaSum + unit * offset) * (1 + 0x1p-40)
      alpha.replace(with: floor, where: ((alpha .> zero) .| (size .> zero)) .& (alpha .< floor))
      beta.replace(with: floor, where: ((beta .> zero) .| (offset .> zero)) .& (beta .< floor))
      // Written so that NaN counts as beyond the limit: 0 · ∞ in a bound means that nothing is known.
      alpha.replace(with: .infinity, where: .!((alphaSum .< limit) .& (size .< limit)))
      beta.replace(with: .infinity, where: .!((betaSum .< limit) .& (offset .< limit)))
      store(alpha, block + (d + 1) * padded + j)
      store(beta, block + (d + 2) * padded + j)
      store(size, block + (d + 3) * padded + j)
    }
  }

  /// Settles the neurons with one sign on the cell's bounding box, and opens the others.
  private mutating func openUnlessBoxDecides(
    _ node: inout Node, _ block: UnsafeMutablePointer<Double>, _ layer: CompiledNetwork.Layer
  ) {
    let d = dimension
    let padded = layer.padded
    let cell = node.cell
    let stride = cell.stride
    scratch.reserve(d + 1)
    let centre = scratch.centre
    let radius = scratch.radius
    var size = 0.0
    for c in 0..<d {
      var low = load(cell.lanes + c * stride)
      var high = low
      for v in Swift.stride(from: 4, to: stride, by: 4) {
        let x = load(cell.lanes + c * stride + v)
        low.replace(with: x, where: x .< low)
        high.replace(with: x, where: x .> high)
      }
      let (bottom, top) = (low.min(), high.max())
      centre[c] = 0.5 * bottom + 0.5 * top
      // Room for the rounding of the centre and of this difference.
      radius[c] = (0.5 * top - 0.5 * bottom) * (1 + 0x1p-40) + max(bottom.magnitude, top.magnitude) * 0x1p-50
      size = max(size, bottom.magnitude, top.magnitude)
    }
    var error = load(cell.lanes + (d + 1) * stride)
    for v in Swift.stride(from: 4, to: stride, by: 4) {
      let x = load(cell.lanes + (d + 1) * stride + v)
      error.replace(with: x, where: x .> error)
    }
    let vertexError = error.max()
    let magnitude = CompiledNetwork.bounded(
      max((size + vertexError) * (1 + 0x1p-40), CompiledNetwork.floorOfMagnitudes))
    for j in Swift.stride(from: 0, to: padded, by: 4) {
      var value = load(block + d * padded + j)
      var bound =
        load(block + (d + 3) * padded + j) * vertexError + load(block + (d + 1) * padded + j)
        * (2 * magnitude)
        + load(block + (d + 2) * padded + j)
      for c in 0..<d {
        let a = load(block + c * padded + j)
        value += a * centre[c]
        bound += a.magnitude * radius[c]
      }
      bound *= 1 + 0x1p-40
      let isPositive = value .> bound
      let isNegative = value .< -bound
      for k in 0..<4 where j + k < layer.width {
        if isPositive[k] {
          record(layer.firstNeuron + j + k, isActive: true, vanishes: false)
          add(neuron: j + k, of: node.layer, to: node.blocks)
        } else if isNegative[k] {
          record(layer.firstNeuron + j + k, isActive: false, vanishes: false)
        } else {
          node.open[node.openCount] = Int32(j + k)
          node.openCount += 1
        }
      }
    }
  }

  /// Settles the open neurons that have one sign on the cell.
  private mutating func settle(_ node: inout Node) {
    let layer = compiled.layers[node.layer - 1]
    let block = node.blocks[node.layer - 1]
    var kept = 0
    for k in 0..<node.openCount {
      let j = Int(node.open[k])
      let constraint = layer.firstNeuron + j
      switch classify(&node.cell, Form(block, j, padded: layer.padded, constraint: constraint)) {
      case .mixed:
        node.open[kept] = Int32(j)
        kept += 1
      case .positive:
        record(constraint, isActive: true, vanishes: false)
        add(neuron: j, of: node.layer, to: node.blocks)
      case .negative: record(constraint, isActive: false, vanishes: false)
      case .vanishing: record(constraint, isActive: false, vanishes: true)
      }
    }
    node.openCount = kept
  }

  /// Remembers the state of a neuron on the cell at hand.
  @inline(__always)
  func record(_ number: Int, isActive: Bool, vanishes: Bool) {
    let bit = UInt64(1) << UInt64(number & 63)
    if isActive { pattern[number >> 6] |= bit } else { pattern[number >> 6] &= ~bit }
    if vanishes { vanishing[number >> 6] |= bit } else { vanishing[number >> 6] &= ~bit }
  }

  /// Adds the form of an active neuron to the sums of the layers that read it.
  @inline(__always)
  func add(
    neuron i: Int, of layer: Int, to blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  ) {
    let d = dimension
    let source = compiled.layers[layer - 1]
    let form = blocks[layer - 1] + i
    let padded = source.padded
    let alpha = form[(d + 1) * padded] + source.rounding * form[(d + 3) * padded]
    let beta = form[(d + 2) * padded] + source.rounding * form[d * padded].magnitude
    for reader in source.readers {
      let column = reader.columns + 2 * reader.padded * i
      let sizes = column + reader.padded
      let target = blocks[reader.layer - 1]
      for c in 0...d {
        let factor = form[c * padded]
        let lane = target + c * reader.padded
        for j in Swift.stride(from: 0, to: reader.padded, by: 4) {
          store(load(lane + j) + factor * load(column + j), lane + j)
        }
      }
      let alphas = target + (d + 1) * reader.padded
      let betas = target + (d + 2) * reader.padded
      for j in Swift.stride(from: 0, to: reader.padded, by: 4) {
        let size = load(sizes + j)
        store(load(alphas + j) + alpha * size, alphas + j)
        store(load(betas + j) + beta * size, betas + j)
      }
    }
  }

  /// Replaces the sums that the layer adds to by copies, since other nodes may share them.
  @inline(__always)
  private mutating func ownReaders(
    of layer: CompiledNetwork.Layer, _ blocks: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  ) {
    for reader in layer.readers {
      let size = compiled.laneCount * reader.padded
      let copy = arena.allocate(Double.self, size)
      copy.update(from: blocks[reader.layer - 1], count: size)
      blocks[reader.layer - 1] = copy
    }
  }

  /// Splits the cell by its first open neuron: the inactive side waits, the active one is returned.
  private mutating func split(_ node: Node) -> Node {
    let layer = compiled.layers[node.layer - 1]
    let j = Int(node.open[0])
    let constraint = layer.firstNeuron + j
    let form = Form(node.blocks[node.layer - 1], j, padded: layer.padded, constraint: constraint)
    var parent = node.cell
    let plan = prepareSplit(&parent, by: form)
    var inactive = node
    inactive.cell = child(of: parent, plan, side: -1)
    inactive.open = node.open + 1
    inactive.openCount = node.openCount - 1
    inactive.depth += 1
    inactive.offNeuron = constraint
    let active = child(of: parent, plan, side: 1)
    var result = inactive
    inactive.mark = arena.mark
    inactive.exactVertexCount = exactVertices.count
    pending.append(inactive)
    // What the waiting side needs lies below its mark; the rest is the active side's own.
    result.cell = active
    result.offNeuron = -1
    result.open = arena.allocate(Int32.self, max(1, inactive.openCount))
    result.open.update(from: inactive.open, count: inactive.openCount)
    result.blocks = arena.allocate(UnsafeMutablePointer<Double>.self, compiled.layers.count)
    result.blocks.update(from: node.blocks, count: compiled.layers.count)
    ownReaders(of: layer, result.blocks)
    record(constraint, isActive: true, vanishes: false)
    add(neuron: j, of: node.layer, to: result.blocks)
    return result
  }
}
