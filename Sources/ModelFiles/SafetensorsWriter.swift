import LinearAlgebra
import Networks

/// Writes safetensors with the names of a PyTorch `Sequential` of linear layers and ReLUs in turn.
enum SafetensorsWriter {
  /// The file of a multilayer perceptron.
  ///
  /// Its tensors are `0.weight`, `0.bias`, `2.weight`, `2.bias`, and so on.
  ///
  /// - Requires: every entry is a number of `precision`.
  static func bytes(
    of layers: [(weights: Matrix<Double>, bias: [Double])], precision: StoragePrecision
  ) -> [UInt8] {
    let type = SafetensorsHeader.precisions.first { $0.value == precision }?.key ?? "F64"
    var header = "{\"__metadata__\":{\"format\":\"pt\"}"
    var offset = 0
    func describe(_ name: String, _ shape: [Int], _ count: Int) {
      let end = offset + count * precision.byteCount
      let extents = shape.map(String.init).joined(separator: ",")
      header +=
        ",\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    for (position, layer) in layers.enumerated() {
      let weights = layer.weights
      describe("\(2 * position).weight", [weights.rows, weights.columns], weights.elements.count)
      describe("\(2 * position).bias", [layer.bias.count], layer.bias.count)
    }
    header += "}"
    // Padding keeps the numbers aligned, as the reference implementation does.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes.reserveCapacity(8 + header.utf8.count + offset)
    bytes += Array(header.utf8)
    for layer in layers {
      precision.encode(layer.weights.elements, to: &bytes)
      precision.encode(layer.bias, to: &bytes)
    }
    return bytes
  }
}
