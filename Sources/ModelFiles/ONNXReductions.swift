import ExactArithmetic

/// Sums, means and maxima over windows or axes: AveragePool, MaxPool, their global forms, ReduceSum, ReduceMean,
/// ReduceMax, ReduceMin.
enum ONNXReductions {
  private static let windowed: Set<String> = [
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides",
  ]
  private static let reduced: Set<String> = ["axes", "keepdims", "noop_with_empty_axes"]

  static let table: [String: ONNXOperator] = [
    "AveragePool": ONNXOperator(1...1, windowed.union(["count_include_pad"])) {
      (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let (windows, shape) = try windows(node, x, &lowering)
      let countsPadding = try node.int("count_include_pad", default: 0) != 0
      let windowSizes = countsPadding ? windows.paddedCounts : windows.taps.map(\.count)
      let sizes = (0..<x.shape[0] * x.shape[1]).flatMap { _ in windowSizes }
      return [try mean(x, groups(windows, x), sizes: sizes, shape, node, &lowering)]
    },
    "GlobalAveragePool": ONNXOperator(1...1) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      guard x.rank >= 2 else { throw .malformed(node.place, expected: "channels", found: "shape \(x.shape)") }
      let (groups, shape) = groups(x, axes: Set(2..<x.rank), keepsAxes: true)
      return [try mean(x, groups, sizes: groups.map(\.count), shape, node, &lowering)]
    },
    "MaxPool": ONNXOperator(1...1, windowed.union(["storage_order"])) {
      (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      let (windows, shape) = try windows(node, x, &lowering)
      return [try maximum(x, groups(windows, x), shape, node, &lowering)]
    },
    "GlobalMaxPool": ONNXOperator(1...1) { (node, lowering) throws(ONNXFailure) in
      let x = try node.input(0)
      guard x.rank >= 2 else { throw .malformed(node.place, expected: "channels", found: "shape \(x.shape)") }
      let (groups, shape) = groups(x, axes: Set(2..<x.rank), keepsAxes: true)
      return [try maximum(x, groups, shape, node, &lowering)]
    },
    "ReduceSum": ONNXOperator(1...2, reduced) { (node, lowering) throws(ONNXFailure) in
      let (x, groups, shape) = try axes(node)
      return [try mean(x, groups, sizes: groups.map { _ in 1 }, shape, node, &lowering)]
    },
    "ReduceMean": ONNXOperator(1...2, reduced) { (node, lowering) throws(ONNXFailure) in
      let (x, groups, shape) = try axes(node)
      return [try mean(x, groups, sizes: groups.map(\.count), shape, node, &lowering)]
    },
    "ReduceMax": ONNXOperator(1...2, reduced) { (node, lowering) throws(ONNXFailure) in
      let (x, groups, shape) = try axes(node)
      return [try maximum(x, groups, shape, node, &lowering)]
    },
    "ReduceMin": ONNXOperator(1...2, reduced) { (node, lowering) throws(ONNXFailure) in
      let (x, groups, shape) = try axes(node)
      return [-(try maximum(-x, groups, shape, node, &lowering))]
    },
  ]

  /// Which elements make each element of the result.
  private typealias Groups = [[Int]]

  /// The windows of a pooling node, and the shape of its result.
  private static func windows(
    _ node: ONNXNode, _ x: AffineTensor, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> (ONNXWindows, [Int]) {
    guard x.rank >= 3 else {
      throw .malformed(node.place, expected: "spatial axes", found: "shape \(x.shape)")
    }
    let windows = try ONNXWindows(
      node, sizes: Array(x.shape[2...]), kernel: try node.ints("kernel_shape") ?? [], &lowering)
    let shape = Array(x.shape[..<2]) + windows.outputSizes
    _ = try lowering.declaredCount(shape, place: node.place)
    try lowering.spend(
      windows.taps.reduce(0) { $0 + $1.count } * x.shape[0] * x.shape[1], place: node.place)
    return (windows, shape)
  }

  private static func groups(_ windows: ONNXWindows, _ x: AffineTensor) -> Groups {
    let area = x.shape[2...].reduce(1, *)
    return (0..<x.shape[0] * x.shape[1]).flatMap { plane in
      windows.taps.map { taps in taps.map { plane * area + $0.input } }
    }
  }

  /// The groups of a reduction over axes, and the shape of its result.
  private static func axes(_ node: ONNXNode) throws(ONNXFailure) -> (AffineTensor, Groups, [Int]) {
    let x = try node.input(0)
    let given = try ONNXShapes.listed("axes", 1, node) ?? []
    let isIdle = try node.int("noop_with_empty_axes", default: 0) != 0
    let axes = given.isEmpty ? Array(0..<x.rank) : try node.axes(given, rank: x.rank)
    if isIdle && given.isEmpty { return (x, (0..<x.count).map { [$0] }, x.shape) }
    let (groups, shape) = groups(x, axes: Set(axes), keepsAxes: try node.int("keepdims", default: 1) != 0)
    return (x, groups, shape)
  }

  private static func groups(_ x: AffineTensor, axes: Set<Int>, keepsAxes: Bool) -> (Groups, [Int]) {
    let strides = AffineTensor.strides(of: x.shape)
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let gone = axes.sorted()
    let offsets = AffineTensor.positions(
      sizes: gone.map { x.shape[$0] }, strides: gone.map { strides[$0] })
    let starts = AffineTensor.positions(
      sizes: kept.map { x.shape[$0] }, strides: kept.map { strides[$0] })
    let shape =
      keepsAxes ? x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] } : kept.map { x.shape[$0] }
    return (starts.map { start in offsets.map { start + $0 } }, shape)
  }

