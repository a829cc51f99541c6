/// Conv, in any number of spatial dimensions.
enum ONNXConvolutions {
  static let table: [String: ONNXOperator] = [
    "Conv": ONNXOperator(
      2...3, ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]
    ) { (node, lowering) throws(ONNXFailure) in [try convolution(node, &lowering)] }
  ]

  /// Shapes: x is N × C × spatial, the weights M × C/groups × kernel, the bias M; the result N × M × spatial.
  private static func convolution(
    _ node: ONNXNode, _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) -> AffineTensor {
    let x = try node.input(0)
    let weights = try node.constant(1)
    try node.requireOneType(x, weights)
    let groups = try node.int("group", default: 1)
    guard x.rank >= 3, weights.rank == x.rank, groups >= 1,
      x.shape[1] % groups == 0, x.shape[1] / groups == weights.shape[1], weights.shape[0] % groups == 0
    else {
      throw .malformed(
        node.place, expected: "input and weights that fit each other",
        found: "\(x.shape), \(weights.shape) in \(groups) groups")
    }
    let kernel = Array(weights.shape[2...])
    if let declared = try node.ints("kernel_shape"), declared != kernel {
      throw .malformed(node.place, expected: "a kernel of \(kernel)", found: "\(declared)")
    }
    let sizes = Array(x.shape[2...])
    let windows = try ONNXWindows(node, sizes: sizes, kernel: kernel, &lowering)
    let (channels, filters) = (weights.shape[1], weights.shape[0])
    let shape = [x.shape[0], filters] + windows.outputSizes
    let count = try lowering.declaredCount(shape, place: node.place)
    let area = sizes.reduce(1, *)
    let kernelArea = kernel.reduce(1, *)
    try lowering.spend(
      windows.taps.reduce(0) { $0 + $1.count } * channels * filters * x.shape[0], place: node.place)
    var starts = [0]
    starts.reserveCapacity(count + 1)
    var columns: [Int] = []
    var positions: [Int] = []
    for image in 0..<x.shape[0] {
      for filter in 0..<filters {
        let group = filter / (filters / groups)
        for window in windows.taps {
          for channel in 0..<channels {
            let plane = (image * x.shape[1] + group * channels + channel) * area
            let slab = (filter * channels + channel) * kernelArea
            for tap in window {
              columns.append(plane + tap.input)
              positions.append(slab + tap.kernel)
            }
          }
          starts.append(columns.count)
        }
      }
    }
    let map = LinearMap(
      starts: starts, columns: columns, weights: weights.constants.selecting(positions),
      errors: weights.errors.isEmpty ? [] : positions.map { weights.errors[$0] })
    try lowering.spend(applying: map, to: x, place: node.place)
    let result = x.applying(map, shape: shape)
    guard let bias = node.optional(2) else { return result }
    try node.requireOneType(x, bias)
    guard bias.shape == [filters] else {
      throw .malformed(node.place, expected: "\(filters) biases", found: "shape \(bias.shape)")
    }
    let column = bias.reshaped([filters] + Array(repeating: 1, count: sizes.count))
    return result + column.broadcast(to: shape)
  }
}
