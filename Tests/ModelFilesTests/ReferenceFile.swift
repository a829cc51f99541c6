import Foundation
import LinearAlgebra
import Networks
import _TestSupport

@testable import ModelFiles

/// A file of the shared data with its reference inputs and outputs.
struct ReferenceFile {
  let url: URL
  let arrays: [String: NamedTensor]

  /// The files of the shared data with this extension below these folders that have a reference.
  static func all(_ fileExtension: String, in folders: [String]) throws -> [ReferenceFile] {
    try paths(fileExtension, in: folders).compactMap { url in
      let candidates = [
        url.appendingPathExtension("io.npz"), url.deletingPathExtension().appendingPathExtension("io.npz"),
      ]
      guard let reference = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) })
      else {
        return nil
      }
      return try ReferenceFile(url: url, reference: reference)
    }
  }

  /// The files of the shared data with this extension below these folders, references apart.
  static func paths(_ fileExtension: String, in folders: [String]) throws -> [URL] {
    guard let data = TestData.folder else { return [] }
    var found: [URL] = []
    for folder in folders {
      let walk = FileManager.default.enumerator(
        at: data.appendingPathComponent(folder), includingPropertiesForKeys: nil)
      while let url = walk?.nextObject() as? URL {
        if url.pathExtension == fileExtension, !url.lastPathComponent.hasSuffix(".io.npz") {
          found.append(url)
        }
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  init(url: URL, reference: URL) throws {
    self.url = url
    let bytes = [UInt8](try Data(contentsOf: reference))
    let tensors = try NPZReader.tensors(from: bytes) { $0 != "in_names" && $0 != "out_names" }
    arrays = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Row `k` of an array, flattened.
  func row(_ k: Int, of name: String) -> [Double] {
    guard let tensor = arrays[name], let count = tensor.shape.first, count > 0 else { return [] }
    let size = tensor.values.count / count
    return Array(tensor.values[k * size..<(k + 1) * size])
  }

  /// The number of rows of an array; 0 where there is none.
  func rows(of name: String) -> Int { arrays[name]?.shape.first ?? 0 }
}
