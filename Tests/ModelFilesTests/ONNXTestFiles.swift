import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Finds and reads the ONNX files of the shared data.
enum ONNXTestFiles {
  /// The ONNX files below a folder of the shared data, sorted.
  static func models(in folder: String) throws -> [URL] {
    let root = try #require(TestData.folder).appendingPathComponent(folder)
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    return names.filter { $0.hasSuffix(".onnx") }.sorted().map { root.appendingPathComponent($0) }
  }

  /// The network in a file.
  static func network(_ url: URL) throws -> Network {
    try ONNXReader.network(
      from: [UInt8](try Data(contentsOf: url)), file: url.lastPathComponent,
      folder: url.deletingLastPathComponent())
  }
}
