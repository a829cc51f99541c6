import ArgumentParser
import Crease

/// A failure with its one line for the user and its documented exit code.
struct CommandFailure: Error {
  let message: String
  let code: ExitCode

  /// Bad data in a file.
  static func badData(_ message: String) -> CommandFailure {
    CommandFailure(message: message, code: ExitCode(65))
  }

  /// The failure of reading or writing a model.
  init(_ error: ModelFileError) {
    let code: Int32 =
      switch error.cause {
      case .noSuchFile: 66
      case .cannotWrite: 73
      default: 65
      }
    self.init(message: error.description, code: ExitCode(code))
  }

  init(message: String, code: ExitCode) {
    self.message = message
    self.code = code
  }
}
