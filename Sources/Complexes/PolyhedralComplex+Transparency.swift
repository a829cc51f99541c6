import Networks

extension PolyhedralComplex {
  /// Whether on every region every hidden layer has an active neuron; ``opaqueFace(ofLayer:)`` asks it of all faces.
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

  /// A face inside the domain on which no neuron of a hidden layer is positive, by its vertices; nil if there is none.
  ///
  /// On a region this is a whole region or the face where its active neurons of the layer are all zero.
  ///
  /// - Exactness: exact, faces of all dimensions included.
  /// - Reference: [PL20] transparent networks.
  public func opaqueFace(ofLayer layer: Int) -> [Int]? {
    let neurons = (0..<network.layers[layer - 1].width).map { Neuron(layer: layer, index: $0) }
    for region in 0..<regionCount {
      let active = neurons.filter { isActive($0, on: region) }.map { number(of: $0) }
      let face = vertices(of: region).map { Int($0) }.filter { vertex in
        active.allSatisfy { sign(ofNeuron: $0, atVertex: vertex) == 0 }
      }
      if isInside(face) { return face }
    }
    return nil
  }
}
