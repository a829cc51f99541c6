import ArgumentParser
import Crease
import Foundation

/// Small documents on disk, other than models.
enum OutputFile {
  /// Writes bytes to a file, all or nothing.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(message: "\(path): cannot write: \(reason(error))", code: ExitCode(73))
    }
  }

  /// The bytes of a file.
  static func read(_ path: String) throws -> [UInt8] {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw CommandFailure(message: "\(path): no such file, or no permission to read it", code: ExitCode(66))
    }
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw CommandFailure.badData("\(path): cannot be read")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let text = (error as NSError).localizedDescription
    return text.split(separator: "\n").first.map(String.init) ?? "unknown reason"
  }
}
