import ExactArithmetic
import Networks
import Polyhedra

extension PolyhedralComplex {
  /// Whether a neuron is active on a region.
  public func isActive(_ neuron: Neuron, on region: Int) -> Bool {
    let number = number(of: neuron)
    return buffer.patterns[region * key.neuronWords + number >> 6] >> UInt64(number & 63) & 1 == 1
  }

  /// The activation pattern of a region: a word for every 64 hidden neurons, layer after layer, lowest bit first.
  public func pattern(of region: Int) -> ArraySlice<UInt64> {
    buffer.patterns[region * key.neuronWords..<(region + 1) * key.neuronWords]
  }

  /// The neurons that are zero on the whole of a region.
  public func vanishingNeurons(of region: Int) -> [Neuron] {
    bitNumbers(buffer.vanishing[region * key.neuronWords..<(region + 1) * key.neuronWords]).map(neuron)
  }

  /// The vertices of a region, by number.
  public func vertices(of region: Int) -> ArraySlice<Int32> { buffer.regionVertices[region] }

  /// The walls and boundary facets of a region, by number.
  public func walls(of region: Int) -> ArraySlice<Int32> { buffer.regionFacets[region] }

  /// The coordinates of a vertex, rounded; of a recession direction, with its largest entry between ½ and 1.
  public func coordinates(of vertex: Int) -> ArraySlice<Double> {
    let start = vertex * (dimension + 2)
    return buffer.coordinates[start..<start + dimension]
  }

  /// A bound of the error of each coordinate of a vertex.
  public func coordinateError(of vertex: Int) -> Double {
    buffer.coordinates[vertex * (dimension + 2) + dimension + 1]
  }

  /// Whether a vertex is a recession direction of unbounded regions.
  public func isDirection(_ vertex: Int) -> Bool {
    buffer.coordinates[vertex * (dimension + 2) + dimension] == 0
  }

  /// Whether a region is bounded.
  public func isBounded(_ region: Int) -> Bool { !vertices(of: region).contains { isDirection(Int($0)) } }

  /// A point inside a region: the mean of its vertices, moved along its recession directions; rounded.
  public func interiorPoint(of region: Int) -> [Double] {
    var mean = Array(repeating: 0.0, count: dimension)
    var direction = mean
    var count = 0
    for vertex in vertices(of: region) {
      let isDirection = isDirection(Int(vertex))
      for (c, x) in coordinates(of: Int(vertex)).enumerated() {
        if isDirection { direction[c] += x } else { mean[c] += x }
      }
      if !isDirection { count += 1 }
    }
    return zip(mean, direction).map { $0 / Double(max(1, count)) + $1 }
  }

  /// The regions on the two sides of a wall; the second is nil on the boundary of the domain.
  public func regions(of wall: Int) -> (Int, Int?) {
    let (first, second) = buffer.facetRegions[wall]
    return (Int(first), second < 0 ? nil : Int(second))
  }

  /// Whether a facet lies on the boundary of the domain.
  public func isBoundary(_ wall: Int) -> Bool { buffer.facetRegions[wall].1 < 0 }

  /// The neurons that are zero on a wall.
  public func neurons(of wall: Int) -> [Neuron] { zeroNeurons(of: wall).map(neuron) }

  /// The neurons that change their state across a wall: those that are active on one side only.
  public func switchingNeurons(of wall: Int) -> [Neuron] {
    guard case (let first, let second?) = regions(of: wall) else { return [] }
    return bitNumbers(zip(pattern(of: first), pattern(of: second)).map { $0 ^ $1 }).map(neuron)
  }

  /// The vertices of a wall, by number: those of its first region on which everything zero on the wall is zero.
  public func vertices(ofWall wall: Int) -> [Int32] {
    let region = Int(buffer.facetRegions[wall].0)
    return buffer.facets.withKey(wall) { wallKey in
      buffer.regionVertices[region].filter { vertex in
        buffer.vertices.withKey(Int(vertex)) { isFace($0, of: wallKey) }
      }
    }
  }

  /// The neurons that are zero at a vertex.
  public func neurons(ofVertex vertex: Int) -> [Neuron] {
    bitNumbers(buffer.vertices.words[vertex * key.width..<vertex * key.width + key.neuronWords]).map(neuron)
  }

  /// The sides of the domain a vertex lies on: 2c and 2c + 1 for the lower and upper end of coordinate c, then
  /// infinity, then the half-spaces.
  public func sides(ofVertex vertex: Int) -> [Int] {
    bitNumbers(buffer.vertices.words[vertex * key.width + key.sideStart..<(vertex + 1) * key.width])
  }

  /// Whether what is zero for one key is zero for the other.
  func isFace(_ small: UnsafePointer<UInt64>, of large: UnsafePointer<UInt64>) -> Bool {
    for word in 0..<key.neuronWords where large[word] & ~small[word] != 0 { return false }
    for word in key.sideStart..<key.width where large[word] & ~small[word] != 0 { return false }
    return true
  }

  func zeroNeurons(of wall: Int) -> [Int] {
    bitNumbers(buffer.facets.words[wall * key.width..<wall * key.width + key.neuronWords])
  }

  /// The neuron with a number among all hidden neurons.
  func neuron(_ number: Int) -> Neuron { neurons[number] }

  /// The number of a neuron among all hidden neurons.
  func number(of neuron: Neuron) -> Int { firstNeuron[neuron.layer - 1] + neuron.index }
}
