import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// The content tells the format, the extension only where the content does not.
@Suite struct FormatTests {
  private func format(_ bytes: [UInt8], _ fileExtension: String) throws(ModelFileError.Cause) -> ModelFormat {
    try ModelFormat(of: bytes, fileExtension: fileExtension)
  }

  @Test func contentFirst() throws {
    for name in ["", "npz", "onnx", "nnet", "txt"] {
      #expect(try format(Array(Small.nnet.utf8), name) == .nnet)
      #expect(try format(Small.network.bytes(.safetensors, .float32), name) == .safetensors)
      #expect(try format(Small.network.bytes(.npz, .float32), name) == .npz)
    }
  }

  @Test func extensionWhereTheContentIsBroken() throws {
    #expect(try format(Array("2;2".utf8), "nnet") == .nnet)
    #expect(try format(Array("12345678[]".utf8), "safetensors") == .safetensors)
    #expect(try format(Array("not a zip".utf8), "npz") == .npz)
  }

  @Test(arguments: [
    ([0x80, 2, 0x7D], "npz", ForeignFormat.torch), (Array("\u{89}".utf8), "h5", .hdf5),
    ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "", .hdf5),
    ([0x93] + Array("NUMPY".utf8), "npz", .npy),
    (Array("PK\u{3}\u{4}".utf8), "pt", .torch), (Array("PK\u{3}\u{4}".utf8), "keras", .keras),
    (Array("zzzzTFL3".utf8), "", .tensorFlowLite), (Array("zz".utf8), "pb", .tensorFlow),
  ])
  func foreign(bytes: [UInt8], name: String, expected: ForeignFormat) {
    let error = #expect(throws: ModelFileError.Cause.self) { try format(bytes, name) }
    #expect(error == expected.cause)
  }

  @Test func unknown() {
    let error = #expect(throws: ModelFileError.Cause.self) { try format(Array("hello\nthere".utf8), "xyz") }
    #expect(
      error?.description
        == "not a model file: extension \".xyz\", text that begins \"hello?there\"; "
        + "expected ONNX, .nnet, safetensors or .npz")
  }

  /// A renamed checkpoint is known by the names of its members.
  @Test(.enabled(if: TestData.isWanted)) func renamedPickle() throws {
    let url = try #require(TestData.folder).appendingPathComponent("trained/torch/plain.pt")
    let bytes = [UInt8](try Data(contentsOf: url))
    #expect(try format(bytes, "npz") == .npz)
    let error = #expect(throws: ModelFileError.Cause.self) { try NPZReader.network(from: bytes) }
    #expect(error == ForeignFormat.torch.cause)
  }
}
