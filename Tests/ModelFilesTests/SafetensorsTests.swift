import Networks
import Testing

@testable import ModelFiles

@Suite struct SafetensorsTests {
  private func file(_ header: String, _ size: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + Array(repeating: 0, count: size)
  }

  private static let first = #""0.weight": {"dtype":"F16", "shape":[1,2], "data_offsets":[0,4]}"#

  @Test func writtenHeader() throws {
    let bytes = try Small.network.bytes(.safetensors, .float32)
    let text = String(decoding: bytes[8...].prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    #expect(
      text.hasPrefix(
        #"{"__metadata__":{"format":"pt"},"0.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"0.bias":"#
      ))
    #expect(text.contains(#""2.weight":"#))
    #expect(bytes[0] % 8 == 0)
  }

  @Test func escapesAndSpaces() throws {
    let header = #" { "\u0030.weigh\u0074" : {"shape":[1 , 2],"dtype":"F16","data_offsets":[ 0,4] } } "#
    #expect(try SafetensorsReader.tensors(from: file(header, 4))[0].name == "0.weight")
    let pair = #"{"\ud83d\ude00\n": {"shape":[],"dtype":"F16","data_offsets":[0,2]}}"#
    #expect(try SafetensorsReader.tensors(from: file(pair, 2))[0].name == "😀\n")
  }

  @Test(arguments: [
    ("", 0), ("{", 0), ("{}", 1), ("[]", 0), ("{\(Self.first)", 4), ("{\(Self.first),}", 4),
    ("{\(Self.first)}x", 4),
    ("{\(Self.first)}", 3), ("{\(Self.first)}", 5), ("{\(Self.first),\(Self.first)}", 4),
    (#"{"a": {"dtype":"F16","shape":[1,2]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[1,2],"data_offsets":[0]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[-1,2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[1.0,2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[01,2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
    (#"{"a": {"dtype":"F16","shape":[2],"data_offsets":[4,0]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[2],"data_offsets":[2,6]}}"#, 6),
    (#"{"a": {"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, 8),
    (#"{"a": {"dtype":"F16","dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a": {"dtype":"F16","shape":[2],"data_offsets":[0,4],"extra":1}}"#, 4),
    (#"{"__metadata__": {"a": 1}}"#, 0), (#"{"__metadata__": {"a": {}}}"#, 0),
    (#"{"\ud800": {"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, 4),
  ])
  func broken(header: String, size: Int) {
    #expect(throws: ModelFileError.Cause.self) { try SafetensorsReader.tensors(from: file(header, size)) }
  }

  @Test func lengthsBeyondTheFile() {
    for length in [[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0, 0, 0, 0, 0x80]] as [[UInt8]]
    {
      #expect(throws: ModelFileError.Cause.self) {
        try SafetensorsReader.tensors(from: length + Array("{}".utf8))
      }
    }
  }
}
