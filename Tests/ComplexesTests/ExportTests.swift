import ExactArithmetic
import Foundation
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@testable import Complexes

@Suite("Exports of a complex")
struct ExportTests {
  /// Complexes of dimension 2 and 3, bounded and not, in degenerate position and not.
  static func forEachExample(_ body: (_ name: String, _ complex: PolyhedralComplex) throws -> Void) throws {
    for dimension in 2...3 {
      try forEachSeed(0..<4) { seed, rng in
        let network = Network.random(
          widths: [dimension, 5, 4, 2], denominator: seed % 2 == 0 ? 1 : 64, using: &rng)
        let domain =
          seed < 2 ? TopologyExamples.box(dimension, 2) : SubdivisionDomain(space: dimension)
        try body(
          "dimension \(dimension), seed \(seed)", PolyhedralComplex(network, on: domain, threads: 1))
      }
    }
  }

  @Test("a document survives encoding, and its columns fit together")
  func document() throws {
    try ExportTests.forEachExample { name, complex in
      let document = ComplexDocument(complex)
      let data = try JSONEncoder().encode(document)
      #expect(try JSONDecoder().decode(ComplexDocument.self, from: data) == document, "\(name)")
      let columns = [
        document.regions.patterns.count, document.regions.linearRegions.count,
        document.regions.isBounded.count,
        document.regions.vertices.count, document.regions.walls.count, document.regions.maps.count,
      ]
      #expect(columns.allSatisfy { $0 == complex.regionCount }, "\(name)")
      #expect(document.walls.regions.count == complex.wallCount, "\(name)")
      #expect(document.vertices.coordinates.count == complex.vertexCount, "\(name)")
      #expect(document.linearRegionCount == (document.regions.linearRegions.max() ?? -1) + 1, "\(name)")
      for (wall, regions) in document.walls.regions.enumerated() {
        for region in regions {
          #expect(document.regions.walls[region].contains(Int32(wall)), "\(name)")
          #expect(
            Set(document.walls.vertices[wall]).isSubset(of: document.regions.vertices[region]), "\(name)")
        }
        #expect(document.walls.weights[wall].isEmpty == (regions.count == 1), "\(name)")
      }
    }
  }

  @Test("the document of |x|")
  func smallDocument() throws {
    let network = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
    let complex = try PolyhedralComplex(network, on: SubdivisionDomain(space: 1), threads: 1)
    let document = ComplexDocument(complex, exactNumbers: true)
    #expect(document.schema == 1)
    #expect(document.widths == [1, 2, 1])
    #expect(Set(document.regions.patterns) == [["10"], ["01"]])
    #expect(document.regions.isBounded == [false, false])
    #expect(Set(document.regions.exactMaps ?? []) == [[["1", "0"]], [["-1", "0"]]])
    #expect(document.walls.neurons == [[[1, 0], [1, 1]]])
    #expect(document.walls.weights.flatMap { $0.flatMap(\.self) }.map(\.magnitude) == [2])
    #expect(document.walls.isVisible == [true])
    #expect(Set(document.vertices.exactCoordinates ?? []) == [["0"], ["1"], ["-1"]])
    #expect(document.vertices.isAtInfinity.count { $0 } == 2)
  }

  @Test(
    "exact coordinates are within the errors of the rounded ones, and solve the equations of their neurons")
  func exactCoordinates() throws {
    try ExportTests.forEachExample { name, complex in
      let exact = complex.exactCoordinates()
      for vertex in 0..<complex.vertexCount {
        let rounded = Array(complex.coordinates(of: vertex))
        if complex.isDirection(vertex) {
          let largest = rounded.reduce(0) { max($0, $1.magnitude) }
          for (x, y) in zip(exact[vertex], rounded) {
            #expect((x.nearestDouble - y / largest).magnitude < 1e-9, "\(name)")
          }
          continue
        }
        for (x, y) in zip(exact[vertex], rounded) {
          #expect((x.nearestDouble - y).magnitude <= complex.coordinateError(of: vertex) + 1e-15, "\(name)")
        }
        let zeros = complex.neurons(ofVertex: vertex).filter { $0.layer == 1 }
        for neuron in zeros {
          let layer = complex.network.layers[0]
          let value = exact[vertex].enumerated().reduce(Rational(layer.bias[neuron.index, 0])) {
            $0 + Rational(layer.blocks[0].weights[neuron.index, $1.offset]) * $1.element
          }
          #expect(value.isZero, "\(name)")
        }
      }
    }
  }

  @Test("the table of regions has a line for each and gives back the doubles")
  func table() throws {
    try ExportTests.forEachExample { name, complex in
      var text = ""
      complex.writeRegionTable(to: &text) { complex.isBounded($0) ? Double($0) / 2 : nil }
      let lines = text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(lines.count == complex.regionCount + 1, "\(name)")
      #expect(lines.allSatisfy { $0.count == lines[0].count }, "\(name)")
      let d = complex.dimension
      #expect(lines[0].count == 6 + d + 2 * (d + 1) + 1)
      for (region, line) in lines.dropFirst().enumerated() {
        #expect(line[0] == "\(region)")
        #expect(line[2].split(separator: "|").map(String.init) == complex.patternText(of: region), "\(name)")
        #expect(line[6..<6 + d].map { Double($0) } == complex.interiorPoint(of: region), "\(name)")
        #expect(line[line.count - 1].isEmpty == !complex.isBounded(region), "\(name)")
        let map = line[(6 + d)..<(6 + 2 * d + 1)].map { Double($0) }
        #expect(map == Array(complex.map(ofOutput: 0, on: region)), "\(name)")
      }
    }
  }

  @Test("patterns agree with the activity of neurons")
  func patterns() throws {
    try ExportTests.forEachExample { name, complex in
      for region in 0..<complex.regionCount {
        for (position, layer) in complex.patternText(of: region).enumerated() {
          for (index, letter) in layer.enumerated() {
            let isActive = complex.isActive(Neuron(layer: position + 1, index: index), on: region)
            #expect((letter == "1") == isActive, "\(name)")
          }
        }
      }
    }
  }
}
