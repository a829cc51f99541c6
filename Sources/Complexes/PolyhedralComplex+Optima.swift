import Networks

/// A place where a neuron is zero without taking both signs nearby.
public struct ZeroOptimum: Hashable, Sendable {
  /// The neuron.
  public let neuron: Neuron
  /// The vertices of the face on which it is zero, by number.
  public let vertices: [Int]
  /// Whether the neuron is zero on a whole region.
  public let isFlat: Bool
}

extension PolyhedralComplex {
  /// For each neuron a place inside the domain where it is zero and nowhere nearby positive, or nowhere nearby negative,
  /// if there is one.
  ///
  /// A neuron that is zero on a region, or at most zero on all regions around a face on which it is zero, has a local
  /// optimum there of value exactly zero. It is enough to look, for each region, at the face of it where the neuron is zero.
  ///
  /// - Exactness: exact, faces of all dimensions included.
  /// - Reference: [PL20] general networks, first condition.
  public func zeroOptima() -> [ZeroOptimum] {
    let regionsOfVertex = regionLists()
    var found: [Int: ZeroOptimum] = [:]
    for region in 0..<regionCount {
      let vanishing = vanishingNeurons(of: region).map { number(of: $0) }
      for number in vanishing where found[number]?.isFlat != true {
        found[number] = ZeroOptimum(
          neuron: neuron(number), vertices: vertices(of: region).map { Int($0) }, isFlat: true)
      }
      var zeros: [Int: [Int]] = [:]
      for vertex in vertices(of: region) {
        for number in zeroNumbers(ofVertex: Int(vertex)) { zeros[number, default: []].append(Int(vertex)) }
      }
      for (number, face) in zeros where found[number] == nil && !vanishing.contains(number) {
        guard isInside(face), !changesSign(number, on: region, through: face, regionsOfVertex) else {
          continue
        }
        found[number] = ZeroOptimum(neuron: neuron(number), vertices: face, isFlat: false)
      }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Whether a neuron has the other sign on some region that contains a face of a region.
  private func changesSign(_ number: Int, on region: Int, through face: [Int], _ lists: [[Int32]]) -> Bool {
    let isActive = isActive(neuron(number), on: region)
    func isOpposite(_ other: Int) -> Bool {
      self.isActive(neuron(number), on: other) != isActive && !vanishes(number, on: other)
    }
    return lists[face[0]].contains { candidate in
      isOpposite(Int(candidate)) && face.dropFirst().allSatisfy { lists[$0].contains(candidate) }
    }
  }

  /// Whether the relative interior of a face with the given vertices lies inside the domain.
  func isInside(_ face: [Int]) -> Bool {
    guard face.contains(where: { !isDirection($0) }) else { return false }
    return (key.sideStart..<key.width).allSatisfy { word in
      face.reduce(~0) { $0 & buffer.vertices.words[$1 * key.width + word] } == 0
    }
  }

  func vanishes(_ number: Int, on region: Int) -> Bool {
    buffer.vanishing[region * key.neuronWords + number >> 6] >> UInt64(number & 63) & 1 == 1
  }

  func zeroNumbers(ofVertex vertex: Int) -> [Int] {
    bitNumbers(buffer.vertices.words[vertex * key.width..<vertex * key.width + key.neuronWords])
  }

  /// For each vertex the regions it belongs to.
  private func regionLists() -> [[Int32]] {
    var lists: [[Int32]] = Array(repeating: [], count: vertexCount)
    for region in 0..<regionCount {
      for vertex in vertices(of: region) { lists[Int(vertex)].append(Int32(region)) }
    }
    return lists
  }
}
