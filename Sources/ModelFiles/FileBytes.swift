#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads whole files, and only files: no folders, devices or pipes.
enum FileBytes {
  /// The largest file that is read: 8 GiB.
  static let limit = 8 << 30

  /// The content of the file at `url`.
  static func read(_ url: URL) throws(ModelFileError.Cause) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .noSuchFile }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .noSuchFile }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      let found = kind == S_IFDIR ? "a folder" : "a device or pipe"
      throw .malformed(place: "path", expected: "a file", found: found)
    }
    let size = Int(status.st_size)
    guard size <= limit else { throw .tooLarge(place: "file", bytes: size, limit: limit) }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size, let base = buffer.baseAddress {
        let count = systemRead(descriptor, base + filled, size - filled)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          failed = count < 0
          break
        }
        filled += count
      }
    }
    if failed { throw .malformed(place: "file", expected: "\(size) readable bytes", found: "a read error") }
    guard !bytes.isEmpty else {
      throw .malformed(place: "content", expected: "a model", found: "an empty file")
    }
    return bytes
  }

  /// The path as the user gave it.
  static func name(_ url: URL) -> String { url.relativePath }
}

/// One call of read(2); at most 1 GiB, since systems cap what one call moves.
private func systemRead(_ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  read(descriptor, target, min(count, 1 << 30))
}
