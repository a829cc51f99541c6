/// A node of the search, copied out of its arena so that another thread can go on with it.
final class SubdivisionTask: @unchecked Sendable {  // immutable after init
  private let node: SubdivisionWalker.Node
  private let pattern: [UInt64]
  private let vanishing: [UInt64]
  private var arena = Arena()

  /// A copy of the node as the walker has it.
  init(_ node: SubdivisionWalker.Node, of walker: SubdivisionWalker) {
    var copy = node
    pattern = Array(UnsafeBufferPointer(start: walker.pattern, count: walker.patternWords))
    vanishing = Array(UnsafeBufferPointer(start: walker.vanishing, count: walker.patternWords))
    SubdivisionTask.copyContents(of: node, into: &copy, walker, &arena)
    self.node = copy
  }

  deinit { arena.deallocate() }

  /// The node in the arena of another walker, whose signs become those of the task.
  func load(into walker: inout SubdivisionWalker) -> SubdivisionWalker.Node {
    var copy = node
    walker.exactForms.forgetAll()
    walker.exactVertices.removeAll(keepingCapacity: true)
    for word in 0..<walker.patternWords {
      walker.pattern[word] = pattern[word]
      walker.vanishing[word] = vanishing[word]
    }
    var arena = walker.arena
    arena.reset(to: Arena().mark)
    SubdivisionTask.copyContents(of: node, into: &copy, walker, &arena)
    copy.mark = arena.mark
    copy.exactVertexCount = 0
    walker.arena = arena
    return copy
  }

  private static func copyContents(
    of node: SubdivisionWalker.Node, into copy: inout SubdivisionWalker.Node, _ walker: SubdivisionWalker,
    _ arena: inout Arena
  ) {
    copy.cell = node.cell.copy(dimension: walker.dimension, into: &arena)
    copy.cell.exact.update(repeating: -1, count: node.cell.count)
    copy.open = arena.allocate(Int32.self, max(1, node.openCount))
    copy.open.update(from: node.open, count: node.openCount)
    let layers = walker.compiled.layers
    copy.blocks = arena.allocate(UnsafeMutablePointer<Double>.self, max(1, layers.count))
    for (position, layer) in layers.enumerated() {
      // The blocks up to the layer at hand are complete, the later ones are sums.
      let isComplete = position < node.layer - (node.isLayerStart ? 1 : 0)
      let size = (isComplete ? walker.completeLaneCount : walker.compiled.laneCount) * layer.padded
      let block = arena.allocate(Double.self, size)
      block.update(from: node.blocks[position], count: size)
      copy.blocks[position] = block
    }
    copy.offNeuron = -1
  }
}
