import ArgumentParser
import Crease
import Foundation
import ModelFiles

/// Small documents on disk, other than models.
enum OutputFile {
  /// Writes bytes to a file, all or nothing.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do throws(ModelFileError.Cause) {
      try AtomicFile.write(bytes, to: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure(ModelFileError(file: path, cause: error))
    }
  }

  /// Creates a folder where there is none.
  static func createFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(message: "\(path): cannot create the folder", code: ExitCode(73))
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
}
