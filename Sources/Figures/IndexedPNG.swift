/// A PNG image of at most 256 colours, index 255 being clear, stored without compression.
///
/// - Reference: [PNG] W3C Portable Network Graphics specification; zlib stream of stored blocks, RFC 1950 and 1951.
struct IndexedPNG {
  /// The bytes of the file.
  let bytes: [UInt8]

  /// The image whose pixels are `pixels`, row by row from the top.
  ///
  /// - Requires: `width * height` pixels; at most 255 colours.
  init(width: Int, height: Int, pixels: [UInt8], colours: [Colour]) {
    precondition(pixels.count == width * height, "\(pixels.count) pixels in \(width) × \(height)")
    precondition(colours.count <= 255, "\(colours.count) colours")
    let crc = CRC32()
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    func append(_ name: String, _ content: [UInt8]) {
      let body = Array(name.utf8) + content
      bytes += Self.word(UInt32(content.count)) + body + Self.word(crc.checksum(of: body))
    }
    append("IHDR", Self.word(UInt32(width)) + Self.word(UInt32(height)) + [8, 3, 0, 0, 0])
    var palette = colours.flatMap { [$0.red, $0.green, $0.blue] }
    palette += [UInt8](repeating: 0, count: 3 * (256 - colours.count))
    append("PLTE", palette)
    append("tRNS", [UInt8](repeating: 255, count: 255) + [0])
    var rows: [UInt8] = []
    rows.reserveCapacity((width + 1) * height)
    for row in 0..<height {
      rows.append(0)
      rows += pixels[row * width..<(row + 1) * width]
    }
    append("IDAT", Self.stored(rows))
    append("IEND", [])
    self.bytes = bytes
  }

  /// The image as a data URI.
  var dataURI: String { "data:image/png;base64," + Base64.text(of: bytes) }

  private static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// A zlib stream that holds `content` as it is.
  private static func stored(_ content: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65535, content.count)
      let length = UInt16(end - start)
      stream.append(end == content.count ? 1 : 0)
      for half in [length, ~length] { stream += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)] }
      stream += content[start..<end]
      start = end
    } while start < content.count
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in content {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return stream + word(high << 16 | low)
  }
}

/// The cyclic redundancy check of PNG chunks.
private struct CRC32 {
  private let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  func checksum(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }
}
