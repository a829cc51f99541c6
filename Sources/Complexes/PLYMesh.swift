import Networks

extension PolyhedralComplex {
  /// Writes a PLY mesh with numbers as text: in the plane the graph of an output over the bounded regions, in space the
  /// bounded walls.
  ///
  /// Faces are coloured: regions by their linear region, walls by the first neuron that changes its state across them.
  ///
  /// - Parameters:
  ///   - output: the output whose value is the height over the plane; in space nothing depends on it.
  ///   - linear: the linear regions, if they are known already.
  ///   - includesInvisible: whether, in space, walls the function does not show are written.
  /// - Exactness: which faces there are and their corners are exact, numbers are rounded.
  /// - Requires: a complex of dimension 2 or 3.
  /// - Returns: how many faces were written, and how many left out because they are unbounded.
  @discardableResult
  public func writePLY(
    to stream: inout some TextOutputStream, height output: Int = 0, linear: LinearRegions? = nil,
    includesInvisible: Bool = true
  ) -> MeshSummary {
    precondition(dimension == 2 || dimension == 3, "a mesh of dimension \(dimension)")
    precondition((0..<network.outputCount).contains(output), "output \(output) of \(network.outputCount)")
    let linear = linear ?? linearRegions()
    let mesh = MeshPoints(self)
    let polygons = dimension == 2 ? planePolygons(linear) : spacePolygons(linear, includesInvisible)
    let bounded = polygons.filter { polygon in !polygon.cycle.contains { isDirection(Int($0)) } }
    let longest = bounded.reduce(0) { max($0, $1.cycle.count) }
    stream.write(
      """
      ply
      format ascii 1.0
      element vertex \(mesh.vertices.count)
      property double x
      property double y
      property double z
      element face \(bounded.count)
      property list \(longest < 256 ? "uchar" : "int") int vertex_indices
      property uchar red
      property uchar green
      property uchar blue
      end_header

      """)
    let values = outputsAtVertices()
    for vertex in mesh.vertices {
      let height = dimension == 2 ? [values[vertex, output]] : []
      stream.write((coordinates(of: vertex) + height).map(\.description).joined(separator: " ") + "\n")
    }
    for polygon in bounded {
      let numbers = [polygon.cycle.count] + polygon.cycle.map { mesh.numbers[Int($0)] } + polygon.colour
      stream.write(numbers.map(\.description).joined(separator: " ") + "\n")
    }
    return MeshSummary(cellCount: bounded.count, unboundedCount: polygons.count - bounded.count)
  }

  private typealias Polygon = (cycle: [Int32], colour: [Int])

  private func planePolygons(_ linear: LinearRegions) -> [Polygon] {
    (0..<regionCount).map { (cycle(ofRegion: $0), meshColour(linear.ofActivationRegion[$0])) }
  }

  private func spacePolygons(_ linear: LinearRegions, _ includesInvisible: Bool) -> [Polygon] {
    (0..<wallCount).compactMap { wall in
      if isBoundary(wall) || !(linear.isVisible[wall] || includesInvisible) { return nil }
      return (cycle(ofWall: wall), meshColour(switchingNeurons(of: wall).first.map(number) ?? 0))
    }
  }
}

/// A colour for a number, as red, green and blue: light, and different for numbers close to each other.
private func meshColour(_ number: Int) -> [Int] {
  // Steps by the golden ratio spread over the circle of hues.
  let hue = (Double(number) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) * 6
  return [0.0, 4, 2].map { shift in
    let distance = ((hue + shift).truncatingRemainder(dividingBy: 6) - 3).magnitude
    return Int(95 + 150 * min(1, max(0, distance - 1)))
  }
}
