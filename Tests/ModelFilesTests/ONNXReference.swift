import CZlib
import Foundation

/// The arrays of a reference file `<model>.io.npz`: inputs and outputs by name, widened to doubles.
///
/// Reads just what NumPy's `savez_compressed` writes: a zip of `.npy` members, stored or deflated.
struct ONNXReference {
  /// One array.
  struct Array {
    let shape: [Int]
    let values: [Double]
    /// The unit roundoff of the stored number type.
    let unit: Double

    /// Row `k` along the first axis.
    func row(_ k: Int) -> [Double] {
      let width = shape.dropFirst().reduce(1, *)
      return Swift.Array(values[k * width..<(k + 1) * width])
    }
  }

  /// What is wrong with a file.
  struct Damage: Error { let what: String }

  /// The numeric arrays by name.
  private(set) var arrays: [String: Array] = [:]

  /// The arrays of the file at `url`.
  init(_ url: URL) throws {
    let bytes = [UInt8](try Data(contentsOf: url))
    func number(_ offset: Int, _ width: Int) -> Int {
      (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    // The central directory follows the members and ends with a record of 22 bytes.
    let end = bytes.count - 22
    var entry = number(end + 16, 4)
    for _ in 0..<number(end + 10, 2) {
      let nameLength = number(entry + 28, 2)
      let name = String(decoding: bytes[entry + 46..<entry + 46 + nameLength], as: UTF8.self)
      let header = number(entry + 42, 4)
      let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
      let packed = Swift.Array(bytes[start..<start + number(entry + 20, 4)])
      let content = number(entry + 10, 2) == 0 ? packed : try inflated(packed, count: number(entry + 24, 4))
      arrays[String(name.dropLast(4))] = Self.array(content)
      entry += 46 + nameLength + number(entry + 30, 2) + number(entry + 32, 2)
    }
  }

  /// The inputs x0, x1, …, in order.
  var inputs: [Array] { series { "x\($0)" } }

  /// The outputs y0, y1, … as onnxruntime gave them.
  var outputs: [Array] { series { "y\($0)" } }

  /// The outputs of the evaluation in float64, empty where the file has none.
  var exactOutputs: [Array] { series { "y\($0)_f64" } }

  private func series(_ name: @escaping (Int) -> String) -> [Array] {
    (0...).lazy.map { arrays[name($0)] }.prefix { $0 != nil }.compactMap(\.self)
  }

  private func inflated(_ packed: [UInt8], count: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var stream = z_stream()
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Damage(what: "zlib does not start")
    }
    defer { inflateEnd(&stream) }
    var source = packed
    let status = source.withUnsafeMutableBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { throw Damage(what: "a member does not inflate") }
    return result
  }

  /// The array of a `.npy` member; nil for text.
  private static func array(_ bytes: [UInt8]) -> Array? {
    let headerLength = Int(bytes[8]) | Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<10 + headerLength], as: UTF8.self)
    let body = Swift.Array(bytes[(10 + headerLength)...])
    guard let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")") else { return nil }
    let shape = header[open..<close].split { !$0.isNumber }.compactMap { Int($0) }
    let count = shape.reduce(1, *)
    func words<Word: FixedWidthInteger>(_ type: Word.Type) -> [Word] {
      body.withUnsafeBytes { buffer in
        (0..<count).map {
          Word(
            littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Word>.size, as: Word.self))
        }
      }
    }
    if header.contains("'<f4'") {
      return Array(
        shape: shape, values: words(UInt32.self).map { Double(Float(bitPattern: $0)) }, unit: 0x1p-24)
    }
    if header.contains("'<f8'") {
      return Array(shape: shape, values: words(UInt64.self).map { Double(bitPattern: $0) }, unit: 0x1p-53)
    }
    if header.contains("'<f2'") {
      let values = words(UInt16.self).map { bits in
        let fraction = Double(bits & 1023)
        let exponent = Int(bits >> 10) & 31
        let size = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * pow(2, Double(exponent - 25))
        return bits >> 15 == 0 ? size : -size
      }
      return Array(shape: shape, values: values, unit: 0x1p-11)
    }
    return nil
  }
}
