extension PolyhedralComplex {
  /// Whether on every region every hidden layer has an active neuron.
  ///
  /// - Exactness: exact.
  /// - Reference: [PL20] transparent networks.
  public var isTransparent: Bool {
    (0..<network.hiddenLayers.count).allSatisfy { opaqueRegions(ofLayer: $0 + 1).isEmpty }
  }

  /// The regions on which no neuron of a hidden layer is active, by number; layers count from 1.
  public func opaqueRegions(ofLayer layer: Int) -> [Int] {
    let first = network.layers.prefix(layer - 1).reduce(0) { $0 + $1.width }
    var mask = Array(repeating: UInt64(0), count: key.neuronWords)
    for number in first..<first + network.layers[layer - 1].width {
      mask[number >> 6] |= 1 << UInt64(number & 63)
    }
    return (0..<regionCount).filter { region in zip(pattern(of: region), mask).allSatisfy { $0 & $1 == 0 } }
  }
}
