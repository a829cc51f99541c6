import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files of input points: text with a point on each line, or a NumPy array with a point in each row.
public enum PointsFile {
  /// The points of a file.
  ///
  /// In text, numbers are separated by spaces or commas, and `#` starts a comment. In `.npz` and `.npy` the first array of floating-point numbers
  /// whose rows have `inputs` numbers (all axes but the first taken together) is read.
  ///
  /// - Exactness: decimal numbers are rounded to the nearest double.
  /// - Throws: `ModelFileError`, naming the line or the array.
  public static func points(contentsOf url: URL, inputs: Int) throws(ModelFileError) -> [[Double]] {
    do throws(ModelFileError.Cause) {
      let bytes = try FileBytes.read(url)
      let points: [[Double]]
      if bytes.starts(with: [0x50, 0x4B]) {
        points = try rows(NPZReader.numericTensors(from: bytes), inputs: inputs)
      } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
        let array = try NPYArray(bytes, place: "array")
        points = try rows([array.tensor(named: "array")], inputs: inputs)
      } else {
        points = try lines(bytes, inputs: inputs)
      }
      guard points.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
        throw .malformed(place: "points", expected: "finite numbers", found: "an infinity or a NaN")
      }
      return points
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  /// Writes points to a file, all or nothing.
  ///
  /// For `.npz` an array `inputs` of doubles with a point in each row, else text with a point on each line.
  ///
  /// - Exactness: what ``points(contentsOf:inputs:)`` reads back are the same doubles.
  /// - Throws: `ModelFileError`.
  public static func write(_ points: [[Double]], inputs: Int, to url: URL) throws(ModelFileError) {
    precondition(points.allSatisfy { $0.count == inputs }, "points of \(inputs) numbers")
    do throws(ModelFileError.Cause) {
      let bytes: [UInt8]
      if url.pathExtension.lowercased() == "npz" {
        bytes = try NPZWriter.bytes(
          of: [NPZArray(name: "inputs", shape: [points.count, inputs], values: points.flatMap(\.self))],
          precision: .float64)
      } else {
        bytes = Array(
          points.map { $0.map { "\($0)" }.joined(separator: " ") + "\n" }.joined().utf8)
      }
      try AtomicFile.write(bytes, to: url)
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  private static func rows(
    _ tensors: [NamedTensor], inputs: Int
  ) throws(ModelFileError.Cause) -> [[Double]] {
    for tensor in tensors where tensor.shape.count >= 2 {
      guard let width = NamedTensor.count(Array(tensor.shape.dropFirst())), width == inputs else { continue }
      return (0..<tensor.shape[0]).map { Array(tensor.values[$0 * inputs..<($0 + 1) * inputs]) }
    }
    let found = tensors.prefix(6).map(\.summary).joined(separator: ", ")
    throw .malformed(
      place: "arrays", expected: "one whose rows have \(inputs) numbers",
      found: found.isEmpty ? "none" : found)
  }

  private static func lines(_ bytes: [UInt8], inputs: Int) throws(ModelFileError.Cause) -> [[Double]] {
    var points: [[Double]] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let place = "line \(index + 1)"
      let words = line.prefix { $0 != UInt8(ascii: "#") }
        .split { [32, 9, 13, 44].contains($0) }.map { String(decoding: $0, as: UTF8.self) }
      if words.isEmpty { continue }
      guard words.count == inputs else {
        throw .malformed(
          place: place, expected: "\(inputs) numbers, one for each input", found: "\(words.count)")
      }
      var point: [Double] = []
      for word in words {
        guard let value = DecimalText.nearest(word), value.isFinite else {
          throw .malformed(place: place, expected: "a finite decimal number", found: quoted(word))
        }
        point.append(value)
      }
      points.append(point)
    }
    return points
  }
}
