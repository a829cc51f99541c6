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

/// Writes whole files so that a reader sees the old content or the new, never a part.
package enum AtomicFile {
  /// Writes `bytes` to a temporary file in the folder of `url` and renames it into place.
  ///
  /// A process that is killed meanwhile leaves at most a hidden `.crease-…` file beside the target. A
  /// symbolic link is followed, so that the file it names is replaced; folders and devices are refused.
  package static func write(_ bytes: [UInt8], to url: URL) throws(ModelFileError.Cause) {
    var target = url.path
    var mode: mode_t = 0o666
    var status = stat()
    if stat(target, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotWrite(reason: "not a regular file") }
      mode = status.st_mode & 0o777
      if let resolved = realpath(target, nil) {
        target = String(cString: resolved)
        free(resolved)
      }
    }
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    var temporary = ""
    var descriptor: Int32 = -1
    for attempt in 0..<1000 {
      temporary = "\(folder).crease-\(getpid())-\(attempt)"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 || errno != EEXIST { break }
    }
    guard descriptor >= 0 else { throw .cannotWrite(reason: reason()) }
    var failure: String?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let base = buffer.baseAddress {
        let count = systemWrite(descriptor, base + done, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          failure = reason()
          break
        }
        done += count
      }
    }
    if close(descriptor) != 0, failure == nil { failure = reason() }
    if failure == nil, rename(temporary, target) != 0 { failure = reason() }
    if let failure {
      unlink(temporary)
      throw .cannotWrite(reason: failure)
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// One call of write(2); at most 1 GiB, since systems cap what one call moves.
private func systemWrite(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, source, min(count, 1 << 30))
}
