import Networks

/// Reads safetensors: eight bytes of length, a JSON header, the numbers.
enum SafetensorsReader {
  /// The longest header that is read: 32 MiB; the largest models need one.
  static let headerLimit = 32 << 20

  /// The multilayer perceptron whose tensors the file holds.
  static func network(from bytes: [UInt8]) throws(ModelFileError.Cause) -> Network {
    try TensorLayers(tensors(from: bytes)).network()
  }

  /// Whether the bytes begin as safetensors do: a length the file can hold, then an object.
  static func looksLikeSafetensors(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 10, let length = headerLength(bytes) else { return false }
    return length >= 2 && length <= bytes.count - 8 && bytes[8] == UInt8(ascii: "{")
  }

  /// The tensors, in the order of their bytes.
  ///
  /// Their ranges must tile the rest of the file: no overlap, no gap, nothing after the last.
  static func tensors(from bytes: [UInt8]) throws(ModelFileError.Cause) -> [NamedTensor] {
    guard let length = headerLength(bytes) else {
      throw .malformed(place: "header", expected: "8 bytes of length", found: "\(bytes.count) bytes")
    }
    guard length <= bytes.count - 8 else {
      throw .malformed(
        place: "header", expected: "a length of at most \(bytes.count - 8) bytes, which the file has left",
        found: length == .max ? "2^63 or more" : "\(length)")
    }
    guard length <= headerLimit else {
      throw .tooLarge(place: "header", bytes: length, limit: headerLimit)
    }
    let entries = try SafetensorsHeader(bytes, 8..<8 + length).entries
    let size = bytes.count - 8 - length
    var next = 0
    var tensors: [NamedTensor] = []
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      let place = "tensor \(quoted(entry.name))"
      guard entry.begin <= entry.end, entry.end <= size else {
        throw .malformed(
          place: place, expected: "bytes within the \(size) after the header",
          found: "\(entry.begin) to \(entry.end)")
      }
      guard entry.begin == next else {
        throw .malformed(
          place: place, expected: "bytes from \(next), where the last tensor ends",
          found: "\(entry.begin), \(entry.begin < next ? "an overlap" : "a gap")")
      }
      guard let precision = SafetensorsHeader.precisions[entry.type] else {
        throw .unsupported(
          place: place, what: "numbers of type \(quoted(entry.type))",
          advice: "save weights as F16, BF16, F32 or F64")
      }
      let needed = NamedTensor.count(entry.shape + [precision.byteCount])
      guard needed == entry.end - entry.begin else {
        throw .malformed(
          place: place, expected: "\(entry.end - entry.begin) bytes, as its offsets say",
          found: "shape \(NamedTensor.text(entry.shape)) of \(entry.type)")
      }
      let start = 8 + length
      tensors.append(
        NamedTensor(
          name: entry.name, shape: entry.shape,
          values: precision.decode(bytes, start + entry.begin..<start + entry.end), precision: precision))
      next = entry.end
    }
    guard next == size else {
      throw .malformed(
        place: "content", expected: "the end of the file after the last tensor",
        found: "\(size - next) more bytes")
    }
    return tensors
  }

  /// The length of the header; `Int.max` where it is beyond.
  private static func headerLength(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 8 else { return nil }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: length)
  }
}
