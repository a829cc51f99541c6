import LinearAlgebra
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Files of samples")
struct SamplesFileTests {
  private func samples(_ arrays: [NPZArray]) throws -> SamplesFile {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("crease-\(UUID().uuidString).npz")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(try NPZWriter.bytes(of: arrays, precision: .float64)).write(to: url)
    return try SamplesFile(contentsOf: url)
  }

  @Test("Whole numbers in one axis are classes, others are values; images become rows")
  func targets() throws {
    let images = NPZArray(name: "x", shape: [3, 2, 2], values: (0..<12).map { Double($0) / 4 })
    let file = try samples([NPZArray(name: "y", shape: [3], values: [0, 2, 1]), images])
    #expect(file.inputs.rows == 3 && file.inputs.columns == 4 && file.inputs[2, 3] == 2.75)
    #expect(file.targets == .labels([0, 2, 1]))
    let real = try samples([images, NPZArray(name: "targets", shape: [3], values: [0, 0.5, 1])])
    #expect(real.targets == .values(Matrix(rows: 3, columns: 1, elements: [0, 0.5, 1])))
    let rows = try samples([images, NPZArray(name: "y", shape: [3, 1], values: [0, 1, 2])])
    #expect(rows.targets == .values(Matrix(rows: 3, columns: 1, elements: [0, 1, 2])))
  }

  @Test("What is missing is named, with what was found")
  func refused() {
    let x = NPZArray(name: "x", shape: [2, 1], values: [1, 2])
    func reason(_ arrays: [NPZArray]) -> String {
      do {
        _ = try samples(arrays)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(reason([x]).contains("expected one of numbers named y"))
    #expect(reason([x]).contains("\"x\" (2, 1)"))
    #expect(reason([x, NPZArray(name: "y", shape: [3], values: [0, 1, 2])]).contains("2 rows"))
    #expect(reason([x, NPZArray(name: "y", shape: [2], values: [0, .infinity])]).contains("finite numbers"))
    #expect(
      reason(
        [NPZArray(name: "x", shape: [2], values: [1, 2]), x].filter { $0.shape.count == 1 } + [
          NPZArray(name: "y", shape: [2], values: [0, 1])
        ]
      ).contains("a row for each sample"))
  }

  @Test("Integers of every size and byte order are numbers")
  func integers() throws {
    func numbers(_ type: String, _ count: Int, _ bytes: [UInt8]) throws -> [Double] {
      var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }\n".utf8)
      while (10 + header.count) % 16 != 0 { header.insert(32, at: header.count - 1) }
      let file = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + bytes
      return try NPYArray(file, place: "array").numbers(named: "a").values
    }
    #expect(try numbers("|u1", 3, [0, 7, 255]) == [0, 7, 255])
    #expect(try numbers("|i1", 2, [0xFF, 3]) == [-1, 3])
    #expect(try numbers("|b1", 2, [0, 1]) == [0, 1])
    #expect(try numbers("<i2", 2, [0xFE, 0xFF, 1, 2]) == [-2, 513])
    #expect(try numbers(">i2", 1, [1, 2]) == [258])
    #expect(try numbers("<i8", 1, [5, 0, 0, 0, 0, 0, 0, 0]) == [5])
    #expect(try numbers(">u4", 1, [0x80, 0, 0, 1]) == [2147483649])
    #expect(throws: ModelFileError.Cause.self) { try numbers("<i8", 2, [5]) }
    #expect(throws: ModelFileError.Cause.self) { try numbers("<U1", 1, [5, 0, 0, 0]) }
  }
}
