import Foundation
import Testing

@testable import ModelFiles

@Suite("Labels beside inputs")
struct LabelsFileTests {
  @Test("Text: one whole number on each line, comments and blank lines passed over")
  func text() throws {
    let labels = try read("3\n\n0 # zero\n-1,\n", "labels.txt", count: 3)
    #expect(labels.classes == [3, 0, -1] && labels.source == "lines")
    for wrong in ["3\n0\n", "3\n0.5\n1\n", "1 2\n0\n1\n"] {
      #expect(throws: ModelFileError.self) { try read(wrong, "labels.txt", count: 3) }
    }
  }

  @Test("NumPy: whole numbers of every size and sign, in one axis or one column")
  func numbers() throws {
    #expect(
      try array(
        "<i8", [3],
        [2, 0, 0, 0, 0, 0, 0, 0] + Array(repeating: 255, count: 8) + [7] + Array(repeating: 0, count: 7)) == [
          2, -1, 7,
        ])
    #expect(try array("|u1", [3, 1], [200, 0, 9]) == [200, 0, 9])
    #expect(try array("<i2", [3], [0, 1, 255, 255, 5, 0]) == [256, -1, 5])
    #expect(try array("|b1", [3], [1, 0, 1]) == [1, 0, 1])
    #expect(throws: ModelFileError.self) { try array("|u1", [4], [1, 2, 3, 4]) }
    #expect(throws: ModelFileError.self) { try array("|O", [3], [1, 2, 3]) }
  }

  @Test("Archives: the array y, of rows the largest entry; beside inputs only by name")
  func archives() throws {
    let url = folder.appendingPathComponent("labels-\(UUID().uuidString).npz")
    defer { try? FileManager.default.removeItem(at: url) }
    let arrays = [
      NPZArray(name: "x", shape: [2, 2], values: [1, 2, 3, 4]),
      NPZArray(name: "y", shape: [2, 3], values: [0, 5, 1, 9, 5, 1]),
    ]
    try Data(try NPZWriter.bytes(of: arrays, precision: .float64)).write(to: url)
    let found = try LabelsFile.labels(besideInputsIn: url, count: 2)
    #expect(found?.classes == [1, 0])
    #expect(found?.source == "array \"y\", the largest entry of each row")
    #expect(try LabelsFile.labels(besideInputsIn: url, count: 3) == nil)
  }

  private var folder: URL { FileManager.default.temporaryDirectory }

  private func array(_ type: String, _ shape: [Int], _ payload: [UInt8]) throws -> [Int] {
    let dims = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(dims)), }"
    header += String(repeating: " ", count: 63 - (10 + header.count) % 64) + "\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count & 255), UInt8(header.count >> 8)]
    return try read(bytes + Array(header.utf8) + payload, "labels.npy", count: 3).classes
  }

  private func read(_ text: String, _ name: String, count: Int) throws -> LabelsFile.Labels {
    try read(Array(text.utf8), name, count: count)
  }

  private func read(_ bytes: [UInt8], _ name: String, count: Int) throws -> LabelsFile.Labels {
    let url = folder.appendingPathComponent("\(UUID().uuidString)-\(name)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try LabelsFile.labels(contentsOf: url, count: count)
  }
}
