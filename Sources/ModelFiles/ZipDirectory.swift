/// Where the central directory of a zip file lies, with or without the 64-bit extension.
struct ZipDirectory {
  /// Where its first entry begins.
  let offset: Int
  /// The number of entries.
  let count: Int

  init(_ bytes: [UInt8]) throws(ModelFileError.Cause) {
    let missing = ModelFileError.Cause.malformed(
      place: "zip", expected: "a directory at the end", found: "none; the file is cut short or no zip")
    // The record of the end has 22 bytes and a comment of at most 65535.
    var position = bytes.count - 22
    let first = max(0, bytes.count - 22 - 65535)
    while position >= first {
      if bytes[position] == 0x50, let record = LittleEndian(bytes, at: position, count: 22),
        record.u32(0) == 0x0605_4B50, Int(record.u16(20)) == bytes.count - position - 22
      {
        break
      }
      position -= 1
    }
    guard position >= first, let record = LittleEndian(bytes, at: position, count: 22) else { throw missing }
    var (count, size, offset) = (Int(record.u16(10)), Int(record.u32(12)), Int(record.u32(16)))
    var disks = (record.u16(4), record.u16(6))
    var limit = position
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF,
      let locator = LittleEndian(bytes, at: position - 20, count: 20), locator.u32(0) == 0x0706_4B50
    {
      guard let start = locator.size(8), let large = LittleEndian(bytes, at: start, count: 56),
        large.u32(0) == 0x0606_4B50, let entries = large.size(32), let extent = large.size(40),
        let begin = large.size(48)
      else { throw missing }
      (count, size, offset) = (entries, extent, begin)
      disks = (UInt16(truncatingIfNeeded: large.u32(16)), UInt16(truncatingIfNeeded: large.u32(20)))
      limit = start
    }
    guard disks == (0, 0) else {
      throw .unsupported(place: "zip", what: "an archive in several parts", advice: "join them")
    }
    // Each entry has at least 46 bytes, so the file bounds the count.
    guard offset <= limit, size <= limit - offset, count <= size / 46 else { throw missing }
    self.offset = offset
    self.count = count
  }

  /// The sizes and the offset of an entry, from its 64-bit extension where the short fields are full.
  static func sizes(
    _ header: LittleEndian, extra: Range<Int>, in bytes: [UInt8], _ place: String
  ) throws(ModelFileError.Cause) -> (compressed: Int, size: Int, offset: Int) {
    let fields = [header.u32(24), header.u32(20), header.u32(42)]  // in the order of the extension
    var sizes = fields.map { Int($0) }
    if fields.contains(.max) {
      var position = extra.lowerBound
      while let block = LittleEndian(bytes, at: position, count: 4) {
        let end = position + 4 + Int(block.u16(2))
        if block.u16(0) == 1, end <= extra.upperBound {
          var cursor = position + 4
          for k in 0..<3 where fields[k] == .max {
            guard cursor + 8 <= end, let value = LittleEndian(bytes, at: cursor, count: 8)?.size(0) else {
              throw .malformed(place: place, expected: "sizes of 64 bits", found: "none, or too large")
            }
            sizes[k] = value
            cursor += 8
          }
          break
        }
        guard end < extra.upperBound else { break }
        position = end
      }
    }
    return (sizes[1], sizes[0], sizes[2])
  }
}

/// Little-endian numbers in a range of bytes that was checked once.
struct LittleEndian {
  private let bytes: [UInt8]
  private let start: Int

  /// The `count` bytes from `position`, or nil where they are not all there.
  init?(_ bytes: [UInt8], at position: Int, count: Int) {
    guard position >= 0, position <= bytes.count, count <= bytes.count - position else { return nil }
    self.bytes = bytes
    self.start = position
  }

  /// Two bytes at `offset`.
  func u16(_ offset: Int) -> UInt16 { UInt16(bytes[start + offset]) | UInt16(bytes[start + offset + 1]) << 8 }

  /// Four bytes at `offset`.
  func u32(_ offset: Int) -> UInt32 { UInt32(u16(offset)) | UInt32(u16(offset + 2)) << 16 }

  /// Eight bytes at `offset`, or nil from 2^62 on, so that sums of two do not overflow.
  func size(_ offset: Int) -> Int? {
    let value = UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32
    return value >> 62 == 0 ? Int(value) : nil
  }
}
