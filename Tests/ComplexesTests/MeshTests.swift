import Networks
import Testing
import _TestSupport

@testable import Complexes

@Suite("Meshes")
struct MeshTests {
  @Test("VTK: tags close, arrays have their lengths, offsets end where their lists end")
  func vtk() throws {
    try ExportTests.forEachExample { name, complex in
      var text = ""
      let summary = complex.writeVTK(to: &text)
      let unbounded = (0..<complex.regionCount).count { !complex.isBounded($0) }
      #expect(summary == MeshSummary(cellCount: complex.regionCount - unbounded, unboundedCount: unbounded))
      #expect(isWellFormed(text), "\(name)")
      let arrays = arrays(of: text)
      let cells = summary.cellCount
      let points = (arrays["Points"] ?? []).count / 3
      #expect(points == (0..<complex.vertexCount).count { !complex.isDirection($0) }, "\(name)")
      #expect(text.contains("NumberOfPoints=\"\(points)\" NumberOfCells=\"\(cells)\""), "\(name)")
      let connectivity = arrays["connectivity"] ?? []
      #expect(connectivity.allSatisfy { (0..<Double(points)).contains($0) }, "\(name)")
      #expect((arrays["offsets"] ?? []).count == cells, "\(name)")
      #expect(arrays["offsets"]?.last ?? 0 == Double(connectivity.count), "\(name)")
      #expect(arrays["types"] == Array(repeating: complex.dimension == 2 ? 7 : 42, count: cells), "\(name)")
      #expect(
        Set(arrays["region"] ?? [])
          == Set((0..<complex.regionCount).filter(complex.isBounded).map(Double.init)),
        "\(name)")
      #expect(arrays["active"]?.count == 2 * cells)
      #expect(arrays["gradient_1"]?.count == 3 * cells)
      if complex.dimension == 3 {
        let faces = arrays["faces"] ?? []
        #expect(arrays["faceoffsets"]?.last ?? 0 == Double(faces.count), "\(name)")
        var place = 0
        for offset in arrays["faceoffsets"] ?? [] {
          let count = Int(faces[place])
          place += 1
          for _ in 0..<count { place += 1 + Int(faces[place]) }
          #expect(Double(place) == offset, "\(name)")
        }
      }
    }
  }

  @Test("PLY: as many lines as the header says, corners that exist, heights of the function")
  func ply() throws {
    try ExportTests.forEachExample { name, complex in
      var text = ""
      let summary = complex.writePLY(to: &text, height: 1)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines.last == "")
      let end = try #require(lines.firstIndex(of: "end_header"))
      func count(_ element: String) -> Int {
        lines.first { $0.hasPrefix("element \(element) ") }.flatMap { Int($0.split(separator: " ")[2]) } ?? -1
      }
      let (points, faces) = (count("vertex"), count("face"))
      #expect(faces == summary.cellCount, "\(name)")
      #expect(lines.count == end + 1 + points + faces + 1, "\(name)")
      for line in lines[(end + 1 + points)..<(end + 1 + points + faces)] {
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        #expect(numbers.count == 1 + numbers[0] + 3, "\(name)")
        #expect(
          numbers[0] >= 3 && numbers.dropFirst().prefix(numbers[0]).allSatisfy { $0 < points }, "\(name)")
        #expect(numbers.suffix(3).allSatisfy { (0...255).contains($0) })
      }
      guard complex.dimension == 2 else { return }
      for line in lines[(end + 1)..<(end + 1 + points)] {
        let point = line.split(separator: " ").compactMap { Double($0) }
        let value = complex.network.outputs(at: Array(point.prefix(2)))[1]
        #expect((value - point[2]).magnitude < 1e-9 * (1 + value.magnitude), "\(name)")
      }
    }
  }

  @Test("the diamond |x| + |y| has four triangles, and in space eight corners of a box")
  func smallMeshes() throws {
    var text = ""
    let plane = try PolyhedralComplex(
      TopologyExamples.cross(2), on: TopologyExamples.box(2, 1), threads: 1)
    #expect(plane.writePLY(to: &text) == MeshSummary(cellCount: 4, unboundedCount: 0))
    #expect(text.contains("\n1.0 1.0 2.0\n"))
    let space = try PolyhedralComplex(TopologyExamples.cross(3), on: SubdivisionDomain(space: 3), threads: 1)
    text = ""
    #expect(space.writeVTK(to: &text) == MeshSummary(cellCount: 0, unboundedCount: 8))
    #expect(isWellFormed(text))
  }

  /// Whether every tag of a text is closed in the right order.
  private func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for piece in text.split(separator: "<").dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { return false }
      let tag = piece[..<end]
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.split(separator: " ")[0])
      }
    }
    return open.isEmpty
  }

  /// The numbers of each array of a VTK file; "cell outputs" is told from "outputs" by coming later.
  private func arrays(of text: String) -> [String: [Double]] {
    var arrays: [String: [Double]] = [:]
    for piece in text.split(separator: "<DataArray ").dropFirst() {
      let name = piece.split(separator: "Name=\"")[1].split(separator: "\"")[0]
      let body = piece.split(separator: ">")[1].split(separator: "<")[0]
      arrays[String(name)] = body.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
    }
    return arrays
  }
}
