import Networks

/// Whether the faces of a complex are cut out by as few neurons as their codimension asks for.
public enum FacePosition: Hashable, Sendable {
  /// On every face inside the domain exactly as many neurons are zero as its codimension.
  case simple
  /// On a face inside the domain more neurons are zero than its codimension.
  case excess(neurons: [Neuron], codimension: Int)
  /// Only vertices on the boundary of the domain are in special position; faces between were not looked at.
  case unknown
}

extension PolyhedralComplex {
  /// Whether on every face inside the domain exactly as many neurons are zero as its codimension.
  ///
  /// The forms of the neurons that are zero at a vertex have full rank there, so where a vertex has as many tight
  /// constraints as there are dimensions, so have all faces at it. Up to dimension three every face is a region, wall, ridge or
  /// vertex.
  ///
  /// - Parameter ridges: the ridges of the complex.
  /// - Exactness: exact.
  /// - Reference: [Mas25] Lemma 16: this holds for generic supertransversal networks.
  public func facePosition(_ ridges: Ridges) -> FacePosition {
    for region in 0..<regionCount {
      let vanishing = vanishingNeurons(of: region)
      if !vanishing.isEmpty { return .excess(neurons: vanishing, codimension: 0) }
    }
    for wall in 0..<wallCount where !isBoundary(wall) {
      let zero = neurons(of: wall)
      if zero.count != 1 { return .excess(neurons: zero, codimension: 1) }
    }
    for ridge in 0..<ridges.count where ridges.isInterior(ridge) {
      let zero = ridges.neurons(of: ridge)
      if zero.count != 2 { return .excess(neurons: zero, codimension: 2) }
    }
    var isSimple = true
    for vertex in 0..<vertexCount {
      let zero = zeroNumbers(ofVertex: vertex)
      if isInnerVertex(vertex) {
        if zero.count != dimension { return .excess(neurons: zero.map(neuron), codimension: dimension) }
      } else if zero.count + sides(ofVertex: vertex).count != dimension {
        isSimple = false
      }
    }
    return isSimple || dimension <= 3 ? .simple : .unknown
  }
}
