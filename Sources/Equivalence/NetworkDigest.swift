import Crypto
import Networks

extension Network {
  /// The SHA-256 of the network's canonical weight bytes, as lower-case hexadecimal.
  ///
  /// The bytes are: `crease-network-1`; the number of inputs and of layers; for each layer its width and number of
  /// blocks; for each block its source and its entries row by row; then the biases; then, for entries that no double
  /// holds, their position and exact value as text. Integers are 64-bit and doubles IEEE binary64, both
  /// little-endian; −0 counts as 0. So the digest depends on the function's parameters, not on the file's format.
  ///
  /// - Reference: FIPS 180-4.
  public var digest: String {
    var hash = SHA256()
    hash.update(text: "crease-network-1")
    hash.update(integers: [inputCount, layers.count])
    for layer in layers {
      hash.update(integers: [layer.width, layer.blocks.count])
      for block in layer.blocks {
        hash.update(integers: [block.source])
        hash.update(block.weights)
      }
      hash.update(layer.bias)
    }
    if case .rounded(let rowErrors) = lowering {
      hash.update(text: "rounded")
      for row in rowErrors { hash.update(doubles: row) }
    }
    return hash.finalize().hexadecimal
  }
}

extension SHA256 {
  fileprivate mutating func update(text: String) { update(data: Array(text.utf8)) }

  fileprivate mutating func update(integers: [Int]) {
    integers.map { Int64($0).littleEndian }.withUnsafeBytes { update(bufferPointer: $0) }
  }

  fileprivate mutating func update(doubles: [Double]) {
    // Adding +0 turns −0 into +0 and leaves every other double alone.
    doubles.map { ($0 + 0).bitPattern.littleEndian }.withUnsafeBytes { update(bufferPointer: $0) }
  }

  fileprivate mutating func update(_ matrix: ExactMatrix) {
    update(integers: [matrix.rows, matrix.columns])
    update(doubles: matrix.nearest.elements)
    for (position, value) in matrix.corrections.sorted(by: { $0.key < $1.key }) {
      update(text: "\(position):\(value);")
    }
  }
}
