/// A failure inside the ONNX reader or writer, before the file's name is attached.
struct ONNXFailure: Error {
  /// The cause.
  let cause: ModelFileError.Cause

  /// A file that breaks the rules of ONNX.
  static func malformed(_ place: String, expected: String, found: String) -> ONNXFailure {
    ONNXFailure(cause: .malformed(place: place, expected: expected, found: found))
  }

  /// Something valid that Crease does not read.
  static func unsupported(_ place: String, _ what: String, advice: String) -> ONNXFailure {
    ONNXFailure(cause: .unsupported(place: place, what: what, advice: advice))
  }

  /// A product, quotient or comparison of computed values where a constant is needed.
  static func notLinear(_ place: String, _ what: String) -> ONNXFailure {
    .unsupported(
      place, "not piecewise linear: \(what)", advice: "only graphs that are piecewise linear can be read")
  }

  /// A weight that is not finite.
  static func notFinite(_ place: String, found: String) -> ONNXFailure {
    ONNXFailure(cause: .notFinite(place: place, found: found))
  }

  /// More memory than Crease spends on one file.
  static func tooLarge(_ place: String, bytes: Int, limit: Int) -> ONNXFailure {
    ONNXFailure(cause: .tooLarge(place: place, bytes: bytes, limit: limit))
  }
}
