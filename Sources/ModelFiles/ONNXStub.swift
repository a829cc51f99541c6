import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum ONNXReader {
  static func network(
    from data: [UInt8], file: String, folder: URL
  ) throws(ModelFileError) -> Network {
    throw ModelFileError(
      file: file, cause: .unsupported(place: "content", what: "ONNX", advice: "not in this build"))
  }

  static func looksLikeONNX(_ bytes: [UInt8]) -> Bool { bytes.first == 0x08 }
}

enum ONNXWriter {
  static func bytes(
    of network: Network, precision: StoragePrecision, rounding: Bool
  ) throws(ModelFileError.Cause) -> [UInt8] {
    throw .unsupported(place: "content", what: "ONNX", advice: "not in this build")
  }
}