  /// Each group's sum divided by its size: exact for powers of two, else 1/size is rounded with a bound.
  private static func mean(
    _ x: AffineTensor, _ groups: Groups, sizes: [Int], _ shape: [Int], _ node: ONNXNode,
    _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    var starts = [0]
    for group in groups { starts.append(starts[starts.count - 1] + group.count) }
    let map = LinearMap(
      starts: starts, columns: groups.flatMap(\.self),
      weights: .doubles(Array(repeating: 1, count: starts[starts.count - 1])))
    try lowering.spend(applying: map, to: x, place: node.place)
    let sum = x.applying(map, shape: shape)
    if sizes.allSatisfy({ $0 == 1 }) { return sum }
    if !x.type.isFloat { throw .notLinear(node.place, "a mean of whole numbers") }
    if sizes.contains(0) {
      throw .malformed(node.place, expected: "windows on the input", found: "one on padding only")
    }
    let divisors = AffineTensor(shape: shape, type: x.type, constants: .doubles(sizes.map { Double($0) }))
    return sum.scaled(by: try ONNXArithmetic.reciprocals(of: divisors, node.place))
  }

  /// Each group's maximum, by rounds of max(a, b) = b + max(a − b, 0) on pairs: a layer for each round.
  ///
  /// When paths are lifted, the sum instead: one path for each element of the group.
  private static func maximum(
    _ x: AffineTensor, _ groups: Groups, _ shape: [Int], _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    if groups.contains(where: \.isEmpty) {
      throw .malformed(node.place, expected: "windows on the input", found: "one on padding only")
    }
    if lowering.isLifting {
      lowering.noteMaximum(of: groups.map(\.count).max() ?? 1)
      return try mean(x, groups, sizes: groups.map { _ in 1 }, shape, node, &lowering)
    }
    var rest = groups
    // All values so far: the input's elements, then those of each round.
    var values = x.reshaped([x.count])
    while rest.contains(where: { $0.count > 1 }) {
      var first: [Int] = []
      var second: [Int] = []
      for i in rest.indices {
        var next: [Int] = []
        for pair in stride(from: 0, to: rest[i].count, by: 2) {
          if pair + 1 < rest[i].count {
            next.append(values.count + first.count)
            first.append(rest[i][pair])
            second.append(rest[i][pair + 1])
          } else {
            next.append(rest[i][pair])
          }
        }
        rest[i] = next
      }
      let a = values.selecting(first, shape: [first.count])
      let b = values.selecting(second, shape: [second.count])
      let larger = try lowering.rectified(a - b, place: node.place) + b
      values = .concatenating([values, larger], type: x.type)
    }
    return values.selecting(rest.compactMap(\.first), shape: shape)
  }
}
