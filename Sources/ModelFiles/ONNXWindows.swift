/// The sliding windows of a convolution or pooling over the spatial axes.
struct ONNXWindows {
  /// One element under a window: its place in the kernel and in the input, both flattened.
  struct Tap {
    let kernel: Int
    let input: Int
  }

  /// The spatial sizes of the output.
  let outputSizes: [Int]
  /// For each output position the elements under its window; padding is left out.
  let taps: [[Tap]]
  /// For each output position how many window elements lie in the input or its padding.
  let paddedCounts: [Int]

  /// The windows of a node over spatial axes of the given sizes.
  ///
  /// - Throws: for attributes that do not fit, and for more windows than may be made.
  init(
    _ node: ONNXNode, sizes: [Int], kernel: [Int], _ lowering: inout ONNXLowering
  ) throws(ONNXFailure) {
    func list(_ name: String, _ standard: Int, _ count: Int) throws(ONNXFailure) -> [Int] {
      let values = try node.ints(name) ?? Array(repeating: standard, count: count)
      guard values.count == count, values.allSatisfy({ $0 >= standard && $0 < 1 << 24 }) else {
        throw .malformed(
          node.place, expected: "\(count) numbers from \(standard) as \(name)", found: "\(values)")
      }
      return values
    }
    let rank = sizes.count
    let strides = try list("strides", 1, rank)
    let dilations = try list("dilations", 1, rank)
    let pads = try list("pads", 0, 2 * rank)
    let automatic = try node.string("auto_pad", default: "NOTSET")
    let roundsUp = try node.int("ceil_mode", default: 0) != 0
    guard kernel.count == rank, kernel.allSatisfy({ $0 >= 1 && $0 < 1 << 24 }) else {
      throw .malformed(node.place, expected: "a kernel of \(rank) sizes", found: "\(kernel)")
    }
    var outputSizes: [Int] = []
    var axes: [[(taps: [Tap], padded: Int)]] = []
    for axis in 0..<rank {
      let (size, step) = (sizes[axis], strides[axis])
      let extent = (kernel[axis] - 1) * dilations[axis] + 1
      var before = pads[axis]
      var after = pads[axis + rank]
      var count: Int
      switch automatic {
      case "NOTSET", "VALID":
        if automatic == "VALID" { (before, after) = (0, 0) }
        let room = size + before + after - extent
        guard room >= 0 else {
          throw .malformed(node.place, expected: "a kernel within the input", found: "\(extent) over \(size)")
        }
        count = (roundsUp ? room + step - 1 : room) / step + 1
        // A window that would start in the padding behind the input is not made.
        if roundsUp && (count - 1) * step >= size + before { count -= 1 }
      case "SAME_UPPER", "SAME_LOWER":
        count = (size + step - 1) / step
        let total = max(0, (count - 1) * step + extent - size)
        before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2
        after = total - before
      default:
        throw .malformed(node.place, expected: "a known auto_pad", found: quoted(automatic))
      }
      _ = try lowering.declaredCount([count, kernel[axis]], place: node.place)
      outputSizes.append(count)
      axes.append(
        (0..<count).map { position in
          let inputs = (0..<kernel[axis]).map { position * step - before + $0 * dilations[axis] }
          return (
            inputs.indices.filter { inputs[$0] >= 0 && inputs[$0] < size }.map {
              Tap(kernel: $0, input: inputs[$0])
            },
            inputs.count { $0 >= -before && $0 < size + after }
          )
        })
    }
    let count = try lowering.declaredCount(outputSizes, place: node.place)
    _ = try lowering.declaredCount([count] + kernel, place: node.place)
    var taps = [[Tap(kernel: 0, input: 0)]]
    var padded = [1]
    for axis in 0..<rank {
      var next: [[Tap]] = []
      for window in taps {
        for position in axes[axis] {
          next.append(
            window.flatMap { outer in
              position.taps.map {
                Tap(
                  kernel: outer.kernel * kernel[axis] + $0.kernel, input: outer.input * sizes[axis] + $0.input
                )
              }
            })
        }
      }
      taps = next
      padded = padded.flatMap { outer in axes[axis].map { outer * $0.padded } }
    }
    self.outputSizes = outputSizes
    self.taps = taps
    self.paddedCounts = padded
  }
}
