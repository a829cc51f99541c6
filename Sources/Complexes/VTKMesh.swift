import Networks

extension PolyhedralComplex {
  /// Writes the bounded regions as a VTK unstructured grid (`.vtu`, XML with numbers as text): polygons in the plane,
  /// polyhedra with their walls in space.
  ///
  /// Points carry the outputs as `outputs`. Cells carry `region`, `linear_region`, `active` (for each hidden layer the
  /// number of active neurons), `pattern_hash` (31 bits, equal for equal patterns), `outputs` at the interior point,
  /// and `gradient_<k>` of each output. In space cells are in the order of the number of their vertices.
  ///
  /// - Exactness: which cells there are and their corners are exact, numbers are rounded.
  /// - Requires: a complex of dimension 2 or 3.
  /// - Returns: how many regions were written, and how many left out because they are unbounded.
  @discardableResult
  public func writeVTK(
    to stream: inout some TextOutputStream, linear: LinearRegions? = nil
  ) -> MeshSummary {
    precondition(dimension == 2 || dimension == 3, "a mesh of dimension \(dimension)")
    let linear = linear ?? linearRegions()
    let mesh = MeshPoints(self)
    let cells = cellsInOrder()
    stream.write(
      """
      <?xml version="1.0"?>
      <VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
      <UnstructuredGrid>
      <Piece NumberOfPoints="\(mesh.vertices.count)" NumberOfCells="\(cells.count)">

      """)
    stream.write("<Points>\n")
    VTKArray("Points", type: "Float64", components: 3).write(to: &stream, count: mesh.vertices.count) {
      spacePoint(mesh.vertices[$0]).map(\.description)
    }
    stream.write("</Points>\n<Cells>\n")
    writeVTKCells(cells, mesh, to: &stream)
    stream.write("</Cells>\n<PointData>\n")
    let values = outputsAtVertices()
    VTKArray("outputs", type: "Float64", components: values.columns)
      .write(to: &stream, count: mesh.vertices.count) {
        values.row(mesh.vertices[$0]).map(\.description)
      }
    stream.write("</PointData>\n<CellData>\n")
    writeVTKCellData(cells, linear, to: &stream)
    stream.write("</CellData>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n")
    return MeshSummary(cellCount: cells.count, unboundedCount: regionCount - cells.count)
  }

  /// The bounded regions; in space by the number of their vertices, as some readers group polyhedra by it.
  private func cellsInOrder() -> [Int] {
    let bounded = (0..<regionCount).filter(isBounded)
    guard dimension == 3 else { return bounded }
    let groups = Dictionary(grouping: bounded) { vertices(of: $0).count }
    return groups.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  /// The coordinates of a vertex, with a third one of 0 in the plane.
  private func spacePoint(_ vertex: Int) -> [Double] {
    Array(coordinates(of: vertex)) + Array(repeating: 0, count: 3 - dimension)
  }

  private func writeVTKCells(_ cells: [Int], _ mesh: MeshPoints, to stream: inout some TextOutputStream) {
    let corners = cells.map { dimension == 2 ? cycle(ofRegion: $0) : Array(vertices(of: $0)) }
    func text(_ vertices: [Int32]) -> [String] { vertices.map { "\(mesh.numbers[Int($0)])" } }
    VTKArray("connectivity", type: "Int64").write(to: &stream, count: cells.count) { text(corners[$0]) }
    var end = 0
    VTKArray("offsets", type: "Int64").write(to: &stream, count: cells.count) {
      end += corners[$0].count
      return ["\(end)"]
    }
    // 7 is a polygon, 42 a polyhedron.
    let type = dimension == 2 ? "7" : "42"
    VTKArray("types", type: "UInt8").write(to: &stream, count: cells.count) { _ in [type] }
    guard dimension == 3 else { return }
    let cycles = (0..<wallCount).map(cycle(ofWall:))
    var sizes: [Int] = []
    VTKArray("faces", type: "Int64").write(to: &stream, count: cells.count) { position in
      let surface = oriented(walls(of: cells[position]).map { cycles[Int($0)] })
      var numbers = ["\(surface.count)"]
      for cycle in surface { numbers += ["\(cycle.count)"] + text(cycle) }
      sizes.append(numbers.count)
      return numbers
    }
    end = 0
    VTKArray("faceoffsets", type: "Int64").write(to: &stream, count: cells.count) {
      end += sizes[$0]
      return ["\(end)"]
    }
  }

  private func writeVTKCellData(
    _ cells: [Int], _ linear: LinearRegions, to stream: inout some TextOutputStream
  ) {
    VTKArray("region", type: "Int64").write(to: &stream, count: cells.count) { ["\(cells[$0])"] }
    VTKArray("linear_region", type: "Int64").write(to: &stream, count: cells.count) {
      ["\(linear.ofActivationRegion[cells[$0]])"]
    }
    if !network.hiddenLayers.isEmpty {
      VTKArray("active", type: "Int64", components: network.hiddenLayers.count)
        .write(to: &stream, count: cells.count) { activeCounts(of: cells[$0]).map(\.description) }
    }
    VTKArray("pattern_hash", type: "Int64").write(to: &stream, count: cells.count) {
      let hash = pattern(of: cells[$0]).reduce(0x9E37_79B9_7F4A_7C15 as UInt64) {
        ($0 ^ $1 ^ $0 >> 29) &* 0xD6E8_FEB8_6659_FD93
      }
      return ["\(hash >> 33)"]
    }
    let outputs = 0..<network.outputCount
    VTKArray("outputs", type: "Float64", components: outputs.count).write(to: &stream, count: cells.count) {
      let point = interiorPoint(of: cells[$0]) + [1]
      let region = cells[$0]
      return outputs.map { output in
        "\(zip(map(ofOutput: output, on: region), point).reduce(0) { $0 + $1.0 * $1.1 })"
      }
    }
    for output in outputs {
      VTKArray("gradient_\(output)", type: "Float64", components: 3).write(to: &stream, count: cells.count) {
        let gradient = Array(map(ofOutput: output, on: cells[$0]).dropLast())
        return (gradient + Array(repeating: 0, count: 3 - dimension)).map(\.description)
      }
    }
  }
}

/// One array of numbers of a VTK file, written as text.
private struct VTKArray {
  let name: String
  let type: String
  let components: Int

  init(_ name: String, type: String, components: Int = 1) {
    self.name = name
    self.type = type
    self.components = components
  }

  /// Writes the numbers of each of `count` entries on a line.
  func write(to stream: inout some TextOutputStream, count: Int, _ entry: (Int) -> [String]) {
    // Readers take an array that names its one component for a matrix of one column.
    let shape = components == 1 ? "" : " NumberOfComponents=\"\(components)\""
    stream.write("<DataArray type=\"\(type)\" Name=\"\(name)\"\(shape) format=\"ascii\">\n")
    for k in 0..<count { stream.write(entry(k).joined(separator: " ") + "\n") }
    stream.write("</DataArray>\n")
  }
}
