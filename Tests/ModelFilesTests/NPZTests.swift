import Networks
import Testing

@testable import ModelFiles

@Suite struct NPZTests {
  @Test func deflated() throws {
    let network = try NPZReader.network(from: Fixture.deflatedArchive)
    #expect(network.layers[0].blocks[0].weights.nearest.elements == [0, 1, 2, 3, 4, 5])
    #expect(network.layers[0].bias.nearest.elements == [1, 2])
    #expect(network.storage == .float64)
  }

  @Test func wideSizesBigEndianFortranOrderAndMixedPrecision() throws {
    let network = try NPZReader.network(from: Fixture.wideArchive)
    #expect(network.layers[0].blocks[0].weights.nearest.elements == [0, 1, 2, 3, 4, 5])
    #expect(network.layers[0].bias.nearest.elements == [1, 2])
    #expect(network.storage == .float16)
  }

  /// Where the short fields of the end are full, the 64-bit record holds.
  @Test func wideDirectory() throws {
    var bytes = Fixture.wideArchive
    for position in bytes.count - 14..<bytes.count - 2 { bytes[position] = 0xFF }
    #expect(try NPZReader.network(from: bytes) == NPZReader.network(from: Fixture.wideArchive))
    bytes[bytes.count - 42 + 8] ^= 1
    #expect(throws: ModelFileError.Cause.self) { try NPZReader.network(from: bytes) }
  }

  /// Any changed byte of the content fails the checksum.
  @Test func checksums() throws {
    let archive = try Small.network.bytes(.npz, .float64)
    for position in stride(from: 36, to: 212, by: 7) {
      var bytes = archive
      bytes[position] ^= 1
      #expect(throws: ModelFileError.Cause.self) { try NPZReader.network(from: bytes) }
    }
  }

  /// A directory whose entries all point at one member would multiply its bytes.
  @Test func membersShareNoBytes() throws {
    let archive = try Small.network.bytes(.npz, .float64)
    let directory = try ZipDirectory(archive)
    var entries = Array(archive[directory.offset..<archive.count - 22])
    let length = 46 + 6
    var bytes = Array(archive[..<directory.offset])
    let first = Array(entries[..<length])
    entries = []
    for k in 0..<8 {
      var entry = first
      entry[46] = UInt8(ascii: "a") + UInt8(k)
      entries += entry
    }
    bytes += entries
    var end = Array(archive.suffix(22))
    end.replaceSubrange(8..<12, with: [8, 0, 8, 0])
    end.replaceSubrange(12..<16, with: [UInt8(entries.count & 0xFF), UInt8(entries.count >> 8), 0, 0])
    let error = #expect(throws: ModelFileError.Cause.self) { try ZipArchive(bytes + end) }
    #expect(error?.description.contains("share no bytes") == true)
  }

  private func array(_ header: String, _ content: [UInt8] = Array(repeating: 0, count: 8))
    throws(ModelFileError.Cause)
    -> NamedTensor
  {
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + content
    return try NPYArray(bytes, place: "array").tensor(named: "a")
  }

  @Test(arguments: [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
    "{'shape':(),'descr':'=f8','fortran_order':True}",
    "{\"descr\": \"<f4\", 'fortran_order': False, 'shape': (2, 1)}  \n",
  ])
  func headers(text: String) throws { #expect(try array(text).values.allSatisfy { $0 == 0 }) }

  @Test(arguments: [
    "", "{}", "[]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
    "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,), }",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
  ])
  func brokenHeaders(text: String) { #expect(throws: ModelFileError.Cause.self) { try array(text) } }
}
