/// Operators that pick, join and repeat elements: Concat, Slice, Split, Gather, Pad, Expand, Tile.
enum ONNXSelections {
  static let table: [String: ONNXOperator] = [
    "Concat": ONNXOperator(1...Int(Int32.max), ["axis"]) { (node, _) throws(ONNXFailure) in [try concat(node)]
    },
    "Slice": ONNXOperator(1...5, ["starts", "ends", "axes"]) { (node, _) throws(ONNXFailure) in
      [try slice(node)]
    },
    "Split": ONNXOperator(1...2, ["axis", "split", "num_outputs"]) { (node, _) throws(ONNXFailure) in
      try split(node)
    },
    "Gather": ONNXOperator(2...2, ["axis"]) { (node, lowering) throws(ONNXFailure) in
      [try gather(node, &lowering)]
    },
    "Pad": ONNXOperator(1...4, ["mode", "pads", "value"]) { (node, lowering) throws(ONNXFailure) in
      [try pad(node, &lowering)]
    },
    "Expand": ONNXOperator(2...2) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let wanted = try node.integers(1)
      _ = try lowering.declaredCount(wanted, place: node.place)
      guard let shape = AffineTensor.broadcastShape(x.shape, wanted) else {
        throw .malformed(
          node.place, expected: "shapes that fit each other", found: "\(x.shape) and \(wanted)")
      }
      _ = try lowering.declaredCount(shape, place: node.place)
      return [x.broadcast(to: shape)]
    },
    "Tile": ONNXOperator(2...2) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let counts = try node.integers(1)
      guard counts.count == x.rank else {
        throw .malformed(node.place, expected: "\(x.rank) repeats", found: "\(counts.count)")
      }
      var shape: [Int] = []
      for (size, count) in zip(x.shape, counts) {
        let (product, overflow) = size.multipliedReportingOverflow(by: count)
        shape.append(overflow ? .max : product)
      }
      _ = try lowering.declaredCount(shape, place: node.place)
      return [x.picking(shape.indices.map { axis in (0..<shape[axis]).map { $0 % x.shape[axis] } })]
    },
  ]

  private static func concat(_ node: ONNXNode) throws(ONNXFailure) -> AffineTensor {
    let first = try node.input(0)
    let axis = try node.axis(try node.int("axis", default: node.opset < 4 ? 1 : nil), rank: first.rank)
    var parts: [AffineTensor] = []
    var size = 0
    for position in node.inputs.indices {
      let part = try node.input(position)
      try node.requireOneType(first, part)
      guard part.rank == first.rank,
        part.shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == first.shape[$0] })
      else {
        throw .malformed(
          node.place, expected: "shapes that agree beside axis \(axis)",
          found: "\(first.shape) and \(part.shape)")
      }
      let (sum, overflow) = size.addingReportingOverflow(part.shape[axis])
      if overflow { throw .tooLarge(node.place, bytes: .max, limit: 1 << 30) }
      size = sum
      parts.append(part)
    }
    let joined = AffineTensor.concatenating(parts, type: first.type)
    var shape = first.shape
    shape[axis] = size
    let outer = first.shape[..<axis].reduce(1, *)
    if outer == 1 { return joined.reshaped(shape) }
    // Element order: for each outer index the parts in turn.
    let inner = first.shape[(axis + 1)...].reduce(1, *)
    var positions: [Int] = []
    positions.reserveCapacity(joined.count)
    for block in 0..<outer {
      var base = 0
      for part in parts {
        let length = part.shape[axis] * inner
        positions += base + block * length..<base + (block + 1) * length
        base += part.count
      }
    }
    return joined.selecting(positions, shape: shape)
  }

  private static func slice(_ node: ONNXNode) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    let isOld = node.opset < 10
    let starts = isOld ? try node.ints("starts") ?? [] : try node.integers(1)
    let ends = isOld ? try node.ints("ends") ?? [] : try node.integers(2)
    let given = isOld ? try node.ints("axes") : node.optional(3) == nil ? nil : try node.integers(3)
    let steps =
      isOld || node.optional(4) == nil ? Array(repeating: 1, count: starts.count) : try node.integers(4)
    let axes = try node.axes(given ?? Array(starts.indices), rank: x.rank)
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count else {
      throw .malformed(
        node.place, expected: "a start, end and step for each axis", found: "different numbers")
    }
    var picks = x.shape.map { Array(0..<$0) }
    for (position, axis) in axes.enumerated() {
      let size = x.shape[axis]
      let step = steps[position]
      func clamped(_ bound: Int, _ range: ClosedRange<Int>) -> Int {
        min(max(bound < 0 ? bound + size : bound, range.lowerBound), range.upperBound)
      }
      if step == 0 || step == .min {
        throw .malformed(node.place, expected: "a step other than 0", found: "\(step)")
      }
      if size == 0 {
        picks[axis] = []
      } else if step > 0 {
        let end = clamped(ends[position], 0...size)
        picks[axis] = Array(
          stride(from: clamped(starts[position], 0...size), to: end, by: min(step, size + 1)))
      } else {
        let start = clamped(starts[position], 0...(size - 1))
        let end = clamped(ends[position], -1...(size - 1))
        picks[axis] = Array(stride(from: start, to: end, by: max(step, -size - 1)))
      }
    }
    return x.picking(picks)
  }

  private static func split(_ node: ONNXNode) throws(ONNXFailure) -> [AffineTensor] {
    let x = try node.input(0)
    let axis = try node.axis(try node.int("axis", default: 0), rank: x.rank)
    let parts = max(node.outputCount, 1)
    var sizes = try ONNXShapes.listed("split", 1, node) ?? []
    if sizes.isEmpty {
      // Equal parts; since opset 18 the last may be smaller.
      let each = x.shape[axis] / parts + (x.shape[axis] % parts == 0 ? 0 : 1)
      if node.opset < 18 && x.shape[axis] % parts != 0 {
        throw .malformed(node.place, expected: "\(parts) equal parts", found: "a size of \(x.shape[axis])")
      }
      sizes = (0..<parts).map { min(each, max(0, x.shape[axis] - $0 * each)) }
    }
    var total = 0
    for size in sizes {
      guard size >= 0, size <= x.shape[axis] - total else {
        throw .malformed(node.place, expected: "parts of \(x.shape[axis]) in all", found: "\(sizes)")
      }
      total += size
    }
    guard total == x.shape[axis], sizes.count == parts else {
      throw .malformed(node.place, expected: "\(parts) parts of \(x.shape[axis]) in all", found: "\(sizes)")
    }
    var start = 0
    return sizes.map { size in
      var picks = x.shape.map { Array(0..<$0) }
      picks[axis] = Array(start..<start + size)
      start += size
      return x.picking(picks)
    }
  }

  private static func gather(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    let indices = try node.constant(1)
    let axis = try node.axis(try node.int("axis", default: 0), rank: x.rank)
    var picks = x.shape.map { Array(0..<$0) }
    picks[axis] = []
    for index in try node.integers(1) { picks[axis].append(try node.axis(index, rank: x.shape[axis])) }
    _ = try lowering.declaredCount(picks.map(\.count), place: node.place)
    return x.picking(picks).reshaped(Array(x.shape[..<axis]) + indices.shape + Array(x.shape[(axis + 1)...]))
  }

  private static func pad(_ node: ONNXNode, _ lowering: inout ONNXLowering) throws(ONNXFailure)
    -> AffineTensor
  {
    let x = try node.input(0)
    let mode = try node.string("mode", default: "constant")
    let isOld = node.opset < 11
    let attribute = try node.ints("pads")
    let pads = isOld ? attribute ?? [] : try node.integers(1)
    let axes =
      node.optional(3) == nil ? Array(0..<x.rank) : try node.axes(try node.integers(3), rank: x.rank)
    guard pads.count == 2 * axes.count, pads.allSatisfy({ abs($0.clamped) < 1 << 30 }) else {
      throw .malformed(node.place, expected: "\(2 * axes.count) paddings", found: "\(pads.prefix(16))")
    }
    var picks = x.shape.map { Array(0..<$0) }
    var shape = x.shape
    for (position, axis) in axes.enumerated() {
      shape[axis] += pads[position] + pads[position + axes.count]
    }
    _ = try lowering.declaredCount(shape, place: node.place)
    for (position, axis) in axes.enumerated() {
      let size = x.shape[axis]
      picks[axis] = try (0..<shape[axis]).map { (target) throws(ONNXFailure) in
        let source = target - pads[position]
        if source >= 0 && source < size { return source }
        switch mode {
        case "constant": return -1
        case "edge" where size > 0: return min(max(source, 0), size - 1)
        case "reflect" where source > -size && source < 2 * size - 1:
          return source < 0 ? -source : 2 * (size - 1) - source
        default:
          throw .unsupported(
            node.place, "padding \(quoted(mode)) is not read here", advice: "use constant padding")
        }
      }
    }
    let result = x.picking(picks)
    let filler: AffineTensor
    if isOld {
      filler = AffineTensor(
        shape: [], type: x.type, constants: .doubles([try node.float("value", default: 0)]))
    } else {
      guard node.optional(2) != nil else { return result }
      filler = try node.constant(2)
    }
    guard filler.count == 1 else {
      throw .malformed(node.place, expected: "one padding value", found: "\(filler.count)")
    }
    if filler.constants.areZero { return result }
    // The value goes where nothing was picked.
    let outside = AffineTensor.positions(of: x.shape, picking: picks).map { $0 < 0 ? 0 : -1 }
    return result + filler.selecting(outside, shape: result.shape)
  }
}

extension Int {
  /// The number kept within ±2^62, so that its absolute value exists.
  fileprivate var clamped: Int { Swift.min(Swift.max(self, -1 << 62), 1 << 62) }
}

extension AffineTensor {
  /// The elements whose index along each axis is in the list of that axis; −1 picks 0.
  func picking(_ picks: [[Int]]) -> AffineTensor {
    selecting(Self.positions(of: shape, picking: picks), shape: picks.map(\.count))
  }

  /// The positions of the picked elements in a tensor of `shape`, −1 for each picked 0.
  static func positions(of shape: [Int], picking picks: [[Int]]) -> [Int] {
    var result = [0]
    for (pick, stride) in zip(picks, strides(of: shape)) {
      var next: [Int] = []
      next.reserveCapacity(result.count * pick.count)
      for base in result {
        for index in pick { next.append(base < 0 || index < 0 ? -1 : base + index * stride) }
      }
      result = next
    }
    return result
  }
}
