/// What went wrong with a model file, in one line: file, place, expected, found, what to do.
public struct ModelFileError: Error, Hashable, Sendable {
  /// The file's path as the user gave it.
  public let file: String
  /// The cause.
  public let cause: Cause

  /// The error of `file` with `cause`.
  public init(file: String, cause: Cause) {
    self.file = file
    self.cause = cause
  }

  /// The causes, one for each thing a user can do about it.
  public enum Cause: Error, Hashable, Sendable {
    /// There is no such file, or it cannot be opened.
    case noSuchFile
    /// The content matches no format Crease reads.
    case unknownFormat(found: String)
    /// The bytes break the format's rules at `place` (an offset, line, tensor or node).
    case malformed(place: String, expected: String, found: String)
    /// A weight or bias is NaN or infinite.
    case notFinite(place: String, found: String)
    /// The file is valid, but means something Crease does not read (operator not piecewise linear, not yet handled).
    case unsupported(place: String, what: String, advice: String)
    /// Tensor names allow no single reading as layers.
    case ambiguous(place: String, found: String, advice: String)
    /// The file asks for more memory than its size justifies.
    case tooLarge(place: String, bytes: Int, limit: Int)
    /// Writing would round an entry, and rounding was not allowed.
    case wouldRound(place: String, value: String, precision: String)
    /// This network cannot be written in that format.
    case notWritable(what: String, advice: String)
    /// The system refused to write.
    case cannotWrite(reason: String)
  }
}

extension ModelFileError: CustomStringConvertible {
  /// One line for people.
  public var description: String { "\(file): \(cause)" }
}

extension ModelFileError.Cause: CustomStringConvertible {
  /// The cause without the file.
  public var description: String {
    switch self {
    case .noSuchFile: "no such file, or no permission to read it"
    case .unknownFormat(let found):
      "not a model file: \(found); expected ONNX, .nnet, safetensors or .npz"
    case .malformed(let place, let expected, let found): "\(place): expected \(expected), found \(found)"
    case .notFinite(let place, let found): "\(place): a weight is \(found); weights must be finite"
    case .unsupported(let place, let what, let advice): "\(place): \(what); \(advice)"
    case .ambiguous(let place, let found, let advice): "\(place): found \(found); \(advice)"
    case .tooLarge(let place, let bytes, let limit):
      "\(place): needs \(bytes) bytes, more than the limit of \(limit)"
    case .wouldRound(let place, let value, let precision):
      "\(place): \(value) is not a \(precision) number; use --round to round it"
    case .notWritable(let what, let advice): "\(what); \(advice)"
    case .cannotWrite(let reason): "cannot write: \(reason)"
    }
  }
}
