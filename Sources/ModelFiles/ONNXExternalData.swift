import Foundation

/// Tensors kept in files beside the model.
struct ONNXExternalData {
  /// The model's folder; nothing outside it is read.
  let folder: URL

  /// The bytes of an external tensor.
  ///
  /// - Throws: for a path that is absolute or leaves the folder (through `..` or links), a missing file, and a
  ///   range beyond the end of the file, before anything is read.
  func bytes(of message: Onnx_TensorProto, place: String) throws(ONNXFailure) -> Data {
    var fields: [String: String] = [:]
    for entry in message.externalData { fields[entry.key] = entry.value }
    guard let location = fields["location"], !location.isEmpty else {
      throw .malformed(place, expected: "the location of external data", found: "none")
    }
    let url = try file(at: location, place)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let size = (attributes[.size] as? NSNumber)?.intValue
    else {
      throw .malformed(place, expected: "external data in \(quoted(location))", found: "no such file")
    }
    let offset = try number(fields["offset"], or: 0, place)
    guard offset <= size else {
      throw .malformed(place, expected: "an offset within \(size) bytes", found: "\(offset)")
    }
    let length = try number(fields["length"], or: size - offset, place)
    guard length <= size - offset else {
      throw .malformed(place, expected: "a range within \(size) bytes", found: "\(length) bytes at \(offset)")
    }
    guard let handle = try? FileHandle(forReadingFrom: url) else {
      throw .malformed(
        place, expected: "external data in \(quoted(location))", found: "a file that cannot be read")
    }
    defer { try? handle.close() }
    guard (try? handle.seek(toOffset: UInt64(offset))) != nil,
      let data = try? handle.read(upToCount: length) ?? Data(), data.count == length
    else {
      throw .malformed(place, expected: "\(length) bytes in \(quoted(location))", found: "fewer")
    }
    return data
  }

  private func file(at location: String, _ place: String) throws(ONNXFailure) -> URL {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    let isSafe =
      !location.hasPrefix("/") && !location.contains("\\") && !location.contains("\0")
      && !parts.contains("..") && !location.contains(":")
    let root = folder.standardizedFileURL.resolvingSymlinksInPath().path
    let url = folder.appendingPathComponent(location).standardizedFileURL.resolvingSymlinksInPath()
    guard isSafe, url.path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
      throw .malformed(place, expected: "external data inside the model's folder", found: quoted(location))
    }
    return url
  }

  private func number(_ text: String?, or absent: Int, _ place: String) throws(ONNXFailure) -> Int {
    guard let text else { return absent }
    guard let value = Int(text), value >= 0 else {
      throw .malformed(place, expected: "a byte count", found: quoted(text))
    }
    return value
  }
}
